"""Folds: rows dealt into K parts of nearly the same size, those of a group, or of a stretch of time, together.

Shapes: folds (n,), the number of each row's fold, from 0; groups and times (n,).
"""

import numpy as np

from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentValueError

LEAST_FOLDS = 2


def dealt(n: int, K: int, generator: np.random.Generator, groups: Array | None = None) -> Array:
    """The fold of each of n rows, at random; groups are dealt the largest first, each to the smallest fold so far.

    Raises
    ------
    ArgumentValueError
        If there are fewer than two groups.
    """
    if groups is None:
        folds = np.arange(n) % K
        generator.shuffle(folds)
        return folds
    _, group, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    if len(sizes) < LEAST_FOLDS:
        raise ArgumentValueError(
            f"`groups` holds {counted(len(sizes), 'group')}; there must be at least two, so that one can be kept from "
            "the members that are judged by it.",
            "groups",
        )
    fold_of, rows_in = np.empty(len(sizes), int), np.zeros(min(K, len(sizes)), int)
    order = generator.permutation(len(sizes))
    for each in order[np.argsort(-sizes[order], kind="stable")]:
        fold_of[each] = np.argmin(rows_in)
        rows_in[fold_of[each]] += sizes[each]
    return fold_of[group]


def consecutive(times: Array, K: int, generator: np.random.Generator) -> Array:
    """The fold of each row, a block of consecutive times; the blocks are numbered at random.

    Rows of the same time are in the same fold.

    Raises
    ------
    ArgumentValueError
        If there are fewer than two times.
    """
    _, place, counts = np.unique(times, return_inverse=True, return_counts=True)
    if len(counts) < LEAST_FOLDS:
        raise ArgumentValueError(
            f"`time` is the same in all {counted(len(times), 'row')}; there must be at least two times, so that one "
            "can be kept from the members that are judged by it.",
            "time",
        )
    middle = np.cumsum(counts) - counts / 2  # of each time's rows, among all rows in order
    block = np.unique((middle * K / len(times)).astype(int)[place], return_inverse=True)[1]
    return np.asarray(generator.permutation(block.max() + 1)[block])
