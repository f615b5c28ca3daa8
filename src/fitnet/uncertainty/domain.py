"""The domain: where the training inputs lie, and how far outside it a row is.

Shapes: X (n, p), inputs before scaling; G groups of columns in which a row has a single 1, one for every level of a
column of words. The distance from the nearest training rows tells rows outside (Angiulli & Pizzuti 2002, "Fast outlier
detection in high dimensional spaces", PKDD); it is Euclidean in standard units, in groups in units of their columns.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, matrix, numeric_array, real_number, vector
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.uncertainty.nearest_rows import blocks, mean_of_nearest, representatives, squared_distances, usual_distance
from fitnet.uncertainty.outside_rows import farthest_inside, outside, with_strays
from fitnet.uncertainty.range_allowance import widened_ranges

FARTHEST = float(np.finfo(FLOAT64).max)


@dataclass(frozen=True, eq=False)
class Domain:
    """Ranges of the inputs and rows among them; arrays are copies that cannot be changed. `of` makes it from rows.

    Parameters
    ----------
    ranges
        (2, p + G): the lowest and the highest value that is inside, of every column, then of every group's sum.
    groups
        (p,): the group of each column, from 0 to G - 1; -1 for a column of none.
    shift, scale
        (p,): standard units are (x - shift) / scale; scale is above 0.
    references
        (R, p): rows of the training inputs in standard units.
    threshold
        Above 0: the mean distance to the nearest references that is 1 in a score.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are anything else.
    """

    ranges: Array
    groups: Array
    shift: Array
    scale: Array
    references: Array
    threshold: float

    outside = outside

    def __post_init__(self) -> None:
        references = matrix("references", self.references, FLOAT64)
        p = references.shape[1]
        groups = checked_groups(self.groups, p)
        ranges = matrix("ranges", self.ranges, FLOAT64, p + int(groups.max()) + 1)
        if len(ranges) != 2 or np.any(ranges[0] > ranges[1]):
            raise ArgumentValueError("`ranges` must have 2 rows, the lowest values and the highest.", "ranges")
        shift, scale = (vector(name, getattr(self, name), FLOAT64, p) for name in ("shift", "scale"))
        if np.any(scale <= 0):
            raise ArgumentValueError(f"`scale` holds {scale.min():g}; every entry must be above 0.", "scale")
        for each, array in zip(fields(self), (ranges, groups, shift, scale, references), strict=False):
            kept = array.copy()
            kept.flags.writeable = False
            object.__setattr__(self, each.name, kept)
        threshold = real_number("threshold", self.threshold, 0, low_included=False)
        object.__setattr__(self, "threshold", threshold)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy is made anew, so that it is read-only as well."""
        return Domain, tuple(getattr(self, each.name) for each in fields(self))

    @classmethod
    def of(cls, X: Any, generator: "np.random.Generator", groups: Any = None) -> "Domain":
        """That of training inputs.

        The ranges are those of the rows, a little wider (`range_allowance.widened_ranges`), so that about 1 % of new
        rows like them are beyond. The references are distinct rows, drawn by `generator` where there are more than
        1,024, or where p is above 256 fewer, and up to 256 that are far from those. The threshold is the distance that
        99 % of up to 4,096 training rows do not exceed, each measured from the references unlike it. The order of rows
        does not matter up to 65,536; of more, so many are drawn first.

        Parameters
        ----------
        X
            (n, p), finite.
        groups
            (p,), as above; None where no column is in a group. A row without a 1 in a group, where every training row
            had one, is surely outside only if the group is given.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If X or `groups` is anything else.
        """
        X = matrix("X", X, FLOAT64)
        p = X.shape[1]
        groups = checked_groups(np.full(p, -1) if groups is None else groups, p)
        extended = with_sums(X, groups)
        ranges = np.stack([extended.min(axis=0), extended.max(axis=0)])
        shift, scale = standard_units(X, ranges[:, :p], groups)
        ranges[:, :p] = widened_ranges(X, groups)
        references, measured = ((rows - shift) / scale for rows in representatives(X, generator))
        domain = cls(ranges, groups, shift, scale, references, usual_distance(measured, references))
        strays = domain.standardised(X[domain.outside(X)])
        return replace(domain, references=with_strays(references, strays, farthest_inside(domain.threshold)))

    def score(self, X: Any) -> Array:
        """How far outside rows are, (n,): 0 or more, and above 1 outside, as about 1 % of the training rows are.

        The larger of two numbers, each above 1 in about 1 % of new rows like many training rows. One is the largest
        over columns and groups' sums of the distance from the middle of the range over half the range, but 0 for a
        level within its range; where the range is one value, 1 plus the distance from it over its size (or over 1,
        where it is 0). The other is the mean distance to the five nearest references over the threshold. A row's score
        has the same bits in any call.

        Parameters
        ----------
        X
            (n, p), finite; rows with NaN are refused.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If X is anything else.
        """
        X = matrix("X", X, FLOAT64, len(self.shift))
        score = np.empty(len(X))
        for rows in blocks(len(X), self.references):
            beyond = self.beyond_ranges(X[rows]).max(axis=1)
            squared = squared_distances(self.standardised(X[rows]), self.references)
            with np.errstate(over="ignore"):
                away = mean_of_nearest(squared) / self.threshold
            score[rows] = np.minimum(np.maximum(beyond, away), FARTHEST)
        return score

    def worst_column(self, X: Any) -> Array:
        """The column that takes each row furthest outside, (n,): whole numbers from 0 to p - 1.

        Where a row is beyond a range, it is the column most beyond its own, or the first column of a group whose sum
        is. Otherwise it is the column in which the row is furthest from its nearest reference.

        Parameters
        ----------
        X
            (n, p), finite.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If X is anything else.
        """
        p = len(self.shift)
        X = matrix("X", X, FLOAT64, p)
        firsts = [int(np.argmax(self.groups == group)) for group in range(self.ranges.shape[1] - p)]
        columns, worst = np.array([*range(p), *firsts]), np.empty(len(X), np.int64)
        for rows in blocks(len(X), self.references):
            beyond, Z = self.beyond_ranges(X[rows]), self.standardised(X[rows])
            nearest = self.references[squared_distances(Z, self.references).argmin(axis=1)]
            inside = beyond.max(axis=1) <= 1
            worst[rows] = np.where(inside, np.abs(Z - nearest).argmax(axis=1), columns[beyond.argmax(axis=1)])
        return worst

    def standardised(self, X: Array) -> Array:
        """X in standard units, (n, p)."""
        with np.errstate(over="ignore"):
            Z: Array = np.clip((X - self.shift) / self.scale, -FARTHEST, FARTHEST)
        return Z

    def beyond_ranges(self, X: Array) -> Array:
        """By column and group's sum, the distance from the range's middle, 1 at its ends: (n, p + G).

        A level, a column of a group, is 0 inside: it is either end of its range, and so says nothing of how far in.
        """
        levels = np.flatnonzero(self.groups >= 0)
        X = with_sums(X, self.groups)
        low, high = self.ranges
        middle, half = low / 2 + high / 2, high / 2 - low / 2
        flat = half == 0
        with np.errstate(over="ignore"):
            beyond = np.abs(X - middle) / np.where(flat, size_of(middle), half)
        inside = (low <= X) & (high >= X)
        beyond = np.where(inside, np.minimum(beyond, 1), np.maximum(beyond + flat, np.nextafter(1, 2)))
        beyond[:, levels] = np.where(inside[:, levels], 0, beyond[:, levels])
        bounded: Array = np.minimum(beyond, FARTHEST)
        return bounded


def checked_groups(groups: Any, p: int) -> Array:
    """The group of each of p columns, (p,): -1 for none, else 0 to G - 1, each with a column."""
    array = numeric_array("groups", groups)
    if array.dtype.kind not in "iu":
        raise ArgumentTypeError(f"`groups` holds {array.dtype}; it must hold whole numbers.", "groups")
    if array.shape != (p,):
        raise ArgumentValueError(f"`groups` has shape {array.shape}; it must have shape ({p},).", "groups")
    present = np.unique(array[array != -1])
    if not np.array_equal(present, np.arange(len(present))):
        raise ArgumentValueError("`groups` must hold -1, or each of the numbers from 0 to the last group.", "groups")
    return array.astype(np.int64)


def with_sums(X: Array, groups: Array) -> Array:
    """X with the sums of the groups beside it, (n, p + G)."""
    sums = [X[:, groups == group].sum(axis=1) for group in range(int(groups.max()) + 1)]
    return np.column_stack([X, *sums])


def size_of(values: Array) -> Array:
    """The unit of columns that never varied: the size of their value, 1 for 0."""
    return np.where(values == 0, 1, np.abs(values))


def standard_units(X: Array, ranges: Array, groups: Array) -> tuple[Array, Array]:
    """Shift and scale, (p,) each: mean and standard deviation, in a group 0 and 1, found without overflow."""
    middle, half = ranges[0] / 2 + ranges[1] / 2, ranges[1] / 2 - ranges[0] / 2
    unit = np.where(half > 0, half, size_of(middle))
    relative = (X - middle) / unit
    shift, deviation = middle + unit * relative.mean(axis=0), relative.std(axis=0)
    scale = np.where((half > 0) & (deviation * unit > 0), deviation * unit, unit)
    return np.where(groups >= 0, 0, shift), np.where(groups >= 0, 1, scale)
