"""Early stopping: validation chooses the parameters, patience ends training."""

import numpy as np
import pytest
from watched_engine import ScriptedEngine, install

from fitnet import Adam, Network, SquaredError, train
from fitnet.errors import ArgumentValueError
from tolerances import LOSS_RTOL

ONE_NEURON = Network.of_widths((1, 1))


def scripted(monkeypatch, biases, **arguments):
    """Train where the validation loss after an epoch is the square of that epoch's scripted bias."""
    install(monkeypatch, ScriptedEngine([(0, bias) for bias in biases]))
    zeros = np.zeros((2, 1))
    return train(
        ONE_NEURON,
        zeros,
        zeros,
        validation=(zeros, zeros),
        epochs=len(biases),
        generator=np.random.default_rng(0),
        engine="watched",
        verbose=False,
        **arguments,
    )


@pytest.mark.parametrize(
    ("biases", "best_epoch"),
    [([3, 2, 1, 2, 1.5, 4], 3), ([1, 2, 3], 1), ([3, 2, 1], 3), ([2, 1, 1, 1], 2), ([5], 1)],
)
def test_lowest_validation_loss_chooses_the_parameters(monkeypatch, biases, best_epoch):
    result = scripted(monkeypatch, biases)
    assert result.best_epoch == best_epoch
    assert result.parameters.tolist() == [0, biases[best_epoch - 1]]
    assert result.history.validation_loss == [bias**2 for bias in biases]
    assert result.stopped == "finished"


@pytest.mark.parametrize(
    ("biases", "patience", "best_epoch", "epochs"),
    [
        ([1, 2, 0, 0, 0], 1, 1, 2),
        ([3, 2, 1, 2, 2, 2, 0, 0], 3, 3, 6),
        ([3, 4, 4, 2, 3, 3, 1, 5, 5, 5, 0, 0], 3, 7, 10),
        ([2, 2, 2, 2, 0], 2, 1, 3),
    ],
)
def test_patience_stops_so_many_epochs_after_the_best(monkeypatch, biases, patience, best_epoch, epochs):
    result = scripted(monkeypatch, biases, patience=patience)
    assert result.stopped == "early"
    assert result.best_epoch == best_epoch
    assert result.history.epochs == len(result.history.validation_loss) == epochs == best_epoch + patience
    assert result.parameters.tolist() == [0, biases[best_epoch - 1]]


def test_patience_that_does_not_run_out_changes_nothing(monkeypatch):
    result = scripted(monkeypatch, [3, 4, 4, 2, 3, 3], patience=3)
    assert (result.stopped, result.best_epoch, result.history.epochs) == ("finished", 4, 6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_returned_parameters_have_the_lowest_recorded_validation_loss(
    engine, network, data, validation, batch_size, dtype
):
    X, Y = data
    result = train(
        network,
        X[:10],
        Y[:10],
        epochs=150,
        generator=np.random.default_rng(0),
        solver=Adam(5e-2),
        batch_size=batch_size,
        validation=validation,
        dtype=dtype,
        engine=engine.name,
        verbose=False,
    )
    X, Y = (part.astype(dtype) for part in validation)
    again = SquaredError().value(engine.predict(network, result.parameters, X), Y)
    assert again == pytest.approx(min(result.history.validation_loss), rel=LOSS_RTOL[dtype])
    assert result.best_epoch == np.argmin(result.history.validation_loss) + 1
    assert result.best_epoch < result.history.epochs == 150
    assert again < result.history.validation_loss[-1]


def test_patience_ends_an_overfitting_training(engine, network, data, validation):
    X, Y = data
    settings = {"epochs": 300, "solver": Adam(5e-2), "engine": engine.name, "verbose": False}
    stopped, whole = (
        train(
            network,
            X[:10],
            Y[:10],
            validation=validation,
            patience=patience,
            generator=np.random.default_rng(0),
            **settings,
        )
        for patience in (20, None)
    )
    assert stopped.stopped == "early"
    assert stopped.history.epochs == stopped.best_epoch + 20 < 300
    assert stopped.history.validation_loss == whole.history.validation_loss[: stopped.history.epochs]


@pytest.mark.parametrize("batch_size", [None, 7])
def test_validation_does_not_change_the_training(engine, network, data, validation, batch_size):
    settings = {"epochs": 10, "batch_size": batch_size, "engine": engine.name, "verbose": False}
    plain, validated = (
        train(network, *data, generator=np.random.default_rng(0), validation=rows, **settings)
        for rows in (None, validation)
    )
    assert plain.history.loss == validated.history.loss


def test_patience_without_validation_is_refused(network, data, generator):
    with pytest.raises(ArgumentValueError) as error:
        train(network, *data, epochs=5, generator=generator, patience=3)
    assert str(error.value) == "`patience` needs `validation` data to watch."
