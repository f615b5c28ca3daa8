"""The native engine against the reference engine in float64: networks around the lengths of its vectors and blocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES, SquaredError
from fitnet.algorithm.network import Dense, Network
from fitnet.algorithm.optimizers import Adam, GradientDescent, Momentum, initial_state
from fitnet.engine import ENGINES, Best
from tolerances import PARITY_RTOL

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")

VECTOR_LENGTHS = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 130]
widths = st.one_of(st.sampled_from(VECTOR_LENGTHS), st.integers(1, 130))
rows = st.one_of(st.sampled_from([1, 2, 7, 8, 9, 16, 31, 32, 33, 64, 65, 255, 256, 257]), st.integers(1, 300))
drawn_again = settings(derandomize=True, deadline=None, database=None)
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


@st.composite
def networks(draw):
    sizes = draw(st.lists(widths, min_size=2, max_size=6))
    names = draw(st.lists(st.sampled_from([*ACTIVATIONS]), min_size=len(sizes) - 1, max_size=len(sizes) - 1))
    return Network(tuple(map(Dense, sizes[:-1], sizes[1:], names)))


@each_dtype
@drawn_again
@given(network=networks(), n=rows, seed=st.integers(0, 2**32), n_threads=st.sampled_from([1, 2, 3]))
def test_predictions_agree(dtype, network, n, seed, n_threads):
    parameters, X, _ = draw_numbers(network, n, seed, dtype)
    expected = ENGINES["reference"]().predict(network, parameters.astype(float), X.astype(float))
    assert_norms_agree(ENGINES["native"](n_threads).predict(network, parameters, X), expected, PARITY_RTOL[dtype])


@each_dtype
@pytest.mark.parametrize("loss", LOSSES)
@drawn_again
@given(
    network=networks(),
    n=rows,
    seed=st.integers(0, 2**32),
    weighting=st.sampled_from(["plain", "weighted", "some-zero"]),
    n_threads=st.sampled_from([1, 2, 3]),
)
def test_losses_and_gradients_agree(loss, dtype, network, n, seed, weighting, n_threads):
    parameters, X, Y = draw_numbers(network, n, seed, dtype)
    weights = draw_weights(weighting, n, seed, dtype)
    exact = [None if array is None else array.astype(float) for array in (parameters, X, Y, weights)]
    value, gradient = ENGINES["native"](n_threads).loss_and_gradient(network, LOSSES[loss], parameters, X, Y, weights)
    expected_value, expected = ENGINES["reference"]().loss_and_gradient(network, LOSSES[loss], *exact)
    np.testing.assert_allclose(value, expected_value, rtol=PARITY_RTOL[dtype])
    assert_norms_agree(gradient, expected, PARITY_RTOL[dtype])


@each_dtype
@pytest.mark.parametrize("activation", ["tanh", "logistic"])  # smooth: rounding cannot flip a derivative
@pytest.mark.parametrize(
    "optimizer", [GradientDescent(0.05), Momentum(0.01), Adam(1e-3)], ids=lambda o: type(o).__name__
)
@pytest.mark.parametrize(("batch_size", "shuffled"), [(50, False), (10, True), (13, True), (1, False)])
def test_trajectories_agree_over_two_hundred_steps(generator, optimizer, activation, batch_size, shuffled, dtype):
    network = Network.of_widths((3, 17, 33, 2), activation)
    start, X, Y = draw_numbers(network, 50, 7, dtype)
    weights = draw_weights("some-zero", 50, 7, dtype)
    steps = -(-50 // batch_size)
    epochs = -(-200 // steps)
    rates = np.full((epochs, steps), optimizer.learning_rate)
    orders = generator.permuted(np.tile(np.arange(50), (epochs, 1)), axis=1) if shuffled else None
    ends = []
    for engine, kind in ((ENGINES["native"](2), dtype), (ENGINES["reference"](), "float64")):
        parameters = start.astype(kind)
        state = initial_state(optimizer, parameters)
        best = Best(np.inf, parameters.copy(), 0) if batch_size == 50 else None
        data = X.astype(kind), Y.astype(kind), weights.astype(kind)
        losses = engine.run_epochs(
            network,
            SquaredError(),
            optimizer,
            parameters,
            state,
            *data,
            batch_size=batch_size,
            learning_rates=rates,
            row_orders=orders,
            best=best,
        )
        ends.append((parameters, state, losses, best))
    (parameters, state, losses, best), (expected, expected_state, expected_losses, expected_best) = ends
    rtol = PARITY_RTOL[dtype]
    assert_norms_agree(parameters, expected, rtol)
    assert_norms_agree(losses, expected_losses, rtol)
    for moment, expected_moment in zip(state.moments, expected_state.moments, strict=True):
        assert_norms_agree(moment, expected_moment, rtol)
    assert state.step == expected_state.step
    if best is not None:
        assert best.epoch == expected_best.epoch
        np.testing.assert_allclose(best.loss, expected_best.loss, rtol=rtol)
        assert_norms_agree(best.parameters, expected_best.parameters, rtol)


def draw_numbers(network, n, seed, dtype):
    """Parameters, X and Y that keep signals of size 1 through all layers."""
    generator = np.random.default_rng(seed)
    parameters = network.initial_parameters(generator, "he", dtype)
    for b in network.biases(parameters):
        b[:] = generator.normal(0, 0.3, b.shape)
    X, Y = generator.normal(size=(n, network.n_inputs)), generator.normal(size=(n, network.n_outputs))
    return parameters, X.astype(dtype), Y.astype(dtype)


def draw_weights(weighting, n, seed, dtype):
    if weighting == "plain":
        return None
    weights = np.random.default_rng(seed + 1).uniform(0.1, 3, n)
    if weighting == "some-zero":
        weights[1::2] = 0
    return weights.astype(dtype)


def assert_norms_agree(actual, expected, rtol):
    difference = np.linalg.norm(actual.astype(float) - expected)
    assert difference <= rtol * np.linalg.norm(expected), difference / np.linalg.norm(expected)
