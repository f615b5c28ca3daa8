"""What conformal intervals are made from and asked for, checked and refused in one sentence."""

from math import floor, log10
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, counted, finite_cast, fraction_below_one, numeric_array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.uncertainty.order_statistics import MOST_KEPT
from fitnet.uncertainty.score_choice import SLACK

MOST_ROWS = 2**31 - 1  # products of ranks and rows fit int64


def shaped(name: str, value: Any, shape: tuple[int | None, ...]) -> Array:
    """`value` as finite float64 of this shape, in which None stands for any length but 0."""
    array = numeric_array(name, value)
    wanted = str(tuple("n" if each is None else each for each in shape)).replace("'", "")
    fits = array.ndim == len(shape) and all(
        there > 0 if each is None else there == each for there, each in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ArgumentValueError(f"`{name}` has shape {array.shape}; it must have shape {wanted}.", name)
    return finite_cast(name, array, FLOAT64)


def spreads_like(name: str, value: Any, shape: tuple[int | None, ...]) -> Array:
    """`value` as standard deviations of this shape, 0 or more."""
    spreads = shaped(name, value, shape)
    if np.any(spreads < 0):
        raise ArgumentValueError(f"`{name}` holds {spreads.min():g}; no standard deviation may be below 0.", name)
    return spreads


def factors(name: str, value: Any, m: int, infinite: bool = False) -> Array:
    """`value`, one number or (m,), as numbers above 0, which may be infinite where that is said: (m,)."""
    given = numeric_array(name, value)
    array = np.full(m, given.item(), FLOAT64) if given.size == 1 else given.astype(FLOAT64)
    if array.shape != (m,):
        raise ArgumentValueError(f"`{name}` has shape {array.shape}; it must have shape ({m},).", name)
    wrong = ~(array > 0) if infinite else ~((array > 0) & np.isfinite(array))
    if wrong.any():
        rule = "above 0" if infinite else "above 0 and finite"
        raise ArgumentValueError(f"`{name}` holds {array[wrong][0]:g}; every entry must be {rule}.", name)
    return array


def whole_numbers(name: str, value: Any, minimum: int) -> Array:
    """`value` as a vector of whole numbers from `minimum` to MOST_ROWS."""
    array = numeric_array(name, value)
    if array.dtype.kind not in "iu":
        raise ArgumentTypeError(f"`{name}` holds {array.dtype}; it must hold whole numbers.", name)
    if array.ndim != 1 or len(array) == 0:
        raise ArgumentValueError(f"`{name}` has shape {array.shape}; it must be a vector.", name)
    if array.min() < minimum or array.max() > MOST_ROWS:
        wrong = array.min() if array.min() < minimum else array.max()
        raise ArgumentValueError(f"`{name}` holds {wrong}; it must hold {minimum} to {MOST_ROWS}.", name)
    return array.astype(np.int64)


def fold_numbers(folds: Any, n: int) -> Array:
    """The fold of each of n rows, 0 to K - 1, each with a row and K 2 or more: (n,)."""
    numbers = whole_numbers("folds", folds, 0)
    if len(numbers) != n:
        raise ArgumentValueError(
            f"`folds` has shape {numbers.shape}; it must have shape ({n},), one fold a row.", "folds"
        )
    present = np.unique(numbers)
    if present[-1] >= len(present):
        lacking = int(np.argmax(present != np.arange(len(present))))
        raise ArgumentValueError(f"`folds` has no row of fold {lacking}; every fold must have one.", "folds")
    if len(present) < 2:
        raise ArgumentValueError("`folds` has 1 fold; it must have 2 or more.", "folds")
    return numbers


def checked_fold_rows(value: Any, kept: int) -> Array:
    """The rows of K folds, of which `kept` scores are there: (K,)."""
    rows = whole_numbers("fold_rows", value, 1)
    if len(rows) < 2 or int(rows.sum()) > MOST_ROWS:
        raise ArgumentValueError(
            f"`fold_rows` has {counted(len(rows), 'fold')} and {counted(int(rows.sum()), 'row')}; it must have 2 folds "
            f"or more, and at most {MOST_ROWS} rows.",
            "fold_rows",
        )
    needed = int(np.minimum(rows, MOST_KEPT).sum())
    if needed != kept:
        raise ArgumentValueError(
            f"`fold_rows` is for {counted(needed, 'score')}; `scores` has {kept} and they must agree.",
            "fold_rows",
            "scores",
        )
    return rows


def check_scores(scores: Array, fold_rows: Array, symmetric: Array) -> None:
    """Refuse scores (N, m) that fall within a fold, or are below 0 where they are symmetric."""
    starts = np.cumsum(np.minimum(fold_rows, MOST_KEPT))[:-1]
    falls = np.diff(scores, axis=0) < 0
    falls[starts - 1] = False
    if falls.any():
        raise ArgumentValueError("`scores` fall within a fold; they must be in rising order.", "scores")
    if np.any(scores[:, symmetric] < 0):
        raise ArgumentValueError(
            f"`scores` holds {scores[:, symmetric].min():g} where `symmetric` is True; none may be below 0 there.",
            "scores",
            "symmetric",
        )


def checked_coverages(value: Any, n: int, most: float) -> list[float]:
    """The coverages, one or a sequence, that n rows give: each above 0 and at most `most`."""
    if np.ndim(value) > 1 or np.size(value) == 0:
        raise ArgumentValueError(
            f"`coverage` has shape {np.shape(value)}; it must be one number or a sequence of some.", "coverage"
        )
    sequence = value if np.ndim(value) else [value]
    coverages = [fraction_below_one("coverage", each) for each in sequence]
    if max(coverages) > most + SLACK:
        digits = max(2, floor(log10(n)) + 1)
        held = floor(most * 10**digits) / 10**digits
        raise ArgumentValueError(
            f"`coverage` is {max(coverages)!r}; intervals from {counted(n, 'row')} can hold at most {held:g}.",
            "coverage",
        )
    return coverages


def checked_probabilities(value: Any, n: int, most: float) -> Array:
    """Probabilities in rising order, of quantiles that bound central intervals of a coverage up to `most`: (q,)."""
    array = shaped("probabilities", value, (None,))
    if np.any((array <= 0) | (array >= 1)):
        wrong = array[(array <= 0) | (array >= 1)][0]
        raise ArgumentValueError(
            f"`probabilities` holds {wrong:g}; every entry must be above 0 and below 1.", "probabilities"
        )
    if np.any(np.diff(array) <= 0):
        raise ArgumentValueError("`probabilities` are not in increasing order; they must be.", "probabilities")
    extreme = float(array[np.argmax(np.abs(array - 0.5))])
    if abs(2 * extreme - 1) > most + SLACK:
        raise ArgumentValueError(
            f"`probabilities` holds {extreme!r}; quantiles from {counted(n, 'row')} must lie between "
            f"{(1 - most) / 2:.3g} and {1 - float(f'{(1 - most) / 2:.3g}'):g}.",
            "probabilities",
        )
    return array
