"""Repeated rows: counted exactly, and groups advised where copies are many and no design explains them."""

import itertools
import warnings

import numpy as np
import pytest

from fitnet.errors import RepeatedRowsWarning
from fitnet.fitting.repeated_rows import count_of_copies, warn_of_copies
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import Categories


def told(X, categories=None):
    """The sentences about rows of these inputs."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", RepeatedRowsWarning)
        warn_of_copies(TrainingRows(X, np.zeros((len(X), 1)), categories=categories))
    return [str(each.message) for each in found]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("p", [1, 2, 40])
def test_copies_are_counted(generator, dtype, p):
    X = generator.integers(-2, 2, (500, p)).astype(dtype) * generator.choice([1, 1e-3, 1e30], p).astype(dtype)
    X[::3] = -X[::3]
    assert count_of_copies(X) == 500 - len(np.unique(X + 0.0, axis=0))
    assert count_of_copies(generator.normal(size=(500, p)).astype(dtype)) == 0


def test_the_hash_tells_rows_that_differ_in_a_bit_or_in_their_order(generator):
    X = generator.integers(0, 2, (64, 12)) * 2.0**-52 + 1
    X[:, 6:] = X[:, 5::-1]
    assert count_of_copies(X) == 64 - len(np.unique(X, axis=0))
    assert count_of_copies(np.array(list(itertools.permutations([0.0, 1, 2, 3, 4])))) == 0


def test_measured_again_and_again(generator):
    X = np.repeat(generator.normal(size=(50, 3)), 4, axis=0)
    assert told(X) == [
        "150 of 200 rows have the same inputs as an earlier row, far more than by chance: if they are repeated "
        "measurements of samples, errors out of fold are too small and intervals too narrow, unless `groups` says "
        "which rows are of the same sample."
    ]


@pytest.mark.parametrize(("copies", "sentences"), [(10, 0), (11, 1)])
def test_one_row_in_twenty_may_be_a_copy(generator, copies, sentences):
    X = generator.normal(size=(200, 3))
    X[-copies:] = X[:copies]
    assert len(told(X)) == sentences


def test_a_design_of_few_levels_is_no_reason(generator):
    factorial = np.array(list(itertools.product([-1, 0, 1], repeat=3)), float)
    fractional = np.array([[a, b, a * b] for a, b in itertools.product([-1.0, 1.0], repeat=2)])
    centre = np.vstack([factorial[[0, 2, 6, 8, 18, 20, 24, 26]], 1.7 * np.eye(3), -1.7 * np.eye(3), np.zeros((6, 3))])
    curve = np.linspace(0, 1, 11)[:, None]
    for rows in (np.tile(factorial, (5, 1)), np.tile(fractional, (20, 1)), centre, np.repeat(curve, 20, axis=0)):
        assert told(rows) == []
    assert told(generator.integers(0, 4, (300, 3)).astype(float)) == []


def test_levels_of_a_column_of_words_count_as_one_column(generator):
    words = Categories(("kind", "x"), (("a", "b", "c"), None))
    rows = np.column_stack([np.eye(3)[generator.integers(0, 3, 300)], generator.integers(0, 15, 300)])
    assert count_of_copies(rows) > 200
    assert told(rows, words) == []
    words = Categories(("kind", "x"), (tuple(sorted(map(str, range(50)))), None))
    rows = np.column_stack([np.eye(50)[generator.integers(0, 50, 300)], generator.normal(size=300)])
    assert len(told(np.repeat(rows, 2, axis=0), words)) == 1
