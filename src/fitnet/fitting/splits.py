"""Splits: rows kept out of training, drawn one by one or, of rows that stay in a file, block by block."""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentValueError
from fitnet.rows import RowSource, SelectedRows

BLOCKS = 50  # into which rows that stay in a file are cut, to keep some out


def split(n: int, fraction: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """Rows for training and rows kept out of it, at least one of each, both in ascending order."""
    kept_out = max(1, round(fraction * n))
    if n - kept_out < 1:
        raise ArgumentValueError(
            f"`early_stopping` keeps {counted(kept_out, 'row')} of {n} out of training; at least one must be left.",
            "early_stopping",
        )
    order = generator.permutation(n)
    return np.sort(order[kept_out:]), np.sort(order[:kept_out])


def split_by_class(Y: Array, fraction: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """As `split`, of rows with these probabilities of classes (n, m): every class keeps its share on both sides."""
    n = len(Y)
    split(n, fraction, np.random.default_rng(0))  # refuses where none would be left
    order, kept_out = in_turn(Y, generator), max(1, round(fraction * n))
    return np.sort(order[kept_out:]), np.sort(order[:kept_out])


def in_turn(Y: Array, generator: np.random.Generator) -> Array:
    """The rows (n,) in an order in which every class has its share of any run, drawn within the classes.

    The k-th of a class's c rows comes at (k + 1/2) / c of the way: the only row of a class in the middle.
    """
    codes = Y[:, 0] if Y.shape[1] == 1 else Y.argmax(axis=1)
    order = generator.permutation(len(codes))
    place = np.empty(len(codes))
    for code in np.unique(codes):
        of_class = order[codes[order] == code]
        place[of_class] = (np.arange(len(of_class)) + 0.5) / len(of_class)
    by_place: Array = order[np.argsort(place[order], kind="stable")]
    return by_place


def count_kept_out(n: int, fraction: float) -> int:
    """How many of n rows are kept out, of more than nothing at least one; refused where none is left for training."""
    kept_out = max(1, round(fraction * n)) if fraction > 0 else 0
    if kept_out == n:
        raise ArgumentValueError(
            f"`test_fraction` is {fraction:g} and keeps out all of {counted(n, 'row')}; one must be left for training.",
            "test_fraction",
        )
    return kept_out


def kept_apart(n: int, fraction: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """Rows for training and rows kept out of it, `count_kept_out`, in ascending order.

    The order comes from a generator spawned for it: a `Regressor` with the same seed trains alike on the same rows.
    """
    kept_out = count_kept_out(n, fraction)
    order = generator.spawn(1)[0].permutation(n)
    return np.sort(order[kept_out:]), np.sort(order[:kept_out])


def kept_apart_by_class(Y: Array, fraction: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """As `kept_apart`, of rows with these probabilities of classes (n, m), each class in proportion."""
    kept_out = count_kept_out(len(Y), fraction)
    order = in_turn(Y, generator.spawn(1)[0])
    return np.sort(order[kept_out:]), np.sort(order[:kept_out])


@dataclass(frozen=True, eq=False)
class BlockSplit:
    """Rows cut into blocks, from `starts[i]` to before `ends[i]`, each for training where `trains[i]`: (blocks,)."""

    starts: Array
    ends: Array
    trains: Array

    @classmethod
    def of(cls, n: int, fraction: float, generator: np.random.Generator) -> "BlockSplit":
        """A split of n rows that keeps about this `fraction` of the blocks out."""
        starts = np.arange(0, n, -(-n // BLOCKS))
        training, _ = kept_apart(len(starts), fraction, generator)
        trains = np.zeros(len(starts), bool)
        trains[training] = True
        return cls(starts, np.append(starts[1:], n), trains)

    def training(self, source: RowSource) -> SelectedRows:
        """The rows of a source to train on."""
        return self._rows(source, self.trains)

    def kept_out(self, source: RowSource) -> SelectedRows:
        """The others."""
        return self._rows(source, ~self.trains)

    def _rows(self, source: RowSource, chosen: Array) -> SelectedRows:
        starts, ends = self.starts[chosen], self.ends[chosen]
        apart = starts[1:] != ends[:-1]  # neighbours are read as one
        first, last = np.append(True, apart)[: len(starts)], np.append(apart, True)[: len(ends)]
        return SelectedRows(source, starts[first], ends[last])
