"""Spreadsheets: the first sheet of an .xlsx file, through openpyxl."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import polars as pl

from fitnet.errors import MissingPackageError, TableError
from fitnet.tables.table import Table
from fitnet.tables.text_layout import checked_header

SPREADSHEETS = (".xlsx", ".xlsm")


def read_spreadsheet(name: str) -> Table:
    """The first sheet of a spreadsheet, its cells as text: what they show last, where formulas are.

    Its first row names the columns; rows and columns without any entry at the end are left out.

    Raises
    ------
    TableError
        If the file is none, is damaged, or its first sheet is no table.
    MissingPackageError
        Without openpyxl.
    OSError
        If it cannot be opened.
    """
    with Path(name).open("rb") as file:
        if not file.read(1):
            raise TableError(f"{name} is empty.")
        return sheet_table(name, first_sheet(name, file))


def first_sheet(name: str, file: BinaryIO) -> list[list[str]]:
    """The cells of the first sheet, row by row."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise MissingPackageError(
            f"{name} is read by the package openpyxl; install it with: pip install 'fitnet[excel]'."
        ) from None
    try:
        with warnings.catch_warnings(action="ignore"):  # about styles and the like
            sheet = load_workbook(file, read_only=True, data_only=True).worksheets[0]
            sheet.reset_dimensions()  # some programs write wrong ones
            return [[as_text(entry) for entry in row] for row in sheet.iter_rows(values_only=True)]
    except (BadZipFile, OSError, ValueError, TypeError, KeyError, IndexError, SyntaxError, EOFError):
        raise TableError(f"{name} is not an .xlsx file, or it was cut short or damaged.") from None


def as_text(entry: Any) -> str:
    """A cell as a text file would have it: an empty one is empty, numbers keep all their digits."""
    if entry is None:
        return ""
    return repr(entry) if isinstance(entry, float) else str(entry)


def sheet_table(name: str, sheet: Sequence[Sequence[str]]) -> Table:
    """The table of a sheet's rows, the first of which names the columns."""
    height = max((i + 1 for i, row in enumerate(sheet) if any(row)), default=0)
    if height == 0:
        raise TableError(f"{name} is empty.")
    width = max(j + 1 for row in sheet[:height] for j, entry in enumerate(row) if entry)
    rows = [[*row, *[""] * width][:width] for row in sheet[:height]]
    names = checked_header(name, rows[0], "\t")
    if height == 1:
        raise TableError(f"{name} has no rows; a table must have at least one below its header line.")
    frame = pl.DataFrame(rows[1:], schema=dict.fromkeys(names, pl.String), orient="row")
    return Table(name, frame, lambda row: f"row {row + 2}")
