"""Sentinels: numbers such as -9999 that loggers write where they measured nothing.

No number is a sentinel in itself, so that none is left out: where one looks like it a warning names the column.
"""

import re
import warnings
from collections.abc import Sequence

import numpy as np

from fitnet.arguments import Array, counted
from fitnet.errors import TableWarning

# How far the number is from the nearest other one, in ranges of all others, for it not to belong to them.
FAR = 10.0
FAR_BELOW_ZERO = 3.0  # where it alone is negative
FAR_FOR_NINES = 0.5  # where people write it for "no value"
FEWEST_OTHERS = 3  # different numbers, for their range to say something
NINES = re.compile(r"-?9{2,}(\.9+|\.25)?|-?9+\.9+|-?8{3,}|-?7{3,}|-32768|-?1e\+?[23]\d|9\.969209968386869e\+36")


def warn_of_sentinels(path: str, names: Sequence[str], values: Array) -> None:
    """Warn of columns of `values` (n, len(names)) whose lowest or highest number seems to stand for a missing value.

    It does where it comes more than once and lies far from all other numbers of its column: `FAR` times their range or,
    where it alone is negative, `FAR_BELOW_ZERO` times or, where it is one such as -9999, `FAR_FOR_NINES` times.
    """
    for name, column in zip(names, values.T, strict=True):
        found = sentinel(column)
        if found is not None:
            value, count, low, high = found
            warnings.warn(
                f"{path} has {value:.15g} in column {name!r}, {counted(count, 'time')}, far from all other values, "
                f"which are from {low:.6g} to {high:.6g}; if it stands for a missing value, say so with "
                f"--missing-value {value:.15g} (`missing_values=[{value:.15g}]`).",
                TableWarning,
                stacklevel=3,
            )


def sentinel(column: Array) -> tuple[float, int, float, float] | None:
    """The number that seems to stand for a missing value, how often it comes, and the range of all others; or None."""
    known = column[~np.isnan(column)]
    if not len(known):
        return None
    for value, beyond in ((float(known.min()), 1.0), (float(known.max()), -1.0)):
        others = known[known != value]
        count = len(known) - len(others)
        if count < 2 or not len(others):
            continue
        low, high = float(others.min()), float(others.max())
        gap = beyond * ((low if beyond > 0 else high) / 2 - value / 2)  # halved, so that nothing overflows
        far = gap > farness(value, low) * (high / 2 - low / 2)
        if far and len(np.unique(others)) >= FEWEST_OTHERS:
            return value, count, low, high
    return None


def farness(value: float, low: float) -> float:
    """How many ranges of all other numbers, from `low` on, the number `value` must be away."""
    if NINES.fullmatch(f"{value:.16g}"):
        return FAR_FOR_NINES
    return FAR_BELOW_ZERO if value < 0 <= low else FAR
