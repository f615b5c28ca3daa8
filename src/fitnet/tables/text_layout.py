"""Text layout: what separates the cells of a text table, which lines are comments, and which line names the columns.

A comment is a line that begins with #, as `numpy.savetxt` and instruments write them above the rows. The names may
stand in the last comment above the rows, "# x T y", where the first line below it is one of the rows.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from fitnet.errors import TableError
from fitnet.tables.columns import is_missing, is_number
from fitnet.tables.table import first_repeated

SPACES = " "  # the separator that stands for any number of spaces and tabs
SEPARATORS = "\t;,"  # a name is more likely to hold a later one unquoted
HEADER = re.compile(r'(?:"[^"]*"|[^"\n])*')
QUOTED = re.compile(r'"[^"]*"')
SPREADSHEET_ERRORS = r"(?:N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!)(?:[\t;, ]|$)"  # these begin cells, not comments
COMMENT = re.compile(rf"\s*#(?!{SPREADSHEET_ERRORS})", re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """Where the parts of a text table are.

    Attributes
    ----------
    separator
        A tab, a semicolon, a comma or `SPACES`.
    first
        The number of the first line, from 0, that is no comment.
    names
        What a comment calls the columns; None where line `first` is the header.
    units
        Of the columns, as a comment has them, in brackets; None where none does.
    """

    separator: str
    first: int
    names: list[str] | None = None
    units: list[str] | None = None


def is_comment(line: str) -> bool:
    """Whether a line says nothing of the table; the errors of spreadsheets, such as #N/A, begin a row."""
    return COMMENT.match(line) is not None


def found_layout(path: str, lines: Sequence[str]) -> Layout:
    """The layout of a text with these lines, of which the last is not blank."""
    first = 0
    comments: list[str] = []
    while first < len(lines) and (is_comment(lines[first]) or (comments and not lines[first].strip())):
        comments.append(lines[first])
        first += 1
    if first == len(lines):
        raise no_rows(path)
    following = next((line for line in lines[first + 1 :] if line.strip() and not is_comment(line)), None)
    separator = found_separator(lines, first, following)
    if not comments or not begins_with_a_row(lines[first], following, separator):
        return Layout(separator, first)
    names, units = commented_names(comments, len(split_cells(lines[first], separator)), separator)
    return Layout(separator, first, names, units)


def found_separator(lines: Sequence[str], first: int, following: str | None) -> str:
    """What separates the cells of the first line that is no comment, quoted names aside."""
    words = lines[first].split()
    numbers = any(is_cell_number(word, SPACES) for word in words)
    if numbers and len(words) > 1 and all(is_number_or_missing(each, SPACES) and each[-1] != "," for each in words):
        return "\t" if "\t" in lines[first] and not any("," in word for word in words) else SPACES
    header = HEADER.match("\n".join(lines[first:]) if lines[first].count('"') % 2 else lines[first])
    unquoted = QUOTED.sub('""', header.group() if header else "")
    for separator in SEPARATORS:
        if separator in unquoted:
            return separator
    columns = len(unquoted.split())
    same = following is not None and len(QUOTED.sub('""', following).split()) == columns
    return SPACES if columns > 1 and same else ","


def begins_with_a_row(first: str, following: str | None, separator: str) -> bool:
    """Whether `first` is one of the rows, not the header.

    It is one if there is a number among its cells and all others are numbers or missing, or the line that follows has
    words in the same columns.
    """
    cells = split_cells(first, separator)
    if not any(is_cell_number(cell, separator) for cell in cells):
        return False
    fits = [is_number_or_missing(cell, separator) for cell in cells]
    if following is None or all(fits):
        return True
    return fits == [is_number_or_missing(cell, separator) for cell in split_cells(following, separator)]


def commented_names(comments: Sequence[str], columns: int, separator: str) -> tuple[list[str] | None, list[str] | None]:
    """The names in the last comment that has so many words, and the units in brackets below them; None where none are.

    A # may be the first name itself where spaces do not separate them.
    """
    units = None
    for comment in reversed(comments):
        for text in (comment.strip().lstrip("#"), *([] if separator == SPACES else [comment.strip()])):
            names = split_cells(text, separator)
            if len(names) != columns or not re.search(r"\w", text):
                continue
            if not is_bracketed(names):
                return ["#" if not name and i == 0 else name for i, name in enumerate(names)], units
            units = names
            break
    return None, None


def split_cells(line: str, separator: str) -> list[str]:
    """The cells of one line, without spaces and quotation marks around them."""
    text = line.replace("\t", " ").strip() if separator == SPACES else line
    return [cell.strip() for cell in next(csv.reader([text], delimiter=separator, skipinitialspace=True), [])]


def is_cell_number(cell: str, separator: str) -> bool:
    """Whether a cell is a number, with a decimal comma where the separator allows one."""
    return is_number(cell.replace(",", ".") if separator in (";", SPACES) else cell)


def is_number_or_missing(cell: str, separator: str) -> bool:
    """Whether a cell may stand in a column of numbers."""
    return is_cell_number(cell, separator) or is_missing(cell)


def is_bracketed(cells: Sequence[str]) -> bool:
    """Whether the cells are units in brackets, [m] or (m/s), or empty; not all are empty, or numbers such as (5)."""
    inner = [cell[1:-1].strip() for cell in cells if re.fullmatch(r"\[.*\]|\(.*\)", cell)]
    amounts = any(cell.startswith("(") for cell in cells) and all(is_number_or_missing(text, SPACES) for text in inner)
    return 0 < len(inner) == sum(map(bool, cells)) and not amounts


def units_of(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The units in a row below the names, by name: without brackets, and those that are printable text."""
    units = {name: cell.strip("[]() ") for name, cell in zip(names, cells, strict=True) if not is_missing(cell)}
    return {name: unit for name, unit in units.items() if unit and unit.isprintable()}


def checked_header(path: str, header: Sequence[str], separator: str) -> list[str]:
    """The names in the header line; one that is all numbers is a row of the table."""
    names = [name.strip() for name in header]
    if not any(names):
        raise TableError(f"{path} begins with a blank line; its first line must name the columns.")
    numbers = any(is_cell_number(name, separator) for name in names)
    if numbers and all(is_number_or_missing(name, separator) for name in names):
        raise TableError(
            f"{path} seems to have no header line: its first line holds numbers; it must name the columns."
        )
    if "" in names:
        raise TableError(
            f"{path} has no name for column {names.index('') + 1} in its header line; every column must have one."
        )
    twice = first_repeated(names)
    if twice is not None:
        raise TableError(f"{path} has two columns named {twice!r}; every name must be there once.", twice)
    return names


def no_rows(path: str) -> TableError:
    return TableError(f"{path} has no rows; a table must have at least one below its header line.")
