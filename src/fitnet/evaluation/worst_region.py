"""Worst region: in which part of which input's range a prediction is clearly worse than elsewhere.

Shapes: a column (n,), squares (n,), squared residuals of one target.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array

BINS, FEWEST_ROWS = 5, 20  # of a column; of rows in a bin and outside it
CLEARLY = 4.0  # standard errors between mean squares, which chance does not reach in hundreds of bins
MUCH = 1.25  # times the root mean square elsewhere


@dataclass(frozen=True)
class WorstRegion:
    """Rows whose `column`, by its place, is from `low` to `high`, and the root mean squared errors there and elsewhere.

    There are `rows` of them.
    """

    column: int
    low: float
    high: float
    rows: int
    rmse: float
    rmse_elsewhere: float


def worst_region(columns: Sequence[Array], squares: Array) -> WorstRegion | None:
    """The bin of a column that stands out most; None where no bin is clearly worse than the rest of the rows.

    Bins hold a fifth of the rows each, or the rows of one value where a column has at most five; entries that are
    missing are in none. Gains of large differences by chance are kept out by asking for four standard errors.
    """
    n, best, found = len(squares), CLEARLY, None
    if n < 2 * FEWEST_ROWS or not np.any(squares > 0):
        return None
    relative = squares / squares.max()
    for place, column in enumerate(columns):
        for low, high in bins_of(column):
            inside = (column >= low) & (column <= high)
            count = int(inside.sum())
            if min(count, n - count) < FEWEST_ROWS:
                continue
            within, elsewhere = relative[inside], relative[~inside]
            error = np.hypot(*(part.std(ddof=1) / np.sqrt(len(part)) for part in (within, elsewhere)))
            ratio = within.mean() - elsewhere.mean() * MUCH**2
            if ratio > 0 and within.mean() - elsewhere.mean() > best * error:
                best = float((within.mean() - elsewhere.mean()) / error) if error > 0 else np.inf
                roots = (float(np.sqrt(part.mean() * squares.max())) for part in (within, elsewhere))
                found = WorstRegion(place, low, high, count, *roots)
    return found


def bins_of(column: Array) -> list[tuple[float, float]]:
    """The ends, both included, of a column's bins."""
    known = np.unique(column[np.isfinite(column)])
    if len(known) <= BINS:
        return [(value, value) for value in known.tolist()] if len(known) > 1 else []
    edges = np.quantile(column[np.isfinite(column)], np.linspace(0, 1, BINS + 1), method="inverted_cdf")
    starts = [known[0], *(known[np.searchsorted(known, edge, "right")] for edge in edges[1:-1] if edge < known[-1])]
    ends = [*(edge for edge in edges[1:-1] if edge < known[-1]), known[-1]]
    return [(float(low), float(high)) for low, high in zip(starts, ends, strict=True) if low <= high]
