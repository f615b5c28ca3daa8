"""Hashes of rows, by which equal rows are found without sorting them.

Shapes: X (n, k).
"""

import numpy as np

from fitnet.arguments import Array

ODD, SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(29)  # that spread every bit of an entry over a hash


def row_hashes(X: Array) -> Array:
    """(n,) of uint64: the same for rows with the same entries as float64, to the bit but for the sign of 0."""
    hashes = np.zeros(len(X), np.uint64)
    for column in X.T:
        hashes ^= (column.astype(np.float64) + 0.0).view(np.uint64)
        hashes *= ODD  # modulo 2**64
        hashes ^= hashes >> SHIFT
    return hashes
