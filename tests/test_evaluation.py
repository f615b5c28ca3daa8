"""Evaluation: errors against scikit-learn's metrics, baselines against NumPy's lstsq."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.evaluation import Baselines, Errors, compared, coverage, outside
from tolerances import BASELINE_RTOL, COVERAGE_ATOL, FLOAT64_ATOL, FLOAT64_RTOL, METRIC_RTOL

ORACLES = {
    "rmse": metrics.root_mean_squared_error,
    "mae": metrics.mean_absolute_error,
    "r2": metrics.r2_score,
}


@pytest.fixture
def rows(generator):
    X = generator.normal(size=(60, 3)) * [1, 1e3, 1e-3] + [0, 2000, 5]
    Y = np.stack([X @ [1, -2e-3, 70], X[:, 0] ** 2], axis=1) + generator.normal(size=(60, 2))
    return X, Y


@pytest.mark.parametrize("measure", ORACLES)
def test_errors_are_scikit_learns(generator, measure):
    target = generator.normal(size=(50, 3)) * [1, 100, 1e-4] + [0, 5, 7]
    prediction = target + generator.normal(size=(50, 3)) * [0.1, 300, 1e-5]
    expected = ORACLES[measure](target, prediction, multioutput="raw_values")
    np.testing.assert_allclose(getattr(Errors.of(prediction, target), measure), expected, rtol=METRIC_RTOL)


def test_largest_error_is_scikit_learns(generator):
    target, prediction = generator.normal(size=(2, 50, 3))
    expected = [metrics.max_error(target[:, j], prediction[:, j]) for j in range(3)]
    np.testing.assert_array_equal(Errors.of(prediction, target).max_error, expected)


def test_r2_of_a_constant_target_is_undefined():
    errors = Errors.of([[0.1, 1], [0.2, 2]], [[0.1, 1], [0.1, 2]])
    assert np.isnan(errors.r2[0])
    assert errors.r2[1] == 1


def test_r2_is_undefined_where_deviations_round_to_nothing():
    target = np.full((7, 1), 5e-324)
    target[0] = 0
    assert np.isnan(Errors.of(np.zeros((7, 1)), target).r2[0])


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e200, 1e300])
def test_errors_of_any_size_do_not_overflow(size):
    errors = Errors.of([[3 * size], [0]], [[0], [4 * size]])
    np.testing.assert_allclose(errors.rmse, np.sqrt(12.5) * size, rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(errors.r2, 1 - 12.5 / 4, rtol=FLOAT64_RTOL)


@given(
    arrays(np.float64, (7, 2), elements=st.floats(-1e6, 1e6)), arrays(np.float64, (7, 2), elements=st.floats(-1e6, 1e6))
)
def test_mae_at_most_rmse_at_most_the_largest(prediction, target):
    errors = Errors.of(prediction, target)
    slack = 1 + FLOAT64_RTOL
    assert (errors.mae <= errors.rmse * slack).all()
    assert (errors.rmse <= errors.max_error * slack).all()


@pytest.mark.parametrize(
    ("prediction", "target", "sentence"),
    [
        ([[1.0]], [[1.0], [2.0]], "`prediction` has shape (1, 1); it must have `target`'s, (2, 1)."),
        ([[np.nan]], [[1.0]], "`prediction` holds nan at [0, 0]; every entry must be a finite number."),
        ([[1.0]], [[np.inf]], "`target` holds inf at [0, 0]; every entry must be a finite number."),
        (np.empty((0, 1)), np.empty((0, 1)), "`prediction` has no rows; it must have at least one."),
        ([["1"]], [[1.0]], "`prediction` holds text; it must hold real numbers."),
    ],
)
def test_errors_refuse(prediction, target, sentence):
    with pytest.raises((ArgumentValueError, ArgumentTypeError)) as error:
        Errors.of(prediction, target)
    assert str(error.value) == sentence


def test_least_squares_is_numpys(rows):
    X, Y = rows
    baselines = Baselines.fitted(X, Y)
    design = np.column_stack([np.ones(len(X)), X])
    coefficients = np.linalg.lstsq(design, Y, rcond=None)[0]
    new = X[::-1] * 1.5
    expected = np.column_stack([np.ones(len(new)), new]) @ coefficients
    np.testing.assert_allclose(baselines.predict_linear(new), expected, rtol=BASELINE_RTOL)
    np.testing.assert_allclose(baselines.predict_mean(new), np.tile(Y.mean(axis=0), (60, 1)), rtol=FLOAT64_RTOL)


def test_constant_and_doubled_columns_do_no_harm(rows):
    """What the rows cannot tell apart gets the smallest coefficients, so a constant column has none."""
    X, Y = rows
    singular = np.column_stack([X, X[:, 0], np.full(len(X), 0.1)])
    baselines = Baselines.fitted(singular, Y)
    np.testing.assert_allclose(
        baselines.predict_linear(singular), Baselines.fitted(X, Y).predict_linear(X), rtol=BASELINE_RTOL
    )
    assert (baselines.coefficients[4] == 0).all()


def test_fewer_rows_than_columns(generator):
    X, Y = generator.normal(size=(2, 5)), generator.normal(size=(2, 1))
    np.testing.assert_allclose(Baselines.fitted(X, Y).predict_linear(X), Y, rtol=METRIC_RTOL)
    one = Baselines.fitted(X[:1], Y[:1])
    np.testing.assert_array_equal(one.predict_linear(X), np.tile(Y[:1], (2, 1)))


def test_fitting_refuses_other_numbers_of_rows():
    with pytest.raises(ArgumentValueError, match="`X` has 1 rows and `Y` has 2; they must have equally many"):
        Baselines.fitted([[1.0]], [[1.0], [2.0]])


def test_baselines_survive_json(rows):
    X, Y = rows
    baselines = Baselines.fitted(X, Y)
    again = Baselines.from_lists(json.loads(json.dumps(baselines.as_lists())), 3, 2)
    np.testing.assert_array_equal(again.predict_linear(X), baselines.predict_linear(X))
    np.testing.assert_array_equal(again.predict_mean(X), baselines.predict_mean(X))


SOUND = {"mean": [1.0], "centre": [0.0, 0.0], "coefficients": [[1.0], [2.0]]}


@pytest.mark.parametrize(
    "lists",
    [None, "text", 3, [], {}, *(SOUND | {name: wrong} for name in SOUND for wrong in ([1.0] * 3, "a", None, [[[]]]))],
)
def test_what_are_no_baselines_is_none(lists):
    assert Baselines.from_lists(SOUND, 2, 1) is not None
    assert Baselines.from_lists(lists, 2, 1) is None


def test_not_finite_baselines_are_none():
    assert Baselines.from_lists(SOUND | {"mean": [np.nan]}, 2, 1) is None


def test_compared_names_network_and_baselines(rows):
    X, Y = rows
    baselines = Baselines.fitted(X, Y)
    errors = compared(Y + 1, X, Y, baselines)
    assert list(errors) == ["network", "mean", "least squares"]
    np.testing.assert_allclose(errors["network"].rmse, 1, rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(errors["mean"].rmse, Y.std(axis=0), rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(errors["mean"].r2, 0, atol=FLOAT64_ATOL)
    assert (errors["least squares"].r2 > 0).all()


def test_outside_counts_what_is_beyond_either_end():
    ranges = np.array([[0.0, -1.0], [1.0, 1.0]])
    X = np.array([[0.0, 1.0], [1.0, -1.0], [-0.1, 0.0], [0.5, 1.1]])
    assert outside(X, ranges).tolist() == [[False, False], [False, False], [True, False], [False, True]]


def test_coverage_of_normal_errors_is_the_level(generator):
    std = generator.uniform(0.1, 10, size=(20_000, 2))
    covered = coverage(np.zeros((20_000, 2)), std, std * generator.normal(size=(20_000, 2)))
    assert list(covered) == [0.6827, 0.95]
    for level, share in covered.items():
        np.testing.assert_allclose(share, level, atol=COVERAGE_ATOL)


def test_coverage_counts_the_ends_target_by_target():
    prediction, std = np.zeros((4, 2)), np.array([[1.0, 0]] * 4)
    covered = coverage(prediction, std, np.array([[1.0, 0], [-1.0, 0], [1.5, 1e-9], [-2.0, 0]]))
    assert covered[0.6827].tolist() == [0.5, 0.75]
    assert covered[0.95].tolist() == [0.75, 0.75]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([[1.0]], [[1.0], [2.0]], [[1.0]]), "`std` has shape (2, 1); it must have `target`'s, (1, 1)."),
        (([[1.0, 2.0]], [[1.0]], [[1.0]]), "`prediction` has shape (1, 2); it must have `target`'s, (1, 1)."),
        (([[1.0]], [[-1.0]], [[1.0]]), "`std` holds -1; no standard deviation may be below 0."),
        (([[1.0]], [[np.inf]], [[1.0]]), "`std` holds inf at [0, 0]; every entry must be a finite number."),
    ],
)
def test_coverage_refuses(arguments, sentence):
    with pytest.raises(ArgumentValueError) as error:
        coverage(*arguments)
    assert str(error.value) == sentence
