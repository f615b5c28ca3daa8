"""Watching: choosing a member's epoch by its fold makes errors out of fold rosy, by as much as is measured."""

import numpy as np
import pytest

from fitnet.fitting.watching import OWN_SHARE, rosiness, taken_for_chance
from tolerances import FLOAT64_RTOL


def test_the_epoch_that_the_other_folds_choose_is_compared_with_the_fold_s_own():
    """Folds 0 and 1 choose epoch 2 for fold 2, whose own is 0; the others are given 0, and their own is 2."""
    curves = [np.array([4.0, 9.0, 3.0]), np.array([5.0, 9.0, 1.0]), np.array([1.0, 9.0, 8.0])]
    gained = 5.0  # the median of 4 / 3, 5 / 1 and 8 / 1
    np.testing.assert_allclose(rosiness(curves), 1 + OWN_SHARE * (np.sqrt(gained) - 1), rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(rosiness(curves, 1.0), np.sqrt(gained), rtol=FLOAT64_RTOL)


def test_curves_that_end_early_go_on_as_they_ended():
    short, whole = [3.0, 1.0], [3.0, 1.0, 1.0, 1.0]
    others = [np.array([2.0, 4.0, 5.0, 0.5]), np.array([5.0, 2.0, 4.0, 2.5])]
    assert rosiness([np.array(short), *others]) == rosiness([np.array(whole), *others])


@pytest.mark.parametrize("curves", [[[1.0, 2.0]], [[], [1.0]], [[0.0, 1.0], [0.0, 2.0]], [[2.0, 1.0]] * 3])
def test_nothing_is_rosy_where_nothing_was_chosen_or_all_choose_alike(curves):
    assert rosiness([np.array(curve) for curve in curves]) == 1


def test_chance_is_seen(generator):
    """Flat curves with noise: what the lowest of 100 epochs seems to gain is nothing but chance."""
    curves = list(1 + 0.05 * generator.normal(size=(8, 100)))
    chance = np.sqrt(1 / np.mean([curve.min() for curve in curves]))
    assert 1 + 0.6 * OWN_SHARE * (chance - 1) < rosiness(curves) < 1 + 1.4 * OWN_SHARE * (chance - 1)


def test_of_few_rows_nearly_all_is_taken_for_chance_of_many_half():
    assert taken_for_chance(10) > 0.95 > taken_for_chance(100) == 0.75 > taken_for_chance(10**6) > 0.5


def test_a_fold_whose_curve_leaps_about_changes_little(generator):
    curves = [1 + np.abs(np.linspace(-1, 1, 50) - generator.normal(0, 0.2)) for _ in range(8)]
    wild = [*curves[1:], curves[0] * np.exp(8 * generator.random(50))]
    assert abs(rosiness(wild) - rosiness(curves)) < 0.5 * (rosiness(curves) - 1) + 0.01
