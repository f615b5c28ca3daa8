"""Conformal intervals around one prediction for all folds, such as an ensemble's, and the spread of new targets.

Shapes: predictions and spreads (n, m), for n rows and m outputs. Where the folds' predictions and spreads are alike, an
end is as many of a row's units from its prediction in every row: scores are ranked once, and a row's bits are its own.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.arguments import Array
from fitnet.uncertainty.order_statistics import kept_ranks
from fitnet.uncertainty.score_choice import units

if TYPE_CHECKING:
    from fitnet.uncertainty.conformal import CrossConformal


def interval_around(conformal: "CrossConformal", predictions: Array, coverage: Any, spreads: Array | None) -> Array:
    """What `CrossConformal.interval` gives where every fold has these predictions and spreads.

    Parameters
    ----------
    predictions
        (n, m), float64.
    coverage
        As for `interval`.
    spreads
        (n, m), 0 or more; None will do where no output's scores are normalised.

    Returns
    -------
    Array
        (n, m, 2), of a sequence of coverages (n, m, 2, c); not finite where a prediction is not.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If `coverage` is not what `interval` takes.
    """
    return around(conformal, predictions, spreads, lambda plain, zeros: plain.interval(zeros, coverage))


def quantiles_around(
    conformal: "CrossConformal", predictions: Array, probabilities: Any, spreads: Array | None
) -> Array:
    """What `CrossConformal.quantiles` gives, likewise: (n, m, q)."""
    return around(conformal, predictions, spreads, lambda plain, zeros: plain.quantiles(zeros, probabilities))


def around(
    conformal: "CrossConformal",
    predictions: Array,
    spreads: Array | None,
    ends_of: Callable[["CrossConformal", Array], Array],
) -> Array:
    """The ends that plain scores give around 0, in units of each row, from its prediction on."""
    K, m = len(conformal.fold_rows), conformal.scores.shape[1]
    ends = ends_of(replace(conformal, floors=np.full(m, np.inf)), np.zeros((K, 1, m)))
    further = (..., *[np.newaxis] * (ends.ndim - 2))
    with np.errstate(over="ignore", invalid="ignore"):
        found: Array = predictions[further] + units_of_rows(conformal, len(predictions), spreads)[further] * ends
    return found


def deviations_around(conformal: "CrossConformal", n: int, spreads: Array | None) -> Array:
    """What `CrossConformal.standard_deviation` gives, unchecked: (n, m)."""
    with np.errstate(over="ignore"):
        deviations: Array = units_of_rows(conformal, n, spreads) * conformal.scores_deviation
    return deviations


def units_of_rows(conformal: "CrossConformal", n: int, spreads: Array | None) -> Array:
    """What scores are multiplied by at every row, shrinkage apart: (n, m)."""
    columns = [
        np.broadcast_to(units(None if spreads is None else spreads[:, j], floor), n)
        for j, floor in enumerate(conformal.floors)
    ]
    return np.stack(columns, axis=1)


def root_mean_squares(scores: Array, fold_rows: Array) -> Array:
    """Of every output's scores, as `CrossConformal` keeps them: (m,). Of a large fold the kept ones stand for all."""
    largest = np.abs(scores).max(axis=0)
    squares = (scores / np.where(largest > 0, largest, 1)) ** 2  # at most 1
    weights = np.concatenate([rows_of_kept(int(n)) for n in fold_rows])
    found: Array = largest * np.sqrt((weights / fold_rows.sum()) @ squares)
    return found


def rows_of_kept(n: int) -> Array:
    """For how many of a fold's n rows each kept score stands: half of those to its neighbours, and the end itself."""
    gaps = np.diff(kept_ranks(n)) / 2
    rows: Array = np.concatenate([[0.5], gaps]) + np.concatenate([gaps, [0.5]])
    return rows
