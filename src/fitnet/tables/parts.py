"""Tables in parts, for files larger than memory: Parquet, and NumPy's .npy."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from os import PathLike, fspath
from pathlib import Path

import numpy as np
import polars as pl

from fitnet.arguments import Array, counted, whole_number
from fitnet.errors import TableError
from fitnet.rows import Categories, row_blocks
from fitnet.tables.columns import numeric_columns
from fitnet.tables.encoded_rows import encoded_rows
from fitnet.tables.reading import DAMAGED, PARQUET, check_parquet, extension, not_parquet, parquet_path
from fitnet.tables.table import Table, checked_names, require_columns, row_numbers

NUMPY = (".npy",)
PLAIN = (pl.Float64, pl.Float32, pl.Int64, pl.Int32, pl.Int16, pl.Int8, pl.UInt64, pl.UInt32, pl.UInt16, pl.UInt8)
CELLS_READ = 1_000_000  # from a Parquet file at once, if that is more than a chunk


def chunks(path: str | PathLike[str], columns: Sequence[str], rows: int) -> Iterator[Array]:
    """The rows of a file, at most `rows` at a time, as finite float64 matrices (rows, len(columns)).

    Memory does not grow with the file: of a Parquet file one chunk or a million cells are read at once, of an .npy file
    one chunk.

    Parameters
    ----------
    path
        A Parquet file (.parquet, .pq), or an .npy file of a matrix (n, len(columns)) of real numbers.
    columns
        Their names; an .npy file has none, and must have exactly these in this order.

    Raises
    ------
    TableError
        At once, if the file is neither of these, has no rows or lacks a column; on the way, if a value is missing or
        not a finite number, or the file turns out to be damaged.
    ArgumentValueError, ArgumentTypeError
        If `columns` or `rows` cannot be.
    OSError
        If it cannot be opened.
    """
    columns = checked_names("columns", columns)
    rows = whole_number("rows", rows)
    name = fspath(path)
    if extension(name, (*PARQUET, *NUMPY)) in PARQUET:
        return parquet_chunks(name, columns, rows, parquet_rows(name, columns))
    return numpy_chunks(name, columns, rows, len(mapped(name, columns)))


def parquet_columns(name: str) -> tuple[str, ...]:
    """The names of a Parquet file's columns."""
    return tuple(parquet_kinds(name))


def parquet_kinds(name: str) -> Mapping[str, pl.DataType]:
    """What the cells of a Parquet file's columns are, by name."""
    return described(name)[0]


def parquet_rows(name: str, columns: tuple[str, ...], least: int = 1) -> int:
    """The number of rows of a Parquet file that has these columns."""
    kinds, n_rows = described(name)
    require_columns(name, columns, tuple(kinds))
    if n_rows < least:
        raise TableError(f"{name} has no rows; a table must have at least one.")
    return n_rows


def described(name: str) -> tuple[Mapping[str, pl.DataType], int]:
    """The columns of a Parquet file, with what their cells are, and the number of its rows."""
    check_parquet(name)
    status = Path(name).stat()
    try:
        return footer_of(name, status.st_size, status.st_mtime_ns, status.st_ino)
    except DAMAGED:
        raise not_parquet(name) from None


@lru_cache(maxsize=4096)  # files of one table
def footer_of(name: str, size: int, changed: int, number: int) -> tuple[Mapping[str, pl.DataType], int]:
    """The same, read once for a file as long as it stays the same."""
    return dict(scanned(name).collect_schema()), int(scanned(name).select(pl.len()).collect().item())


def parquet_chunks(name: str, columns: tuple[str, ...], rows: int, n_rows: int) -> Iterator[Array]:
    # Every read decodes its row group from the beginning, so several small chunks share one.
    rows_read = rows * max(1, CELLS_READ // (rows * len(columns)))
    for start in range(0, n_rows, rows_read):
        frame = parquet_frame(name, columns, start, rows_read)
        for first in range(0, frame.height, rows):
            yield frame_values(name, columns, frame.slice(first, rows), start + first)


def parquet_frame(name: str, columns: tuple[str, ...], first: int, rows: int) -> pl.DataFrame:
    """At most `rows` rows from row `first` on."""
    try:
        return scanned(name).select(columns).slice(first, rows).collect()
    except DAMAGED:
        raise not_parquet(name) from None


def frame_values(
    name: str, columns: tuple[str, ...], frame: pl.DataFrame, first: int, categories: Categories | None = None
) -> Array:
    """The numbers of a frame whose first row is row `first` of the file: none missing, words encoded."""
    values = plain_values(frame.select(columns)) if categories is None else None
    if values is not None:
        return values
    table = Table(name, frame, row_numbers(first))
    values, gaps = encoded_rows(table, columns, categories, warns=False)
    return complete(table, values, columns, gaps)


def parquet_parts(name: str, columns: tuple[str, ...]) -> Iterator[Table]:
    """These columns of all rows of a Parquet file, as tables of about a million cells."""
    rows = max(1, CELLS_READ // len(columns))
    for first in range(0, parquet_rows(name, columns), rows):
        yield Table(name, parquet_frame(name, columns, first, rows), row_numbers(first))


def plain_values(frame: pl.DataFrame) -> Array | None:
    """The frame as a matrix of float64, C-contiguous, if all are finite numbers as machines have them; else None."""
    if not all(kind in PLAIN for kind in frame.dtypes) or any(column.null_count() for column in frame):
        return None
    columns = [column.to_numpy() for column in frame]
    values = np.empty(frame.shape)
    for rows in row_blocks(*frame.shape):  # in blocks that stay in a cache while column after column is written
        for j, column in enumerate(columns):
            values[rows, j] = column[rows]
    return values if np.isfinite(values).all() else None


def scanned(name: str) -> pl.LazyFrame:
    return pl.scan_parquet(parquet_path(name), glob=False, hive_partitioning=False)


def numpy_chunks(name: str, columns: tuple[str, ...], rows: int, n_rows: int) -> Iterator[Array]:
    for first in range(0, n_rows, rows):
        # Mapped anew for every chunk: pages that were read count as this process's memory until they are unmapped.
        values = mapped(name, columns)[first : first + rows]
        frame = pl.DataFrame(values.astype(values.dtype.newbyteorder("=")), schema=list(columns))
        del values
        table = Table(name, frame, row_numbers(first))
        values = numeric_columns(table, columns)
        yield complete(table, values, columns, np.isnan(values))


def mapped(name: str, columns: tuple[str, ...]) -> Array:
    """The matrix in an .npy file, which stays there."""
    with Path(name).open("rb"):
        pass  # an error of the system's own, before NumPy words it otherwise
    try:
        values = np.load(name, mmap_mode="r")
    except (ValueError, OSError, EOFError):
        raise TableError(f"{name} is not a NumPy .npy file of numbers, or it was cut short or damaged.") from None
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiub" or values.dtype.itemsize > 8:
        raise TableError(f"{name} does not hold an array of real numbers.")
    if values.ndim != 2 or values.shape[1] != len(columns):
        raise TableError(
            f"{name} holds an array of shape {values.shape}; it must be a matrix with "
            f"{counted(len(columns), 'column')}: {', '.join(columns)}."
        )
    if len(values) == 0:
        raise TableError(f"{name} has no rows; a table must have at least one.")
    return values


def complete(table: Table, values: Array, columns: tuple[str, ...], gaps: Array) -> Array:
    """`values`, if there are no `gaps`, (n, columns)."""
    missing = np.argwhere(gaps)
    if len(missing):
        row, j = (int(i) for i in missing[0])
        name, place = columns[j], table.place(row)
        raise TableError(f"{table.path} has a missing value in column {name!r}, {place}.", name, place)
    return values
