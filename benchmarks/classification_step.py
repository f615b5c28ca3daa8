"""A training step of Classifier beside Regressor's of the same shape, and beside MLPClassifier's: python -m
benchmarks.classification_step [--quick] [--rounds 15] [--seconds 0.5] [--out DIR].

All three get the same rows in float32, the same layers, batches, penalty, rate and number of epochs, by Adam in one
thread and in one process. They take turns, every other round backwards, so that what slows the machine slows all of
them. A step's time is what a training takes less one of a single epoch, so that neither checks nor scalings count, by
the steps between them; it is processor time, which does not count how long the one thread waits for other processes.
Ratios are of one round each, and their median is judged. The control is Classifier once more: how far its ratio is
from 1 is the noise.
"""

import argparse
import gc
import json
import shlex
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits

from benchmarks.record import circumstances
from benchmarks.side_by_side import epochs_that_take
from fitnet import Adam, Classifier, Regressor
from fitnet.files.atomic_write import write_atomically

RESULTS = Path(__file__).resolve().parent / "results"
RATE, PENALTY, FOREVER = 1e-3, 1e-4, 10**9
OURS, CONTROL, REGRESSION, PEER = "Classifier", "Classifier again", "Regressor", "MLPClassifier"
ASKED = {REGRESSION: 1 / 1.1, PEER: 10.0}  # the least ratio to Classifier's time

Training = Callable[[int], object]


@dataclass(frozen=True)
class Shape:
    """What is trained: n rows of p inputs, hidden layers, classes, and rows a step."""

    inputs: int
    hidden: tuple[int, ...]
    classes: int
    batch: int
    rows: int = 4096

    @property
    def name(self) -> str:
        """Such as 64-64-64-10, batch 32: of two classes one output."""
        outputs = self.classes if self.classes > 2 else 1
        return f"{'-'.join(map(str, (self.inputs, *self.hidden, outputs)))}, batch {self.batch}"


SHAPES = (
    Shape(4, (64, 64), 3, 32),
    Shape(30, (64, 64), 2, 32),
    Shape(64, (64, 64), 10, 32),
    Shape(64, (64, 64), 10, 64),
    Shape(64, (64, 64), 10, 256),
    Shape(64, (128, 128), 10, 256),
)


def ways(shape: Shape) -> dict[str, Training]:
    """By name what trains for so many epochs; targets of the regression are as many as there are logits."""
    generator = np.random.default_rng(0)
    X = generator.standard_normal((shape.rows, shape.inputs), np.float32)
    logits = np.sin(2 * X) @ generator.standard_normal((shape.inputs, shape.classes), np.float32)
    labels = logits.argmax(axis=1)
    targets = logits if shape.classes > 2 else logits[:, 0]
    ours = {
        "solver": Adam(RATE),
        "batch_size": shape.batch,
        "dtype": "float32",
        "n_threads": 1,
        "random_state": 0,
    }

    def classifier(epochs: int) -> None:
        Classifier(shape.hidden, alpha=PENALTY / 2 / shape.rows, max_epochs=epochs, **ours).fit(X, labels)

    def regressor(epochs: int) -> None:
        penalty = PENALTY / shape.rows
        Regressor(shape.hidden, alpha=penalty, max_epochs=epochs, error_bars=False, **ours).fit(X, targets)

    def peer(epochs: int) -> None:
        settings = {"alpha": PENALTY, "batch_size": shape.batch, "learning_rate_init": RATE, "random_state": 0}
        MLPClassifier(shape.hidden, max_iter=epochs, tol=0.0, n_iter_no_change=FOREVER, **settings).fit(X, labels)

    return {OURS: classifier, REGRESSION: regressor, PEER: peer, CONTROL: classifier}


def microseconds_a_step(shape: Shape, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Of every way, one a round; a training takes about so many `seconds`."""
    trainings, steps = ways(shape), -(-shape.rows // shape.batch)
    counts = {name: max(2, epochs_that_take(train, seconds)) for name, train in trainings.items()}
    counts[CONTROL] = counts[OURS]
    found: dict[str, list[float]] = {name: [] for name in trainings}
    gc.collect()
    gc.disable()
    for current in range(rounds):
        for name in list(trainings)[:: -1 if current % 2 else 1]:
            spent = processor_seconds(trainings[name], counts[name]) - processor_seconds(trainings[name], 1)
            found[name].append(1e6 * spent / ((counts[name] - 1) * steps))
    gc.enable()
    return found


def processor_seconds(train: Training, epochs: int) -> float:
    """Of one training, this process's."""
    began = process_time()
    train(epochs)
    return process_time() - began


def ratios(found: dict[str, list[float]], name: str) -> list[float]:
    """How many times as long as Classifier's step another's took, round by round."""
    return [theirs / ours for theirs, ours in zip(found[name], found[OURS], strict=True)]


def line(shape: Shape, name: str, found: dict[str, list[float]]) -> str:
    """One line of the table."""
    times = found[name]
    text = f"{shape.name:<28} {name:<18} {median(times):9.1f} {min(times):9.1f}"
    if name == OURS:
        return text
    each, fastest = ratios(found, name), min(times) / min(found[OURS])
    text += f"   {median(each):7.2f}   {min(each):6.2f} to {max(each):6.2f}   {fastest:7.2f}"
    if name not in ASKED:
        return text
    return f"{text}   {'reached' if median(each) >= ASKED[name] else 'NOT reached'}: {ASKED[name]:.2f}"


def main() -> None:
    """Measure, print the table, write classification_step.json."""
    arguments = command_line()
    began, results = datetime.now(UTC), []
    heads = ("median us", "least us", "ratio", "in rounds", "of least")
    print(f"{'shape':<28} {'way':<18} {heads[0]:>9} {heads[1]:>9}   {heads[2]:>7}   {heads[3]:<16}   {heads[4]:>7}")
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of trainings that were cut off
        for shape in SHAPES[:1] if arguments.quick else SHAPES:
            found = microseconds_a_step(shape, arguments.rounds, arguments.seconds)
            print(*(line(shape, name, found) for name in found), sep="\n", flush=True)
            results.append({"shape": shape.name, "microseconds_a_step": found})
    if arguments.quick:
        return
    command = shlex.join(["python", "-m", "benchmarks.classification_step", *sys.argv[1:]])
    contents = {**circumstances(began, command, vars(arguments)), "results": results}
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_atomically(arguments.out / "classification_step.json", (json.dumps(contents, indent=1) + "\n").encode())


def command_line(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The options; --quick only fills in what was not given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one shape, one short round, nothing written")
    parser.add_argument("--rounds", type=int, help="how often everything is timed (15)")
    parser.add_argument("--seconds", type=float, help="of a training, about (0.5)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of classification_step.json")
    arguments = parser.parse_args(given)
    defaults: dict[str, Any] = {"rounds": 1 if arguments.quick else 15, "seconds": 0.05 if arguments.quick else 0.5}
    for name, value in defaults.items():
        setattr(arguments, name, value if getattr(arguments, name) is None else getattr(arguments, name))
    return arguments


if __name__ == "__main__":
    main()
