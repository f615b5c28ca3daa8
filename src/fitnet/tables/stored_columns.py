"""Columns of Parquet files larger than memory, read by ranges of rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.files.patterns import Source, name_of
from fitnet.rows import Categories, sources
from fitnet.rows.frame_words import warn_of_unknown
from fitnet.tables.alike import common_columns, files_of
from fitnet.tables.joined import parquet_headers
from fitnet.tables.opening import read_table
from fitnet.tables.parts import frame_values, parquet_frame, parquet_kinds, parquet_parts, parquet_rows
from fitnet.tables.reading import PARQUET, extension
from fitnet.tables.selection import Selection, chosen_columns, select
from fitnet.tables.shares import Share
from fitnet.tables.table import checked_names
from fitnet.tables.words import TEXT, categories_of, found_levels, strange_words


def read_selection(
    path: Source,
    targets: Sequence[str],
    features: Sequence[str] | None = None,
    missing: str = "refuse",
    units_row: bool = False,
    missing_values: Sequence[float] = (),
    *,
    trains: bool = True,
    categories: Categories | None = None,
    share: Share | None = None,
) -> Selection:
    """As `select(read_table(path), ...)`; large Parquet files give rows that are read in parts, if gaps are refused.

    With a `share` in-memory rows of many files are those of the share, all others those of the whole table.

    Raises
    ------
    TableError, ArgumentValueError, ArgumentTypeError, OSError
        As `read_table` and `select`.
    """
    wanted = wanted_columns(targets, features)
    columns = large_parquet(path, wanted) if missing == "refuse" and not units_row and not missing_values else None
    if columns is None:
        table = read_table(path, units_row, missing_values, columns=wanted, share=share)
        return select(table, targets, features, missing, trains=trains, categories=categories)
    name = name_of(path)
    targets, features = chosen_columns(name, columns, targets, features)
    files = files_of(path) or [name]
    if not trains:
        warn_of_strange_words(path, categories)
    else:
        categories = stored_categories(name, files, features)
    X, Y = stored_rows(path, features, categories), stored_rows(path, targets)
    return Selection(X, Y, features, targets, 0, categories=categories)


def wanted_columns(targets: Sequence[str], features: Sequence[str] | None) -> tuple[str, ...] | None:
    """The columns that are asked for by name; None where all are features that are no targets."""
    if features is None:
        return None
    return (*checked_names("targets", targets), *checked_names("features", features))


def stored_categories(name: str, files: Sequence[str], features: tuple[str, ...]) -> Categories | None:
    """The columns of words among these of Parquet files, with their levels, as `found_categories` has them."""
    filled = [file for file in files if parquet_rows(file, (), least=0)]
    kinds = parquet_kinds(filled[0])
    levels = [
        found_levels(chain.from_iterable(parquet_parts(file, (feature,)) for file in filled), feature, False)
        if kinds.get(feature) in TEXT
        else None
        for feature in features
    ]
    return categories_of(name, features, levels)


def warn_of_strange_words(path: Source, categories: Categories | None) -> None:
    """Warn of words in Parquet files that are none of their column's levels."""
    for column, levels in zip(categories.names, categories.levels, strict=True) if categories is not None else ():
        if levels is not None:
            tables = chain.from_iterable(
                parquet_parts(file, (column,))
                for file in files_of(path) or [name_of(path)]
                if parquet_rows(file, (), least=0)
            )
            parts = (strange_words(table, column, levels) for table in tables)
            warn_of_unknown(name_of(path), column, sum(parts, Counter[str]()))


def large_parquet(path: Source, wanted: Sequence[str] | None = None) -> tuple[str, ...] | None:
    """The columns of Parquet files whose numbers take more than LARGE_MAP_BYTES; None for any others.

    Of many files they are those that all have alike, among which the `wanted` ones must be.
    """
    files = files_of(path) or [name_of(path)]
    if not files[0].lower().endswith(PARQUET) or not Path(files[0]).is_file():
        return None
    headers = parquet_headers(files)
    columns = tuple(common_columns(headers, wanted))
    rows, cells = sum(header.rows for header in headers), max(len(header.kinds) for header in headers)
    return columns if columns and rows * cells * sources.ENTRY_BYTES > sources.LARGE_MAP_BYTES else None


def stored_rows(
    path: Source, columns: Sequence[str], categories: Categories | None = None
) -> "StoredColumns | StoredParts":
    """These columns of one Parquet file or of many, read by ranges of rows."""
    files = files_of(path)
    if files is None:
        return StoredColumns(name_of(path), columns, categories)
    parts = [StoredColumns(file, columns, categories) for file in files if parquet_rows(file, (), least=0)]
    return StoredParts(name_of(path), tuple(parts))


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


@dataclass(frozen=True, eq=False)
class StoredParts:
    """The rows of many Parquet files with the same columns, one below the other; a read opens those that hold its rows.

    Raises
    ------
    TableError
        In `read`, as `StoredColumns`; the file is named.
    """

    name: str
    parts: tuple[StoredColumns, ...]
    dtype = StoredColumns.dtype

    @property
    def shape(self) -> tuple[int, int]:
        return int(self.ends[-1]), self.parts[0].shape[1]

    @cached_property
    def ends(self) -> Array:
        """(parts,): the number of rows up to a part and with it."""
        return np.cumsum([part.shape[0] for part in self.parts])

    def read(self, start: int, stop: int) -> Array:
        """The rows from `start` to before `stop`: finite, C-contiguous."""
        found = []
        for i in range(int(np.searchsorted(self.ends, start, side="right")), len(self.parts)):
            rows = self.parts[i].shape[0]
            begin = int(self.ends[i]) - rows
            if begin >= stop:
                break
            found.append(self.parts[i].read(max(start - begin, 0), min(stop - begin, rows)))
        return found[0] if len(found) == 1 else np.concatenate([np.empty((0, self.shape[1])), *found])

    def with_levels(self, categories: Categories) -> "StoredParts":
        """The same rows with these levels of words."""
        return replace(self, parts=tuple(part.with_levels(categories) for part in self.parts))
