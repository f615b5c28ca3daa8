"""Ratios of errors and their intervals."""

import numpy as np
import pytest

from fitnet.evaluation.error_ratios import error_ratios
from tolerances import BINOMIAL_DEVIATIONS, FLOAT64_RTOL


def of(squares, others, seed=0):
    return error_ratios(squares, others, np.random.default_rng(seed))


def test_the_ratio_is_that_of_root_mean_squares(generator):
    one, other = generator.normal(size=(2, 50, 3)) ** 2
    expected = np.sqrt(one.mean(axis=0) / other.mean(axis=0))
    np.testing.assert_allclose(of(one, {"mean": other})["mean"].ratio, expected, rtol=FLOAT64_RTOL)


@pytest.mark.parametrize("n", [200, 5000])
def test_the_interval_holds_the_true_ratio_as_often_as_it_says(n, generator):
    """Errors of deviation 1 and 2: the ratio is 1/2, and intervals of 95 % miss it about one time in twenty."""
    draws, missed = 100, 0
    for seed in range(draws):
        one, other = generator.normal(size=(n, 1)), 2 * generator.normal(size=(n, 1))
        found = error_ratios(one**2, {"other": other**2}, np.random.default_rng(seed), 200)["other"]
        missed += not found.low[0] <= 0.5 <= found.high[0]
    assert abs(missed - 0.05 * draws) < BINOMIAL_DEVIATIONS * np.sqrt(0.05 * 0.95 * draws)


def test_what_is_hard_for_both_widens_no_interval(generator):
    squares = np.exp(3 * generator.normal(size=(300, 1)))
    found = of(squares, {"other": 4 * squares})["other"]
    np.testing.assert_allclose([found.low, found.ratio, found.high], 0.5, rtol=FLOAT64_RTOL)


def test_no_ratio_to_an_error_of_none_and_no_interval_of_few_rows(generator):
    squares = generator.normal(size=(9, 1)) ** 2
    found = of(squares, {"none": np.zeros((9, 1)), "some": squares})
    assert np.isnan(found["none"].ratio).all()
    assert found["some"].ratio[0] == 1
    assert np.isnan(found["some"].low).all()


def test_the_size_of_errors_does_not_matter(generator):
    one, other = generator.normal(size=(2, 50, 1)) ** 2
    small, large = (of(one * unit, {"o": other * unit})["o"] for unit in (1e-300, 1e300))
    np.testing.assert_allclose(small.low, large.low, rtol=FLOAT64_RTOL)
