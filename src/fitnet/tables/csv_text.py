"""CSV: from bytes to columns of text, every row with its line in the file.

The whole structure is checked here, line by line; only then polars, which forgives more, splits the cells.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence

import polars as pl

from fitnet.arguments import counted
from fitnet.errors import TableError
from fitnet.tables.columns import is_missing, is_number
from fitnet.tables.table import Table, first_repeated

# The longer mark first: UTF-32's begins as UTF-16's does.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SEPARATORS = "\t;,"  # a name is more likely to hold a later one unquoted
HEADER = re.compile(r'(?:"[^"]*"|[^"\n])*')


def parse_csv(path: str, data: bytes) -> Table:
    """The table in the bytes of a CSV file, its cells as text; see `fitnet.tables.read_table`."""
    text = decoded(path, data).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n ")
    if not text:
        raise TableError(f"{path} is empty.")
    separator = found_separator(text)
    lines = text.split("\n")
    records = quoted_records(path, lines, separator)
    _, height, header = next(records)
    names = column_names(path, header, separator)
    body = lines[height:]
    if not body:
        raise TableError(f"{path} has no rows; a table must have at least one below its header line.")
    places: Sequence[int] = range(height + 1, len(lines) + 1)
    if any('"' in line for line in body):
        places, frame = parse_quoted(path, records, names)
    else:
        frame = parse_unquoted(path, body, names, separator, height + 1)
    return Table(path, frame, lambda row: f"line {places[row]}", decimal_comma=separator == ";")


def decoded(path: str, data: bytes) -> str:
    """The text of the file without its byte-order mark."""
    mark, encoding = next((known for known in BYTE_ORDER_MARKS if data.startswith(known[0])), (b"", "utf-8"))
    data = data[len(mark) :]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        raise TableError(
            f"{path} is not {encoding.upper()} text: line {line} holds the byte {data[error.start]:#04x}; "
            "save it as UTF-8.",
            place=f"line {line}",
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise TableError(f"{path} is not text: line {line} holds a zero byte; save it as UTF-8.", place=f"line {line}")
    return text


def found_separator(text: str) -> str:
    """What separates the cells of the header, quoted names aside."""
    header = HEADER.match(text)
    unquoted = re.sub(r'"[^"]*"', "", header.group() if header else "")
    return next((separator for separator in SEPARATORS if separator in unquoted), ",")


def quoted_records(path: str, lines: list[str], separator: str) -> Iterator[tuple[int, int, list[str]]]:
    """The first line, the last line and the cells of every record."""
    reader = csv.reader((line + "\n" for line in lines), delimiter=separator, skipinitialspace=True, strict=True)
    while True:
        first = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            place = f"line {first}"
            raise TableError(f"{path} has a quotation mark out of place or unclosed in {place}.", place=place) from None
        yield first, reader.line_num, cells


def column_names(path: str, header: list[str], separator: str) -> list[str]:
    """The names in the header line; one that is all numbers is a row of the table."""
    names = [name.strip() for name in header]
    if not any(names):
        raise TableError(f"{path} begins with a blank line; its first line must name the columns.")
    points = [name.replace(",", ".") if separator == ";" else name for name in names]
    if any(map(is_number, points)) and all(is_number(name) or is_missing(name) for name in points):
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


def parse_quoted(
    path: str, records: Iterator[tuple[int, int, list[str]]], names: list[str]
) -> tuple[list[int], pl.DataFrame]:
    """The first line of every row, and the rows."""
    places, rows = [], []
    for first, _, cells in records:
        cells = cells or [""]
        if len(cells) != len(names):
            raise wrong_width(path, first, len(cells), names, blank=cells == [""])
        places.append(first)
        rows.append(cells)
    return places, pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def parse_unquoted(path: str, body: list[str], names: list[str], separator: str, first: int) -> pl.DataFrame:
    """The rows, one a line; `body` begins in line `first`."""
    separators = len(names) - 1
    for line, text in enumerate(body, first):
        if text.count(separator) != separators:
            raise wrong_width(path, line, text.count(separator) + 1, names, blank=not text.strip(" "))
    frame = pl.read_csv(
        "\n".join(body).encode(), has_header=False, separator=separator, quote_char=None, infer_schema=False
    )
    frame.columns = names
    return frame


def wrong_width(path: str, line: int, width: int, names: list[str], *, blank: bool) -> TableError:
    """The sentence about a line with another number of cells than the header has."""
    place = f"line {line}"
    if blank:
        return TableError(f"{path} has a blank {place}; only the last lines of a table may be blank.", place=place)
    return TableError(
        f"{path} has {counted(width, 'cell')} in {place}; its header line names {counted(len(names), 'column')}.",
        place=place,
    )
