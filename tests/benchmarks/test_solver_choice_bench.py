"""The bench of "auto": its data, its table, and one cell of it."""

import numpy as np
from benchmarks.solver_choice import Cell, Fit, beside_best, data, fitted, medians, verdict

import tolerances

CELL = Cell("two-inputs", 30, 0.2)


def test_targets_to_judge_by_have_no_noise():
    X, y, X_test, y_test = data(CELL, seed=1)
    np.testing.assert_array_equal(y_test, np.sin(3 * X_test[:, 0]) * X_test[:, 1])
    assert not np.any(y == np.sin(3 * X[:, 0]) * X[:, 1])
    clean = data(Cell("two-inputs", 30, 0.0), seed=1)
    np.testing.assert_array_equal(clean[0], X)
    np.testing.assert_array_equal(clean[1], np.sin(3 * X[:, 0]) * X[:, 1])


def test_auto_is_judged_by_the_best_median_of_the_others():
    errors = {"auto": (3.0, 1.0, 2.0), "lm": (1.0, 9.0, 4.0), "adam": (1.0, 2.0, 1.9)}
    done = [Fit(CELL, way, seed, error, 0.1) for way, of in errors.items() for seed, error in enumerate(of)]
    found = medians(done, CELL)
    assert (found["lm"][:2], found["auto"][:2]) == ((4.0, 9.0), (2.0, 3.0))
    np.testing.assert_allclose(beside_best(found), 2.0 / 1.9, tolerances.FLOAT64_RTOL)
    assert verdict(done, [CELL]) == "auto within 1.1x of the best median in 1 of 1 cells; at most 1.05x."


def test_a_fit_is_timed_and_judged():
    fit = fitted(CELL, "lm-bayesian", 0, (3,))
    assert 0 < fit.error < 2
    assert fit.seconds > 0
