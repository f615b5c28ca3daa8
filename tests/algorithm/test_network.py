"""Networks: the flat parameter vector, its views, and where training starts."""

import numpy as np
import pytest
from scipy import stats

from fitnet.algorithm.network import Dense, Network
from tolerances import SAMPLE_VARIANCE_RTOL, SMALLEST_P_VALUE

WIDTHS = [(3, 64, 64, 1), (1, 1), (2, 5, 3), (4, 1, 7, 2, 3)]


@pytest.mark.parametrize("widths", WIDTHS)
def test_views_have_the_layers_shapes(widths):
    network = Network.of_widths(widths)
    parameters = np.zeros(network.n_parameters)
    assert [W.shape for W in network.weights(parameters)] == network.architecture
    assert [b.shape for b in network.biases(parameters)] == [(outputs,) for outputs in widths[1:]]


@pytest.mark.parametrize("widths", WIDTHS)
def test_parameters_lie_layer_by_layer_weights_before_biases(widths):
    network = Network.of_widths(widths)
    parameters = np.arange(network.n_parameters)
    pieces = zip(network.weights(parameters), network.biases(parameters), strict=True)
    laid_out = [entry for W, b in pieces for entry in [*W.ravel(), *b]]
    assert laid_out == list(range(network.n_parameters))


def test_weights_are_stored_by_input():
    W = Network.of_widths((2, 3)).weights(np.arange(9))[0]
    assert W.tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("views", [Network.weights, Network.biases])
def test_writing_to_a_view_writes_to_the_vector(views):
    network = Network.of_widths((2, 4, 3))
    parameters = np.zeros(network.n_parameters)
    for value, view in enumerate(views(network, parameters), start=1):
        assert np.shares_memory(view, parameters)
        view[:] = value
        assert np.count_nonzero(parameters == value) == view.size


def test_counts():
    network = Network.of_widths((3, 64, 64, 2))
    assert (network.n_inputs, network.n_outputs) == (3, 2)
    assert [layer.n_parameters for layer in network.layers] == [256, 4160, 130]
    assert network.n_parameters == 4546


def test_architecture_is_written_as_in_the_paper():
    assert Network.of_widths((3, 64, 64, 1)).architecture == [(3, 64), (64, 64), (64, 1)]


def test_of_widths_is_the_network_of_these_layers():
    assert Network.of_widths((3, 5, 4, 1)) == Network((Dense(3, 5, "relu"), Dense(5, 4, "relu"), Dense(4, 1)))
    assert Network.of_widths([2, 3, 1], "tanh", "logistic") == Network((Dense(2, 3, "tanh"), Dense(3, 1, "logistic")))


def test_without_hidden_layers_only_the_output_activation_counts():
    assert Network.of_widths((2, 1), "tanh") == Network((Dense(2, 1, "identity"),))


def test_networks_cannot_be_changed():
    with pytest.raises(AttributeError):
        Network.of_widths((2, 1)).layers = ()


def test_he_start_is_normal_with_variance_two_over_inputs(generator):
    network = Network.of_widths((50, 400, 100))
    for layer, W in zip(network.layers, network.weights(start(network, generator, "he")), strict=True):
        variance = 2 / layer.inputs
        np.testing.assert_allclose(W.var(), variance, rtol=SAMPLE_VARIANCE_RTOL)
        assert stats.kstest(W.ravel(), stats.norm(scale=np.sqrt(variance)).cdf).pvalue > SMALLEST_P_VALUE


def test_glorot_start_is_uniform_within_its_bounds(generator):
    network = Network.of_widths((50, 400, 100))
    for layer, W in zip(network.layers, network.weights(start(network, generator, "glorot")), strict=True):
        bound = np.sqrt(6 / (layer.inputs + layer.outputs))
        assert np.abs(W).max() <= bound
        np.testing.assert_allclose(W.var(), 2 / (layer.inputs + layer.outputs), rtol=SAMPLE_VARIANCE_RTOL)
        assert stats.kstest(W.ravel(), stats.uniform(-bound, 2 * bound).cdf).pvalue > SMALLEST_P_VALUE


@pytest.mark.parametrize("initialization", ["he", "glorot"])
def test_biases_start_at_zero_and_weights_do_not(generator, initialization):
    network = Network.of_widths((3, 8, 2))
    parameters = start(network, generator, initialization)
    assert all(np.all(b == 0) for b in network.biases(parameters))
    assert all(np.all(W != 0) for W in network.weights(parameters))


@pytest.mark.parametrize("initialization", ["he", "glorot"])
def test_float32_starts_where_float64_does(initialization):
    network = Network.of_widths((3, 8, 2))
    single = start(network, np.random.default_rng(1), initialization, "float32")
    double = start(network, np.random.default_rng(1), initialization, "float64")
    assert (single.dtype, double.dtype) == (np.float32, np.float64)
    assert single.tobytes() == double.astype(np.float32).tobytes()


@pytest.mark.parametrize("initialization", ["he", "glorot"])
def test_the_generator_decides_the_start(initialization):
    network = Network.of_widths((3, 8, 2))
    first, again, other = (start(network, np.random.default_rng(seed), initialization) for seed in (1, 1, 2))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


def test_a_start_leaves_the_generator_further_on(generator):
    network = Network.of_widths((3, 8, 2))
    assert start(network, generator, "he").tobytes() != start(network, generator, "he").tobytes()


def test_the_start_is_he_in_float32_unless_asked_otherwise():
    network = Network.of_widths((3, 8, 2))
    given = network.initial_parameters(np.random.default_rng(1))
    assert given.tobytes() == start(network, np.random.default_rng(1), "he", "float32").tobytes()


def start(network, generator, initialization, dtype="float64"):
    return network.initial_parameters(generator, initialization, dtype)
