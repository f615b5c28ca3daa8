"""Rows that count how often each was read."""

import numpy as np

from fitnet.rows import ArrayRows


class CountedRows:
    """The rows of a matrix; `reads` (n,) says how often each was read."""

    def __init__(self, name, array):
        self.source = ArrayRows(name, array)
        self.name, self.dtype, self.shape = name, array.dtype, array.shape
        self.reads = np.zeros(len(array), int)

    def read(self, start, stop):
        self.reads[start:stop] += 1
        return self.source.read(start, stop)
