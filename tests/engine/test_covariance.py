"""What errors of the parameters do to the outputs: every engine against the formula, with the inverse written out."""

import numpy as np
import pytest

from fitnet.algorithm.network import Network
from fitnet.engine import ENGINES
from fitnet.engine.parameter_jacobian import parameter_jacobian
from tolerances import ERROR_BARS_RTOL

native = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
SHAPES = [(1, 1), (2, 3, 1), (3, 7, 7, 2), (2, 3, 33), (1, 2, 64), (2, 1, 70), (40, 9, 1)]
ROWS = 70  # more than a block of them, of which the last is not full

each_shape = pytest.mark.parametrize("widths", SHAPES, ids=str)


def some_problem(generator, widths, rows=ROWS):
    """A network, its parameters, a packed factor with a condition of some ten, and rows."""
    network = Network.of_widths(widths, "tanh")
    P = network.n_parameters
    lower = np.tril(generator.normal(size=(P, P))) / np.sqrt(P) + 2 * np.eye(P)
    return network, generator.normal(size=P), lower[np.tril_indices(P)], generator.normal(size=(rows, widths[0]))


@each_shape
@pytest.mark.parametrize("rows", [1, 3, ROWS])
def test_is_the_textbook_formula(engine, generator, widths, rows):
    network, parameters, factor, X = some_problem(generator, widths, rows)
    P, m = network.n_parameters, network.n_outputs
    lower = np.zeros((P, P))
    lower[np.tril_indices(P)] = factor
    J = parameter_jacobian(network, parameters, X)
    expected = J @ np.linalg.inv(lower @ lower.T) @ J.transpose(0, 2, 1)
    covariance = engine.predictive_covariance(network, parameters, factor)(X)
    assert (covariance.shape, covariance.dtype) == ((rows, m, m), np.float64)
    assert np.array_equal(covariance, covariance.transpose(0, 2, 1))
    deviations = np.sqrt(np.diagonal(expected, axis1=1, axis2=2))
    largest = deviations[:, :, np.newaxis] * deviations[:, np.newaxis, :]
    assert (np.abs(covariance - expected) <= ERROR_BARS_RTOL * largest).all()


def test_keeps_the_parameters_it_was_made_with(engine, generator):
    network, parameters, factor, X = some_problem(generator, (2, 3, 1))
    covariance = engine.predictive_covariance(network, parameters, factor)
    before = covariance(X)
    parameters *= 2
    assert np.array_equal(covariance(X), before)


@native
@each_shape
def test_a_row_has_the_same_bits_in_any_batch_and_on_any_threads(generator, widths):
    network, parameters, factor, X = some_problem(generator, widths)
    whole = ENGINES["native"](1).predictive_covariance(network, parameters, factor)(X)
    order = generator.permutation(ROWS)
    for n_threads in (1, 2, 3):
        covariance = ENGINES["native"](n_threads).predictive_covariance(network, parameters, factor)
        assert covariance(X).tobytes() == whole.tobytes()
        assert covariance(X[order]).tobytes() == whole[order].tobytes()
        for rows in (slice(0, 1), slice(33, 34), slice(5, 47), slice(ROWS - 1, ROWS)):
            assert covariance(X[rows].copy()).tobytes() == whole[rows].tobytes()


@pytest.mark.parametrize("column", [0, 1])
def test_what_overflows_stays_in_its_row(engine, generator, column):
    network = Network.of_widths((2, 3, 1), "exponential")
    _, _, factor, X = some_problem(generator, (2, 3, 1))
    covariance = engine.predictive_covariance(network, np.ones(network.n_parameters), factor)
    with np.errstate(over="ignore", invalid="ignore"):
        before = covariance(X)
        X[7, column] = 1e4
        after = covariance(X)
    others = np.arange(ROWS) != 7
    assert not np.isfinite(after[7]).any()
    np.testing.assert_allclose(after[others], before[others], rtol=ERROR_BARS_RTOL)
