"""The native engine against the reference engine in float64: networks around the lengths of its vectors and blocks."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from parity import assert_norms_agree, draw_numbers, draw_weights

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES, Huber, Poisson, Quantile
from fitnet.algorithm.network import Dense, Network
from fitnet.engine import ENGINES
from tolerances import PARITY_RTOL, ROUNDINGS_FROM_KINK

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")

VECTOR_LENGTHS = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 130]
HIDDEN = [name for name in ACTIVATIONS if name != "exponential"]  # two layers of exponentials would overflow
SMOOTH = [name for name in HIDDEN if ACTIVATIONS[name].smooth]  # rounding to float32 may change the side of a corner
POSITIVE = ["exponential", "softplus", "logistic"]
widths = st.one_of(st.sampled_from(VECTOR_LENGTHS), st.integers(1, 130))
SIDES = st.sampled_from([1, 2, 3, 4, 5, 7, 8, 9, 17, 33])  # for one row has m p^2 second derivatives
rows = st.one_of(st.sampled_from([1, 2, 7, 8, 9, 16, 31, 32, 33, 64, 65, 255, 256, 257]), st.integers(1, 300))
drawn_again = settings(derandomize=True, deadline=None, database=None)
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


@st.composite
def networks(draw, outputs=tuple(ACTIVATIONS), hidden=tuple(HIDDEN), ends=widths):
    sizes = [draw(ends), *draw(st.lists(widths, max_size=4)), draw(ends)]
    activations = [draw(st.sampled_from(hidden)) for _ in sizes[2:]]
    return Network(tuple(map(Dense, sizes[:-1], sizes[1:], [*activations, draw(st.sampled_from(outputs))])))


@each_dtype
@drawn_again
@given(network=networks(), n=rows, seed=st.integers(0, 2**32), n_threads=st.sampled_from([1, 2, 3]))
def test_predictions_agree(dtype, network, n, seed, n_threads):
    parameters, X, _ = draw_numbers(network, n, seed, dtype)
    expected = ENGINES["reference"]().predict(network, parameters.astype(float), X.astype(float))
    assert_norms_agree(ENGINES["native"](n_threads).predict(network, parameters, X), expected, PARITY_RTOL[dtype])


@each_dtype
@settings(drawn_again, max_examples=60)
@given(
    data=st.data(),
    n=st.sampled_from([1, 7, 8, 9, 33, 70]),
    seed=st.integers(0, 2**32),
    n_threads=st.sampled_from([1, 2, 3]),
)
def test_hessians_agree(dtype, data, n, seed, n_threads):
    network = data.draw(networks(hidden=HIDDEN if dtype == "float64" else SMOOTH, ends=SIDES))
    parameters, X, _ = draw_numbers(network, n, seed, dtype)
    expected = ENGINES["reference"]().input_hessian(network, parameters.astype(float), X.astype(float))
    hessian = ENGINES["native"](n_threads).input_hessian(network, parameters, X)
    assert np.array_equal(hessian, hessian.transpose(0, 1, 3, 2))
    assert_norms_agree(hessian, expected, PARITY_RTOL[dtype])


@each_dtype
@pytest.mark.parametrize("loss", [*LOSSES.values(), Huber(0.3), Quantile(0.9)], ids=repr)
@settings(drawn_again, max_examples=40)
@given(
    data=st.data(),
    n=rows,
    seed=st.integers(0, 2**32),
    weighting=st.sampled_from(["plain", "weighted", "some-zero"]),
    l2=st.sampled_from([0, 1e-3, 0.1]),
    n_threads=st.sampled_from([1, 2, 3]),
)
def test_losses_and_gradients_agree(loss, dtype, data, n, seed, weighting, l2, n_threads):
    network = data.draw(networks(POSITIVE) if loss == Poisson() else networks())
    parameters, X, Y = draw_numbers(network, n, seed, dtype)
    Y = clear_of_kinks(network, parameters, X, Y)
    assert_engines_agree(loss, network, parameters, X, Y, draw_weights(weighting, n, seed, dtype), l2, n_threads)


@each_dtype
@pytest.mark.parametrize("widths", [(3, 17, 33, 2), (2, 130, 5), (40, 1, 1), (9, 64, 16, 8)], ids=str)
def test_hidden_exponentials_agree(widths, dtype):
    layers = [
        Dense(inputs, outputs, "exponential" if i == 0 else "tanh")
        for i, (inputs, outputs) in enumerate(pairwise(widths))
    ]
    network = Network(tuple(layers))
    assert_engines_agree(LOSSES["squared_error"], network, *draw_numbers(network, 65, 3, dtype), None, 0, 2)


def assert_engines_agree(loss, network, parameters, X, Y, weights, l2, n_threads):
    rtol = PARITY_RTOL[X.dtype.name]
    exact = [None if array is None else array.astype(float) for array in (parameters, X, Y, weights)]
    native, reference = ENGINES["native"](n_threads), ENGINES["reference"]()
    value, gradient = native.loss_and_gradient(network, loss, parameters, X, Y, weights, l2=l2)
    expected_value, expected = reference.loss_and_gradient(network, loss, *exact, l2=l2)
    np.testing.assert_allclose(value, expected_value, rtol=rtol)
    assert_norms_agree(gradient, expected, rtol)


def clear_of_kinks(network, parameters, X, Y):
    """The targets, raised where a rounding of the prediction could change the side of a kink it is on."""
    prediction = ENGINES["reference"]().predict(network, parameters.astype(float), X.astype(float))
    margin = ROUNDINGS_FROM_KINK * PARITY_RTOL[Y.dtype.name] * np.abs(prediction).max()
    return np.where(np.abs(prediction - Y) < margin, Y + 2 * margin, Y).astype(Y.dtype)
