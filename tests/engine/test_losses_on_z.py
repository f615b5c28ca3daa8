"""Losses on z in every engine: what a row costs, and which way it pulls, wherever its z is."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitnet.algorithm.losses import LOSSES, Huber, Poisson, PoissonOfRates, Quantile, SquaredError
from fitnet.algorithm.network import Network
from fitnet.engine import ENGINES
from tolerances import LOSS_RTOL

LARGEST_SLOPE = {"float32": 2.0**63, "float64": 2.0**511}  # the largest power of two whose square is finite
LARGEST_EXPONENT = math.log(np.finfo(float).max)

each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


@each_dtype
@pytest.mark.parametrize(
    ("z", "y", "value", "slope"),
    [
        (-90, 3, 3 * math.log(3) + 270 - 3 + math.exp(-90), -3),
        (90, 3, 3 * math.log(3) - 270 - 3 + math.exp(90), math.exp(90) - 3),
        (90, 0, math.exp(90), math.exp(90)),
        (-90, 0, math.exp(-90), math.exp(-90)),
        (40, 3, 3 * math.log(3) - 120 - 3 + math.exp(40), math.exp(40) - 3),
        (709, 1e-5, math.exp(709), math.exp(709)),  # where exp(z) / y overflows
        (-1e30, 3, 3e30, -3),
        (-1e30, 0, 0, 0),
        (1e30, 3, math.inf, math.inf),
        (1e30, 0, math.inf, math.inf),
    ],
)
def test_poisson_is_right_as_far_as_float64_goes(engine, z, y, value, slope, dtype):
    found, gradient = loss_and_slope(engine, Poisson(), z, y, dtype)
    np.testing.assert_allclose(found, value, rtol=LOSS_RTOL[dtype])
    np.testing.assert_allclose(gradient, min(slope, LARGEST_SLOPE[dtype]), rtol=LOSS_RTOL[dtype])


def test_poisson_far_below_its_count_is_what_it_was_reported_to_be(engine):
    found, gradient = loss_and_slope(engine, Poisson(), -90, 3, "float32")
    assert round(found, 1) == 270.3
    assert gradient == -3


@each_dtype
@pytest.mark.parametrize("name", ENGINES)
@settings(derandomize=True, deadline=None, database=None)
@given(z=st.floats(width=32, allow_nan=False, allow_infinity=False), y=st.floats(0, 1e6, width=32))
def test_the_exponential_link_gives_finite_slopes_for_any_finite_z(name, dtype, z, y):
    value, slope = loss_and_slope(ENGINES[name](), Poisson(), z, y, dtype)
    assert -y <= slope <= LARGEST_SLOPE[dtype]
    assert np.isfinite(value) if z < LARGEST_EXPONENT else value == math.inf
    assert value >= 0


@each_dtype
@pytest.mark.parametrize("loss", [Huber(0.5), Quantile(0.9), *LOSSES.values()], ids=repr)
@pytest.mark.parametrize("z", [0.0, 1e-30, -1e-30, 3.0, -90.0, 90.0, 1e10, -1e10, 1e18, -1e18])
@pytest.mark.parametrize("y", [0.0, 3.0, 1e10])
def test_no_loss_is_nan_and_no_slope_infinite(engine, loss, z, y, dtype):
    value, slope = loss_and_slope(engine, loss, z, y, dtype)
    assert np.isfinite(slope)
    assert np.isfinite(value) or (value == math.inf and loss == Poisson() and z > LARGEST_EXPONENT)


@each_dtype
def test_what_is_infinite_has_no_say_where_its_weight_is_zero(engine, dtype):
    network, parameters = Network.of_widths((1, 1), output_activation="exponential"), np.array([1, 0], dtype)
    X, Y = np.array([[800], [0]], dtype), np.array([[1], [3]], dtype)
    value, gradient = engine.loss_and_gradient(network, Poisson(), parameters, X, Y, np.array([0, 2], dtype))
    assert value == pytest.approx(3 * math.log(3) - 2, rel=LOSS_RTOL[dtype])
    assert gradient.tolist() == [0, -2]
    assert engine.loss(network, Poisson(), parameters, X, Y, np.array([0, 2], dtype)) == value


@each_dtype
@pytest.mark.parametrize("output_activation", ["softplus", "logistic", "relu"])
def test_poisson_takes_rates_from_other_outputs_too(engine, generator, output_activation, dtype):
    network = Network.of_widths((2, 5, 2), "tanh", output_activation)
    parameters = network.initial_parameters(generator, dtype=dtype)
    for b in network.biases(parameters):
        b[:] = 3  # where relu is above 0
    X, Y = generator.normal(size=(7, 2)).astype(dtype), generator.poisson(2.0, (7, 2)).astype(dtype)
    expected = PoissonOfRates().value(engine.predict(network, parameters, X), Y)
    assert engine.loss(network, Poisson(), parameters, X, Y) == pytest.approx(expected, rel=LOSS_RTOL[dtype])


class OwnSquaredError:
    """A loss of a user's, without a link."""

    def value(self, prediction, target, weights=None):
        return SquaredError().value(prediction, target, weights)

    def gradient(self, prediction, target, weights=None):
        return SquaredError().gradient(prediction, target, weights)


@pytest.mark.parametrize("output_activation", ["identity", "tanh", "exponential"])
def test_a_loss_without_a_link_takes_predictions(generator, output_activation):
    engine = ENGINES["reference"]()
    network = Network.of_widths((2, 5, 2), "tanh", output_activation)
    numbers = network.initial_parameters(generator, dtype="float64"), *generator.normal(size=(2, 7, 2))
    value, gradient = engine.loss_and_gradient(network, OwnSquaredError(), *numbers)
    expected_value, expected = engine.loss_and_gradient(network, SquaredError(), *numbers)
    assert value == expected_value == engine.loss(network, OwnSquaredError(), *numbers)
    assert np.array_equal(gradient, expected)


def loss_and_slope(engine, loss, z, y, dtype):
    """What one row costs whose last z is that, with and without its slope, and d(loss)/dz: the bias's gradient."""
    network = Network.of_widths((1, 1), output_activation=loss.link)
    numbers = np.array([0, z], dtype), np.zeros((1, 1), dtype), np.full((1, 1), y, dtype)
    value, gradient = engine.loss_and_gradient(network, loss, *numbers)
    assert engine.loss(network, loss, *numbers) == value
    return value, float(gradient[1])
