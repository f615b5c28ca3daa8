"""Memory maps: their files as sources of rows.

Shapes: a matrix is (n, k), read row by row.
"""

from dataclasses import dataclass
from mmap import mmap
from pathlib import Path
from typing import Any

import numpy as np

from fitnet.arguments import DTYPES, Array, finite_cast
from fitnet.errors import ArgumentValueError
from fitnet.rows import sources


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
                f"`{self.name}` is mapped from {self.path}, which was cut short; it must stay as it was.", self.name
            )
        return finite_cast(self.name, values.reshape(-1, k), self.dtype, start)


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
    return mapped_rows(name, array) if isinstance(array, np.memmap) and array.nbytes > sources.LARGE_MAP_BYTES else None
