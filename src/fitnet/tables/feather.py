"""Feather: one table in a file of Arrow's."""

import io
from pathlib import Path

import polars as pl

from fitnet.errors import TableError
from fitnet.tables.table import Table, row_numbers

FEATHER = (".feather", ".arrow")
START = b"ARROW1"  # of version 2; version 1, which pandas wrote before 2020, begins with FEA1


def read_feather(name: str) -> Table:
    """The table in a Feather file of version 2, whatever its columns hold.

    Raises
    ------
    TableError
        If the file is none, is damaged or has no rows.
    OSError
        If it cannot be opened.
    """
    data = Path(name).read_bytes()
    if not data:
        raise TableError(f"{name} is empty.")
    if not data.startswith(START):
        raise not_feather(name)
    try:
        frame = pl.read_ipc(io.BytesIO(data))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
        raise not_feather(name) from None
    if frame.height == 0 or frame.width == 0:
        raise TableError(f"{name} has no rows; a table must have at least one.")
    return Table(name, frame, row_numbers())


def not_feather(name: str) -> TableError:
    return TableError(f"{name} is not a Feather file of version 2, or it was cut short or damaged.")
