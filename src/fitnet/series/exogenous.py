"""Exogenous columns: which are known in advance, and their values in the rows to forecast.

Shapes: exog (T, e); of the f columns known in advance a forecast needs (steps, f).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array, counted, listed, real_matrix
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import frame_of

ALL = "all"


@dataclass(frozen=True)
class KnownColumns:
    """The columns of exog that are known in advance, by their numbers in it; `names` () where it had none."""

    numbers: tuple[int, ...]
    names: tuple[str, ...]

    @classmethod
    def of(cls, known: object, names: tuple[str, ...], columns: int) -> "KnownColumns":
        """From names or numbers of columns, or "all".

        Raises
        ------
        ArgumentTypeError, ArgumentValueError
            For what is neither, and for columns that exog does not have.
        """
        if isinstance(known, str) and known == ALL:
            return cls(tuple(range(columns)), names)
        if isinstance(known, str) or not isinstance(known, Sequence):
            raise ArgumentTypeError(
                f"`known` is {known!r}; it must be 'all' or a sequence of columns of `exog`, by name or number.",
                "known",
            )
        there: list[object] = [*names] if names else [*range(columns)]
        for column in known:
            if column not in there:
                has = f"it must name columns of `exog`, {listed(there)}" if there else "`exog` has no columns"
                raise ArgumentValueError(f"`known` has {column!r}; {has}.", "known", "exog")
        return cls(tuple(sorted({there.index(column) for column in known})), names)

    def named(self, column: int) -> str:
        """A column as a sentence has it."""
        return repr(self.names[column]) if self.names else str(column)

    def called(self, column: int) -> str:
        """A column's name as an input: its own, or exog1, exog2, ..."""
        return self.names[column] if self.names else f"exog{column + 1}"

    def past(self, columns: int) -> tuple[int, ...]:
        """The other ones, of so many columns in all."""
        return tuple(column for column in range(columns) if column not in self.numbers)

    def ahead(self, exog: Any, steps: int, series: int = 1) -> Array:
        """(series, steps, f): their values in the rows to forecast, series after series.

        A frame's are found by name, and it may have more columns; an array has these f alone.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If they are needed and missing, too few, or not finite.
        """
        f, rows = len(self.numbers), steps * series
        if f == 0:
            if exog is not None:
                raise ArgumentValueError(
                    "`exog` is given; it must be None, for no column was named as `known` in advance.", "exog", "known"
                )
            return np.empty((series, steps, 0))
        wanted = f"the {counted(rows, 'row')} to forecast"
        if exog is None:
            raise ArgumentValueError(f"`exog` is None; it must hold {wanted} of {self.listed()}.", "exog")
        values = self.chosen(exog)
        if len(values) < rows or (series > 1 and len(values) != rows):
            raise ArgumentValueError(f"`exog` has {counted(len(values), 'row')}; it must have {wanted}.", "exog")
        values = values[:rows]
        if not np.isfinite(values).all():
            row, column = (int(i) for i in np.argwhere(~np.isfinite(values))[0])
            raise ArgumentValueError(
                f"`exog` holds {values[row, column]} in row {row} of {self.named(self.numbers[column])}; every entry "
                "must be a finite number.",
                "exog",
            )
        return values.reshape(series, steps, f)

    def chosen(self, exog: Any) -> Array:
        """(rows, f): these columns of what was given for the rows to forecast, as they are."""
        frame = frame_of("exog", exog) if self.names else None
        if frame is None:
            values, _ = given_columns("exog", exog)
            if values.shape[1] != len(self.numbers):
                raise ArgumentValueError(
                    f"`exog` has {counted(values.shape[1], 'column')}; it must have {self.listed()}.",
                    "exog",
                )
            return values
        names = [self.names[column] for column in self.numbers]
        missing = [name for name in names if name not in frame.names]
        if missing:
            raise ArgumentValueError(f"`exog` lacks {listed(missing)}; it must have {listed(names)}.", "exog")
        return np.asarray(given_columns("exog", {name: frame.table[name] for name in names})[0])

    def listed(self) -> str:
        """The columns as a sentence has them."""
        noun = "columns" if len(self.numbers) > 1 else "column"
        return f"{noun} {', '.join(map(self.named, self.numbers))}"


def given_columns(argument: str, table: Any) -> tuple[Array, tuple[str, ...]]:
    """A table's columns (n, e) in float64, gaps as NaN, and their names, or () where it has none."""
    frame = frame_of(argument, table)
    if frame is not None:
        return frame.matrix(gaps=True).astype(np.float64), frame.names
    array = np.asarray(getattr(table, "to_numpy", lambda: table)())
    values = real_matrix(argument, array.reshape(-1, 1) if array.ndim == 1 else array)
    return values.astype(np.float64), ()
