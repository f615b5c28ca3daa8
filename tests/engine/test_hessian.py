"""Every engine's input Hessian against central differences of its Jacobian: each smooth activation and depth."""

import tracemalloc

import numpy as np
import pytest

from finite_differences import numerical_jacobian
from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.network import Network
from fitnet.engine import hessian as module
from fitnet.engine.reference import ReferenceEngine
from tolerances import (
    DIFFERENCE_STEP,
    FLOAT32_JACOBIAN_ATOL_OF_LARGEST,
    FLOAT64_ATOL,
    FLOAT64_RTOL,
    HESSIAN_ATOL_OF_LARGEST,
    HESSIAN_RTOL,
)

ROWS = 6
REFERENCE = ReferenceEngine()  # its blocks and its memory; the native engine's rows are in test_native_bits.py
SIDES = [(2, 5), (5, 2), (3, 1), (1, 3), (1, 1)]
CURVED = [name for name, activation in ACTIVATIONS.items() if activation.smooth and name != "identity"]
HIDDEN = [name for name in CURVED if name != "exponential"]  # one exponential of another leaves float64


@pytest.mark.parametrize(("p", "m"), SIDES)
@pytest.mark.parametrize("hidden_layers", [1, 2, 3])
@pytest.mark.parametrize("output_activation", ["identity", "same", "exponential"])
@pytest.mark.parametrize("activation", HIDDEN)
def test_hessian_equals_central_differences(engine, generator, activation, output_activation, hidden_layers, p, m):
    output_activation = activation if output_activation == "same" else output_activation
    check_against_differences(engine, *draw(generator, activation, output_activation, hidden_layers, p, m))


@pytest.mark.parametrize(("p", "m"), SIDES)
@pytest.mark.parametrize("output_activation", CURVED)
def test_hessian_of_a_single_layer(engine, generator, output_activation, p, m):
    check_against_differences(engine, *draw(generator, "tanh", output_activation, 0, p, m))


def check_against_differences(engine, network, parameters, X):
    n, p, m = len(X), network.n_inputs, network.n_outputs
    differences = numerical_jacobian(
        lambda at: engine.input_jacobian(network, parameters, at).reshape(n, m * p), X, np.full(p, DIFFERENCE_STEP)
    ).reshape(n, m, p, p)
    hessian = engine.input_hessian(network, parameters, X)
    assert (hessian.dtype, hessian.shape, hessian.flags.c_contiguous) == (np.float64, (n, m, p, p), True)
    assert np.array_equal(hessian, hessian.transpose(0, 1, 3, 2))
    largest = np.abs(differences).max()
    assert largest > 0
    np.testing.assert_allclose(hessian, differences, rtol=0, atol=HESSIAN_ATOL_OF_LARGEST * largest)


def test_a_neuron_by_hand(engine, generator):
    """y = v tanh(w.x + b) + c has d2y/dx2 = -2 v t (1 - t^2) w w^T."""
    w, b, v, c = np.array([0.3, -1.2, 0.7]), 0.4, -2.5, 9.0
    X = generator.normal(size=(20, 3))
    t = np.tanh(X @ w + b)
    expected = (-2 * v * t * (1 - t * t))[:, np.newaxis, np.newaxis] * np.outer(w, w)
    hessian = engine.input_hessian(Network.of_widths((3, 1, 1), "tanh"), np.array([*w, b, v, c]), X)
    np.testing.assert_allclose(hessian[:, 0], expected, rtol=HESSIAN_RTOL)


def test_a_straight_network_has_none(engine, generator):
    for network in (Network.of_widths((3, 2)), Network.of_widths((3, 4, 2), "identity")):
        parameters = network.initial_parameters(generator, dtype="float64")
        hessian = engine.input_hessian(network, parameters, generator.normal(size=(ROWS, 3)))
        assert np.array_equal(hessian, np.zeros((ROWS, 2, 3, 3)))


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_corners_have_none_but_what_follows_them_has(engine, activation):
    """exp(relu(x)) curves as exp(x) where x > 0; the corner itself is left out."""
    X, slope = np.array([[-1.0], [0], [1]]), 0.01 if activation == "leaky_relu" else 0
    parameters = np.array([1.0, 0, 1, 0])
    straight = engine.input_hessian(Network.of_widths((1, 1, 1), activation), parameters, X)
    assert np.array_equal(straight, np.zeros((3, 1, 1, 1)))
    curved = engine.input_hessian(Network.of_widths((1, 1, 1), activation, "exponential"), parameters, X)
    expected = [slope**2 * np.exp(-slope), slope**2, np.e]
    np.testing.assert_allclose(curved.ravel(), expected, rtol=HESSIAN_RTOL)


@pytest.mark.parametrize(("p", "m"), SIDES)
def test_float32_is_float64_rounded(engine, generator, p, m):
    network, parameters, X = draw(generator, "tanh", "identity", 2, p, m)
    parameters, X = parameters.astype(np.float32), X.astype(np.float32)
    exact = engine.input_hessian(network, parameters.astype(np.float64), X.astype(np.float64))
    hessian = engine.input_hessian(network, parameters, X)
    assert hessian.dtype == np.float32
    np.testing.assert_allclose(hessian, exact, rtol=0, atol=FLOAT32_JACOBIAN_ATOL_OF_LARGEST * np.abs(exact).max())


@pytest.mark.parametrize("entries", [1, 100])
def test_blocks_of_rows_do_not_show(generator, monkeypatch, entries):
    network, parameters, X = draw(generator, "silu", "identity", 1, 3, 2)
    whole = REFERENCE.input_hessian(network, parameters, X)
    monkeypatch.setattr(module, "BLOCK_ENTRIES", entries)
    blocks = REFERENCE.input_hessian(network, parameters, X)
    np.testing.assert_allclose(blocks, whole, rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)


def test_memory_does_not_grow_with_the_rows(generator):
    network = Network.of_widths((2, 64, 64, 1), "tanh")
    parameters = network.initial_parameters(generator, dtype="float64")
    X = generator.normal(size=(40_000, 2))
    tracemalloc.start()
    try:
        hessian = REFERENCE.input_hessian(network, parameters, X)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak - hessian.nbytes < 8 * 8 * module.BLOCK_ENTRIES < X[:, :1].nbytes * 64  # one layer of all rows


def test_outputs_that_overflow_do_so_without_a_warning(engine):
    """The first output beyond float64, or its second derivative alone; the other output does not notice."""
    network = Network.of_widths((1, 2), output_activation="exponential")
    hessian = engine.input_hessian(network, np.array([2.0, 0, 0, 1]), np.array([[1000.0], [354.5], [0]]))
    assert hessian.reshape(3, 2).tolist() == [[np.inf, 0], [np.inf, 0], [4, 0]]


def draw(generator, activation, output_activation, hidden_layers, p, m):
    """A network with biases, and rows of size 1."""
    widths = [p, *(int(width) for width in generator.integers(2, 9, hidden_layers)), m]
    network = Network.of_widths(widths, activation, output_activation)
    parameters = network.initial_parameters(generator, "glorot", "float64")
    for b in network.biases(parameters):
        b[:] = generator.normal(0, 0.5, b.shape)
    return network, parameters, generator.normal(size=(ROWS, p))
