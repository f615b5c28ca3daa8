"""Errors of predictions against scikit-learn's metrics, of all rows at once and chunk by chunk."""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn import metrics

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.evaluation import Errors
from fitnet.evaluation.errors import MEASURES, Residuals
from tolerances import FLOAT64_RTOL, METRIC_RTOL

ORACLES = {
    "rmse": metrics.root_mean_squared_error,
    "mae": metrics.mean_absolute_error,
    "r2": metrics.r2_score,
}


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


def joined(prediction, target, cuts):
    """The errors from chunks that end at `cuts`."""
    ends = [*cuts, len(target)]
    chunks = [Residuals.of(prediction[a:b], target[a:b]) for a, b in zip([0, *cuts], ends, strict=True)]
    return reduce(Residuals.joined, chunks).errors()


@pytest.mark.parametrize("cuts", [[1], [49], [7, 8, 30], list(range(1, 50))])
def test_chunks_give_scikit_learns_errors(generator, cuts):
    target = generator.normal(size=(50, 3)) * [1, 100, 1e-4] + [0, 5000, 7]
    prediction = target + generator.normal(size=(50, 3)) * [0.1, 300, 1e-5]
    errors = joined(prediction, target, cuts)
    for measure, oracle in ORACLES.items():
        expected = oracle(target, prediction, multioutput="raw_values")
        np.testing.assert_allclose(getattr(errors, measure), expected, rtol=METRIC_RTOL)
    np.testing.assert_array_equal(errors.max_error, Errors.of(prediction, target).max_error)


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1e200, 1e300])
def test_chunks_of_any_size_do_not_overflow(size):
    errors = joined(np.array([[3 * size], [0]]), np.array([[0], [4 * size]]), [1])
    np.testing.assert_allclose(errors.rmse, np.sqrt(12.5) * size, rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(errors.mae, 3.5 * size, rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(errors.r2, 1 - 12.5 / 4, rtol=FLOAT64_RTOL)


def test_a_target_that_is_constant_in_every_chunk_and_not_in_all_has_an_r2():
    errors = joined(np.array([[0.0], [0], [1], [1]]), np.array([[0.0], [0], [1], [1]]), [2])
    assert errors.r2.tolist() == [1]
    assert np.isnan(joined(np.zeros((4, 1)), np.full((4, 1), 0.1), [1]).r2[0])


def test_measures_of_one_target_as_json_holds_them():
    errors = Errors.of([[0.1, 1], [0.2, 2]], [[0.1, 1], [0.1, 2]])
    first, second = errors.of_target(0), errors.of_target(1)
    assert tuple(first) == MEASURES == ("rmse", "mae", "r2", "max_error")
    assert first["r2"] is None
    assert second == {"rmse": 0.0, "mae": 0.0, "r2": 1.0, "max_error": 0.0}
