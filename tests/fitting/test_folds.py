"""Folds: every row in one, of nearly the same size, and groups together."""

import numpy as np
import pytest

from fitnet.errors import ArgumentValueError
from fitnet.fitting.folds import dealt


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
