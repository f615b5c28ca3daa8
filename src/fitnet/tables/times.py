"""Times in a table: a column of numbers or dates, and times that follow written as the column has them.

Shapes: a column (n,).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from fitnet.arguments import Array
from fitnet.errors import TableError
from fitnet.tables.columns import MISSING, column_values, is_date
from fitnet.tables.table import Table, cell, require_columns

MONTH_LENGTH = len("2024-05")
WRITTEN = re.compile(r"\d{4}-\d\d(?:-\d\d(?:[ T]\d\d(?::\d\d){1,2}(?:\.\d{1,6})?)?)?", re.ASCII)
TEXT = (pl.String, pl.Categorical, pl.Enum)


@dataclass(frozen=True, eq=False)
class Times:
    """A column of times.

    Attributes
    ----------
    values
        (n,): float64, or datetime64 in microseconds.
    unit
        What dates are written to: "M" for 2024-05, "D" for 2024-05-31, "m" and "s" for times of the day; "" of numbers.
    """

    values: Array
    unit: str

    def written(self, times: Array) -> Array:
        """Other times as the column has them: text for dates; whole numbers where all in the column are."""
        if not self.unit:
            whole = bool(np.all(self.values == np.round(self.values)) and np.all(times == np.round(times)))
            return times.astype(np.int64) if whole else times
        return np.array([str(each).replace("T", " ") for each in times.astype(f"M8[{self.unit}]")])


def time_column(table: Table, name: str) -> Times:
    """The named column: numbers, dates of a file that knows dates, or text such as 2024-05, 2024-05-31 12:00.

    Raises
    ------
    TableError
        If it is not there, an entry is missing, or holds anything else; the sentence says where.
    """
    require_columns(table.path, (name,), table.names)
    column = table.frame[name]
    if column.dtype.is_temporal() and column.dtype not in (pl.Duration, pl.Time):
        refuse_missing(table, name, column.is_null().to_numpy())
        dates = column.cast(pl.Datetime("us")).to_numpy().astype("M8[us]")
        return Times(dates, finest(dates))
    if column.dtype in TEXT:
        cells = [(text or "").strip() for text in column.cast(pl.String).to_list()]
        refuse_missing(table, name, np.array([text.lower() in MISSING for text in cells]))
        if is_date(cells[0]):
            return dates_of(table, name, cells)
    values = column_values(table, name)
    refuse_missing(table, name, np.isnan(values))
    return Times(values, "")


def dates_of(table: Table, name: str, cells: Sequence[str]) -> Times:
    """Dates as ISO 8601 writes them; years before months before days, so that none is read wrong."""
    dates = np.empty(len(cells), "M8[us]")
    for row, text in enumerate(cells):
        try:
            if WRITTEN.fullmatch(text) is None:
                raise ValueError(text)
            dates[row] = np.datetime64(text.replace(" ", "T"), "us")
        except ValueError:
            place = table.place(row)
            raise TableError(
                f"{table.path} has {cell(text)} in column {name!r}, {place}, which is no date such as 2024-05-31, "
                "2024-05 or 2024-05-31 12:00.",
                name,
                place,
            ) from None
    months = all(len(text) == MONTH_LENGTH for text in cells)
    return Times(dates, "M" if months else finest(dates))


def finest(dates: Array) -> str:
    """What dates are written to."""
    return next((unit for unit in ("D", "m", "s") if np.all(dates == dates.astype(f"M8[{unit}]"))), "us")


def refuse_missing(table: Table, name: str, missing: Array) -> None:
    """Refuse a time that is not there."""
    if missing.any():
        place = table.place(int(np.argmax(missing)))
        raise TableError(f"{table.path} has no time in column {name!r}, {place}; every row must have one.", name, place)
