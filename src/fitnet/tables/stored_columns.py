"""Columns of a Parquet file larger than memory, read by ranges of rows."""

from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.rows import sources
from fitnet.tables.parts import frame_values, parquet_columns, parquet_frame, parquet_rows
from fitnet.tables.reading import PARQUET, extension, read_table
from fitnet.tables.selection import Selection, chosen_columns, select
from fitnet.tables.table import checked_names


def read_selection(
    path: str | PathLike[str],
    targets: Sequence[str],
    features: Sequence[str] | None = None,
    missing: str = "refuse",
    units_row: bool = False,
    missing_values: Sequence[float] = (),
    *,
    trains: bool = True,
) -> Selection:
    """As `select(read_table(path), ...)`; a large Parquet file gives `StoredColumns`, if missing values are refused.

    Raises
    ------
    TableError, ArgumentValueError, ArgumentTypeError, OSError
        As `read_table` and `select`.
    """
    columns = large_parquet(path) if missing == "refuse" and not units_row and not missing_values else None
    if columns is None:
        return select(read_table(path, units_row, missing_values), targets, features, missing, trains=trains)
    targets, features = chosen_columns(fspath(path), columns, targets, features)
    return Selection(StoredColumns(path, features), StoredColumns(path, targets), features, targets, 0)


def large_parquet(path: str | PathLike[str]) -> tuple[str, ...] | None:
    """The columns of a Parquet file whose numbers take more than LARGE_MAP_BYTES; None for any other file."""
    name = fspath(path)
    if not name.lower().endswith(PARQUET) or not Path(name).is_file():
        return None
    columns = parquet_columns(name)
    if (
        not columns
        or parquet_rows(name, columns[:1], least=0) * len(columns) * sources.ENTRY_BYTES <= sources.LARGE_MAP_BYTES
    ):
        return None
    return columns


class StoredColumns:
    """A `RowSource` (n, len(columns)) in float64: `read(start, stop)` decodes only these columns and rows.

    Parameters
    ----------
    path
        A Parquet file (.parquet, .pq).
    columns
        Their names.

    Raises
    ------
    TableError
        If the file is no such file, has no rows or lacks a column; in `read`, if a value is missing or not a finite
        number, or the file turns out to be damaged.
    ArgumentValueError, ArgumentTypeError
        If `columns` cannot be.
    OSError
        If it cannot be opened.
    """

    dtype: np.dtype[Any] = np.dtype(np.float64)

    def __init__(self, path: str | PathLike[str], columns: Sequence[str]) -> None:
        self.columns = checked_names("columns", columns)
        self.name = fspath(path)
        extension(self.name, PARQUET)
        self.shape = parquet_rows(self.name, self.columns), len(self.columns)

    def read(self, start: int, stop: int) -> Array:
        """The rows from `start` to before `stop`: finite, C-contiguous."""
        frame = parquet_frame(self.name, self.columns, start, stop - start)
        return frame_values(self.name, self.columns, frame, start)
