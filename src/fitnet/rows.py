"""Rows that stay in a file: read in chunks where a matrix is larger than memory.

Shapes: a matrix is (n, k); a chunk is some of its rows, (rows, k).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np

from fitnet.arguments import DTYPES, Array, finite_cast
from fitnet.errors import ArgumentValueError

CHUNK_BYTES = 16 * 2**20  # large beside the cost of a read, small beside what NumPy and scikit-learn take
LARGE_MAP_BYTES = 64 * 2**20  # from here on a memory map is read in chunks
ENTRY_BYTES = 8  # chunks are as long in float32 as in float64, so that training visits the rows in the same order


@runtime_checkable
class RowSource(Protocol):
    """A matrix whose rows are read when they are needed."""

    @property
    def name(self) -> str:
        """What errors call it."""
        ...

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the entries."""
        ...

    @property
    def shape(self) -> tuple[int, int]:
        """(n, k)."""
        ...

    def read(self, start: int, stop: int) -> Array:
        """The rows from `start` to before `stop`, at most n: a finite, C-contiguous matrix of `dtype`, not to change.

        Raises
        ------
        ArgumentValueError, TableError
            If an entry is not finite; the sentence says where.
        """
        ...


Rows = Array | RowSource


@dataclass(frozen=True, eq=False)
class ArrayRows:
    """A matrix in memory beside others that are not."""

    name: str
    array: Array

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.array.dtype

    @property
    def shape(self) -> tuple[int, int]:
        n, k = self.array.shape
        return n, k

    def read(self, start: int, stop: int) -> Array:
        return finite_cast(self.name, self.array[start:stop], self.dtype, start)


@dataclass(frozen=True)
class MappedRows:
    """The matrix in the file behind a memory map, (n, k) from byte `offset` on, row by row.

    The file is read, not the map: the pages of a map count as this process's memory once they were touched.
    """

    name: str
    path: Path
    dtype: np.dtype[Any]
    shape: tuple[int, int]
    offset: int

    def read(self, start: int, stop: int) -> Array:
        k = self.shape[1]
        count = (min(stop, self.shape[0]) - start) * k
        values = np.fromfile(self.path, self.dtype, count, offset=self.offset + start * k * self.dtype.itemsize)
        if values.size < count:
            raise ArgumentValueError(
                f"`{self.name}` is mapped from {self.path}, which was cut short; it must stay as it was."
            )
        return finite_cast(self.name, values.reshape(-1, k), self.dtype, start)


@dataclass(frozen=True, eq=False)
class RowBlocks:
    """Some rows of a source: from `starts[i]` to before `ends[i]`, block after block, (blocks,) each."""

    source: RowSource
    starts: Array
    ends: Array

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.source.dtype

    @property
    def shape(self) -> tuple[int, int]:
        return int(np.sum(self.ends - self.starts)), self.source.shape[1]

    def read(self, start: int, stop: int) -> Array:
        parts, first = [np.empty((0, self.shape[1]), self.dtype)], 0  # `first`: where a block begins among these rows
        for begin, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True):
            low, high = max(start, first), min(stop, first + end - begin)
            if low < high:
                parts.append(self.source.read(begin + low - first, begin + high - first))
            first += end - begin
        return np.concatenate(parts)


def mapped_rows(name: str, array: Any) -> MappedRows | None:
    """The rows of a whole memory map of one or two dimensions in float32 or float64; None for any other array.

    A vector is a matrix of one column. A part of a map, one in Fortran's order or without a file that holds the same,
    such as a copy-on-write map, has to be taken as an array.
    """
    if not isinstance(array, np.memmap) or not isinstance(array.base, mmap) or array.mode == "c":
        return None
    if array.ndim not in (1, 2) or array.size == 0 or not array.flags.c_contiguous:
        return None
    if array.dtype.name not in DTYPES or not array.dtype.isnative or not isinstance(array.filename, str | Path):
        return None
    shape = len(array), array.shape[1] if array.ndim == 2 else 1
    path = Path(array.filename)
    if not path.is_file() or path.stat().st_size < array.offset + array.nbytes:  # it was removed or replaced
        return None
    return MappedRows(name, path, array.dtype, shape, array.offset)


def large_map(name: str, array: Any) -> MappedRows | None:
    """As `mapped_rows`, for maps so large that they are better not read at once; None for others."""
    return mapped_rows(name, array) if getattr(array, "nbytes", 0) > LARGE_MAP_BYTES else None


def row_chunks(rows: Rows) -> Iterator[tuple[int, Array]]:
    """All rows in order, as pairs of the first row's number and a chunk; an array in memory is one chunk."""
    if not isinstance(rows, RowSource):
        yield 0, rows
        return
    n, k = rows.shape
    step = rows_a_chunk(k)
    for start in range(0, n, step):
        yield start, rows.read(start, min(start + step, n))


def rows_a_chunk(columns: int) -> int:
    """How many rows of so many columns are read at once."""
    return max(1, CHUNK_BYTES // (ENTRY_BYTES * columns))
