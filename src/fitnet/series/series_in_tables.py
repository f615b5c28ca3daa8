"""Series in tables: columns by name, what is still to come, and lines of the file in what is said.

Shapes: a table has n rows, of which those behind the last value of each series are to come; g series.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import polars as pl

from fitnet.arguments import Array, counted, whole_number
from fitnet.errors import ArgumentValueError, SeriesError, TableError
from fitnet.series.given import GivenSeries, common_step, given_series, grouped
from fitnet.tables.columns import numeric_columns
from fitnet.tables.table import Table, first_repeated, require_columns
from fitnet.tables.times import Times, time_column


@dataclass(frozen=True, eq=False)
class TableSeries:
    """Series as a table has them.

    Attributes
    ----------
    table
        Where they are from.
    given
        Their past; of exog the columns known in advance come first.
    times
        The column of times, or None.
    known
        The names of the columns known in advance.
    ahead
        Their entries behind the last value of each series, (rows, f) each.
    rows
        (T,): where the rows of the past are in the table.
    """

    table: Table
    given: GivenSeries
    times: Times | None
    known: tuple[str, ...]
    ahead: tuple[Array, ...]
    rows: Array

    def steps(self, steps: int | None) -> int:
        """How many to forecast: those asked for, else the rows to come, of the series that has fewest.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If nothing says how many, or it is no whole number above 0.
        """
        rows = min(map(len, self.ahead))
        if steps is None and rows == 0:
            raise ArgumentValueError(
                f"`steps` must be given, unless rows with no {self.given.names[0]!r} end the table.", "steps"
            )
        return rows if steps is None else whole_number("steps", steps)

    def known_ahead(self, steps: int) -> Array | None:
        """(g steps, f): what is known of the rows to forecast, as `Forecaster.predict` takes it.

        Raises
        ------
        ArgumentValueError
            If the table ends too early.
        """
        if not self.known:
            return None
        for one, rows in enumerate(self.ahead):
            if len(rows) < steps:
                group = "" if self.given.labels is None else f" of the series {str(self.given.labels[one])!r}"
                raise ArgumentValueError(
                    f"`known` needs {counted(steps, 'row')} behind the last value of {self.given.names[0]!r}{group}, "
                    f"with that column empty; the table has {len(rows)}.",
                    "known",
                )
        return np.concatenate([rows[:steps] for rows in self.ahead])


def series_in_table(
    table: Table, target: str, time: str | None, known: Sequence[str], past: Sequence[str], group: str | None
) -> TableSeries:
    """The series of a table.

    Raises
    ------
    TableError
        For a column that is not there or does not hold what it must, and a gap; the sentence says where.
    ArgumentValueError
        For a column of two purposes, and for times that do not rise evenly, with the line.
    """
    names = [target, *known, *past, *filter(None, (time, group))]
    twice = first_repeated(names)
    if twice is not None:
        raise ArgumentValueError(f"Column {twice!r} is named twice; it must have one purpose.", "target")
    require_columns(table.path, names, table.names)
    y = numeric_columns(table, [target])[:, 0]
    columns = numeric_columns(table, [*known, *past]) if known or past else np.empty((len(y), 0))
    times = None if time is None else time_column(table, time)
    every = np.arange(len(y))
    with lines_named(table, every):
        groups = None if group is None else group_column(table, group)
        _, order, starts = (None, every, [0, len(y)]) if groups is None else grouped(groups, len(y))
        if times is not None:
            common_step(times.values[order], order, np.asarray(starts))
    parts = [parted(table, y, order[a:b], target) for a, b in pairwise(starts)]
    rows, later = np.sort(np.concatenate([each for each, _ in parts])), [each for _, each in parts]
    refuse_gaps_in(table, columns, [*known, *past], rows)
    refuse_gaps_in(table, columns[:, : len(known)], known, np.concatenate(later))
    exog = dict(zip([*known, *past], columns[rows].T, strict=True))
    with lines_named(table, rows):
        given = given_series(
            y[rows],
            exog or None,
            None if times is None else times.values[rows],
            None if groups is None else groups[rows],
        )
    ahead = tuple(columns[each, : len(known)] for each in later)
    return TableSeries(table, replace(given, names=(target,)), times, tuple(known), ahead, rows)


@contextmanager
def lines_named(table: Table, rows: Array) -> Iterator[None]:
    """Say of errors about rows where these are in the file."""
    try:
        yield
    except SeriesError as error:
        raise ArgumentValueError(error.at(table.place(int(rows[error.row]))), *error.arguments) from None


def group_column(table: Table, name: str) -> Array:
    """The values that tell series apart, as text; None where there is none."""
    text = table.frame[name].cast(pl.String).str.strip_chars()
    return np.array([each or None for each in text.to_list()], object)


def parted(table: Table, y: Array, rows: Array, target: str) -> tuple[Array, Array]:
    """The rows of one series up to its last value, and those behind it."""
    there = np.flatnonzero(~np.isnan(y[rows]))
    if not len(there):
        place = table.place(int(rows[0]))
        raise TableError(f"{table.path} has no value of {target!r} in the series from {place} on.", target, place)
    return rows[: there[-1] + 1], rows[there[-1] + 1 :]


def refuse_gaps_in(table: Table, columns: Array, names: Sequence[str], rows: Array) -> None:
    """Refuse a column beside the series that has no value in one of these rows."""
    for name, column in zip(names, columns.T, strict=True):
        missing = rows[np.isnan(column[rows])]
        if len(missing):
            place = table.place(int(missing.min()))
            raise TableError(
                f"{table.path} has no value in column {name!r}, {place}; it must have one in every row.", name, place
            )
