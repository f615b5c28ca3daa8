"""Writing a table: CSV or Parquet, as a whole or not at all."""

import io
from collections.abc import Mapping
from os import PathLike, fspath
from unicodedata import category

import numpy as np
import polars as pl

from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.files.atomic_write import write_atomically
from fitnet.tables.reading import CSV, PARQUET, extension


def write_table(path: str | PathLike[str], columns: Mapping[str, Array]) -> None:
    """Write columns to a CSV (.csv, .txt: commas; .tsv: tabs) or Parquet (.parquet, .pq) file, atomically.

    Parameters
    ----------
    columns
        By name: vectors of one length n >= 1 of real numbers, booleans or text. Every float is written with the
        digits that give the same number back in its own precision; NaN stays NaN.

    Raises
    ------
    TableError
        If the extension is another one.
    ArgumentValueError, ArgumentTypeError
        If `columns` is empty, or holds a name or an array that a table cannot have.
    OSError
        If the file cannot be written; what was at `path` is still there.
    """
    name = fspath(path)
    kind = extension(name, (*CSV, *PARQUET))
    frame = pl.DataFrame(checked_columns(columns))
    if kind in PARQUET:
        buffer = io.BytesIO()
        frame.write_parquet(buffer)
        write_atomically(name, buffer.getvalue())
    else:
        write_atomically(name, csv_lines(frame, "\t" if kind == ".tsv" else ",").encode())


def as_csv(columns: Mapping[str, Array]) -> str:
    """What `write_table` would write to a .csv file; errors as there."""
    return csv_lines(pl.DataFrame(checked_columns(columns)), ",")


def csv_lines(frame: pl.DataFrame, separator: str) -> str:
    """The header line and a line a row."""
    header = separator.join(quoted(column, alone=frame.width == 1) for column in frame.columns)
    first = frame.to_series(0)
    comments = first.dtype == pl.String and first.str.contains(r"^\s*#").any()  # what quotation marks keep a cell
    rows = frame.write_csv(
        include_header=False, separator=separator, quote_style="non_numeric" if comments else "necessary"
    )
    return f"{header}\n{rows}"


def checked_columns(columns: Mapping[str, Array]) -> dict[str, Array]:
    """`columns`, if a table can have them and they would read back."""
    if not isinstance(columns, Mapping):
        raise ArgumentTypeError(f"`columns` is {type(columns).__name__}; it must map names to arrays.", "columns")
    if not columns:
        raise ArgumentValueError("`columns` is empty; it must have at least one column.", "columns")
    checked: dict[str, Array] = {}
    for name, values in columns.items():
        if not isinstance(name, str):
            raise ArgumentTypeError(f"`columns` holds the name {name!r}; it must be text.", "columns")
        if not name or name != name.strip() or any(category(mark) in ("Cc", "Cs") for mark in name):
            raise ArgumentValueError(
                f"`columns` holds the name {name!r}; it must have no control characters or spaces around it.", "columns"
            )
        checked[name] = checked_column(name, values)
    first, length = next((name, len(values)) for name, values in checked.items())
    for name, values in checked.items():
        if len(values) != length:
            raise ArgumentValueError(
                f"`columns` holds {len(values)} values for {name!r} and {length} for {first!r}; "
                "all must be of one length.",
                "columns",
            )
    if length == 0:
        raise ArgumentValueError("`columns` has no rows; it must have at least one.", "columns")
    return checked


def checked_column(name: str, values: Array) -> Array:
    """One column as polars takes it."""
    if not isinstance(values, np.ndarray) or values.ndim != 1:
        what = f"an array of shape {values.shape}" if isinstance(values, np.ndarray) else type(values).__name__
        raise ArgumentTypeError(
            f"`columns` holds {what} for {name!r}; it must be a vector, an array of shape (n,).", "columns"
        )
    if values.dtype.kind not in "fiubU" or (values.dtype.itemsize > 8 and values.dtype.kind == "f"):
        raise ArgumentTypeError(
            f"`columns` holds {values.dtype} for {name!r}; it must be real numbers or text.", "columns"
        )
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def quoted(name: str, *, alone: bool) -> str:
    """A name in a header line; quoted where it could be taken for more than one, or for a comment.

    Spaces separate the names of a file where nothing else does: where a name stands `alone`.
    """
    marked = any(mark in name for mark in '\t;,"') or name.startswith("#") or (alone and len(name.split()) > 1)
    return '"' + name.replace('"', '""') + '"' if marked else name
