"""Decimal marks: whether a comma or a point in a cell begins its decimals or stands between its thousands.

Where semicolons or spaces separate the cells a column may have decimal commas. "1.133" is then 1.133 to some and 1133
to others: a column is read only where its own cells, or those of the other columns, leave one meaning.
"""

import re

import polars as pl

from fitnet.errors import TableError
from fitnet.tables.table import Table, cell, first_true

COMMA, POINT = ",", "."


def with_decimal_points(table: Table, name: str, text: pl.Series) -> pl.Series:
    """The cells of a column with points for decimal commas.

    Raises
    ------
    TableError
        If the column has decimal commas and decimal points, or cells such as "1.133" that are other numbers to those
        who write points between thousands, in a file that writes decimal commas.
    """
    marks = {mark: marked(text, mark) for mark in (COMMA, POINT)}
    if not marks[COMMA].any() and not marks[POINT].any():
        return text
    commas, points = (marks[mark] & is_decimal(text, mark) for mark in (COMMA, POINT))
    if commas.any() and points.any():
        raise two_kinds(table, name, text, commas, points)
    mark = COMMA if commas.any() else POINT
    check_one_meaning(table, name, text, mark)
    return text.str.replace(COMMA, POINT, literal=True) if mark == COMMA else text


def marked(text: pl.Series, mark: str) -> pl.Series:
    return text.str.contains(mark, literal=True).fill_null(False)


def is_decimal(text: pl.Series, mark: str) -> pl.Series:
    """Which cells are numbers with this decimal mark, or whole numbers."""
    pointed = text if mark == POINT else text.str.replace(COMMA, POINT, literal=True)
    return pointed.cast(pl.Float64, strict=False).is_not_null()


def check_one_meaning(table: Table, name: str, text: pl.Series, mark: str) -> None:
    """Refuse a column in which every cell with this mark could have it between thousands, where the file says so."""
    escaped = re.escape(mark)
    there = marked(text, mark) & is_decimal(text, mark)
    ambiguous = there & text.str.contains(rf"^[+-]?[1-9]\d{{0,2}}{escaped}\d{{3}}$").fill_null(False)
    if not there.any() or (there & ~ambiguous).any():
        return
    found = decimals_elsewhere(table, name, POINT if mark == COMMA else COMMA)
    row = first_true(ambiguous)
    if found is None and (mark == POINT or table.separator == ";"):
        return
    either = text[row].replace(mark, ""), text[row].replace(mark, POINT)
    why = f", for column {found[0]!r} has {cell(found[1])}" if found else ""
    raise TableError(
        f"{table.path} has {cell(text[row])} in column {name!r}, {table.place(row)}, which may be {either[0]} or "
        f"{either[1]}{why}; numbers must have one decimal mark throughout and nothing between thousands.",
        name,
        table.place(row),
    )


def decimals_elsewhere(table: Table, name: str, mark: str) -> tuple[str, str] | None:
    """Another column with numbers that have this decimal mark, and the first of them."""
    for other in table.names:
        column = table.frame[other]
        if other == name or column.dtype != pl.String:
            continue
        text = column.str.strip_chars()
        there = marked(text, mark)
        there &= is_decimal(text, mark)
        if there.any():
            return other, str(text[first_true(there)])
    return None


def two_kinds(table: Table, name: str, text: pl.Series, commas: pl.Series, points: pl.Series) -> TableError:
    """The sentence about a column with both decimal marks."""
    i, j = first_true(commas), first_true(points)
    return TableError(
        f"{table.path} has both decimal commas ({cell(text[i])} in {table.place(i)}) and decimal points "
        f"({cell(text[j])} in {table.place(j)}) in column {name!r}; it must have one kind.",
        name,
        table.place(i),
    )
