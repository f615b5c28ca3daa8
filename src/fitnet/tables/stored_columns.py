"""Columns of a Parquet file larger than memory, read by ranges of rows."""

from collections import Counter
from collections.abc import Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.rows import Categories, sources
from fitnet.rows.frame_words import warn_of_unknown
from fitnet.tables.parts import frame_values, parquet_columns, parquet_frame, parquet_kinds, parquet_parts, parquet_rows
from fitnet.tables.reading import PARQUET, extension, read_table
from fitnet.tables.selection import Selection, chosen_columns, select
from fitnet.tables.table import checked_names
from fitnet.tables.words import TEXT, categories_of, found_levels, strange_words


def read_selection(
    path: str | PathLike[str],
    targets: Sequence[str],
    features: Sequence[str] | None = None,
    missing: str = "refuse",
    units_row: bool = False,
    missing_values: Sequence[float] = (),
    *,
    trains: bool = True,
    categories: Categories | None = None,
) -> Selection:
    """As `select(read_table(path), ...)`; a large Parquet file gives `StoredColumns`, if missing values are refused.

    Raises
    ------
    TableError, ArgumentValueError, ArgumentTypeError, OSError
        As `read_table` and `select`.
    """
    columns = large_parquet(path) if missing == "refuse" and not units_row and not missing_values else None
    if columns is None:
        table = read_table(path, units_row, missing_values)
        return select(table, targets, features, missing, trains=trains, categories=categories)
    targets, features = chosen_columns(fspath(path), columns, targets, features)
    if not trains:
        warn_of_strange_words(path, categories)
    else:
        categories = stored_categories(fspath(path), features)
    X = StoredColumns(path, features, categories)
    return Selection(X, StoredColumns(path, targets), features, targets, 0, categories=categories)


def stored_categories(name: str, features: tuple[str, ...]) -> Categories | None:
    """The columns of words among these of a Parquet file, with their levels, as `found_categories` has them."""
    kinds = parquet_kinds(name)
    levels = [
        found_levels(parquet_parts(name, (feature,)), feature, False) if kinds.get(feature) in TEXT else None
        for feature in features
    ]
    return categories_of(name, features, levels)


def warn_of_strange_words(path: str | PathLike[str], categories: Categories | None) -> None:
    """Warn of words in a Parquet file that are none of their column's levels."""
    name = fspath(path)
    for column, levels in zip(categories.names, categories.levels, strict=True) if categories is not None else ():
        if levels is not None:
            parts = (strange_words(part, column, levels) for part in parquet_parts(name, (column,)))
            warn_of_unknown(name, column, sum(parts, Counter[str]()))


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
    categories
        Which of them hold words; instead of these the source has a column a level.

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

    def __init__(self, path: str | PathLike[str], columns: Sequence[str], categories: Categories | None = None) -> None:
        self.columns, self.categories = checked_names("columns", columns), categories
        self.name = fspath(path)
        extension(self.name, PARQUET)
        k = len(self.columns) if categories is None else categories.columns
        self.shape = parquet_rows(self.name, self.columns), k

    def read(self, start: int, stop: int) -> Array:
        """The rows from `start` to before `stop`: finite, C-contiguous."""
        frame = parquet_frame(self.name, self.columns, start, stop - start)
        return frame_values(self.name, self.columns, frame, start, self.categories)

    def with_levels(self, categories: Categories) -> "StoredColumns":
        """The same rows with these levels of words."""
        return StoredColumns(self.name, self.columns, categories)
