"""Which of two predictions is better by more than chance."""

import numpy as np
import pytest

from fitnet.errors import ArgumentValueError
from fitnet.evaluation.comparison import clearly_better

Y = np.random.default_rng(0).normal(size=(400, 2))
NOISE = np.random.default_rng(1).normal(size=(400, 2))


def test_a_smaller_error_in_every_row_is_clearly_better():
    assert clearly_better(Y + 0.1 * NOISE, Y + 0.2 * NOISE, Y).tolist() == [True, True]
    assert clearly_better(Y + 0.2 * NOISE, Y + 0.1 * NOISE, Y).tolist() == [False, False]


def test_the_same_prediction_is_not():
    assert clearly_better(Y + NOISE, Y + NOISE, Y).tolist() == [False, False]


def test_targets_are_told_apart():
    assert clearly_better(Y + NOISE * [0.1, 0.2], Y + NOISE * [0.2, 0.1], Y).tolist() == [True, False]


def test_chance_is_rarely_taken_for_a_gain():
    """One in forty is above two standard errors; of 200 pairs of equals 5, give or take 2.2."""
    generator = np.random.default_rng(2)
    target = np.zeros((300, 200))
    first, second = generator.normal(size=(2, 300, 200))
    assert 0 < clearly_better(first, second, target).sum() <= 15


def test_what_a_row_costs_both_does_not_hide_a_gain():
    hard = np.where(np.arange(400) % 10 == 0, 50.0, 0.0)[:, np.newaxis]
    assert clearly_better(Y + hard + 0.1, Y + hard + 0.2, Y).all()
    shuffled = np.random.default_rng(3).permutation(400)
    assert not clearly_better((Y + hard + 0.1), (Y + hard[shuffled] + 0.2), Y).any()


def test_one_row_tells_nothing():
    assert clearly_better([[0.0]], [[5.0]], [[0.0]]).tolist() == [False]


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_units_do_not_matter(size):
    assert clearly_better((Y + 0.1 * NOISE) * size, (Y + 0.2 * NOISE) * size, Y * size).all()


def test_other_shapes_are_refused():
    with pytest.raises(ArgumentValueError, match="`other` has shape"):
        clearly_better(Y, Y[:, :1], Y)


def test_one_row_that_the_other_misses_by_far_does_not_hide_that_it_is_worse_elsewhere(generator):
    target = generator.normal(size=(400, 1))
    prediction, other = (target + sigma * generator.normal(size=target.shape) for sigma in (0.1, 0.5))
    other[3] += 1000
    assert clearly_better(prediction, other, target).all()
    assert not clearly_better(other, prediction, target).any()
