"""Folds: every row in one, of nearly the same size; groups together, and blocks of consecutive times."""

import numpy as np
import pytest

from fitnet.errors import ArgumentValueError
from fitnet.fitting.folds import consecutive, dealt


@pytest.mark.parametrize(("n", "K"), [(10, 2), (103, 8), (8, 8)])
def test_folds_are_of_nearly_the_same_size(n, K):
    folds = dealt(n, K, np.random.default_rng(0))
    sizes = np.bincount(folds, minlength=K)
    assert sizes.sum() == n and sizes.max() - sizes.min() <= 1
    assert folds.tobytes() == dealt(n, K, np.random.default_rng(0)).tobytes()
    assert n < 20 or folds.tobytes() != dealt(n, K, np.random.default_rng(1)).tobytes()


def test_groups_stay_together_and_folds_alike(generator):
    groups = np.array([f"g{i}" for i in generator.integers(0, 60, 1000)])
    folds = dealt(1000, 5, generator, groups)
    for group in set(groups):
        assert len(set(folds[groups == group])) == 1
    sizes = np.bincount(folds)
    assert len(sizes) == 5 and sizes.max() < 1.2 * sizes.min()


def test_fewer_groups_than_folds_make_fewer_folds():
    folds = dealt(9, 5, np.random.default_rng(0), np.repeat([3, 1, 2], 3))
    assert sorted(set(folds)) == [0, 1, 2]


def test_one_group_is_refused():
    with pytest.raises(ArgumentValueError, match="`groups` holds 1 group; there must be at least two"):
        dealt(9, 5, np.random.default_rng(0), np.ones(9))


@pytest.mark.parametrize(("n", "K"), [(10, 2), (103, 8), (8, 8)])
def test_blocks_are_of_consecutive_times_and_nearly_the_same_size(generator, n, K):
    times = generator.permutation(n)
    folds = consecutive(times, K, np.random.default_rng(0))
    assert np.count_nonzero(np.diff(folds[np.argsort(times)])) == K - 1  # every fold begins once
    sizes = np.bincount(folds, minlength=K)
    assert sizes.sum() == n and sizes.max() - sizes.min() <= 1
    assert folds.tobytes() == consecutive(times, K, np.random.default_rng(0)).tobytes()
    assert n < 20 or folds.tobytes() != consecutive(times, K, np.random.default_rng(1)).tobytes()


@pytest.mark.parametrize("counts", [(1, 99), (99, 1), (1, 98, 1), (30, 40, 30), (50, 50), tuple(range(1, 30))])
@pytest.mark.parametrize("K", [2, 5, 10])
def test_rows_of_one_time_are_in_one_block(generator, counts, K):
    times = generator.permutation(np.repeat(np.arange(len(counts)), counts))
    folds = consecutive(times, K, generator)
    assert 2 <= folds.max() + 1 <= min(K, len(counts))
    assert sorted(set(folds)) == [*range(folds.max() + 1)]
    assert all(len(set(folds[times == time])) == 1 for time in range(len(counts)))


def test_one_time_is_refused():
    with pytest.raises(ArgumentValueError, match="`time` is the same in all 9 rows; there must be at least two times"):
        consecutive(np.ones(9), 5, np.random.default_rng(0))
