"""Fingerprints: equal for what is the same, different for what is not, and the same in every process."""

import subprocess
import sys
from inspect import signature

import numpy as np
import pytest

from fitnet import Adam, Checkpoint, Cosine, GradientDescent, Momentum, Network, StepDecay, train
from fitnet.training import checkpoint_file
from fitnet.training.fingerprint import fingerprint

DIFFERENT = [
    None,
    0,
    0.1,
    np.nextafter(0.1, 1),
    "0",
    Adam(),
    Adam(0.1),
    Adam(epsilon=1e-7),
    Adam(weight_decay=0.1),
    Adam(schedule=Cosine()),
    Adam(schedule=Cosine(0.1)),
    Adam(schedule=StepDecay()),
    Momentum(),
    GradientDescent(),
    Network.of_widths((2, 3, 1)),
    Network.of_widths((2, 3, 1), "tanh"),
    Network.of_widths((2, 4, 1)),
    np.zeros(4),
    np.zeros(4, "float32"),
    np.zeros(4, "int64"),
    np.zeros((2, 2)),
    np.zeros(5),
    -np.zeros(4),
    (np.zeros(4), np.ones(4)),
    (np.ones(4), np.zeros(4)),
]


def test_different_things_differ():
    assert len({fingerprint(value) for value in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize("value", [np.arange(12.0).reshape(3, 4).T, np.arange(12.0)[::2]])
def test_layout_of_an_array_does_not_matter(value):
    assert fingerprint(value) == fingerprint(value.copy())


class Plain:
    def __init__(self, rate):
        self.rate, self.rule = rate, np.tanh


def test_objects_of_the_users_own_are_their_class_and_attributes():
    assert fingerprint(Plain(0.5)) == fingerprint(Plain(0.5)) == "Plain(rate=0.5, rule=tanh)"
    assert fingerprint(Plain(0.5)) != fingerprint(Plain(0.25))


def test_same_in_another_process():
    program = (
        "import numpy as np; from fitnet import Adam, Cosine; from fitnet.training.fingerprint import fingerprint;"
        "print(fingerprint(Adam(schedule=Cosine()))); print(fingerprint(np.arange(3.0)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == [fingerprint(Adam(schedule=Cosine())), fingerprint(np.arange(3.0))]


FREE = {"epochs", "generator", "n_threads", "verbose", "callbacks", "checkpoint", "resume", "state"}


def test_every_argument_is_in_the_checkpoint_or_known_to_be_free(network, data, tmp_path):
    path = tmp_path / "training.ckpt"
    train(network, *data, epochs=2, generator=np.random.default_rng(0), checkpoint=Checkpoint(path))
    kept = set(checkpoint_file.read(path).settings)
    assert kept >= set(signature(train).parameters) - FREE
    assert kept & FREE == {"generator"}  # as it was at the start
