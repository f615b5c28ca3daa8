"""FITS: the first table of a file, through astropy."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from fitnet.errors import MissingPackageError, TableError
from fitnet.tables.table import Table, row_numbers

FITS = (".fits", ".fit", ".fts")


def read_fits(name: str) -> Table:
    """The first table of a FITS file, with its columns' units; columns of arrays stay, and are refused where used.

    Raises
    ------
    TableError
        If the file is none, is damaged, holds no table or has no rows.
    MissingPackageError
        Without astropy.
    OSError
        If it cannot be opened.
    """
    with Path(name).open("rb") as file:
        start = file.read(9)
    if not start:
        raise TableError(f"{name} is empty.")
    if start != b"SIMPLE  =":
        raise not_fits(name)
    try:
        from astropy import table as tables
    except ImportError:
        raise MissingPackageError(
            f"{name} is read by the package astropy; install it with: pip install 'fitnet[fits]'."
        ) from None
    try:
        with warnings.catch_warnings(action="ignore"):  # about other tables in the file, and units it does not know
            found = tables.Table.read(name, format="fits", memmap=False)
        columns = {column: entries(found[column]) for column in found.colnames}
    except (OSError, ValueError, TypeError, KeyError, IndexError):
        raise not_fits(name) from None
    frame = pl.DataFrame(columns)
    if frame.height == 0 or frame.width == 0:
        raise TableError(f"{name} has no rows; a table must have at least one.")
    units = {column: str(found[column].unit) for column in found.colnames if found[column].unit is not None}
    return Table(name, frame, row_numbers(), units=units)


def entries(column: Any) -> pl.Series:
    """A column of astropy's as one of polars': masked entries are missing, text is text."""
    values = np.asarray(column)
    masked = np.asarray(getattr(column, "mask", False))
    if values.ndim > 1:
        return pl.Series(values.tolist())
    if values.dtype.kind == "S":
        values = np.char.decode(values, "latin-1")
    series = pl.Series(values.astype(values.dtype.newbyteorder("=")))
    if not masked.any():
        return series
    return series.to_frame("x").select(pl.when(pl.Series(np.broadcast_to(~masked, values.shape))).then(pl.col("x")))[
        "x"
    ]


def not_fits(name: str) -> TableError:
    return TableError(f"{name} is not a FITS file with a table, or it was cut short or damaged.")
