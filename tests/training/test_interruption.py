"""Ctrl-C: training ends, and what it had reached is given back."""

import json
import subprocess
import sys

import numpy as np
import pytest
from watched_engine import InterruptedEngine, install

from fitnet import GradientDescent, train
from fitnet.engine.reference import ReferenceEngine
from fitnet.training import first_order

SERIES = ("loss", "learning_rate", "seconds")
DESCENT = GradientDescent(0.05)  # slow enough that every epoch ends lower than the one before
# Of five whole epochs, the last that can be kept: a full batch's loss is measured at the start of the next epoch.
MEASURED_IN_TIME = [(None, 4), (7, 5)]


class CtrlC:
    """A callback during which the user presses Ctrl-C."""

    def __init__(self, epoch):
        self.every = epoch

    def on_epoch_end(self, state):
        raise KeyboardInterrupt


def trained(network, data, epochs=20, **arguments):
    return train(
        network,
        *data,
        epochs=epochs,
        generator=np.random.default_rng(0),
        **{"solver": DESCENT, "verbose": False} | arguments,
    )


def sentence(epoch, best_epoch):
    return (
        f"Interrupted: training ended after epoch {epoch} of 20; "
        f"the best parameters so far, of epoch {best_epoch}, were kept.\n"
    )


def assert_series_agree(history, epochs, validated=False):
    assert [len(getattr(history, name)) for name in SERIES] == [epochs] * 3
    assert len(history.validation_loss) == (epochs if validated else 0)


@pytest.mark.parametrize(("batch_size", "best_epoch"), MEASURED_IN_TIME)
def test_in_a_callback_keeps_the_best_epoch(engine, network, data, batch_size, best_epoch):
    settings = {"batch_size": batch_size, "engine": engine.name}
    result = trained(network, data, callbacks=[CtrlC(5)], **settings)
    kept = trained(network, data, epochs=best_epoch, **settings)
    assert (result.stopped, result.best_epoch) == ("interrupted", best_epoch)
    assert result.parameters.tobytes() == kept.parameters.tobytes()
    assert result.history.loss == trained(network, data, epochs=5, **settings).history.loss
    assert_series_agree(result.history, 5)


def met_in_epoch(epoch, network, data):
    """Validation rows that the parameters of that epoch, and no others, predict without error."""
    X = data[0].astype(np.float32)
    reached = trained(network, data, epochs=epoch, engine="reference")
    return X, ReferenceEngine().predict(network, reached.parameters, X)


def test_in_a_callback_keeps_the_best_epoch_of_validation(network, data):
    settings = {"validation": met_in_epoch(4, network, data), "engine": "reference"}
    result = trained(network, data, callbacks=[CtrlC(9)], **settings)
    four = trained(network, data, epochs=4, engine="reference")
    assert (result.stopped, result.best_epoch) == ("interrupted", 4)
    assert result.parameters.tobytes() == four.parameters.tobytes()
    assert_series_agree(result.history, 9, validated=True)


@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize(("in_call", "epochs"), [(1, 0), (2, 1), (3, 3), (4, 7)])
def test_in_the_engine_keeps_the_last_whole_call(monkeypatch, network, data, in_call, epochs, batch_size):
    monkeypatch.setattr(first_order, "SECONDS_A_CALL", 1e12)  # calls of 1, 2, 4, 8, ... epochs
    engine = install(monkeypatch, InterruptedEngine(in_call=in_call))
    start = network.initial_parameters(np.random.default_rng(3))
    settings = {"parameters": start, "batch_size": batch_size, "engine": "reference"}
    result = trained(network, data, **settings | {"engine": "watched"})
    best_epoch = epochs if batch_size else max(0, epochs - 1)
    expected = start if best_epoch == 0 else trained(network, data, epochs=best_epoch, **settings).parameters
    assert len(engine.calls) == in_call
    assert (result.stopped, result.best_epoch) == ("interrupted", best_epoch)
    assert result.parameters.tobytes() == expected.tobytes()
    assert_series_agree(result.history, epochs)


@pytest.mark.parametrize("in_call", [1, 6])
def test_in_the_engine_keeps_the_best_epoch_of_validation(monkeypatch, network, data, validation, in_call):
    monkeypatch.setattr(first_order, "SECONDS_A_CALL", 0)  # calls of one epoch
    install(monkeypatch, InterruptedEngine(in_call=in_call))
    start = network.initial_parameters(np.random.default_rng(3))
    settings = {"parameters": start, "validation": validation, "engine": "reference"}
    result = trained(network, data, **settings | {"engine": "watched"})
    expected = start if in_call == 1 else trained(network, data, epochs=in_call - 1, **settings).parameters
    assert result.stopped == "interrupted"
    assert result.parameters.tobytes() == expected.tobytes()
    assert_series_agree(result.history, in_call - 1, validated=True)


@pytest.mark.parametrize("in_validation", [1, 6])
def test_during_validation_leaves_a_history_that_agrees(monkeypatch, network, data, validation, in_validation):
    monkeypatch.setattr(first_order, "SECONDS_A_CALL", 0)  # calls of one epoch
    install(monkeypatch, InterruptedEngine(in_validation=in_validation))
    result = trained(network, data, validation=validation, engine="watched")
    assert result.stopped == "interrupted"
    assert result.best_epoch <= result.history.epochs
    assert_series_agree(result.history, in_validation - 1, validated=True)


@pytest.mark.parametrize(("batch_size", "best_epoch"), MEASURED_IN_TIME)
def test_sentence_says_what_was_kept(capsys, network, data, batch_size, best_epoch):
    trained(network, data, callbacks=[CtrlC(5)], batch_size=batch_size, verbose=True)
    assert capsys.readouterr() == ("", sentence(5, best_epoch))


def test_sentence_names_the_best_epoch_of_validation(capsys, network, data):
    settings = {"validation": met_in_epoch(4, network, data), "engine": "reference"}
    trained(network, data, callbacks=[CtrlC(9)], verbose=True, **settings)
    assert capsys.readouterr().err == sentence(9, 4)


def test_sentence_is_left_out_when_not_verbose(capsys, network, data):
    trained(network, data, callbacks=[CtrlC(5)], verbose=False)
    assert capsys.readouterr() == ("", "")


SIGINT_IN_A_CALLBACK = """
import json, os, signal
import numpy as np
import fitnet

signal.signal(signal.SIGINT, signal.default_int_handler)

class CtrlC:
    every = 5
    def on_epoch_end(self, state):
        os.kill(os.getpid(), signal.SIGINT)

X = np.linspace(-1, 1, 40).reshape(20, 2)
network = fitnet.Network.of_widths((2, 8, 1))

def trained(**arguments):
    return fitnet.train(network, X, X[:, :1], batch_size=7, generator=np.random.default_rng(0), **arguments)

result, five = trained(epochs=20, callbacks=[CtrlC()]), trained(epochs=5)
print(json.dumps([result.stopped, result.best_epoch, result.history.epochs, result.history.loss == five.history.loss,
                  result.parameters.tobytes() == five.parameters.tobytes()]))
"""


def test_real_signal_ends_training_and_not_the_program():
    finished = subprocess.run([sys.executable, "-c", SIGINT_IN_A_CALLBACK], capture_output=True, text=True, timeout=60)
    assert finished.stderr == sentence(5, 5)
    assert finished.returncode == 0
    assert json.loads(finished.stdout) == ["interrupted", 5, 5, True, True]
