"""Intervals where all folds predict alike: those of the general case; the spread of new targets by hand."""

from dataclasses import replace

import numpy as np
import pytest

from fitnet.errors import ArgumentValueError
from fitnet.uncertainty.alike_folds import interval_around, quantiles_around, rows_of_kept
from fitnet.uncertainty.conformal import CrossConformal
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL, KEPT_SCORES_RTOL

COVERAGES = [0.1, 0.5, 0.9]
K = 5


@pytest.fixture(params=["plain", "normalised", "skewed"])
def conformal(request, generator):
    """Of 300 rows, and two outputs of that kind."""
    noise, spreads = generator.normal(size=(300, 2)), np.exp(generator.normal(size=(300, 2)))
    residuals = {"plain": noise, "normalised": noise * spreads, "skewed": np.exp(1.2 * noise) - 1}[request.param]
    found = CrossConformal.of(residuals, np.arange(300) % K, spreads, [0.9, 0.8])
    assert np.isfinite(found.floors).all() == (request.param == "normalised")
    return found


def test_ends_are_those_of_the_general_case(generator, conformal):
    predictions, spreads = generator.normal(size=(20, 2)), np.exp(generator.normal(size=(20, 2)))
    for_all = [np.broadcast_to(each, (K, 20, 2)) for each in (predictions, spreads)]
    found = interval_around(conformal, predictions, COVERAGES, spreads)
    expected = conformal.interval(for_all[0], COVERAGES, for_all[1])
    np.testing.assert_allclose(found, expected, FLOAT64_RTOL, FLOAT64_ATOL)
    np.testing.assert_array_equal(interval_around(conformal, predictions, 0.9, spreads), found[..., 2])
    probabilities = [0.05, 0.25, 0.5, 0.9]
    found = quantiles_around(conformal, predictions, probabilities, spreads)
    expected = conformal.quantiles(for_all[0], probabilities, for_all[1])
    np.testing.assert_allclose(found, expected, FLOAT64_RTOL, FLOAT64_ATOL)
    for i in (0, 7):
        row = slice(i, i + 1)
        alone = quantiles_around(conformal, predictions[row], probabilities, spreads[row])
        assert alone.tobytes() == found[row].tobytes()


def test_a_prediction_that_is_not_finite_has_ends_that_are_not(conformal):
    ends = interval_around(conformal, np.array([[np.inf, 0.0]]), 0.5, np.ones((1, 2)))
    assert not np.isfinite(ends[0, 0]).any()
    assert np.isfinite(ends[0, 1]).all()


def test_the_deviation_is_the_root_mean_square_of_scores_times_the_unit():
    """Scores 1, 1, 2, 3, 3 have the mean square 24 / 5; units are hypot(3, 4) and 1."""
    scores = np.array([[1.0, -1], [2, 1], [3, 2], [1, -3], [3, 3]])
    conformal = CrossConformal(scores, [3, 2], [4.0, np.inf], [True, False], [0.5, 1.0])
    expected = [[0.5 * 4.8**0.5 * 5, 4.8**0.5], [0.5 * 4.8**0.5 * 4, 4.8**0.5]]
    np.testing.assert_allclose(conformal.standard_deviation([[3, 3], [0, 0]]), expected, FLOAT64_RTOL)
    np.testing.assert_allclose(
        replace(conformal, scores=scores * 1e300).standard_deviation([[0, 0]]),
        np.array(expected[1:]) * 1e300,
        FLOAT64_RTOL,
    )
    assert not replace(conformal, scores=scores * 0).standard_deviation([[3, 3]]).any()


@pytest.mark.parametrize("n", [1, 2, 1999, 2000, 2001, 31_000])
def test_kept_scores_stand_for_all_rows(generator, n):
    weights = rows_of_kept(n)
    assert len(weights) == min(n, 2000)
    np.testing.assert_allclose(weights.sum(), n, FLOAT64_RTOL)
    assert n > 2000 or np.all(weights == 1)
    residuals = generator.normal(size=(n + 50, 1)) + 3
    found = CrossConformal.of(residuals, np.repeat([0, 1], [n, 50]))
    expected = np.sqrt(np.mean(residuals**2))
    np.testing.assert_allclose(found.standard_deviation(np.zeros((1, 1)))[0, 0], expected, KEPT_SCORES_RTOL)


@pytest.mark.parametrize(
    ("spreads", "sentence"),
    [
        ([[1.0]], "`spreads` has shape (1, 1); it must have shape (n, 2)."),
        ([[1.0, -1]], "`spreads` holds -1; no standard deviation may be below 0."),
        ([[1.0, np.nan]], "`spreads` holds nan at [0, 1]; every entry must be a finite number."),
    ],
)
def test_spreads_that_are_none_are_refused(conformal, spreads, sentence):
    with pytest.raises(ArgumentValueError) as raised:
        conformal.standard_deviation(spreads)
    assert str(raised.value) == sentence
