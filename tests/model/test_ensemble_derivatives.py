"""Derivatives of an ensemble against differences of its predictions, through scalings, logarithms, words and gaps."""

import numpy as np
import pytest
from ensembles import FRAME, ROWS, ensemble, ensemble_of_words

from finite_differences import numerical_jacobian
from fitnet.engine.compute import Compute
from fitnet.model.given_columns import GivenColumns
from tolerances import DIFFERENCE_STEP, HESSIAN_ATOL_OF_LARGEST, JACOBIAN_ATOL_OF_LARGEST, JACOBIAN_RTOL

STEPS = np.full(2, DIFFERENCE_STEP)


@pytest.fixture
def whole(engine):
    return ensemble(compute=Compute(engine.name, 1))


def test_the_jacobian_is_that_of_the_predictions(whole):
    expected = numerical_jacobian(whole.predict, ROWS, STEPS)
    atol = JACOBIAN_ATOL_OF_LARGEST * np.abs(expected).max()
    np.testing.assert_allclose(whole.jacobian(ROWS), expected, JACOBIAN_RTOL, atol)


def test_the_hessian_is_that_of_the_predictions(whole):
    columns = [
        (whole.jacobian(ROWS + step) - whole.jacobian(ROWS - step)) / (2 * DIFFERENCE_STEP) for step in np.diag(STEPS)
    ]
    expected = np.stack(columns, axis=3)
    atol = HESSIAN_ATOL_OF_LARGEST * np.abs(expected).max()
    np.testing.assert_allclose(whole.hessian(ROWS), expected, 0, atol)


def test_of_words_and_gaps_there_is_none(engine):
    whole = ensemble_of_words(compute=Compute(engine.name, 1))
    J, H = whole.jacobian(FRAME), whole.hessian(FRAME)
    assert (J.shape, H.shape) == ((3, 2, 2), (3, 2, 2, 2))  # with respect to x and T
    missing = np.isnan([FRAME["x"], FRAME["T"]]).T
    assert np.array_equal(J == 0, np.broadcast_to(missing[:, np.newaxis], J.shape))
    parts = [member.jacobian(FRAME).astype(float) for member in whole.members]
    np.testing.assert_allclose(J, 0.25 * parts[0] + 0.75 * parts[1], JACOBIAN_RTOL)


def test_words_and_gaps_are_made_numbers_once(monkeypatch):
    whole, calls = ensemble_of_words(), []
    expected = [member.predict(FRAME).astype(float) for member in whole.members]
    completed = GivenColumns.completed
    monkeypatch.setattr(GivenColumns, "completed", lambda *of: calls.append(1) or completed(*of))
    np.testing.assert_allclose(whole.predict(FRAME), 0.25 * expected[0] + 0.75 * expected[1], JACOBIAN_RTOL)
    assert len(calls) == 1
