"""Folds of rows with classes: every class has its share in each.

Shapes: Y (n, m), probabilities as the cross-entropy takes them; groups (n,); folds (n,).
"""

import numpy as np

from fitnet.arguments import Array
from fitnet.fitting.folds import dealt


def dealt_by_class(Y: Array, K: int, generator: np.random.Generator, groups: Array | None = None) -> Array:
    """The fold of each row, from 0: two folds differ by a row at most in size, and by one in every class.

    The rows are dealt class after class, each class in random order. `groups` are kept together, which leaves no choice
    of classes: then folds are those of `folds.dealt`, and raise what it raises.
    """
    if groups is not None:
        return dealt(len(Y), K, generator, groups)
    codes = Y[:, 0] if Y.shape[1] == 1 else Y.argmax(axis=1)
    order = generator.permutation(len(codes))
    order = order[np.argsort(codes[order], kind="stable")]
    folds = np.empty(len(codes), int)
    folds[order] = np.arange(len(codes)) % K
    return np.asarray(generator.permutation(K)[folds])
