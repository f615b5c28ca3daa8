"""Whether a Parquet file's numbers about itself fit together, before polars believes them.

polars asks the system for as much memory as a file says it needs, and where there is not so much the process ends. So
here every count, size and place is compared with the others and with the file: row groups with the whole, columns with
their row group, pages with their column. Fields are numbered as in Parquet's own description, parquet.thrift.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from fitnet.tables.thrift import Reader

MARK = b"PAR1"
DATA_PAGE, INDEX_PAGE, DICTIONARY_PAGE, DATA_PAGE_V2 = range(4)
COUNTED_IN = {DATA_PAGE: 5, DICTIONARY_PAGE: 7, DATA_PAGE_V2: 8}  # the field of a page header that counts its values
ENCODED_IN = {DATA_PAGE: (2, 3, 4), DICTIONARY_PAGE: (2,), DATA_PAGE_V2: (4,)}  # and those that name encodings
ENCODINGS = {0, *range(2, 10)}
CODECS = range(8)
HEADER_BYTES = 4096, 1 << 24  # read for a page's header; then, where it is longer
FREELY_INFLATED = 1 << 26  # bytes that a page may claim to hold
MOST_INFLATED = 1 << 15  # and those that a byte of it can stand for: zstd writes 128 kB of one letter in 4 bytes


def is_sound(path: str) -> bool:
    """Whether the file at `path` is a Parquet file whose counts, sizes and places fit together.

    Raises
    ------
    OSError
        If it cannot be opened.
    """
    status = Path(path).stat()
    return checked(path, status.st_size, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=4096)  # files of one table
def checked(path: str, size: int, changed: int, number: int) -> bool:
    """As `is_sound`, once for a file as long as it stays the same."""
    if size < 12:
        return False
    with Path(path).open("rb") as file:
        try:
            check(file, size)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError):
            return False
    return True


def check(file: BinaryIO, size: int) -> None:
    """Raise an error, whichever it is, if the file of that size does not fit together."""
    last = bytes_of(file, size - 8, 8)
    end = size - 8 - int.from_bytes(last[:4], "little")
    require(bytes_of(file, 0, 4) == MARK and last[4:] == MARK and end >= 4)
    footer = Reader(bytes_of(file, end, size - 8 - end)).struct()
    leaves = leaf_columns(footer[2])
    groups = footer[4]
    require(footer[3] == sum(group[3] for group in groups))
    for group in groups:
        rows, chunks = group[3], group[1]
        require(rows >= 0 and len(chunks) == len(leaves))
        for chunk, repeated in zip(chunks, leaves, strict=True):
            check_chunk(file, end, chunk[3], rows, repeated)


def leaf_columns(schema: Sequence[dict[int, Any]]) -> list[bool]:
    """Of every column that holds values whether a row may have several; the schema is a tree, parents first."""
    leaves: list[bool] = []
    open_groups = [(schema[0].get(5, 0), False)]
    for element in schema[1:]:
        while open_groups and open_groups[-1][0] == 0:
            open_groups.pop()
        children, repeated = open_groups.pop()
        open_groups.append((children - 1, repeated))
        repeated = repeated or element.get(3) == 2
        below = element.get(5, 0)
        require(0 <= below <= len(schema))
        if 1 in element:
            require(below == 0)
            leaves.append(repeated)
        else:
            open_groups.append((below, repeated))
    require(all(children == 0 for children, _ in open_groups))
    return leaves


def check_chunk(file: BinaryIO, end: int, column: dict[int, Any], rows: int, repeated: bool) -> None:
    """One column of a row group: its pages fill its bytes and hold its values, each as many as it says."""
    values, size = column[5], column[7]
    require(column[4] in CODECS)
    starts = [column[field] for field in (9, 11) if column.get(field)]
    first = min(starts)
    require(all(4 <= start < end for start in starts) and 0 <= size <= end - first)
    require(0 <= values <= rows * 2**31 if repeated else values == rows)
    place, counted = first, 0
    while place < first + size:
        header, length = page_header(file, place, first + size - place)
        place += length + check_page(header, first + size - place - length, values)
        if header[1] != DICTIONARY_PAGE:
            counted += header[COUNTED_IN[header[1]]][1]
    require(counted == values)


def page_header(file: BinaryIO, place: int, room: int) -> tuple[dict[int, Any], int]:
    """The page header at `place`, within the `room` there is, and its length."""
    for count in HEADER_BYTES:
        reader = Reader(bytes_of(file, place, min(count, room)))
        try:
            return reader.struct(), reader.place
        except ValueError:
            if count >= min(room, HEADER_BYTES[-1]):
                raise
    raise ValueError("the header does not end")


def bytes_of(file: BinaryIO, place: int, count: int) -> bytes:
    file.seek(place)
    return file.read(count)


def check_page(header: dict[int, Any], room: int, values: int) -> int:
    """The length of one page, whose header's numbers are possible where there is `room` for so many bytes."""
    kind, inflated, length = header[1], header[2], header[3]
    require(0 <= length <= room and 0 <= inflated <= FREELY_INFLATED + length * MOST_INFLATED)
    counts = header[COUNTED_IN[kind]]
    require(all(counts[field] in ENCODINGS for field in ENCODED_IN[kind]))
    require(0 <= counts[1] <= (inflated * 8 if kind == DICTIONARY_PAGE else values))
    if kind == DATA_PAGE_V2:
        nulls, rows, definitions, repetitions = counts[2], counts[3], counts[5], counts[6]
        require(0 <= nulls <= counts[1] and 0 <= rows <= counts[1])
        require(definitions >= 0 and repetitions >= 0 and definitions + repetitions <= min(length, inflated))
    return int(length)


def require(sound: bool) -> None:
    if not sound:
        raise ValueError("the file does not fit together")
