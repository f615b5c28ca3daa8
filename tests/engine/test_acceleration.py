"""Every engine's acceleration along a step against a closed formula, and against differences of the Jacobian."""

import numpy as np
import pytest

from finite_differences import numerical_derivatives
from fitnet.algorithm.network import Dense, Network
from tolerances import SECOND_DIFFERENCE_ATOL, SECOND_DIFFERENCE_OF_LARGEST

ROWS = 7


def test_a_product_bends_as_products_do(engine):
    """The second derivative of v w x along a step is 2 dv dw x, wherever it is asked for."""
    network = Network((Dense(1, 1, "identity"), Dense(1, 1, "identity")))
    w, _, v, _ = parameters = np.array([2.0, 0, 3, 0])
    dw, _, dv, _ = step = np.array([0.5, 0, -0.25, 0])
    X = np.linspace(-1, 1, 9)[:, np.newaxis]
    J = np.column_stack([v * X, np.full(9, v), w * X, np.ones(9)])
    expected = J.T @ (2 * dv * dw * X[:, 0])
    found = engine.acceleration(network, parameters, step, X)
    np.testing.assert_allclose(found, expected, rtol=0, atol=SECOND_DIFFERENCE_ATOL)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("output_activation", ["identity", "softplus"])
@pytest.mark.parametrize("widths", [(3, 5, 2), (2, 4, 3, 1), (3, 2, 4)], ids=str)
def test_it_is_that_of_differences(engine, generator, widths, output_activation, weighted):
    network = Network.of_widths(widths, "tanh", output_activation)
    parameters = network.initial_parameters(generator, "glorot", "float64")
    X, step = generator.normal(size=(ROWS, widths[0])), generator.normal(0, 0.03, len(parameters))
    weights = generator.uniform(0, 3, ROWS) if weighted else None

    def jacobian(at):
        return numerical_derivatives(lambda at: engine.predict(network, at, X), at)  # (n, m, P)

    bend = (jacobian(parameters + step / 100) - jacobian(parameters - step / 100)) @ step * 50
    given = np.ones(ROWS) if weights is None else weights
    expected = np.einsum("i,io,iop->p", given, bend, jacobian(parameters))
    found = engine.acceleration(network, parameters, step, X, weights)
    np.testing.assert_allclose(found, expected, rtol=0, atol=SECOND_DIFFERENCE_OF_LARGEST * np.abs(expected).max())


def test_it_is_not_finite_where_predictions_are_not(engine):
    network = Network((Dense(1, 1, "exponential"), Dense(1, 1, "identity")))
    parameters, step, X = np.array([1.0, 0, 1, 0]), np.array([1e5, 0, 0, 0]), np.ones((2, 1))
    assert not np.isfinite(engine.acceleration(network, parameters, step, X)).any()
