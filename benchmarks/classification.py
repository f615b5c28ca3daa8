"""Classifiers, all untuned, on the four tables that scikit-learn ships, judged on rows that they did not see.

Every table is parted in five, of every class its share, once a seed; all classifiers see the same parts. A log loss is
the mean over parts and seeds, and behind +- its standard error over them, which the parts' common rows make a rough
one. Neighbours get standardised inputs; fitnet standardises itself. Seconds are one fit's, of one thread where that can
be said.
"""

import argparse
import json
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_breast_cancer, load_digits, load_iris, load_wine
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.record import engine_name, installed, processor_name
from fitnet import AutoClassifier, Classifier

RESULTS = Path(__file__).resolve().parent / "results" / "classification.json"
TABLES: dict[str, Callable[..., Any]] = {
    "iris": load_iris,
    "wine": load_wine,
    "breast_cancer": load_breast_cancer,
    "digits": load_digits,
}
FOLDS = 5
OURS, AUTO = "fitnet.Classifier", "fitnet.AutoClassifier"
BINS, COVERAGE = 15, 0.9
TO_BEAT = ("LogisticRegression", "MLPClassifier")


def classifiers() -> dict[str, Callable[[int], Any]]:
    """By name what makes each for a seed; CatBoost where it is installed."""
    made: dict[str, Callable[[int], Any]] = {
        OURS: lambda seed: Classifier(random_state=seed, n_threads=1),
        AUTO: lambda seed: AutoClassifier(random_state=seed, n_jobs=1),
        "LogisticRegression": lambda _: make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        "MLPClassifier": lambda seed: make_pipeline(StandardScaler(), MLPClassifier(random_state=seed)),
        "HistGradientBoosting": lambda seed: HistGradientBoostingClassifier(random_state=seed),
    }
    try:
        from catboost import CatBoostClassifier
    except ImportError:
        return made
    made["CatBoost"] = lambda seed: CatBoostClassifier(random_seed=seed, thread_count=1, verbose=False)
    return made


def parts(table: str, seeds: int) -> Iterator[tuple[int, Any, Any, Any, Any]]:
    """The seed, and training and test rows with their labels, part by part."""
    X, y = TABLES[table](return_X_y=True)
    for seed in range(seeds):
        for training, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(X, y):
            yield seed, X[training], y[training], X[test], y[test]


def judged(make: Callable[[int], Any], table: str, seeds: int) -> dict[str, Any]:
    """Log losses, accuracies and seconds of one classifier on every part."""
    losses, accuracies, seconds, told, held = [], [], [], [], []
    for seed, X, y, X_test, y_test in parts(table, seeds):
        classifier, began = make(seed), time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of trainings that were cut off: they are untuned
            classifier.fit(X, y)
        seconds.append(time.perf_counter() - began)
        probabilities = classifier.predict_proba(X_test)
        losses.append(float(log_loss(y_test, probabilities)))
        right = classifier.classes_[probabilities.argmax(axis=1)] == y_test
        accuracies.append(float(np.mean(right)))
        told.append((seed, probabilities.max(axis=1), right))
        if isinstance(classifier, AutoClassifier):
            held += classifier.predict_set(X_test, COVERAGE)[np.arange(len(y_test)), y_test].tolist()
    errors = [
        calibration_error(*(np.concatenate([each[part] for each in told if each[0] == seed]) for part in (1, 2)))
        for seed in range(seeds)
    ]
    found = {"log_loss": losses, "accuracy": accuracies, "seconds": seconds, "calibration_error": errors}
    return found | ({"held": float(np.mean(held))} if held else {})


def calibration_error(probabilities: Any, right: Any) -> float:
    """The mean distance of how often rows are right from their likeliest class's probability (n,), bin by bin.

    Naeini, Cooper and Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning", AAAI.
    """
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, right, BINS) - np.bincount(bins, probabilities, BINS)
    return float(np.abs(gaps).sum() / len(right))


def line(table: str, name: str, result: dict[str, Any]) -> str:
    """One line of the table."""
    losses = np.array(result["log_loss"])
    error = losses.std(ddof=1) / np.sqrt(len(losses))
    accuracy, seconds, calibration = (np.mean(result[key]) for key in ("accuracy", "seconds", "calibration_error"))
    return (
        f"{table:<14} {name:<22} {losses.mean():.4f} +- {error:.4f}   {100 * accuracy:6.2f} %   {calibration:11.4f}   "
        f"{seconds:7.2f}"
    )


def verdicts(table: str, results: dict[str, Any]) -> Iterator[str]:
    """What was to be reached, and whether it was."""
    losses = {name: float(np.mean(result["log_loss"])) for name, result in results.items()}
    for name, others in ((OURS, TO_BEAT), (AUTO, [each for each in losses if each not in (OURS, AUTO)])):
        reached = losses[name] < min(losses[other] for other in others)
        yield f"{table:<14} {'reached' if reached else 'NOT reached'}: {name} below {', '.join(others)}"
    yield f"{table:<14} {100 * results[AUTO]['held']:.1f} % of rows have their class in {AUTO}'s sets at {COVERAGE:.0%}"


def main() -> None:
    """Judge all on all tables; print the table and write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=list(TABLES))
    parser.add_argument("--quick", action="store_true", help="iris alone, one seed, nothing written")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.tables, arguments.seeds = ["iris"], 1
    results: dict[str, Any] = {}
    print(f"{'table':<14} {'classifier':<22} {'log loss':<18}   {'accuracy':>8}   {'calibration':>11}   {'s a fit':>7}")
    for table in arguments.tables:
        results[table] = {}
        for name, make in classifiers().items():
            results[table][name] = judged(make, table, arguments.seeds)
            print(line(table, name, results[table][name]), flush=True)
        print(*verdicts(table, results[table]), sep="\n", flush=True)
    if not arguments.quick:
        circumstances = {
            "processor": processor_name(),
            "engine": engine_name(),
            "versions": {name: installed(name) for name in ("fitnet", "numpy", "scikit-learn", "catboost")},
        }
        arguments.out.write_text(json.dumps({**circumstances, "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
