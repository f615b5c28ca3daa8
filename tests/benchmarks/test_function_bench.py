"""The bench of known functions: its rows, its comparison at equal time, its coverage, and one fit in a process."""

import numpy as np
import pytest
from benchmarks.function_comparison import FunctionCase, Point, curves, equal_times, error_at
from benchmarks.function_coverage import share_within
from benchmarks.function_data import relative_error, rows_of
from benchmarks.function_peers import REFERENCE
from benchmarks.known_functions import FUNCTIONS, KnownFunction
from benchmarks.processes import Failure, run_module

import tolerances

OTHER = "torch-adam"


def test_rows_are_standardised_by_those_that_are_learnt():
    rows = rows_of(FUNCTIONS["otl-circuit"], 300, 200, seed=1)
    for values in (rows.X, rows.y):
        np.testing.assert_allclose(values.mean(axis=0), 0, atol=tolerances.METRIC_RTOL)
        np.testing.assert_allclose(values.std(axis=0), 1, tolerances.METRIC_RTOL)
    assert rows.X_test.shape == (200, 6)
    assert not set(rows.X[:, 0]) & set(rows.X_test[:, 0])


def test_inputs_and_targets_to_judge_by_are_scaled_as_those_learnt():
    """Seen where the target is the input: standardised alike, they stay equal, and their mean is not 0."""
    rows = rows_of(KnownFunction("line", ((2.0, 5.0),), lambda x: x[:, 0]), 300, 200, seed=1)
    np.testing.assert_allclose(rows.X_test[:, 0], rows.y_test, tolerances.METRIC_RTOL)
    assert abs(rows.y_test.mean()) > tolerances.METRIC_RTOL


def test_points_to_judge_by_are_the_same_for_any_number_to_learn_from():
    few, many = (rows_of(FUNCTIONS["ishigami"], rows, 50, seed=2) for rows in (10, 100))
    # standardised by other means and deviations, they lie on one line
    for column in range(3):
        correlation = np.corrcoef(few.X_test[:, column], many.X_test[:, column])[0, 1]
        np.testing.assert_allclose(correlation, 1, tolerances.METRIC_RTOL)
    assert not np.array_equal(rows_of(FUNCTIONS["ishigami"], 10, 50, seed=3).y_test, few.y_test)


def test_noise_is_as_large_as_was_asked_for_in_all_targets():
    noise = 0.5
    clean, noisy = (rows_of(FUNCTIONS["ishigami"], 20_000, 20_000, 4, share) for share in (0.0, noise))
    scale = np.sqrt(1 + noise**2)  # the noisy targets' deviation, of the function's
    for exact, with_noise in ((clean.y, noisy.y), (clean.y_test, noisy.y_test)):
        share = np.std(scale * with_noise - exact)
        np.testing.assert_allclose(share, noise, tolerances.SAMPLE_VARIANCE_RTOL)


def test_relative_error_of_the_mean_is_one():
    target = np.array([1.0, 2.0, 6.0])
    np.testing.assert_allclose(relative_error(np.full(3, target.mean()), target), 1, tolerances.FLOAT64_RTOL)


@pytest.mark.parametrize("time", [1.0, 1.7, 4.0, 11.0, 16.0])
def test_error_between_points_follows_a_power_law(time):
    curve = [Point(budget, budget, 0.3 * budget**-1.5, 1) for budget in (1.0, 4.0, 16.0)]
    np.testing.assert_allclose(error_at(curve, time), 0.3 * time**-1.5, tolerances.FLOAT64_RTOL)


def test_error_is_none_before_the_first_point_and_the_last_ones_after_it():
    curve = [Point(1, 1.2, 0.5, 1), Point(4, 3.9, 0.1, 1)]
    assert error_at(curve, 1.1) is None
    assert error_at(curve, 100.0) == 0.1


def test_curves_are_medians_over_seeds_sorted_by_seconds():
    fits = {
        FunctionCase("borehole", OTHER, budget, seed): {"seconds": budget + seed / 10, "error": (seed + 1) / budget}
        for budget in (4.0, 1.0)
        for seed in range(3)
    }
    assert curves(fits) == {"borehole": {OTHER: [Point(1.0, 1.1, 2.0, 3), Point(4.0, 4.1, 0.5, 3)]}}


def test_ratios_are_of_the_reference_at_the_same_time():
    of_peers = {REFERENCE: [Point(1, 1, 0.2, 1)], OTHER: [Point(1, 2, 0.8, 1)]}
    early, late = equal_times({"borehole": of_peers}, {"borehole": [1.5, 3.0]})
    assert early.ratios == {REFERENCE: 1.0}
    assert late.ratios == {REFERENCE: 1.0, OTHER: 4.0}


@pytest.mark.parametrize(("level", "times"), [(0.95, 1.0), (0.68, 1.0), (0.6826894921370859, 2.0)])
def test_coverage_of_normal_draws_is_their_level(level, times, generator):
    """Deviations that vary from row to row; twice too large, one standard deviation covers what two should."""
    deviation = generator.uniform(0.1, 3.0, 20_000)
    mean = generator.standard_normal(20_000)
    target = mean + deviation * generator.standard_normal(20_000)
    expected = 0.9544997361036416 if times == 2.0 else level
    share = share_within(target, mean, times * deviation, level)
    np.testing.assert_allclose(share, expected, atol=tolerances.COVERAGE_ATOL)


def test_a_fit_in_a_process_of_its_own_learns():
    options = ("--peer", "fitnet-adam", "--function", "friedman-1", "--budget", 0.05, "--rows", 200, "--test-rows", 100)
    fit = run_module("benchmarks.function_fit", *options)
    assert not isinstance(fit, Failure), fit
    assert fit["error"] < 1
    assert fit["rows"] == 200
    assert fit["seconds"] > 0
