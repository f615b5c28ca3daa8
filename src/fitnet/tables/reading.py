"""Reading a table: which format it is, and a Parquet file."""

import os
from os import PathLike, fspath
from pathlib import Path

import polars as pl

from fitnet.errors import TableError
from fitnet.files.paths import followed
from fitnet.tables.csv_text import parse_csv
from fitnet.tables.parquet_check import is_sound
from fitnet.tables.table import Table, row_numbers

CSV = (".csv", ".tsv", ".txt")
PARQUET = (".parquet", ".pq")

# Polars words a damaged file as an error of its own, of the system's, or as a panic of its Rust code.
DAMAGED = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)


def read_table(path: str | PathLike[str]) -> Table:
    """The table in a CSV (.csv, .tsv, .txt) or Parquet (.parquet, .pq) file.

    The first line of a CSV file names the columns; there the separator is found: a tab, else a semicolon, else a
    comma. The text is UTF-8, or what its byte-order mark says. Cells may be quoted (") and hold line breaks then.
    Blank lines at the end and spaces around names are left out. Numbers are looked for only where a column is used.

    Raises
    ------
    TableError
        If the file is none of these, is empty, damaged or undecodable, has no header line or no rows, has columns
        without or with the same name, or has a line with too many or too few cells.
    OSError
        If it cannot be opened.
    """
    name = fspath(path)
    kind = extension(name, (*CSV, *PARQUET))
    return parse_csv(name, Path(name).read_bytes()) if kind in CSV else read_parquet(name)


def read_parquet(name: str) -> Table:
    """The table in a Parquet file, whatever its columns hold."""
    check_parquet(name)
    try:
        frame = pl.read_parquet(parquet_path(name), glob=False, hive_partitioning=False)
    except DAMAGED:
        raise not_parquet(name) from None
    if frame.height == 0 or frame.width == 0:
        raise TableError(f"{name} has no rows; a table must have at least one.")
    return Table(name, frame, row_numbers())


def check_parquet(name: str) -> None:
    """Refuse what is no Parquet file or does not fit together; the system's own errors come first."""
    with Path(name).open("rb") as file:
        start = file.read(4)
    parquet_path(name)
    if not start:
        raise TableError(f"{name} is empty.")
    if not is_sound(name):
        raise not_parquet(name)


def parquet_path(name: str) -> str:
    """The file's name with links followed, as polars takes it: in UTF-8, whatever the locale's own encoding."""
    try:
        return os.fsencode(followed(name)).decode("utf-8")
    except UnicodeDecodeError:
        raise TableError(
            f"{name} has a name that is not UTF-8 text, under which a Parquet file cannot be opened; rename it."
        ) from None


def not_parquet(name: str) -> TableError:
    return TableError(f"{name} is not a Parquet file, or it was cut short or damaged.")


def extension(name: str, known: tuple[str, ...]) -> str:
    """The extension of a file's name in lower case, if it is one of the `known`."""
    if Path(name).is_dir():
        raise TableError(f"{name} is a folder; it must be a file.")
    found = Path(name).suffix.lower()
    if found not in known:
        what = f"the extension {found!r}" if found else "no extension"
        raise TableError(f"{name} has {what}; it must be one of {', '.join(known)}.")
    return found
