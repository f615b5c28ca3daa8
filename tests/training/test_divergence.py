"""Divergence: a loss that is not finite ends training in one sentence that says what to change."""

import re

import numpy as np
import pytest
from watched_engine import ScriptedEngine, install

from fitnet import Adam, GradientDescent, Network, train
from fitnet.errors import DivergenceError

SENTENCE = (
    r"Training diverged: the loss is not finite in epoch (\d+); "
    r"try a learning rate below (\S+), or scale inputs and targets to about 1\."
)


def diverged(network, data, **arguments):
    """The epoch and the learning rate that the error names."""
    with pytest.raises(DivergenceError) as error:
        train(network, *data, **{"generator": np.random.default_rng(0), "verbose": False} | arguments)
    found = re.fullmatch(SENTENCE, str(error.value))
    assert found, str(error.value)
    return int(found[1]), found[2]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize("network", [Network.of_widths((2, 1)), Network.of_widths((2, 8, 1), "identity")])
def test_badly_scaled_data_are_named_and_nothing_else_is_raised(engine, network, data, batch_size, dtype):
    X, Y = data
    epoch, learning_rate = diverged(
        network,
        (1e6 * X, 1e6 * Y),
        epochs=200,
        solver=GradientDescent(0.5),
        batch_size=batch_size,
        dtype=dtype,
        engine=engine.name,
    )
    assert 1 <= epoch <= 200
    assert learning_rate == "0.5"


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("epoch", [1, 2, 5, 6])
def test_first_epoch_whose_loss_is_not_finite_is_named(monkeypatch, network, data, epoch, value):
    install(monkeypatch, ScriptedEngine([0.0] * 6, [1.0] * (epoch - 1) + [value] * (7 - epoch)))
    assert diverged(network, data, epochs=6, solver=Adam(1e-2), engine="watched") == (epoch, "0.01")


@pytest.mark.parametrize("value", [np.nan, -np.inf])
def test_parameters_that_are_not_finite_are_refused_though_the_loss_is(monkeypatch, network, data, value):
    install(monkeypatch, ScriptedEngine([0.0] * 5 + [value], [1.0] * 6))
    assert diverged(network, data, epochs=6, engine="watched") == (6, "0.001")


def test_validation_loss_that_is_not_finite_is_refused(network, data, generator):
    X, Y = data
    far = np.full_like(X, 1e30), np.full_like(Y, -1e30)
    settings = {"epochs": 6, "validation": far, "parameters": network.initial_parameters(generator)}
    assert diverged(network, data, **settings) == (1, "0.001")
