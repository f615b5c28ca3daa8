"""Columns of a Parquet file larger than memory, read by ranges of rows."""

from collections.abc import Sequence
from os import PathLike, fspath
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.tables.chunks import parquet_part, parquet_rows
from fitnet.tables.reading import PARQUET, extension
from fitnet.tables.table import checked_names


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
        return parquet_part(self.name, self.columns, start, stop - start)
