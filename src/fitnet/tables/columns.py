"""Columns as numbers: what counts as one, what as a missing value, and what is refused."""

import re
from collections.abc import Sequence

import numpy as np
import polars as pl

from fitnet.arguments import Array
from fitnet.errors import TableError
from fitnet.tables.decimal_marks import with_decimal_points
from fitnet.tables.table import Table, cell, checked_names, first_true, require_columns

# In lower case.
MISSING = ("", "na", "n/a", "#n/a", "nan", "+nan", "-nan", "null", "none", "-", "?")
TRUTHS = {"false": 0.0, "true": 1.0}

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE | re.ASCII)
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DATE = re.compile(
    "|".join(
        (
            r"\d{4}-(?:0[1-9]|1[0-2])(?:-\d\d(?!\d).*)?",
            r"\d{4}/\d{1,2}/\d{1,2}(?!\d).*",
            r"\d{1,2}[./-]\d{1,2}[./-]\d{4}(?!\d).*",
            r"\d{1,2}/\d{1,2}/\d\d(?!\d).*",
            rf"\d{{1,2}}\.?[ -]?{MONTH}[ -]?(?:\d{{4}}|\d\d)(?!\d).*",
            rf"{MONTH}[ -]\d{{1,2}},? ?\d{{4}}(?!\d).*",
            r"\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?",
        )
    ),
    re.ASCII | re.IGNORECASE,
)
DAYS = "the days since the first, (t - t.min()).dt.total_seconds() / 86400 in pandas and polars"


def numeric_columns(table: Table, names: Sequence[str]) -> Array:
    """The named columns, in the order of `names`, as a matrix (n, len(names)) of float64; missing values are NaN.

    Numbers in text are those of Python's `float` without underscores ("1.5", " +2 ", "1e3"). Where semicolons
    separate the cells a column may have decimal commas ("1,5") instead of points. Booleans are 0 and 1, a text column
    of nothing but true and false too. Missing is, in any case: an empty cell, NA, N/A, #N/A, NaN, null, none, - and ?,
    and the table's `missing_values`.

    Raises
    ------
    TableError
        If a column is not there, holds text, dates, or an infinite number; the sentence says where.
    ArgumentValueError, ArgumentTypeError
        If `names` is not a list of different names.
    """
    names = checked_names("names", names)
    require_columns(table.path, names, table.names)
    values = np.empty((table.n_rows, len(names)))
    for j, name in enumerate(names):
        values[:, j] = column_values(table, name)
    return values


def column_values(table: Table, name: str) -> Array:
    """One column as float64 (n,); missing values are NaN."""
    column = table.frame[name]
    kind = column.dtype
    if kind in (pl.String, pl.Categorical, pl.Enum):
        numbers = text_values(table, name, column.cast(pl.String).str.strip_chars())
    elif kind.is_numeric() or kind in (pl.Boolean, pl.Null):
        numbers = column.cast(pl.Float64)
    else:
        what, rule = f"values of type {kind}", "a column that is used must hold numbers"
        if kind.is_temporal():
            what, rule = "dates or times", f"make numbers of them, such as {DAYS}"
        raise TableError(f"{table.path} holds {what} in column {name!r}; {rule}.", name)
    infinite = numbers.is_infinite().fill_null(False)
    if infinite.any():
        row = first_true(infinite)
        raise TableError(
            f"{table.path} has {cell(str(column[row]))} in column {name!r}, {table.place(row)}; "
            "every number must be finite in float64.",
            name,
            table.place(row),
        )
    values = numbers.fill_null(np.nan).to_numpy()
    if not table.missing_values:
        return values
    marks = np.array(table.missing_values, np.float32 if kind == pl.Float32 else np.float64)
    return np.where(np.isin(values, marks.astype(np.float64)), np.nan, values)


def text_values(table: Table, name: str, text: pl.Series) -> pl.Series:
    """Cells of text as numbers, null where they are missing."""
    points = with_decimal_points(table, name, text) if table.decimal_comma else text
    numbers = points.cast(pl.Float64, strict=False)
    if not (numbers.is_null() & text.is_not_null()).any():
        return numbers
    words = text.str.to_lowercase()
    missing = text.is_null() | words.is_in(list(MISSING))
    if not missing.all() and (missing | words.is_in(list(TRUTHS))).all():
        return words.replace_strict(TRUTHS, default=None, return_dtype=pl.Float64)
    wrong = numbers.is_null() & ~missing
    if wrong.any():
        row = first_true(wrong)
        raise not_a_number(table, name, row, text[row])
    return numbers


def not_a_number(table: Table, name: str, row: int, text: str) -> TableError:
    """The sentence about a cell that is neither a number nor missing."""
    what = f"is a date; make numbers of dates, such as {DAYS}" if is_date(text) else "is not a number"
    if not table.decimal_comma and text.count(",") == 1 and is_number(text.replace(",", ".")):
        what = "is not a number (decimal commas are read where semicolons separate the cells)"
    elif row == 0 and seem_units(table, name):
        what += " (units below the names are read with --units-row, `units_row=True`)"
    place = table.place(row)
    return TableError(f"{table.path} has {cell(text)} in column {name!r}, {place}, which {what}.", name, place)


def seem_units(table: Table, name: str) -> bool:
    """Whether the first row may hold units: no number, and one below it in this column."""
    first, second = (
        [str(entry).strip().replace(",", ".") for entry in table.frame.row(i)] for i in (0, 1 % table.n_rows)
    )
    return not any(map(is_number, first)) and is_number(second[table.names.index(name)])


def is_date(text: str) -> bool:
    """Whether a cell, stripped, is a date or a time of day."""
    return DATE.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """Whether a cell, stripped, is a number with a decimal point."""
    return NUMBER.fullmatch(text) is not None


def is_missing(text: str) -> bool:
    """Whether a cell, stripped, stands for a missing value."""
    return text.lower() in MISSING
