"""The drop-in perceptrons beside scikit-learn's: python -m benchmarks.drop_in [--quick] [--rounds 5] [--out DIR].

Both get the same rows, settings and seed, one thread and one process; they take turns, every other round the other way
round. A fit's time is processor time, which does not count how long the one thread waits for other processes; beside it
stand the scores on rows left out, and how far the weights of the two are apart.
"""

import argparse
import json
import os
import shlex
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np
from sklearn import neural_network as theirs
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits, make_friedman1
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from benchmarks.record import circumstances
from fitnet import sklearn_compat as ours
from fitnet.files.atomic_write import write_atomically

RESULTS = Path(__file__).resolve().parent / "results"
Rows = tuple[Any, Any]


def friedman(n: int) -> Callable[[], Rows]:
    """So many rows of ten inputs, five of which tell (Friedman 1991)."""

    def rows() -> Rows:
        X, y = make_friedman1(n, noise=1.0, random_state=0)
        return X, (y - y.mean()) / y.std()

    return rows


def diabetes() -> Rows:
    """Its rows, targets of mean 0 and standard deviation 1."""
    X, y = load_diabetes(return_X_y=True)
    return X, (y - y.mean()) / y.std()


@dataclass(frozen=True)
class Case:
    """What is fitted: a kind of perceptron, rows, and settings beside the defaults."""

    name: str
    perceptron: str
    rows: Callable[[], Rows]
    settings: dict[str, Any] = field(default_factory=dict)

    def estimator(self, whose: str) -> Any:
        """The perceptron with these settings, "theirs" or "ours"."""
        return getattr(theirs if whose == "theirs" else ours, self.perceptron)(random_state=0, **self.settings)

    def parts(self) -> list[Any]:
        """X of three quarters of the rows and of the others, standardised by the first, and y of both."""
        X, y = self.rows()
        X, X_new, y, y_new = train_test_split(X, y, random_state=0)
        scaler = StandardScaler().fit(X)
        return [scaler.transform(X), scaler.transform(X_new), y, y_new]


CASES = (
    Case("diabetes, defaults", "MLPRegressor", diabetes),
    Case("diabetes, lbfgs", "MLPRegressor", diabetes, {"solver": "lbfgs"}),
    Case("Friedman, 5,000 rows, defaults", "MLPRegressor", friedman(5000), {"max_iter": 50}),
    Case(
        "Friedman, 5,000 rows, (64, 64)",
        "MLPRegressor",
        friedman(5000),
        {"hidden_layer_sizes": (64, 64), "max_iter": 50},
    ),
    Case("breast cancer, defaults", "MLPClassifier", lambda: load_breast_cancer(return_X_y=True)),
    Case("digits, defaults", "MLPClassifier", lambda: load_digits(return_X_y=True)),
    Case("digits, sgd", "MLPClassifier", lambda: load_digits(return_X_y=True), {"solver": "sgd", "max_iter": 50}),
    Case("digits, early_stopping", "MLPClassifier", lambda: load_digits(return_X_y=True), {"early_stopping": True}),
)


def measured(case: Case, rounds: int) -> dict[str, Any]:
    """Processor's seconds of every round, by whose they are, what they scored and how far apart they are."""
    X, X_new, y, y_new = case.parts()
    seconds: dict[str, list[float]] = {"theirs": [], "ours": []}
    fitted: dict[str, Any] = {}
    for current in range(rounds):
        for name in list(seconds)[:: -1 if current % 2 else 1]:
            fitted[name] = case.estimator(name)
            began = process_time()
            fitted[name].fit(X, y)
            seconds[name].append(process_time() - began)
    pairs = zip(fitted["theirs"].coefs_, fitted["ours"].coefs_, strict=True)
    return {
        "case": case.name,
        "processor_seconds": seconds,
        "scores": {name: each.score(X_new, y_new) for name, each in fitted.items()},
        "epochs": fitted["ours"].n_iter_,
        "weights_apart": max(float(np.abs(one - two).max()) for one, two in pairs),
    }


def line(found: dict[str, Any]) -> str:
    """One line of the table."""
    one, two = found["processor_seconds"].values()
    each, scores = [a / b for a, b in zip(one, two, strict=True)], found["scores"]
    text = f"{found['case']:<32}{found['epochs']:>6}  {median(one):8.3f} {median(two):8.3f}"
    text += f"  {median(each):5.1f} ({min(each):.1f} to {max(each):.1f})"
    return f"{text}  {scores['theirs']:.6f} {scores['ours']:.6f}  {found['weights_apart']:.0e}"


def main() -> None:
    """Measure, print the table, write drop_in.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one case, one round, nothing written")
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is timed (5)")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of drop_in.json")
    arguments = parser.parse_args()
    began, results = datetime.now(UTC), []
    print("epochs; processor's seconds, theirs, ours and theirs / ours; scores; how far weights are apart")
    os.environ["FITNET_NUM_THREADS"] = "1"
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fits that were cut off
        measured(CASES[0], 1)  # what is loaded at the first fit
        for case in CASES[:1] if arguments.quick else CASES:
            results.append(measured(case, 1 if arguments.quick else arguments.rounds))
            print(line(results[-1]), flush=True)
    if arguments.quick:
        return
    command = shlex.join(["python", "-m", "benchmarks.drop_in", *sys.argv[1:]])
    contents = {**circumstances(began, command, {**vars(arguments), "seconds": None}), "results": results}
    arguments.out.mkdir(parents=True, exist_ok=True)
    write_atomically(arguments.out / "drop_in.json", (json.dumps(contents, indent=1) + "\n").encode())


if __name__ == "__main__":
    main()
