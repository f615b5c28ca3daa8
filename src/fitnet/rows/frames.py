"""Frames: tables of named columns, of whatever package, as matrices whose columns are found by name.

A frame is known by what it offers, names and `frame[name]`, so that no package of frames is imported: pandas, polars
and pyarrow; record arrays; tables of astropy, datasets of xarray, and mappings. Shapes: a frame has n rows and p
columns, its matrix is (n, p).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from fitnet.arguments import Array, listed
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows.frame_columns import Role, check_finite, numbers
from fitnet.rows.opening import offers, opened

PLAIN = (np.ndarray, np.memmap, list, tuple)


@dataclass(frozen=True, eq=False)
class Frame:
    """A table whose columns have names, all of them text and none twice.

    Attributes
    ----------
    argument
        What errors call it.
    table
        Gives a column for its name.
    names
        (p,), in order.
    """

    argument: str
    table: Any
    names: tuple[str, ...]

    def in_order(self, wanted: Sequence[str], numbered: str = "") -> Self:
        """The same frame with the `wanted` columns, which it must have whatever their order, and no others.

        `numbered` is the letter of names that were given for want of others: x1, x2, ...

        Raises
        ------
        ArgumentValueError
            For columns that are missing, and for others.
        """
        missing = [name for name in wanted if name not in set(self.names)]
        unknown = [name for name in self.names if name not in set(wanted)]
        if not missing and not unknown:
            return replace(self, names=tuple(wanted))
        faults = [f"lacks {listed(missing)}"] if missing else []
        if unknown:
            faults.append(f"has {listed(unknown)}, which the model does not know")
        advice = ""
        if numbered and list(wanted) == [f"{numbered}{i}" for i in range(1, len(wanted) + 1)]:
            advice = "; the model was trained without names, so an array is taken by position"
        raise ArgumentValueError(
            f"`{self.argument}` {' and '.join(faults)}; its columns must be {listed(wanted)}, in any order{advice}.",
            self.argument,
        )

    def matrix(self, gaps: bool = False, role: Role = "inputs") -> Array:
        """The columns side by side, (n, p), in float32 where all of them are, else in float64; finite but for `gaps`.

        The `role` is as for `numbers`.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            For a column of anything but real and finite numbers; the sentence names it.
        """
        columns = [numbers(self.argument, self.table[name], name, role) for name in self.names]
        check_lengths(self.argument, columns)
        single = all(column.dtype == np.float32 for column in columns)
        values = np.empty((len(columns[0]), len(columns)), np.float32 if single else np.float64)
        for j, column in enumerate(columns):
            values[:, j] = column
        check_finite(self.argument, values, self.names, gaps, role)
        return values


def check_lengths(argument: str, columns: Sequence[Array]) -> None:
    """Refuse columns of different lengths."""
    if len({len(column) for column in columns}) > 1:
        raise ArgumentValueError(
            f"`{argument}` has columns of different lengths; all must have equally many rows.", argument
        )


def frame_of(argument: str, table: Any) -> Frame | None:
    """The table as a frame; None for what has no names for its columns, such as an array.

    A table that is lazy is computed.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For names that stand twice, or of which only some are text, and for a table that does not fit into memory.
    """
    if isinstance(table, PLAIN) and getattr(getattr(table, "dtype", None), "names", None) is None:
        return None
    table = opened(argument, table)
    names = column_names(argument, table)
    texts = sum(isinstance(name, str) for name in names)
    if texts == 0:
        return None
    if texts < len(names):
        raise ArgumentTypeError(
            f"`{argument}` has columns named {listed(names)}; either all names must be text or none.", argument
        )
    doubled = [name for name, times in Counter(names).items() if times > 1]
    if doubled:
        raise ArgumentValueError(
            f"`{argument}` has the column {doubled[0]!r} more than once; every column needs its own name.", argument
        )
    return Frame(argument, table, tuple(str(name) for name in names))


def column_names(argument: str, table: Any) -> list[Any]:
    """The names of a table's columns, in order; none of what is no table."""
    if isinstance(table, np.ndarray):
        return list(table.dtype.names or ())
    if offers(table, "data_vars", "dims"):  # xarray's Dataset
        if len(table.dims) != 1:
            raise ArgumentValueError(
                f"`{argument}` has the dimensions {listed(list(table.dims))}; it must have one, the rows, as "
                f"{argument}.stack(row=[...]) gives.",
                argument,
            )
        return list(table.data_vars)
    for names in ("column_names", "colnames", "columns"):  # pyarrow, astropy, pandas and polars
        if offers(table, names):
            return list(getattr(table, names))
    return list(table) if isinstance(table, Mapping) else []
