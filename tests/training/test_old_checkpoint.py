"""A checkpoint of format version 1, kept after 3 of 6 epochs: it is read, and resumed to the same end."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from fitnet import Adam, Checkpoint, Cosine, Network, train
from fitnet.errors import CheckpointMismatchError
from fitnet.files import container
from fitnet.training import checkpoint_file
from tolerances import TRAJECTORY_RTOL

FILE = Path(__file__).parent / "files" / "version-1.checkpoint"
NETWORK = Network.of_widths((2, 3, 1), activation="tanh")
X = np.arange(-20, 20).reshape(20, 2) / 16  # exact, so that its fingerprint is the same everywhere
Y = X[:, :1] * X[:, 1:]
# What the reference engine gave then.
KEPT = [
    1.5661649168907523,
    -2.793523819812406,
    -0.05995810792770109,
    -1.0302534771406648,
    -0.5215842407217688,
    -0.6953408479564317,
    0.010179449920139659,
    0.5315780786820854,
    -0.3962715057319918,
    -1.0675689584927583,
    -0.6417686260489329,
    -0.25815590279879486,
    0.3479342264263849,
]
AT_THE_END = [
    1.6646681787482382,
    -2.6279737792629723,
    -0.033701123853868656,
    -0.9315747612340192,
    -0.3423932992370548,
    -0.6708136548338408,
    0.052400831564877993,
    0.7173911147441508,
    -0.43646915961435095,
    -1.0760145326779935,
    -0.56735893002101,
    -0.10153554369603011,
    0.3931423587141712,
]
LOSSES = [
    0.8400155941113993,
    0.4255613604645918,
    0.38248491413891494,
    0.24285937087754284,
    0.1908688433065808,
    0.17861414786270116,
]


def test_it_is_of_version_1():
    assert container.read(FILE, checkpoint_file.FORMAT).version == 1


def test_it_holds_what_it_held():
    contents = checkpoint_file.read(FILE)
    snapshot = contents.snapshot
    assert (contents.epochs, snapshot.epochs, snapshot.early, snapshot.best.epoch) == (6, 3, False, 1)
    assert snapshot.parameters.tolist() == KEPT
    assert snapshot.history.loss == LOSSES[:3]
    assert (snapshot.state.step, snapshot.state.moments.shape) == (9, (2, 13))


def test_it_is_resumed_to_the_same_end(tmp_path):
    result = resumed(tmp_path, Adam(0.125, schedule=Cosine()))
    assert result.history.loss[:3] == LOSSES[:3]
    assert result.history.loss == pytest.approx(LOSSES, rel=TRAJECTORY_RTOL)
    assert result.parameters == pytest.approx(np.array(AT_THE_END), rel=TRAJECTORY_RTOL)
    assert result.best_epoch == 6


def test_it_was_begun_without_weight_decay(tmp_path):
    with pytest.raises(CheckpointMismatchError, match=r"it must be Adam\(.*, weight_decay=0\.0\), as it was\."):
        resumed(tmp_path, Adam(0.125, schedule=Cosine(), weight_decay=0.1))


def resumed(folder, solver):
    """What a copy of it goes on to."""
    path = folder / "version-1.checkpoint"
    shutil.copy(FILE, path)
    return train(
        NETWORK,
        X,
        Y,
        epochs=6,
        generator=np.random.default_rng(3),
        solver=solver,
        batch_size=7,
        validation=(X[::3], Y[::3]),
        dtype="float64",
        engine="reference",
        verbose=False,
        checkpoint=Checkpoint(path, every=1),
        resume=True,
    )
