"""Read mutated files, thousands of them: python tests/mutated/endure.py model --count 100000 [--seed 0].

Each is refused with the one error of its kind, or makes a model that predicts, or a training or an ensemble's fit that
goes on. Anything else ends the run, and the file is kept and named: another error, ten seconds, more memory than ten
times the file and a megabyte; an abort ends it by itself. Prints how many files came to which end, as JSON.
"""

import argparse
import json
import signal
import tempfile
import tracemalloc
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
from container_mutations import mutated

from fitnet import Checkpoint, Ensemble, Model, Network, Scaling, load, train
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.engine.compute import Compute
from fitnet.errors import (
    ArgumentValueError,
    CheckpointFileError,
    CheckpointMismatchError,
    DivergenceError,
    ModelFileError,
)
from fitnet.fitting.candidates import baselines
from fitnet.fitting.member import Place
from fitnet.fitting.member_files import MemberFiles
from fitnet.fitting.member_training import cross_fitted
from fitnet.fitting.plans import Plan
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import Categories, Imputation
from fitnet.training import checkpoint_file

SECONDS, ROOM = 10, 1 << 20
MODELS = sorted((Path(__file__).parents[1] / "model" / "files").glob("*.fitnet"))
NETWORK = Network.of_widths((2, 4, 1), activation="tanh")
X = np.random.default_rng(1).uniform(-1, 1, (12, 2))
MEMBER, MEMBER_ROWS, MEMBER_FOLDS = "recipe-00-fold-00.member", TrainingRows(X, X[:, :1]), np.arange(12) % 2


def training(path, epochs, resume):
    checkpoint, generator = Checkpoint(path, every=1), np.random.default_rng(0)
    options = {"checkpoint": checkpoint, "resume": resume, "verbose": False, "n_threads": 1}
    return train(NETWORK, X, X[:, :1], epochs=epochs, generator=generator, batch_size=5, **options)


def read_model(path):
    """Load, and predict with what was loaded."""
    try:
        model = load(path, n_threads=1)
    except ModelFileError as error:
        return said(error, path)
    rows = np.ones((2, len(model.input_names)))
    prediction = model.predict(rows)
    assert prediction.shape == (2, len(model.output_names))
    members = model.members if isinstance(model, Ensemble) else [model]
    if any(member.encoding is not None for member in members):
        assert model.jacobian(rows).shape == (*prediction.shape, len(model.input_names))
    if isinstance(model, Ensemble) and model.folds is not None:
        assert model.fold_spreads(rows).shape[1:] == prediction.shape
        assert model.conformal is None or model.predict_interval(rows, 0.5).shape == (*prediction.shape, 2)
    if isinstance(model, Ensemble) and model.domain is not None:
        assert model.domain_score(rows).shape == (2,)
    if model.categories is not None:
        words = {name: ["red", None] for name in model.categories.words}
        frame = words | {name: [0.5, np.nan] for name in model.number_names}
        frame = frame if model.imputation is not None else {name: column[:1] for name, column in frame.items()}
        try:
            model.jacobian(frame)
        except ArgumentValueError:  # what the file fills gaps with may be too large for its scaling
            return "refuses gaps"
    repr(model)
    return "predicts"


def read_checkpoint(path):
    """Read, and go on from what was read; another training's settings are refused when it does."""
    try:
        checkpoint_file.read(path)
    except CheckpointFileError as error:
        return said(error, path)
    try:
        training(path, 4, resume=True)
    except (CheckpointFileError, CheckpointMismatchError, DivergenceError) as error:
        return type(error).__name__
    return "goes on"


def member_files(folder, resume):
    """Those of an ensemble's fit that is its only recipe."""
    generator = np.random.default_rng(0)
    return MemberFiles.of(folder, resume, MEMBER_ROWS, Plan(baselines(2), 2, 2), generator, Compute("auto", 1), None)


def read_member(path):
    """Begin to go on from an ensemble's member, and predict with it."""
    try:
        kept = member_files(path.parent, resume=True).begin(MEMBER_ROWS, MEMBER_FOLDS)
    except CheckpointFileError as error:
        return said(error, path)
    except CheckpointMismatchError as error:
        return type(error).__name__
    (member,) = kept.values()
    assert member is None or member.model.predict(X).shape == (12, 1)
    return "goes on"


def said(error, path):
    sentence = str(error)
    assert str(path) in sentence
    assert "\n" not in sentence
    return type(error).__name__


def originals(kind, folder):
    if kind == "model":
        of_words(folder / "words.fitnet")
        encoded(folder / "encoded.fitnet")
        projected(folder / "projected.fitnet")
        made = [folder / f"{name}.fitnet" for name in ("words", "encoded", "projected")]
        return [path.read_bytes() for path in (*MODELS, *made)]
    if kind == "member":
        files = member_files(folder, resume=False)
        recipe = baselines(2)[0]
        files.keep(
            Place(recipe.name, 0),
            cross_fitted(recipe, MEMBER_ROWS, MEMBER_FOLDS, 0, np.random.default_rng(0), files.compute),
        )
        return [(folder / MEMBER).read_bytes()]
    training(folder / "whole", 3, resume=False)
    return [(folder / "whole").read_bytes()]


def of_words(path):
    """Save a model of columns of words that fills gaps in."""
    network = Network.of_widths((6, 3, 1), "tanh")
    categories = Categories(("x", "colour", "k"), (None, ("blue", "red", None), ("red",)))
    parts = {"categories": categories, "imputation": Imputation(np.zeros(5), (0,))}
    Model(network, np.linspace(-1, 1, network.n_parameters), **parts, input_ranges=[[0] * 6, [1] * 6]).save(path)


def encoded(path):
    """Save a model that encodes its columns."""
    network = Network.of_widths((6, 3, 1), "tanh")
    scaling, encoding = Scaling([0, 1, 2], [1, 2, 3]), PiecewiseLinear([[0, 1, 2, 3], [], [0.5]])
    Model(network, np.linspace(-1, 1, network.n_parameters), input_scaling=scaling, encoding=encoding).save(path)


def projected(path):
    """Save an ensemble of a member that encodes projections of its columns, too, and one that encodes nothing."""
    scaling, parts = Scaling([0, 1], [1, 2]), {"input_ranges": [[0, 0], [1, 1]]}
    encoding = PiecewiseLinear([[0, 1, 2, 3], [], [-1, 0, 2], [0.5]], [[0.6, -0.8], [1, 1]])
    networks = [(Network.of_widths((9, 3, 1), "tanh"), encoding), (Network.of_widths((2, 3, 1), "tanh"), None)]
    Ensemble(
        [
            Model(network, np.linspace(-1, 1, network.n_parameters), input_scaling=scaling, encoding=each, **parts)
            for network, each in networks
        ]
    ).save(path)


READERS = {"model": read_model, "checkpoint": read_checkpoint, "member": read_member}


def too_long(*_):
    raise AssertionError(f"more than {SECONDS} s")


def endure(kind, count, seed, folder):
    """How many mutated files came to which end."""
    wholes, ends, generator = originals(kind, folder), Counter(), np.random.default_rng(seed)
    path, read = folder / (MEMBER if kind == "member" else f"mutated.{kind}"), READERS[kind]
    path.write_bytes(wholes[0])
    read(path)  # whatever is loaded once is loaded now
    signal.signal(signal.SIGALRM, too_long)
    tracemalloc.start()
    for _ in range(count):
        whole = wholes[generator.integers(len(wholes))]
        data = mutated(generator, whole, path)
        path.write_bytes(data)
        signal.alarm(SECONDS)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        end = read(path)
        taken = tracemalloc.get_traced_memory()[1] - before
        signal.alarm(0)
        path.write_bytes(data)  # a training that goes on writes over it
        assert taken < 10 * len(data) + ROOM, f"{taken} bytes for a file of {len(data)}"
        ends["unaltered" if data == whole else end] += 1
    return ends


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=READERS)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    folder = Path(tempfile.mkdtemp(prefix="mutated-"))
    try:
        ends = endure(arguments.kind, arguments.count, arguments.seed, folder)
    except BaseException:
        print(f"The file is in {folder}, the seed was {arguments.seed}.")
        raise
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    print(json.dumps(ends, sort_keys=True))


if __name__ == "__main__":
    main()
