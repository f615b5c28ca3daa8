"""Selection: shares of recipes by their out-of-fold predictions."""

import numpy as np
import pytest

from fitnet.fitting.selection import STEPS, selected
from tolerances import FLOAT64_RTOL


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
    for _ in range(STEPS):
        trials = [np.mean(((predictions[[*chosen, r]].mean(0) - Y) / Y.std(0)) ** 2) for r in range(len(predictions))]
        chosen.append(int(np.argmin(trials)))
        errors.append(min(trials))
    steps = max(k for k in range(1, STEPS + 1) if errors[k - 1] < min([*errors[: k - 1], np.inf]) * (1 - 1e-4))
    expected = np.bincount(chosen[:steps], minlength=4) / steps
    np.testing.assert_allclose(selected(predictions, Y), expected, rtol=FLOAT64_RTOL)


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
