"""Scaling: columns brought to mean 0 and standard deviation 1 before a network sees them, and back.

Shapes: values (n, k), weights (n,) or None, shift and scale (k,). Scaled values are (values - shift) / scale. All is
computed in float64 whatever the values are, and in blocks of rows, so that memory beside the result does not grow with
n and the values may be a memory map.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.clipping import clipped, unclipped
from fitnet.arguments import Array, counted, finite_cast, float_dtype, real_matrix, real_number, vector
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import ColumnStatistics, row_blocks

FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True, eq=False)
class Scaling:
    """One shift and one scale a column; scaled values are (values - shift) / scale.

    Parameters
    ----------
    shift, scale
        (k,), finite, every scale above 0; kept as float64, as copies that cannot be changed.
    limit
        Above 0: scaled values z are clipped smoothly, to z / sqrt(1 + (z / limit)**2) between -limit and limit. None
        leaves them. Of inputs only: targets are not clipped.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are anything else.
    """

    shift: Array
    scale: Array
    limit: float | None = None

    def __post_init__(self) -> None:
        length = max(1, np.size(self.shift))
        for name in ("shift", "scale"):
            checked = vector(name, getattr(self, name), FLOAT64, length).copy()
            checked.flags.writeable = False
            object.__setattr__(self, name, checked)
        if np.any(self.scale <= 0):
            column = int(np.argmax(self.scale <= 0))
            raise ArgumentValueError(f"`scale` holds {self.scale[column]} at [{column}]; it must be above 0.", "scale")
        if self.limit is not None:
            object.__setattr__(self, "limit", real_number("limit", self.limit, 0, low_included=False))

    def __repr__(self) -> str:
        with np.printoptions(threshold=6, edgeitems=2):
            limit = "" if self.limit is None else f", limit={self.limit!r}"
            return f"Scaling(shift={self.shift!r}, scale={self.scale!r}{limit})"

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy is made anew, so that it is read-only as well."""
        return Scaling, (self.shift, self.scale, self.limit)

    @classmethod
    def standardising(cls, values: Any, weights: Any = None) -> "Scaling":
        """The scaling after which every column has mean 0 and standard deviation 1 (of the rows, not n - 1).

        A column whose entries are all equal is scaled by 1 and so becomes 0. One whose standard deviation is at most
        2 eps |mean|, eps being the relative spacing of the values' dtype, holds nothing but rounding; it is
        scaled by 1 or, where that is more, |mean|, and so becomes 0 to within rounding.

        Parameters
        ----------
        values
            (n, k), real and finite; an array, or a `RowSource`, which is read in chunks.
        weights
            (n,), none negative, not all 0: how often each row counts. Rows of weight 0 do not count at all.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `values` or `weights` are anything else.
        """
        return cls.from_statistics(ColumnStatistics.of(values, weights))

    @classmethod
    def from_statistics(cls, statistics: ColumnStatistics) -> "Scaling":
        """The scaling of `standardising`, for rows whose statistics are known."""
        low, high, scale = statistics.lowest, statistics.highest, statistics.deviation
        shift = np.where(low == high, low, statistics.mean)
        scale = np.where(statistics.is_constant, np.maximum(1, np.abs(shift)), scale)
        return cls(shift, np.where((low == high) | (scale == 0), 1, scale))

    def apply(self, values: Any, dtype: Any = "float64") -> Array:
        """(values - shift) / scale, (n, k), clipped to the limit, in float64 and then rounded to `dtype`.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `values` is not a finite matrix (n, k), or holds what `dtype` cannot hold once it is scaled.
        """
        dtype = float_dtype("dtype", dtype)
        array = real_matrix("values", values, len(self.shift))
        scaled = np.empty(array.shape, dtype)
        for rows in row_blocks(*array.shape):
            scaled[rows] = self.apply_block("values", array[rows], dtype, rows.start)
        return scaled

    def apply_block(self, name: str, block: Array, dtype: np.dtype[Any], first_row: int) -> Array:
        """As `apply`, for the real matrix `block` that begins at `first_row` of what `name` names."""
        scaled = self.applied(block, dtype)
        if not np.isfinite(scaled).all():
            finite_cast(name, block, FLOAT64, first_row)  # where the entry itself is not finite, this says so
            row, column = (int(i) for i in np.argwhere(~np.isfinite(scaled))[0])
            raise ArgumentValueError(
                f"`{name}` holds {block[row, column]} at {[first_row + row, column]}; {dtype.name} cannot hold it once "
                f"it is scaled, which takes {self.shift[column]:.6g} away and divides by {self.scale[column]:.6g}.",
                name,
            )
        return scaled

    def within(self, farthest: float | None, name: str, block: Array, dtype: np.dtype[Any], first_row: int) -> Array:
        """As `apply_block`, what would be further off than `farthest` moved there; None leaves all where it is."""
        if farthest is None:
            return self.apply_block(name, block, dtype, first_row)
        scaled = self.applied(finite_cast(name, block, FLOAT64, first_row), FLOAT64)
        return np.clip(scaled, -farthest, farthest).astype(dtype, copy=False)

    def applied(self, block: Array, dtype: np.dtype[Any]) -> Array:
        """As `apply`, for a real matrix; not finite where `dtype` cannot hold an entry."""
        scaled = self.standardised(block)
        with np.errstate(all="ignore"):
            return self.limited(scaled).astype(dtype, copy=False)

    def limited(self, scaled: Array) -> Array:
        """Scaled values clipped, where there is a limit."""
        return scaled if self.limit is None else clipped(scaled, self.limit)

    def standardised(self, block: Array) -> Array:
        """(values - shift) / scale in float64, whatever the limit, for a real matrix; not finite where it cannot be."""
        with np.errstate(all="ignore"):
            scaled = np.subtract(block, self.shift, dtype=FLOAT64, order="C")
            scaled /= self.scale
            lost = ~np.isfinite(scaled)
            if lost.any():  # where the difference alone overflowed, half of it does not
                half = np.divide(block, 2, dtype=FLOAT64) - self.shift / 2
                scaled[lost] = (half / (self.scale / 2))[lost]
        return scaled

    def undo(self, values: Any) -> Array:
        """values * scale + shift, (n, k), in float64; infinite where float64 cannot hold it.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `values` is not a matrix (n, k) of real numbers.
        """
        array = real_matrix("values", values, len(self.shift))
        array = array if self.limit is None else unclipped(array, self.limit)
        with np.errstate(over="ignore", invalid="ignore"):
            restored = np.multiply(array, self.scale, dtype=FLOAT64, order="C")
            restored += self.shift
            lost = ~np.isfinite(restored)
            if lost.any():  # where the product alone overflowed, half of it does not
                half = np.multiply(array, self.scale / 2, dtype=FLOAT64) + self.shift / 2
                restored[lost] = 2 * half[lost]
        return restored


def undo_derivatives(derivatives: Array, inputs: Scaling | None, targets: Scaling | None) -> Array:
    """dy/dx (n, m, p) or d2y/dx2 (n, m, p, p) in the users' units, float64, from a network's in scaled units.

    They are target scale / input scale times as large, each input's scale once for each time it is derived by;
    fractions and exponents are divided apart, so that nothing overflows on the way.
    """
    _, m, *by = derivatives.shape
    fraction, exponent = np.frexp(np.ones(m) if targets is None else targets.scale)
    input_fraction, input_exponent = np.frexp(np.ones(by[0]) if inputs is None else inputs.scale)
    divisor, divisor_exponent = input_fraction, input_exponent
    for _ in by[1:]:
        divisor = np.multiply.outer(divisor, input_fraction)
        divisor_exponent = np.add.outer(divisor_exponent, input_exponent)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        scaled = np.multiply(derivatives, np.divide.outer(fraction, divisor), dtype=FLOAT64)
        restored: Array = np.ldexp(scaled, np.subtract.outer(exponent, divisor_exponent))
    return restored


def check_scaling(argument: str, scaling: object, columns: int) -> None:
    """Refuse a scaling that does not fit, unless it is None."""
    if scaling is None:
        return
    if not isinstance(scaling, Scaling):
        raise ArgumentTypeError(f"`{argument}` is {scaling!r}; it must be a Scaling or None.", argument)
    if len(scaling.shift) != columns:
        raise ArgumentValueError(
            f"`{argument}` is for {counted(len(scaling.shift), 'column')}; it must be for {columns}.", argument
        )
