"""Mistakes of a model of classes: which are taken for which, how probable a row's own is, and the worst rows.

Shapes: J judged rows of K classes, g given inputs.
"""

from typing import Any

import numpy as np

from fitnet.evaluation.class_errors import confusion_matrix
from fitnet.evaluation.worst_rows import MOST_ROWS
from fitnet.reports.class_outcome import ClassOutcome
from fitnet.reports.target_facts import MOST_INPUTS, inputs_by_importance

MOST_CLASSES = 30  # of a confusion matrix that is shown as a whole
MOST_PAIRS = 12  # of classes that are confused, in a list
TRUTH_BINS = 20  # of the probability of a row's own class


def confusion_told(outcome: ClassOutcome) -> dict[str, Any]:
    """The whole "matrix" (K, K), None of more than 30 classes, and the "pairs" confused most, with the rows' share."""
    counts = confusion_matrix(outcome.probabilities, outcome.codes)
    wrong = counts * (1 - np.eye(len(counts), dtype=int))
    order = np.argsort(-wrong, axis=None, kind="stable")[:MOST_PAIRS]
    places = [(int(place) // len(counts), int(place) % len(counts)) for place in order]
    pairs = [
        {"is": one, "said": other, "rows": int(wrong[one, other]), "share": wrong[one, other] / counts[one].sum()}
        for one, other in places
        if wrong[one, other]
    ]
    return {"matrix": counts if len(counts) <= MOST_CLASSES else None, "pairs": pairs}


def by_class_told(outcome: ClassOutcome) -> dict[str, Any]:
    """Of every class, of many those found least often, its rows, how many are said to be of it, and both at once."""
    counts = confusion_matrix(outcome.probabilities, outcome.codes)
    rows, said, right = counts.sum(axis=1), counts.sum(axis=0), counts.diagonal()
    places = np.arange(len(counts))
    if len(places) > MOST_CLASSES:
        found = np.divide(right, rows, out=np.full(len(rows), 2.0), where=rows > 0)
        places = np.sort(np.argsort(found, kind="stable")[:MOST_CLASSES])
    by_class = [{"class": int(k), "rows": int(rows[k]), "said": int(said[k]), "right": int(right[k])} for k in places]
    return {"by_class": by_class}


def truths_told(outcome: ClassOutcome) -> dict[str, Any]:
    """How many rows, told right and told wrong, give their own class which probability, in 20 bins from 0 to 1."""
    bins = np.clip((outcome.truths * TRUTH_BINS).astype(int), 0, TRUTH_BINS - 1)
    parts = {"right": outcome.right, "wrong": ~outcome.right}
    return {name: np.bincount(bins[part], minlength=TRUTH_BINS) for name, part in parts.items()}


def worst_told(outcome: ClassOutcome) -> list[dict[str, Any]]:
    """The rows whose own class is said to be least probable, with at most 12 inputs."""
    judged = outcome.judged
    places = np.argsort(outcome.truths, kind="stable")[:MOST_ROWS]
    likeliest = outcome.probabilities.argmax(axis=1)
    inputs = [outcome.columns[i] for i in sorted(inputs_by_importance(outcome.importance, 0)[:MOST_INPUTS])]
    values = {column.name: column.values(judged.X[places]) for column in inputs}
    return [
        {
            "row": int(judged.places[at]) + 1,
            "inputs": {name: column[i] for name, column in values.items()},
            "is": int(outcome.codes[at]),
            "said": int(likeliest[at]),
            "probability": outcome.truths[at],
            "probability_said": outcome.probabilities[at, likeliest[at]],
        }
        for i, at in enumerate(places.tolist())
    ]
