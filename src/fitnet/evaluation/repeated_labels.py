"""Repeated rows of classes: rows with the same inputs, of which some may have another class than the others.

Shapes: X (n, p), codes (n,): the place of every row's class.
"""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.rows import row_hashes


@dataclass(frozen=True)
class RepeatedLabels:
    """How many `rows` have the inputs of another row, and how many of these no answer by inputs alone can tell right.

    Those `apart` have another class than most rows with their inputs.
    """

    rows: int
    apart: int

    @classmethod
    def of(cls, X: Array, codes: Array) -> "RepeatedLabels":
        """Those of rows whose inputs are alike to the bit."""
        _, groups = np.unique(row_hashes(X), return_inverse=True)
        sizes = np.bincount(groups)
        pairs, counts = np.unique(np.column_stack([groups, codes]), axis=0, return_counts=True)
        most = np.zeros(len(sizes), int)  # of each group the rows of its most frequent class
        np.maximum.at(most, pairs[:, 0], counts)
        repeated = sizes > 1
        return cls(int(sizes[repeated].sum()), int((sizes - most)[repeated].sum()))
