"""Units that no row reaches: turned round before the first step, and no network that came to predict a constant."""

import numpy as np
import pytest

from fitnet import Network, Regressor
from fitnet.fitting import fitting
from fitnet.fitting.reached_units import predicts_a_constant, with_all_units_reached

x = np.linspace(-1, 1, 100).reshape(-1, 1)
y = np.abs(x[:, 0])
NETWORK = Network.of_widths((1, 3, 2, 1))


def vector(first: list[float], second: list[list[float]], biases: list[float] | None = None) -> np.ndarray:
    """Parameters of NETWORK with these weights of the hidden layers."""
    parameters = np.zeros(NETWORK.n_parameters)
    weights = NETWORK.weights(parameters)
    weights[0][:], weights[1][:], weights[2][:] = [first], second, 1.0
    if biases is not None:
        NETWORK.biases(parameters)[1][:] = biases
    return parameters


def test_a_unit_is_turned_round_where_no_row_reaches_it():
    given = vector([1, -1, 2], [[1, -1], [1, -2], [1, -3]])
    turned = with_all_units_reached(NETWORK, given, x)
    np.testing.assert_array_equal(turned, vector([1, -1, 2], [[1, 1], [1, 2], [1, 3]]))
    above = with_all_units_reached(NETWORK, given, x[x > 0].reshape(-1, 1))
    np.testing.assert_array_equal(above, vector([1, 1, 2], [[1, 1], [1, 2], [1, 3]]))


def test_nothing_changes_where_rows_reach_every_unit():
    given = vector([1, -1, 2], [[1, -1], [-1, 1], [1, -1]])
    np.testing.assert_array_equal(with_all_units_reached(NETWORK, given, x), given)


@pytest.mark.parametrize("activation", ["leaky_relu", "silu", "tanh"])
def test_what_lets_every_row_through_is_left_alone(activation):
    network = Network.of_widths((1, 3, 2, 1), activation)
    given = vector([-1, -1, -1], [[-1, -1]] * 3)
    np.testing.assert_array_equal(with_all_units_reached(network, given, np.abs(x)), given)
    assert not predicts_a_constant(network, np.zeros_like(given), x, y)


def test_a_layer_that_no_row_gets_through_is_seen():
    weights, targets = ([1, -1, 2], [[1, -1], [1, 1], [1, 1]]), y.reshape(-1, 1)
    assert not predicts_a_constant(NETWORK, vector(*weights), x, targets)
    assert not predicts_a_constant(NETWORK, vector(*weights, biases=[-9, 0]), x, targets)
    assert predicts_a_constant(NETWORK, vector(*weights, biases=[-9, -9]), x, targets)


@pytest.mark.parametrize("sizes", [(2, 2), (4, 4, 4), (2,), (3, 3, 3, 3)])
def test_small_networks_do_not_predict_a_constant(sizes):
    for seed in range(20):
        fitted = Regressor(sizes, random_state=seed, n_threads=1, max_epochs=200).fit(x, y)
        assert np.ptp(fitted.predict(x)) > 0.05, seed


def test_partial_fit_begins_with_units_that_rows_reach():
    for seed in range(10):
        regressor = Regressor((2, 2), random_state=seed, n_threads=1).partial_fit(x, y)
        assert np.ptp(regressor.predict(x)) > 0, seed


def test_a_constant_that_may_be_right_is_left(monkeypatch):
    """A penalty, targets that are all the same: the training is not begun again."""
    begun, times = fitting.begun, []
    monkeypatch.setattr(fitting, "begun", lambda *given: times.append(1) or begun(*given))
    monkeypatch.setattr(fitting, "predicts_a_constant", lambda *given: True)
    quick = {"hidden_layer_sizes": (2,), "random_state": 0, "max_epochs": 1}
    for settings, targets in (({"alpha": 1.0}, y), ({}, np.ones_like(y))):
        Regressor(**quick, **settings).fit(x, targets)
        assert len(times) == 1
        times.clear()
    Regressor(**quick).fit(x, y)
    assert len(times) == 1 + fitting.DRAWN_AGAIN
