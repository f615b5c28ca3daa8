"""Selection: shares of recipes by their out-of-fold predictions."""

import numpy as np
import pytest

from fitnet.evaluation.comparison import STANDARD_ERRORS
from fitnet.fitting.selection import CHANCE, STEPS, drawn_towards, selected
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL


@pytest.fixture
def Y(generator):
    return generator.normal(size=(500, 2)) * [1, 1000]


def with_noise(Y, generator, sizes):
    return np.stack([Y + size * generator.normal(size=Y.shape) * [1, 1000] for size in sizes])


def test_the_perfect_recipe_is_taken_alone(Y, generator):
    shares = selected(np.stack([*with_noise(Y, generator, [0.5, 0.1]), Y]), Y)
    assert shares.tolist() == [0, 0, 1]


def test_alike_and_independent_recipes_share(Y, generator):
    predictions = with_noise(Y, generator, [0.5, 0.5, 0.5, 5])
    shares = selected(predictions, Y)
    assert abs(shares[:3] - 1 / 3).max() < 0.1 and shares[3] == 0
    assert shares.sum() == pytest.approx(1, rel=FLOAT64_RTOL)


def test_greedy_steps_are_those_of_the_definition(Y, generator):
    """By forming every mean of predictions, in place of the products of residuals."""
    predictions = with_noise(Y, generator, [0.6, 0.5, 0.8, 0.7]) + 0.2
    chosen, errors = [], []
    chance = CHANCE / np.sqrt(500) * np.mean(((predictions - Y) / Y.std(0)) ** 2, (1, 2)).min()
    for _ in range(STEPS):
        trials = [error_of(predictions, [*chosen, r], Y) + chance * own_part([*chosen, r]) for r in range(4)]
        chosen.append(int(np.argmin(trials)))
        errors.append(min(trials))
    steps = max(k for k in range(1, STEPS + 1) if errors[k - 1] < min([*errors[: k - 1], np.inf]) * (1 - 1e-4))
    expected = np.bincount(chosen[:steps], minlength=4) / steps
    np.testing.assert_allclose(selected(predictions, Y), expected, rtol=FLOAT64_RTOL)


def error_of(predictions, chosen, Y):
    """The mean square of the chosen recipes' mean, outputs in units of their variance."""
    return np.mean(((predictions[chosen].mean(0) - Y) / Y.std(0)) ** 2)


def own_part(chosen):
    """How much of a square that each recipe has of its own is in the mean of these."""
    return np.sum((np.bincount(chosen) / len(chosen)) ** 2)


def test_each_output_counts_alike(Y, generator):
    """A recipe that is good at the small output is worth as much as one that is good at the large."""
    small, large = Y.copy(), Y.copy()
    small[:, 1] += 1000 * generator.normal(size=500)
    large[:, 0] += generator.normal(size=500)
    shares = selected(np.stack([small, large]), Y)
    assert 0.4 < shares[0] < 0.6


def test_rows_of_weight_0_do_not_count(Y, generator):
    weights = np.repeat([1.0, 0.0], 250)
    good = Y.copy()
    good[250:] += 1e6
    assert selected(np.stack([with_noise(Y, generator, [0.3])[0], good]), Y, weights).tolist() == [0, 1]


def test_constant_targets_do_not_divide_by_0():
    Y = np.full((20, 1), 3.0)
    assert selected(np.stack([Y + 1, Y]), Y).tolist() == [0, 1]


def test_a_recipe_whose_members_differ_gains_by_averaging(Y, generator):
    """Out of fold both are as good; of the second one's error most is variance, which many members average away."""
    predictions = with_noise(Y, generator, [0.5, 0.5])
    averaged_away = np.array([[0.0, 0.0], [0.175, 0.175e6]])
    shares = selected(predictions, Y, averaged_away=averaged_away)
    assert shares[1] > 0.7 > 0.6 > selected(predictions, Y)[1]
    assert selected(predictions, Y, averaged_away=0 * averaged_away).tolist() == selected(predictions, Y).tolist()


def test_nearly_as_good_recipes_share_where_rows_are_few(generator):
    """The same residuals a hundred times over: what 20 rows cannot tell apart, 2,000 can."""
    Y = generator.normal(size=(20, 1))
    predictions = np.stack([Y + 0.5, Y + 0.53])
    few, many = selected(predictions, Y), selected(np.tile(predictions, (1, 100, 1)), np.tile(Y, (100, 1)))
    assert few[1] > 0.1 > many[1]


def test_residuals_of_watched_members_count_by_how_rosy_they_are(Y, generator):
    """Out of fold the second is better; but for a look at the fold it would be worse."""
    predictions = with_noise(Y, generator, [0.5, 0.4])
    assert selected(predictions, Y)[1] > 0.5
    assert selected(predictions, Y, rosy=np.array([1.0, 3.0]))[1] < 0.3


@pytest.mark.parametrize("share", [0.0, 0.25, 1.0])
def test_the_simplest_recipe_gets_what_may_be_chance(generator, share):
    """A gain of this share of two standard errors is drawn by what is missing to all, 0.7 of it."""
    Y, residuals = np.zeros((400, 1)), generator.normal(size=(400, 1))
    Y[::2] = 1
    gained = generator.normal(size=(400, 1))
    gained = (gained - gained.mean()) / gained.std()
    gained += share * STANDARD_ERRORS * np.sqrt(1 / 399)
    better = np.sqrt(residuals**2 + 10)
    simplest = np.sqrt(better**2 + gained)
    shares = drawn_towards(1, np.array([1.0, 0.0]), 0.7, np.stack([Y + better, Y + simplest]), Y)
    drawn = 0.7 * (1 - share)
    np.testing.assert_allclose(shares, [1 - drawn, drawn], rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)


def test_a_clear_gain_leaves_the_simplest_recipe_nothing(Y, generator):
    predictions, shares = with_noise(Y, generator, [0.5, 0.1]), np.array([0.0, 1.0])
    assert drawn_towards(0, shares, 0.5, predictions, Y).tolist() == [0, 1]
    assert drawn_towards(0, shares, 0.5, predictions, Y, rosy=np.array([1.0, 9.0])).tolist() == [0.5, 0.5]


def test_one_row_that_the_simplest_misses_by_far_makes_no_gain_unclear(Y, generator):
    predictions = with_noise(Y, generator, [0.5, 0.1])
    predictions[0, 7] += 1e3 * Y.std(axis=0)
    assert drawn_towards(0, np.array([0.0, 1.0]), 0.5, predictions, Y).tolist() == [0, 1]


def test_smaller_residuals_in_most_rows_are_no_gain_where_squares_are_larger(Y, generator):
    predictions = with_noise(Y, generator, [0.5, 0.1])
    predictions[1, 7] += 1e3 * Y.std(axis=0)
    assert drawn_towards(0, np.array([0.0, 1.0]), 0.5, predictions, Y).tolist() == [0.5, 0.5]


def test_rows_of_weight_0_do_not_draw(Y, generator):
    weights = np.repeat([1.0, 0.0], 250)
    predictions = with_noise(Y, generator, [0.5, 0.1])
    predictions[1, 250:] += 1e6
    assert drawn_towards(0, np.array([0.0, 1.0]), 0.5, predictions, Y, weights).tolist() == [0, 1]


def test_equal_recipes_leave_half_to_the_simplest():
    Y = np.arange(10.0)[:, np.newaxis]
    assert drawn_towards(0, np.array([0.0, 1.0]), 0.5, np.stack([Y + 1, Y + 1]), Y).tolist() == [0.5, 0.5]
