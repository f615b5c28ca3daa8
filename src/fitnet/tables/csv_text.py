"""Text: from bytes to columns of text, every row with its line in the file.

The whole structure is checked here, line by line; only then polars, which forgives more, splits the cells.
"""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

import polars as pl

from fitnet.arguments import counted
from fitnet.errors import TableError
from fitnet.tables.table import Table, row_numbers
from fitnet.tables.text_layout import SPACES, checked_header, found_layout, is_comment, no_rows, units_of

# The longer mark first: UTF-32's begins as UTF-16's does.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
FIELD_LIMIT = Lock()  # Python's csv module has one for all


def parse_text(path: str, data: bytes, least: int = 1) -> Table:
    """The table in the bytes of a text file, its cells as text, if it has so many rows; see `read_table`."""
    text = decoded(path, data).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n ")
    if not text:
        raise TableError(f"{path} is empty.")
    lines = text.split("\n")
    while len(lines) > 1 and '"' not in lines[-1] and (is_comment(lines[-1]) or not lines[-1].strip(" ")):
        lines.pop()  # what is below the last row
    with cells_of_any_length(len(text)):
        return parse_lines(path, lines, least)


@contextmanager
def cells_of_any_length(longest: int) -> Iterator[None]:
    """Let Python's csv module take cells of so many characters; its own limit is 131,072."""
    with FIELD_LIMIT:
        before = csv.field_size_limit()
        csv.field_size_limit(max(before, longest))
        try:
            yield
        finally:
            csv.field_size_limit(before)


def parse_lines(path: str, lines: list[str], least: int) -> Table:
    """The table in the lines of a file, of which the last is not blank."""
    layout = found_layout(path, lines)
    separator, start = layout.separator, layout.first
    if layout.names is None:
        _, start, header = next(quoted_records(path, lines, layout.first, separator))
    names = checked_header(path, header if layout.names is None else layout.names, separator)
    body = lines[start:]
    if all(is_comment(line) or not line.strip(" ") for line in body):
        if least > 0:
            raise no_rows(path)
        return Table(path, pl.DataFrame(schema=dict.fromkeys(names, pl.String)), row_numbers(), separator)
    if any('"' in line for line in body):
        places, frame = parse_quoted(path, quoted_records(path, lines, start, separator), names)
    else:
        places, frame = parse_unquoted(path, body, names, separator, start + 1)
    units = units_of(names, layout.units) if layout.units else {}
    return Table(path, frame, lambda row: f"line {places[row]}", separator, units)


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


def quoted_records(path: str, lines: Sequence[str], start: int, separator: str) -> Iterator[tuple[int, int, list[str]]]:
    """The first line, the last line and the cells of every record from line `start` on, counted from 0; no comments."""
    position = start
    inside = False  # a record, where a line that begins with # is no comment

    def given() -> Iterator[str]:
        nonlocal position, inside
        while position < len(lines):
            line = lines[position]
            position += 1
            if inside or not skipped(line, separator):
                inside = True
                yield (line.replace("\t", " ").strip() if separator == SPACES else line) + "\n"

    reader = csv.reader(given(), delimiter=separator, skipinitialspace=True, strict=True)
    while True:
        while position < len(lines) and skipped(lines[position], separator):
            position += 1
        first, inside = position + 1, False
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            place = f"line {first}"
            raise TableError(f"{path} has a quotation mark out of place or unclosed in {place}.", place=place) from None
        yield first, position, cells


def skipped(line: str, separator: str) -> bool:
    """Whether a line between rows says nothing: comments, and blank lines where spaces separate the cells."""
    return is_comment(line) or (separator == SPACES and not line.strip())


def parse_quoted(
    path: str, records: Iterator[tuple[int, int, list[str]]], names: list[str]
) -> tuple[Sequence[int], pl.DataFrame]:
    """The first line of every row, and the rows."""
    places, rows = [], []
    for first, _, cells in records:
        cells = cells or [""]
        if len(cells) != len(names):
            raise wrong_width(path, first, len(cells), names, blank=cells == [""])
        places.append(first)
        rows.append(cells)
    return places, pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def parse_unquoted(
    path: str, body: list[str], names: list[str], separator: str, first: int
) -> tuple[Sequence[int], pl.DataFrame]:
    """The line of every row, and the rows, one a line; `body` begins in line `first`."""
    places: Sequence[int] = range(first, first + len(body))
    if separator == SPACES or any("#" in line for line in body):
        places = [line for line, text in enumerate(body, first) if not skipped(text, separator)]
        body = [body[line - first] for line in places]
    if separator == SPACES:
        body, separator = ["\t".join(line.split()) for line in body], "\t"
    separators = len(names) - 1
    for line, text in zip(places, body, strict=True):
        if text.count(separator) != separators:
            raise wrong_width(path, line, text.count(separator) + 1, names, blank=not text.strip(" "))
    frame = pl.read_csv(
        "\n".join(body).encode(), has_header=False, separator=separator, quote_char=None, infer_schema=False
    )
    frame.columns = names
    return places, frame


def wrong_width(path: str, line: int, width: int, names: list[str], *, blank: bool) -> TableError:
    """The sentence about a line with another number of cells than the header has."""
    place = f"line {line}"
    if blank:
        return TableError(f"{path} has a blank {place}; only the last lines of a table may be blank.", place=place)
    return TableError(
        f"{path} has {counted(width, 'cell')} in {place}; its header line names {counted(len(names), 'column')}.",
        place=place,
    )
