"""Sources of rows: a matrix in memory, or one whose rows are read in chunks where it is larger than memory.

Shapes: a matrix is (n, k); a chunk is some of its rows, (rows, k).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from fitnet.arguments import Array, finite_cast
from fitnet.rows.categories import Categories
from fitnet.rows.piecewise import PiecewiseRows

CHUNK_BYTES = 16 * 2**20  # large beside the cost of a read, small beside what NumPy and scikit-learn take
LARGE_MAP_BYTES = 64 * 2**20  # from here on a memory map or a table is read in chunks
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


@runtime_checkable
class EncodedSource(RowSource, Protocol):
    """A source of columns of words too, with a column a level."""

    def with_levels(self, categories: Categories) -> "EncodedSource":
        """The same rows with these levels."""
        ...


Rows = Array | RowSource
Inputs = Rows | PiecewiseRows


@dataclass(frozen=True, eq=False)
class CheckedRows:
    """A matrix that was checked at the door: finite, C-contiguous and of the dtype that is asked for further down."""

    array: Array | PiecewiseRows


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


@dataclass(frozen=True, eq=False)
class PartOfSource:
    """Some rows of a source (n, k), under its name."""

    source: RowSource

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.source.dtype


@dataclass(frozen=True, eq=False)
class SelectedRows(PartOfSource):
    """Some rows of a source: from `starts[i]` to before `ends[i]`, block after block, (blocks,) each."""

    starts: Array
    ends: Array

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


@dataclass(frozen=True, eq=False)
class PickedRows(PartOfSource):
    """The rows of a source with these numbers, (rows,), ascending."""

    numbers: Array

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.numbers), self.source.shape[1]

    def read(self, start: int, stop: int) -> Array:
        wanted, found = self.numbers[start:stop], [np.empty((0, self.shape[1]), self.dtype)]
        step = rows_a_chunk(self.shape[1])
        while len(wanted) > 0:
            first = int(wanted[0])
            near = int(np.searchsorted(wanted, first + step))
            found.append(self.source.read(first, int(wanted[near - 1]) + 1)[wanted[:near] - first])
            wanted = wanted[near:]
        return np.concatenate(found)


def is_spread(rows: Any) -> bool:
    """Whether rows are in memory, but spread over that of several processes."""
    source = getattr(rows, "source", None)
    return bool(getattr(rows, "is_spread", False)) if source is None else is_spread(source)


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
