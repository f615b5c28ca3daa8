"""Baselines against NumPy's lstsq."""

import json

import numpy as np
import pytest

from fitnet.errors import ArgumentValueError
from fitnet.evaluation import Baselines
from tolerances import BASELINE_RTOL, FLOAT64_RTOL, METRIC_RTOL


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
