"""Repeated rows: training rows with the inputs of an earlier one, and whether folds that part them mislead.

Shapes: X (n, p), columns (n,).
"""

import warnings
from collections.abc import Iterable, Iterator

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import RepeatedRowsWarning
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows.frame_words import level_outside
from fitnet.rows.hashes import row_hashes

MANY = 0.05  # of the rows: so many copies are worth a word
BEYOND_CHANCE = 10.0  # times as many as columns that know nothing of each other would have


def warn_of_copies(rows: TrainingRows) -> None:
    """Advise groups where many rows have the inputs of an earlier row, and more than chance explains.

    Of columns of few levels, as in an experiment's design, rows are copies by chance; new ones will be as well, and
    folds are right to part them. So the copies must also be ten times as many as if every column had been shuffled,
    which those of a single column never are.
    """
    X = np.asarray(rows.X)
    copies = count_of_copies(X)
    if copies > MANY * rows.n and is_beyond_chance(copies, columns_given(X, rows)):
        warnings.warn(
            f"{copies} of {rows.n} rows have the same inputs as an earlier row, far more than by chance: if they are "
            "repeated measurements of samples, errors out of fold are too small and intervals too narrow, unless "
            "`groups` says which rows are of the same sample.",
            RepeatedRowsWarning,
            stacklevel=level_outside(),
        )


def count_of_copies(X: Array) -> int:
    """How many rows have the entries of an earlier row, to the bit but for the sign of 0; rows are told by a hash."""
    return len(X) - len(np.unique(row_hashes(X)))


def is_beyond_chance(copies: int, columns: Iterable[Array]) -> bool:
    """Whether rows whose entries are drawn from the columns, each by itself, would have a tenth as many copies."""
    alike = 1.0  # the chance that two rows are, as far as the columns so far tell
    for column in columns:
        n, counts = len(column), np.unique(column, return_counts=True)[1]
        alike *= float(np.sum((counts / n) ** 2))
        if copies > BEYOND_CHANCE * alike * n * n / 2:  # which further columns only lower
            return True
    return False


def columns_given(X: Array, rows: TrainingRows) -> Iterator[Array]:
    """The columns of X as they were given, of words the places of their levels."""
    words = rows.categories
    if words is None:
        yield from X.T
        return
    for place, levels in zip(words.places, words.levels, strict=True):
        yield X[:, place.start] if levels is None else X[:, place].argmax(axis=1)
    yield from X.T[words.columns :]
