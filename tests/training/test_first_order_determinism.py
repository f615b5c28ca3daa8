"""First-order training: the same for the same arguments, in row orders that its seed decides."""

import numpy as np
import pytest
from short_training import trained
from watched_engine import WatchedEngine, install

from fitnet import Adam, SquaredError
from fitnet.training import first_order


def same(one, other):
    """Whether two trainings agree in every bit, wall-clock seconds apart."""
    return (
        one.parameters.dtype == other.parameters.dtype
        and one.parameters.tobytes() == other.parameters.tobytes()
        and one.history.loss == other.history.loss
        and one.history.validation_loss == other.history.validation_loss
        and one.history.learning_rate == other.history.learning_rate
        and (one.best_epoch, one.stopped) == (other.best_epoch, other.stopped)
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [None, 7, 60])
def test_same_seed_gives_the_same_bytes(engine, network, data, batch_size, dtype):
    settings = {"batch_size": batch_size, "dtype": dtype, "engine": engine.name}
    first, second = (trained(network, data, **settings) for _ in range(2))
    assert same(first, second)
    assert first.parameters.dtype == dtype


@pytest.mark.parametrize("batch_size", [None, 7])
def test_another_seed_gives_another_result(engine, network, data, batch_size):
    first, second = (trained(network, data, seed, batch_size=batch_size, engine=engine.name) for seed in (0, 1))
    assert not np.array_equal(first.parameters, second.parameters)
    assert first.history.loss != second.history.loss


def test_seed_decides_the_row_order_too(network, data, generator):
    start = network.initial_parameters(generator)
    first, second = (trained(network, data, seed, batch_size=7, parameters=start) for seed in (0, 1))
    assert first.history.loss != second.history.loss


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize(
    ("name", "value", "epochs_a_call"),
    [
        ("SECONDS_A_CALL", 1e-12, [1] * 12),
        ("SECONDS_A_CALL", 1e12, [1, 2, 4, 5]),
        ("ROW_ORDER_ENTRIES", 1, [1] * 12),
        ("ROW_ORDER_ENTRIES", 3 * 60, [1, 2, 3, 3, 3]),
    ],
)
def test_result_does_not_depend_on_how_epochs_are_parted(
    monkeypatch, network, data, name, value, epochs_a_call, batch_size, dtype
):
    usual = trained(network, data, batch_size=batch_size, dtype=dtype, engine="reference")
    monkeypatch.setattr(first_order, "SECONDS_A_CALL", 1e12)
    monkeypatch.setattr(first_order, name, value)
    engine = install(monkeypatch, WatchedEngine())
    parted = trained(network, data, batch_size=batch_size, dtype=dtype, engine="watched")
    assert engine.epochs_a_call == epochs_a_call
    assert same(parted, usual)


def test_every_epoch_visits_every_row_once_in_an_order_of_its_own(monkeypatch, network, data):
    engine = install(monkeypatch, WatchedEngine())
    trained(network, data, batch_size=7, engine="watched")
    orders = np.concatenate([call["row_orders"] for call in engine.calls])
    assert np.array_equal(np.sort(orders, axis=1), np.tile(np.arange(60), (12, 1)))
    assert len({order.tobytes() for order in orders}) == 12


@pytest.mark.parametrize("batch_size", [None, 60])
def test_full_batches_are_not_shuffled(monkeypatch, network, data, batch_size):
    engine = install(monkeypatch, WatchedEngine())
    trained(network, data, batch_size=batch_size, engine="watched")
    assert all(call["row_orders"] is None for call in engine.calls)


def test_loss_is_squared_error_and_optimizer_adam_unless_given(network, data):
    usual = trained(network, data, solver=None)
    named = trained(network, data, solver=Adam(1e-3), loss=SquaredError())
    assert same(usual, named)
