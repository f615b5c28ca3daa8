"""Every engine's normal equations against central differences of its predictions, and the native ones against the
reference engine's around the lengths of vectors, panels and chunks."""

import numpy as np
import pytest
from parity import draw_numbers, draw_weights

from finite_differences import numerical_derivatives
from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.cross_entropy import probabilities
from fitnet.algorithm.network import Dense, Network
from fitnet.engine import ENGINES
from fitnet.engine import normal_equations as module
from fitnet.engine.passes import forward
from fitnet.errors import ArgumentValueError
from tolerances import DIFFERENCE_MARGIN, FLOAT64_RTOL, NORMAL_EQUATIONS_ATOL_OF_LARGEST, PARITY_RTOL

ROWS = 7
DRAWS = 500
WITH_CORNER = ("relu", "leaky_relu")
WIDTHS = {0: (3, 2), 1: (3, 5, 2), 2: (2, 1, 4, 3), 3: (4, 3, 2, 5, 1)}
HIDDEN = [name for name in ACTIVATIONS if name != "exponential"]  # one exponential of another leaves float64

native = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
weighted_or_not = pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])


@weighted_or_not
@pytest.mark.parametrize("hidden_layers", WIDTHS)
@pytest.mark.parametrize("output_activation", ["identity", "same", "exponential"])
@pytest.mark.parametrize("activation", HIDDEN)
def test_sums_equal_those_of_central_differences(
    engine, generator, activation, output_activation, hidden_layers, weighted
):
    output_activation = activation if output_activation == "same" else output_activation
    network, parameters, X = draw(generator, activation, output_activation, WIDTHS[hidden_layers])
    Y = generator.normal(size=(ROWS, network.n_outputs))
    weights = generator.uniform(0, 3, ROWS) if weighted else None
    assert_sums_are_those_of_differences(engine, network, parameters, X, Y, weights)


@pytest.mark.parametrize("width", [1, 7, 33, 65])
def test_hidden_layers_of_any_width(engine, generator, width):
    network, parameters, X = draw(generator, "tanh", "identity", (2, width, 3, 2))
    assert_sums_are_those_of_differences(engine, network, parameters, X, generator.normal(size=(ROWS, 2)), None)


def assert_sums_are_those_of_differences(engine, network, parameters, X, Y, weights):
    J = numerical_derivatives(lambda at: engine.predict(network, at, X), parameters)  # (n, m, P)
    residual = engine.predict(network, parameters, X) - Y
    w = np.ones(ROWS) if weights is None else weights
    JtJ, Jtr, sum_of_squares = engine.normal_equations(network, parameters, X, Y, weights)
    P = network.n_parameters
    assert (JtJ.shape, JtJ.dtype, JtJ.flags.c_contiguous) == ((P, P), np.float64, True)
    assert (Jtr.shape, Jtr.dtype) == ((P,), np.float64)
    assert type(sum_of_squares) is float
    assert np.array_equal(JtJ, JtJ.T)
    assert_close(JtJ, np.einsum("i,iop,ioq->pq", w, J, J))
    assert_close(Jtr, np.einsum("i,io,iop->p", w, residual, J))
    np.testing.assert_allclose(sum_of_squares, np.sum(w[:, np.newaxis] * residual**2), rtol=FLOAT64_RTOL)


def assert_close(actual, expected):
    largest = np.abs(expected).max()
    assert largest > 0
    np.testing.assert_allclose(actual, expected, rtol=0, atol=NORMAL_EQUATIONS_ATOL_OF_LARGEST * largest)


@weighted_or_not
@pytest.mark.parametrize("widths", [(3, 5, 2), (2, 7, 4, 3), (3, 1), (2, 4, 1), (4, 9, 10), (3, 66)], ids=str)
def test_the_curvature_of_classes_is_that_of_differences(engine, generator, widths, weighted):
    network, parameters, X = draw(generator, "tanh", "identity", widths)
    weights = generator.uniform(0, 3, ROWS) if weighted else None
    J = numerical_derivatives(lambda at: engine.predict(network, at, X), parameters)
    p = probabilities(engine.predict(network, parameters, X))
    both = np.concatenate([1 - p, p], axis=1) if widths[-1] == 1 else p
    hessian = np.eye(both.shape[1]) * both[:, :, np.newaxis] - both[:, :, np.newaxis] * both[:, np.newaxis]
    hessian = hessian[:, 1:, 1:] if widths[-1] == 1 else hessian
    found = engine.class_curvature(network, parameters, X, weights)
    assert np.array_equal(found, found.T)
    given = np.ones(ROWS) if weights is None else weights
    assert_close(found, np.einsum("i,iab,iap,ibq->pq", given, hessian, J, J, optimize=True))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("scale", [1, 100, 1e4])
def test_the_curvature_of_classes_is_finite_wherever_logits_are(engine, generator, scale, dtype):
    for m in (1, 3):
        network, parameters, X = draw(generator, "tanh", "identity", (2, 4, m))
        found = engine.class_curvature(network, (scale * parameters).astype(dtype), X.astype(dtype))
        assert found.dtype == dtype
        assert np.isfinite(found).all()
        assert np.all(np.diagonal(found) >= 0)


def test_only_logits_have_a_curvature_of_classes(engine, generator):
    network, parameters, X = draw(generator, "tanh", "tanh", (2, 4, 3))
    with pytest.raises(ArgumentValueError, match="must be 'identity'"):
        engine.class_curvature(network, parameters, X)


@weighted_or_not
def test_a_linear_network_is_least_squares_itself(engine, generator, weighted):
    network = Network.of_widths((3, 1))
    X, Y = generator.normal(size=(40, 3)), generator.normal(size=(40, 1))
    weights = generator.uniform(0.1, 2, 40) if weighted else None
    JtJ, Jtr, _ = engine.normal_equations(network, np.zeros(4), X, Y, weights)
    root = np.ones((40, 1)) if weights is None else np.sqrt(weights)[:, np.newaxis]
    expected = np.linalg.lstsq(root * np.column_stack([X, np.ones(40)]), (root * Y)[:, 0])[0]
    np.testing.assert_allclose(np.linalg.solve(JtJ, -Jtr), expected, rtol=1e3 * FLOAT64_RTOL)


def test_weights_count_rows(engine, generator):
    network, parameters, X = draw(generator, "tanh", "identity", (3, 5, 2))
    Y, counts = generator.normal(size=(ROWS, 2)), np.arange(ROWS) % 3
    repeated = engine.normal_equations(network, parameters, np.repeat(X, counts, 0), np.repeat(Y, counts, 0))
    weighted = engine.normal_equations(network, parameters, X, Y, counts.astype(float))
    for actual, expected in zip(weighted, repeated, strict=True):
        np.testing.assert_allclose(actual, expected, rtol=FLOAT64_RTOL, atol=FLOAT64_RTOL)


def test_blocks_of_rows_do_not_show_in_the_reference(generator, monkeypatch):
    network, parameters, X = draw(generator, "silu", "identity", (3, 5, 2))
    Y, engine = generator.normal(size=(ROWS, 2)), ENGINES["reference"]()
    whole = engine.normal_equations(network, parameters, X, Y)
    monkeypatch.setattr(module, "BLOCK_ENTRIES", 1)
    for actual, expected in zip(engine.normal_equations(network, parameters, X, Y), whole, strict=True):
        np.testing.assert_allclose(actual, expected, rtol=FLOAT64_RTOL, atol=FLOAT64_RTOL)


@native
@each_dtype
@pytest.mark.parametrize("weighting", ["plain", "some-zero"])
@pytest.mark.parametrize(
    ("widths", "n"),
    [
        ((1, 1), 1),
        ((3, 32, 32, 1), 513),
        ((3, 32, 32, 1), 1030),
        ((2, 17, 16, 15, 3), 65),
        ((5, 65, 33, 2), 64),
        ((3, 2, 1, 2, 1), 600),
        ((2, 7), 511),
        ((40, 3, 40), 63),
        ((1, 9, 70), 20),
    ],
    ids=str,
)
def test_native_agrees_with_the_reference(widths, n, weighting, dtype):
    names = [*HIDDEN]
    activations = [*(names[(n + i) % len(names)] for i in range(len(widths) - 2)), "softplus"]
    network = Network(tuple(map(Dense, widths, widths[1:], activations)))
    parameters, X, Y = draw_numbers(network, n, 3, dtype)
    weights = draw_weights(weighting, n, 3, dtype)
    exact = [None if array is None else array.astype(float) for array in (parameters, X, Y, weights)]
    expected = ENGINES["reference"]().normal_equations(network, *exact)
    found = ENGINES["native"](2).normal_equations(network, parameters, X, Y, weights)
    assert np.array_equal(found[0], found[0].T)
    for actual, exactly in zip(found, expected, strict=True):
        assert np.linalg.norm(actual - exactly) <= PARITY_RTOL[dtype] * np.linalg.norm(exactly)


@native
@each_dtype
@pytest.mark.parametrize("weighting", ["plain", "some-zero"])
@pytest.mark.parametrize(
    ("widths", "n"), [((3, 32, 32, 1), 513), ((2, 17, 16, 3), 65), ((2, 7), 511), ((40, 3, 40), 63), ((1, 9, 70), 20)]
)
def test_the_native_curvature_of_classes_agrees_with_the_reference(widths, n, weighting, dtype):
    network = Network.of_widths(widths, "tanh")
    parameters, X, _ = draw_numbers(network, n, 3, dtype)
    weights = draw_weights(weighting, n, 3, dtype)
    exact = [None if array is None else array.astype(float) for array in (parameters, X, weights)]
    expected = ENGINES["reference"]().class_curvature(network, *exact)
    found = [ENGINES["native"](threads).class_curvature(network, parameters, X, weights) for threads in (1, 2)]
    assert np.array_equal(*found)
    assert np.linalg.norm(found[0] - expected) <= PARITY_RTOL[dtype] * np.linalg.norm(expected)


def draw(generator, activation, output_activation, widths):
    """A network with biases, and rows that keep every relu clear of its corner, and reach the output."""
    for _ in range(DRAWS):
        network = Network.of_widths(widths, activation, output_activation)
        parameters = network.initial_parameters(generator, "glorot", "float64")
        for b in network.biases(parameters):
            b[:] = generator.normal(0, 0.5, b.shape)
        X = generator.normal(size=(ROWS, widths[0]))
        pre_activations, _ = forward(network, parameters, X)
        relus = [z for z, layer in zip(pre_activations, network.layers, strict=True) if layer.activation in WITH_CORNER]
        if all(np.abs(z).min() > DIFFERENCE_MARGIN and z.max() > 0 for z in relus):
            return network, parameters, X
    raise AssertionError(f"{DRAWS} draws all came too close to a relu's corner")
