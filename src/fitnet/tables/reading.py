"""Reading a table: which format it is, and a Parquet file."""

import os
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path

import polars as pl

from fitnet.arguments import real_number
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


def read_table(path: str | PathLike[str], units_row: bool = False, missing_values: Sequence[float] = ()) -> Table:
    """The table in a file, whose format its extension says; docs/how-to/tables.md has all that is read and refused.

    Text (.csv, .tsv, .txt, .dat), also compressed (.gz, .bz2, .xz) or on standard input ("-"); Parquet (.parquet,
    .pq); Feather (.feather, .arrow); the first sheet of a spreadsheet (.xlsx); the first table of a FITS file (.fits).

    The first line of a text names the columns; there the separator is found: a tab, else a semicolon, else a comma,
    else spaces. Lines that begin with # are comments; the last above the rows may hold the names. The text is UTF-8,
    or what its byte-order mark says. Cells may be quoted (") and hold line breaks then. Blank lines at the end and
    spaces around names are left out. Numbers are looked for only where a column is used.

    Parameters
    ----------
    units_row
        Whether the first row of a text or a spreadsheet holds the columns' units. Where all are in brackets, [m] or
        (m), it is found without being asked for.
    missing_values
        Numbers that stand for a missing value, such as -9999.

    Raises
    ------
    TableError
        If the file is none of these, is empty, damaged or undecodable, has no header line or no rows, has columns
        without or with the same name, or has a line with too many or too few cells.
    MissingPackageError
        If a spreadsheet or a FITS file is to be read without the package for it.
    ArgumentValueError, ArgumentTypeError
        If `units_row` is asked for in a file that has no such row, or `missing_values` holds anything but numbers.
    OSError
        If it cannot be opened.
    """
    marks = tuple(real_number(f"missing_values[{i}]", value) for i, value in enumerate(missing_values))
    return replace(read_format(fspath(path), units_row), missing_values=marks)


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
        raise ArgumentValueError(
            "`units_row` is True, which is for text and spreadsheets; it must be False.", "units_row"
        )
    if kind in FITS:
        return read_fits(name)
    return read_feather(name) if kind in FEATHER else read_parquet(name)


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
