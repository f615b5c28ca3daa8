"""The progress bar where standard error is no terminal: in a notebook, and where there is no standard error."""

import builtins
import io
import sys
from types import ModuleType

import numpy as np
import pytest

from fitnet import Adam, Regressor, train
from fitnet.training import progress


class Picture:
    """What IPython's display gives with `display_id`: it shows the same thing again."""

    def __init__(self, shown):
        self.shown = []
        self.update(shown)

    def update(self, shown):
        self.shown.append(shown._repr_mimebundle_(include=[], exclude=[]))


def shell_of(name):
    """A running shell of IPython, by the name of its class."""
    return type(name, (), {})()


@pytest.fixture
def notebook(monkeypatch):
    """As in a Jupyter notebook: a kernel, its `display`, and a standard error that is no terminal; what was shown."""
    pictures = []

    def display(shown, *, display_id):
        assert display_id
        pictures.append(Picture(shown))
        return pictures[-1]

    ipython, module = ModuleType("IPython"), ModuleType("IPython.display")
    module.display = display
    ipython.display = module
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    monkeypatch.setattr(builtins, "get_ipython", lambda: shell_of("ZMQInteractiveShell"), raising=False)
    monkeypatch.setenv("COLUMNS", "150")
    return pictures


def trained(network, data, **arguments):
    settings = {"epochs": 9, "solver": Adam(2e-3), "batch_size": 30} | arguments
    return train(network, *data, generator=np.random.default_rng(0), **settings)


def test_notebook_shows_the_bar(notebook, monkeypatch, capsys, network, data):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_PICTURES", 0)
    history = trained(network, data).history
    (picture,) = notebook
    assert len(picture.shown) > 3
    assert "0/9" in picture.shown[0]["text/plain"]
    assert "9/9" in picture.shown[-1]["text/plain"]
    assert f"loss {history.loss[-1]:.4g}" in picture.shown[-1]["text/plain"]
    assert "<pre" in picture.shown[-1]["text/html"]
    assert capsys.readouterr().err == ""


def test_notebook_shows_a_regressors_bar(notebook, data):
    Regressor((4,), verbose=True, max_epochs=5, solver="adam", random_state=0).fit(data[0], data[1])
    assert "5/5" in notebook[0].shown[-1]["text/plain"]


def test_pictures_are_rare_enough_and_the_last_is_of_the_end(notebook, monkeypatch, network, data):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_PICTURES", 1e9)
    trained(network, data)
    first, begun, last = (picture["text/plain"] for picture in notebook[0].shown)
    assert "0/9" in first
    assert "9/9" not in begun
    assert "9/9" in last


def test_notebook_shows_nothing_when_not_verbose(notebook, network, data):
    trained(network, data, verbose=False)
    assert notebook == []


@pytest.mark.parametrize("shell", ["TerminalInteractiveShell", "InteractiveShellEmbed"])
def test_ipython_without_a_notebook_shows_nothing_there(notebook, monkeypatch, network, data, shell):
    monkeypatch.setattr(builtins, "get_ipython", lambda: shell_of(shell))
    trained(network, data)
    assert notebook == []


def test_notebook_does_not_change_the_result(notebook, network, data):
    with_bar, without = (trained(network, data, verbose=verbose) for verbose in (True, False))
    assert with_bar.parameters.tobytes() == without.parameters.tobytes()


class Broken(io.StringIO):
    """A standard error whose disk is full."""

    def write(self, text):
        raise OSError(28, "No space left on device")


def closed():
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize("stream", [None, closed(), Broken(), object()], ids=["None", "closed", "full", "no stream"])
def test_training_needs_no_standard_error(monkeypatch, capsys, network, data, stream):
    class CtrlC:
        every = 4

        def on_epoch_end(self, state):
            raise KeyboardInterrupt

    quiet = trained(network, data, verbose=False)
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        result = trained(network, data, verbose=True)
        assert trained(network, data, verbose=True, callbacks=[CtrlC()]).stopped == "interrupted"
    assert result.parameters.tobytes() == quiet.parameters.tobytes()
    assert capsys.readouterr().out == ""
