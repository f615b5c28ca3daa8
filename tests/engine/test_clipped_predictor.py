"""Every engine's predictor for inputs that are clipped once they are scaled: values, derivatives, what it answers."""

import numpy as np
import pytest

from finite_differences import numerical_jacobian
from fitnet.algorithm.clipping import clipped, clipping_slopes, unclipped
from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import Scaling
from tolerances import (
    DERIVATIVE_ATOL,
    DIFFERENCE_STEP,
    FLOAT64_RTOL,
    HESSIAN_ATOL_OF_LARGEST,
    JACOBIAN_ATOL_OF_LARGEST,
)

NETWORK = Network.of_widths((3, 6, 2), "tanh")
PARAMETERS = np.random.default_rng(0).normal(size=NETWORK.n_parameters)
INPUTS = Scaling([1.0, -2e5, 3e-9], [2.0, 1e4, 1e-9], limit=3.0)
TARGETS = Scaling([5.0, -1], [1e3, 0.1])
Z = np.random.default_rng(1).standard_t(2, size=(400, 3)) * 2  # long tails
ROWS = INPUTS.shift + INPUTS.scale * Z


def test_the_formula_and_its_slopes():
    z = np.linspace(-20, 20, 401)
    found = clipped(z, 3.0)
    np.testing.assert_allclose(found, z / np.sqrt(1 + (z / 3) ** 2), rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(unclipped(found, 3.0), z, rtol=FLOAT64_RTOL * 400, atol=FLOAT64_RTOL)
    first, second = clipping_slopes(z, 3.0)
    step = DIFFERENCE_STEP
    np.testing.assert_allclose(
        first, (clipped(z + step, 3.0) - clipped(z - step, 3.0)) / (2 * step), atol=DERIVATIVE_ATOL, rtol=0
    )
    slopes = [clipping_slopes(z + by, 3.0)[0] for by in (step, -step)]
    np.testing.assert_allclose(second, (slopes[0] - slopes[1]) / (2 * step), atol=DERIVATIVE_ATOL, rtol=0)
    assert np.array_equal(clipped(np.array([-1e308, 0, 1e308]), 3.0), [-3, 0, 3])
    assert not np.any(clipping_slopes(np.array([-1e308, 1e308]), 3.0))


@pytest.mark.parametrize("targets", [None, TARGETS], ids=["plain", "scaled"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_outputs_are_the_network_s_at_clipped_rows(engine, targets, dtype):
    parameters = PARAMETERS.astype(dtype)
    predictor = engine.predictor(NETWORK, parameters, INPUTS, targets)
    c = (Z / np.sqrt(1 + (Z / 3) ** 2)).astype(dtype)
    expected = engine.predict(NETWORK, parameters, c)
    expected = expected if targets is None else targets.undo(expected)
    found = predictor(ROWS, None)
    assert found.dtype == expected.dtype
    np.testing.assert_allclose(found, expected, rtol=1e4 * np.finfo(dtype).eps, atol=1e3 * np.finfo(dtype).eps)
    out = np.empty_like(found)
    assert predictor(np.asfortranarray(ROWS), out) is out
    assert np.array_equal(out, found)
    alone = np.concatenate([predictor(row[np.newaxis], None) for row in ROWS])
    assert np.array_equal(alone, found) or engine.name == "reference"


@pytest.mark.parametrize("targets", [None, TARGETS], ids=["plain", "scaled"])
def test_derivatives(engine, targets):
    predictor = engine.predictor(NETWORK, PARAMETERS, INPUTS, targets)
    steps = DIFFERENCE_STEP * INPUTS.scale
    expected = numerical_jacobian(lambda X: predictor(X, None), ROWS, steps)
    largest = np.abs(expected).max(axis=0)
    assert np.all(np.abs(predictor.jacobian(ROWS) - expected) <= JACOBIAN_ATOL_OF_LARGEST * largest)
    twice = numerical_jacobian(lambda X: predictor.jacobian(X).reshape(-1, 6), ROWS, steps).reshape(-1, 2, 3, 3)
    hessian = predictor.hessian(ROWS)
    assert np.all(np.abs(hessian - twice) <= HESSIAN_ATOL_OF_LARGEST * np.abs(twice).max(axis=0))
    assert np.array_equal(hessian, hessian.swapaxes(2, 3))


def test_what_it_does_not_take(engine):
    predictor = engine.predictor(NETWORK, PARAMETERS, INPUTS, None)
    for X in (ROWS.tolist(), ROWS[0], ROWS[:, :2], ROWS[:0], ROWS.astype(int), np.full((2, 3), np.nan), ROWS * np.inf):
        assert predictor(X, None) is predictor.jacobian(X) is predictor.hessian(X) is None
    whole = np.zeros((4, 5))
    assert predictor(ROWS[:4], whole[:, :2]) is None
    assert predictor(ROWS[:4], np.empty((4, 2), np.float32)) is None
    shared = np.zeros((6, 3))
    assert predictor(shared[:4], shared.ravel()[:8].reshape(4, 2)) is None


def test_rows_so_far_out_that_only_clipped_they_can_be_held(engine):
    parameters, tiny = PARAMETERS.astype("float32"), Scaling(np.zeros(3), np.full(3, 1e-200), 3.0)
    found = engine.predictor(NETWORK, parameters, tiny)(np.array([[1e100, -1e100, 0.0]]), None)
    assert np.array_equal(found, engine.predict(NETWORK, parameters, np.float32([[3, -3, 0]])))
