"""Every engine's input Jacobian against central differences: each activation and depth, more inputs or more outputs."""

import tracemalloc

import numpy as np
import pytest

from finite_differences import numerical_jacobian
from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.network import Network
from fitnet.engine import jacobian as module
from fitnet.engine.passes import forward
from fitnet.engine.reference import ReferenceEngine
from tolerances import (
    DIFFERENCE_MARGIN,
    DIFFERENCE_STEP,
    FLOAT32_JACOBIAN_ATOL_OF_LARGEST,
    FLOAT64_ATOL,
    FLOAT64_RTOL,
    JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_RTOL,
)

ROWS = 6
REFERENCE = ReferenceEngine()  # its blocks and its memory; the native engine's rows are in test_native_bits.py
DRAWS = 200
WITH_CORNER = ("relu", "leaky_relu")
SIDES = [(2, 5), (5, 2), (3, 3), (1, 1)]
HIDDEN = [name for name in ACTIVATIONS if name != "exponential"]  # one exponential of another leaves float64


@pytest.mark.parametrize(("p", "m"), SIDES)
@pytest.mark.parametrize("hidden_layers", [0, 1, 2, 3])
@pytest.mark.parametrize("output_activation", ["identity", "same", "exponential"])
@pytest.mark.parametrize("activation", HIDDEN)
def test_jacobian_equals_central_differences(engine, generator, activation, output_activation, hidden_layers, p, m):
    output_activation = activation if output_activation == "same" else output_activation
    network, parameters, X = draw(generator, activation, output_activation, hidden_layers, p, m)
    steps = np.full(p, DIFFERENCE_STEP)
    differences = numerical_jacobian(lambda at: engine.predict(network, parameters, at), X, steps)
    jacobian = engine.input_jacobian(network, parameters, X)
    assert (jacobian.dtype, jacobian.shape, jacobian.flags.c_contiguous) == (np.float64, (ROWS, m, p), True)
    largest = np.abs(differences).max()
    assert largest > 0
    np.testing.assert_allclose(jacobian, differences, rtol=JACOBIAN_RTOL, atol=JACOBIAN_ATOL_OF_LARGEST * largest)


@pytest.mark.parametrize(("p", "m"), SIDES)
def test_float32_is_float64_rounded(engine, generator, p, m):
    network, parameters, X = draw(generator, "tanh", "identity", 2, p, m)
    parameters, X = parameters.astype(np.float32), X.astype(np.float32)
    exact = engine.input_jacobian(network, parameters.astype(np.float64), X.astype(np.float64))
    jacobian = engine.input_jacobian(network, parameters, X)
    assert jacobian.dtype == np.float32
    np.testing.assert_allclose(jacobian, exact, rtol=0, atol=FLOAT32_JACOBIAN_ATOL_OF_LARGEST * np.abs(exact).max())


@pytest.mark.parametrize(("p", "m"), SIDES)
@pytest.mark.parametrize("entries", [1, 100])
def test_blocks_of_rows_do_not_show(generator, monkeypatch, p, m, entries):
    network, parameters, X = draw(generator, "silu", "identity", 1, p, m)
    whole = REFERENCE.input_jacobian(network, parameters, X)
    monkeypatch.setattr(module, "BLOCK_ENTRIES", entries)
    blocks = REFERENCE.input_jacobian(network, parameters, X)
    np.testing.assert_allclose(blocks, whole, rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)


def test_memory_does_not_grow_with_the_rows(generator):
    network = Network.of_widths((2, 64, 64, 1), "relu")
    parameters = network.initial_parameters(generator, dtype="float64")
    X = generator.normal(size=(40_000, 2))
    tracemalloc.start()
    try:
        jacobian = REFERENCE.input_jacobian(network, parameters, X)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak - jacobian.nbytes < 6 * 8 * module.BLOCK_ENTRIES < X[:, :1].nbytes * 64  # one layer of all rows


def test_the_corner_of_relu_has_slope_0(engine):
    network = Network.of_widths((1, 1, 1), "relu")
    parameters = np.array([1.0, 0, 1, 0])
    assert engine.input_jacobian(network, parameters, np.array([[-1.0], [0], [1]])).ravel().tolist() == [0, 0, 1]


def draw(generator, activation, output_activation, hidden_layers, p, m):
    """A network with biases, and rows that keep every relu clear of its corner, not all rows dead."""
    for _ in range(DRAWS):
        widths = [p, *(int(width) for width in generator.integers(2, 9, hidden_layers)), m]
        network = Network.of_widths(widths, activation, output_activation)
        parameters = network.initial_parameters(generator, "glorot", "float64")
        for b in network.biases(parameters):
            b[:] = generator.normal(0, 0.5, b.shape)
        X = generator.normal(size=(ROWS, p))
        pre_activations, _ = forward(network, parameters, X)
        relus = [z for z, layer in zip(pre_activations, network.layers, strict=True) if layer.activation in WITH_CORNER]
        alive = np.all([z.max(axis=1) > 0 for z in relus], axis=0)  # rows with an open path through every layer
        if np.any(alive) and all(np.abs(z).min() > DIFFERENCE_MARGIN for z in relus):
            return network, parameters, X
    raise AssertionError(f"{DRAWS} draws all came too close to a relu's corner")
