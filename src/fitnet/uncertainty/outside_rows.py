"""Which rows lie clearly outside a domain: far enough that a prediction there deserves a warning.

Shapes: X (n, p); p columns and G groups' sums; references (R, p). Scores above 1 are too many for that, 1 in 100 of new
rows like those in training. Distances are compared by one product of matrices, and anew where rounding could decide.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, matrix
from fitnet.blas import one_blas_thread
from fitnet.uncertainty.nearest_rows import blocks, squared_distances

if TYPE_CHECKING:
    from fitnet.uncertainty.domain import Domain

OUTSIDE = ("warn", "raise", "nan", "ignore")  # what may be done about predictions for rows outside
BEYOND = 0.25  # of a range's width, outward from its end: so far is inside
SAME = 1e-6  # of its size: so far from its one value a column that never varied may be; float32 rounds less
APART, LEAST_APART = 2.0, 0.5  # thresholds, and standard units: as far from the nearest reference as either is inside
FIRST = 128  # references that most rows have one near among
MOST_STRAYS = 256  # training rows that become references because they are far from those
ROWS = 1024  # compared at once: their distances from the references are 8 MB


def outside(domain: "Domain", X: Any) -> Array:
    """Which rows lie clearly outside, (n,) bool.

    These are beyond the range of a column, or of a group's sum, by more than a quarter of its width, or by anything but
    rounding where it is one value; or further from the nearest reference than two thresholds and half a standard unit.
    No training row is, unless very many of them are far from all others.

    Parameters
    ----------
    X
        (n, p), finite.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If X is anything else.
    """
    X = matrix("X", X, FLOAT64, len(domain.shift))
    if len(X) <= ROWS:
        return outside_of_block(domain, X, *limits(domain))
    with one_blas_thread():  # products so small take twenty times as long on several threads
        ends = limits(domain)
        return np.concatenate(
            [outside_of_block(domain, X[start : start + ROWS], *ends) for start in range(0, len(X), ROWS)]
        )


def outside_of_block(domain: "Domain", X: Array, low: Array, high: Array) -> Array:
    """`outside` of some rows, within `limits`."""
    p = X.shape[1]
    found: Array = np.any((low[:p] > X) | (high[:p] < X), axis=1)
    for group in range(len(low) - p):
        sums = X[:, domain.groups == group].sum(axis=1)
        found |= (sums < low[p + group]) | (sums > high[p + group])
    left = np.flatnonzero(~found)
    found[left] = ~near(domain.standardised(X[left]), domain.references, farthest_inside(domain.threshold))
    return found


def limits(domain: "Domain") -> Array:
    """The lowest and the highest value that is not clearly outside: (2, p + G)."""
    low, high = domain.ranges
    with np.errstate(over="ignore"):
        allowed = np.where(low == high, SAME * np.abs(low), BEYOND * high - BEYOND * low)
        found: Array = np.stack([low - allowed, high + allowed])
    return found


def farthest_inside(threshold: float) -> float:
    """The distance from the nearest reference, in standard units, beyond which a row is clearly outside."""
    return max(APART * threshold, LEAST_APART)


def near(Z: Array, references: Array, limit: float) -> Array:
    """Which rows Z (n, p), in standard units, have a reference no further away than `limit`: (n,) bool."""
    found: Array = np.zeros(len(Z), bool)
    for some in (references[:: max(1, len(references) // FIRST)], references):
        left = np.flatnonzero(~found)
        if len(left):
            found[left] = any_within(Z[left], some, limit)
    return found


def any_within(Z: Array, references: Array, limit: float) -> Array:
    """`near`, by all of the references."""
    with np.errstate(over="ignore", invalid="ignore"):
        sizes, of_references = np.square(Z).sum(axis=1), np.square(references).sum(axis=1)
        squared = Z @ (-2 * references.T)
        squared += of_references
        nearest = squared.min(axis=1) + sizes
        rounding = 8 * (Z.shape[1] + 8) * np.finfo(FLOAT64).eps * (sizes + of_references.max())
        found: Array = nearest + rounding <= limit**2
        unsure = np.flatnonzero(~found & ~(nearest - rounding > limit**2))
    for block in blocks(len(unsure), references):
        found[unsure[block]] = squared_distances(Z[unsure[block]], references).min(axis=1) <= limit**2
    return found


def with_strays(references: Array, strays: Array, limit: float) -> Array:
    """The references and so many of the `strays`, training rows with none of them near, that each has one near.

    The order of the strays does not matter.
    """
    strays = np.unique(strays, axis=0)
    added: list[Array] = []
    while len(strays) and len(added) < MOST_STRAYS:
        added.append(strays[0])
        strays = strays[~near(strays, strays[:1], limit)]
    return np.vstack([references, *added])
