"""Reading one file: which format it is, and a Parquet file."""

import os
from pathlib import Path

import polars as pl

from fitnet.errors import ArgumentValueError, TableError
from fitnet.files.paths import followed
from fitnet.tables.compression import COMPRESSED, INPUT_NAME, STANDARD_INPUT, standard_input, uncompressed
from fitnet.tables.csv_text import parse_text
from fitnet.tables.feather import FEATHER, read_feather
from fitnet.tables.fits import FITS, read_fits
from fitnet.tables.parquet_check import is_sound
from fitnet.tables.spreadsheet import SPREADSHEETS, read_spreadsheet
from fitnet.tables.table import Table, row_numbers
from fitnet.tables.units import with_units

CSV = (".csv", ".tsv", ".txt")  # also written
TEXT = (*CSV, ".dat")
PARQUET = (".parquet", ".pq")
FORMATS = (*TEXT, *PARQUET, *FEATHER, *SPREADSHEETS, *FITS)

# Polars words a damaged file as an error of its own, of the system's, or as a panic of its Rust code.
DAMAGED = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)


def read_format(name: str, units_row: bool) -> Table:
    """The table in a file of this name, or on standard input."""
    if name == STANDARD_INPUT:
        return with_units(parse_text(INPUT_NAME, standard_input()), units_row)
    if Path(name).suffix.lower() in COMPRESSED:
        check_text(name)
        return with_units(parse_text(name, uncompressed(name)), units_row)
    kind = extension(name, FORMATS)
    if kind in TEXT:
        return with_units(parse_text(name, Path(name).read_bytes()), units_row)
    if kind in SPREADSHEETS:
        return with_units(read_spreadsheet(name), units_row)
    if units_row:
        raise no_units_row()
    if kind in FITS:
        return read_fits(name)
    return read_feather(name) if kind in FEATHER else read_parquet(name)


def no_units_row() -> ArgumentValueError:
    """The sentence about a format without such a row."""
    return ArgumentValueError("`units_row` is True, which is for text and spreadsheets; it must be False.", "units_row")


def check_text(name: str) -> None:
    """Refuse a compressed file that is no text by its name."""
    inner, outer = Path(Path(name).stem).suffix.lower(), Path(name).suffix
    if inner not in TEXT:
        known = ", ".join(f"{kind}{outer}" for kind in TEXT)
        what = f"the extension '{inner}{outer}'"
        raise TableError(f"{name} has {what}; compressed it must be one of {known}.")


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
