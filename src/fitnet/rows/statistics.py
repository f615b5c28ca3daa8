"""Statistics of columns: ranges, means, deviations and products, from one pass over rows wherever they lie.

Shapes: values (n, k), weights (n,) or None; every statistic (k,), products (k, k). All is computed in float64 whatever
the values are, and in blocks of rows, so that memory does not grow with n.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fitnet.arguments import Array, finite_cast, real_matrix, row_weights
from fitnet.rows.sources import Rows, RowSource, row_chunks

FLOAT64 = np.dtype(np.float64)
BLOCK_ENTRIES = 2**17  # 1 MiB in float64: stays in a cache, and is enough work for several threads
LEAST_ROWS = 256
# Two roundings move a value by up to one unit in the last place each, and such a unit is at most eps times the value.
# A standard deviation of no more than that is no signal, and dividing by it would make one of it.
ROUNDINGS = 2


@dataclass(frozen=True, eq=False)
class ColumnStatistics:
    """What a pass over rows tells of their columns; rows of weight 0 do not count.

    Attributes
    ----------
    weight
        The sum of the rows' weights, relative to the largest; their number without weights.
    lowest, highest, mean
        (k,), of every column.
    deviation
        (k,): the standard deviation (of the rows, not n - 1).
    spacing
        The relative spacing of the values' dtype: what is less than that beside a value may be rounding.
    products
        (k, k): the mean of the products of two columns, each as its distance from its mean in `unit`; None unless asked
        for.
    """

    weight: float
    lowest: Array
    highest: Array
    mean: Array
    deviation: Array
    spacing: float
    products: Array | None = None

    @classmethod
    def of(cls, values: Any, weights: Any = None, *, products: bool = False) -> "ColumnStatistics":
        """The statistics of `values` (n, k), real and finite: an array, or a `RowSource`, which is read once.

        An array's blocks are visited twice, for ranges and for moments. The chunks of a source are taken as arrays and
        joined, so that its means and deviations may differ from the array's in the last bits.

        Parameters
        ----------
        weights
            (n,), none negative, not all 0: how often each row counts.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `values` or `weights` are anything else.
        """
        rows: Rows = values if isinstance(values, RowSource) else real_matrix("values", values)
        if weights is not None:
            weights = row_weights("weights", weights, FLOAT64, rows.shape[0])
            weights = weights / weights.max()
        if not isinstance(rows, RowSource):
            for block in row_blocks(*rows.shape):
                finite_cast("values", rows[block], FLOAT64, block.start)
            return cls.of_array(rows, weights, products=products)
        counting = (
            (chunk, None if weights is None else weights[first : first + len(chunk)])
            for first, chunk in row_chunks(rows)
        )
        return cls.of_parts(
            cls.of_array(*each, products=products) for each in counting if each[1] is None or each[1].any()
        )

    @classmethod
    def of_array(cls, array: Array, weights: Array | None = None, *, products: bool = False) -> "ColumnStatistics":
        """As `of` for a matrix (n, k) and weights (n,) that are known to be right; the largest weight is best 1."""
        low, high = np.full(array.shape[1], np.inf), np.full(array.shape[1], -np.inf)
        for block, _ in weighted_blocks(array, weights):
            np.minimum(low, block.min(axis=0), out=low)
            np.maximum(high, block.max(axis=0), out=high)
        middle = low / 2 + high / 2  # halved first: neither sum nor difference can overflow
        unit = units(low, high)
        weight, mean, variance, shared = moments(array, weights, middle, unit, products)
        narrow = array.dtype.kind == "f" and array.dtype.itemsize < FLOAT64.itemsize
        spacing = float(np.finfo(array.dtype if narrow else FLOAT64).eps)
        return cls(weight, low, high, middle + unit * mean, unit * np.sqrt(variance), spacing, shared)

    @classmethod
    def of_parts(cls, parts: Iterable["ColumnStatistics"]) -> "ColumnStatistics":
        """The statistics of all rows, from those of one part after the other; there must be one."""
        parts = iter(parts)
        whole = next(parts)
        for part in parts:
            whole = whole.joined(part)
        return whole

    def joined(self, other: "ColumnStatistics") -> "ColumnStatistics":
        """The statistics of these rows and others together (Chan, Golub and LeVeque 1983)."""
        low, high = np.minimum(self.lowest, other.lowest), np.maximum(self.highest, other.highest)
        unit, weight = units(low, high), self.weight + other.weight
        share = other.weight / weight
        half_step = other.mean / 2 - self.mean / 2  # halved, as above; at most the new unit
        mean = np.where(low == high, low, 2 * (self.mean / 2 + half_step * share))
        step = 2 * (half_step / unit)
        apart = share * (1 - share)
        parts = ((1 - share, self), (share, other))
        variance = sum(each * (part.deviation / unit) ** 2 for each, part in parts) + apart * step**2
        products = None
        if self.products is not None and other.products is not None:
            products = apart * np.outer(step, step)
            for each, part, theirs in ((1 - share, self, self.products), (share, other, other.products)):
                ratio = part.half_range / unit
                products += each * theirs * np.outer(ratio, ratio)
        return replace(
            self,
            weight=weight,
            lowest=low,
            highest=high,
            mean=mean,
            deviation=unit * np.sqrt(variance),
            spacing=max(self.spacing, other.spacing),
            products=products,
        )

    @property
    def is_constant(self) -> Array:
        """(k,) bool: whether all entries of a column are the same but for their rounding."""
        rounding = self.deviation <= ROUNDINGS * self.spacing * np.abs(self.mean)
        return np.asarray((self.lowest == self.highest) | rounding)

    @property
    def ranges(self) -> Array:
        """(2, k): the lowest and the highest."""
        return np.stack([self.lowest, self.highest])

    @property
    def half_range(self) -> Array:
        """(k,): half the way from the lowest to the highest."""
        return self.highest / 2 - self.lowest / 2

    @property
    def unit(self) -> Array:
        """(k,): half the range, or 1 where that is 0; what `products` count in."""
        return units(self.lowest, self.highest)

    def of_columns(self, columns: slice) -> "ColumnStatistics":
        """The same of some of the columns."""
        parts = {name: getattr(self, name)[columns] for name in ("lowest", "highest", "mean", "deviation")}
        products = None if self.products is None else self.products[columns, columns]
        return replace(self, **parts, products=products)


def units(low: Array, high: Array) -> Array:
    """(k,), above 0: half the range of every column, so that no square of a distance from its middle can overflow."""
    half = high / 2 - low / 2
    return np.where(half > 0, half, 1.0)


def row_blocks(rows: int, columns: int) -> Iterator[slice]:
    """The rows from first to last, in blocks of about BLOCK_ENTRIES entries."""
    step = max(LEAST_ROWS, BLOCK_ENTRIES // columns)
    for start in range(0, rows, step):
        yield slice(start, min(start + step, rows))


def weighted_blocks(array: Array, weights: Array | None) -> Iterator[tuple[Array, Array | None]]:
    """The rows that count, in float64, with their weights, block by block."""
    for rows in row_blocks(*array.shape):
        block = np.require(array[rows], FLOAT64, ("C_CONTIGUOUS", "ALIGNED", "ENSUREARRAY"))
        if weights is None:
            yield block, None
            continue
        counting = weights[rows] > 0
        if counting.any():
            yield block[counting], weights[rows][counting]


def moments(
    array: Array, weights: Array | None, middle: Array, unit: Array, products: bool
) -> tuple[float, Array, Array, Array | None]:
    """Weight, mean and variance (k,) of (array - middle) / unit, and where asked the mean of its products (k, k).

    Blocks are summed one by one and joined, as in `joined`. The sums run in a fixed order: those of a matrix product,
    as for `products`, may depend on its threads.
    """
    k = array.shape[1]
    total, mean, squares, shared = 0.0, np.zeros(k), np.zeros(k), np.zeros((k, k))
    for block, w in weighted_blocks(array, weights):
        weight = float(len(block) if w is None else w.sum())
        centred = (block - middle) / unit
        block_mean = weighted(centred, w).sum(axis=0) / weight
        centred -= block_mean
        counted = weighted(centred, w)
        block_squares = (counted * centred).sum(axis=0)
        step = block_mean - mean
        mean += step * (weight / (total + weight))
        squares += block_squares + step**2 * (total * weight / (total + weight))
        if products:
            shared += counted.T @ centred + np.outer(step, step) * (total * weight / (total + weight))
        total += weight
    return total, mean, np.maximum(squares, 0) / total, shared / total if products else None


def weighted(values: Array, weights: Array | None) -> Array:
    """Every row of `values` (n, k) times its weight; without weights the values themselves."""
    return values if weights is None else weights[:, np.newaxis] * values
