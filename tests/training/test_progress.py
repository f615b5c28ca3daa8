"""The progress bar: what it shows on a terminal, and that it shows nothing elsewhere."""

import io
import re
from contextlib import redirect_stderr

import numpy as np
import pytest

from fitnet import Adam, LevenbergMarquardt, train


class Terminal(io.StringIO):
    """Standard error where someone looks."""

    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """A wide terminal to be standard error, whatever the machine's own is."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "150")
    return Terminal()


class CtrlC:
    every = 4

    def on_epoch_end(self, state):
        raise KeyboardInterrupt


def trained(standard_error, network, data, **arguments):
    settings = {"epochs": 9, "solver": Adam(2e-3), "batch_size": 30} | arguments
    with redirect_stderr(standard_error):
        return train(network, *data, generator=np.random.default_rng(0), **settings)


def shown(terminal):
    """What the terminal shows, without colours and cursor movements."""
    return re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", terminal.getvalue())


def test_bar_shows_epochs_losses_and_rate(terminal, network, data, validation):
    history = trained(terminal, network, data, validation=validation).history
    assert "9/9" in shown(terminal)
    assert f"loss {history.loss[-1]:.4g}  validation {history.validation_loss[-1]:.4g}  rate 0.002" in shown(terminal)


def test_bar_leaves_validation_out_where_there_is_none(terminal, network, data):
    history = trained(terminal, network, data).history
    assert f"loss {history.loss[-1]:.4g}  rate 0.002" in shown(terminal)
    assert "validation" not in shown(terminal)


def test_bar_shows_the_damping_where_there_is_no_rate(terminal, network, data):
    solver = LevenbergMarquardt(max_epochs=5)
    history = trained(terminal, network, data, solver=solver, batch_size=None).history
    assert "5/5" in shown(terminal)
    assert f"loss {history.loss[-1]:.4g}  damping {history.damping[-1]:.2g}" in shown(terminal)


def test_bar_does_not_touch_standard_output(terminal, capsys, network, data):
    trained(terminal, network, data)
    assert capsys.readouterr().out == ""


def test_bar_does_not_change_the_result(terminal, network, data):
    with_bar, without = (trained(terminal, network, data, verbose=verbose) for verbose in (True, False))
    assert with_bar.parameters.tobytes() == without.parameters.tobytes()


def test_bar_gives_the_cursor_back(terminal, network, data):
    trained(terminal, network, data)
    assert terminal.getvalue().rfind("\x1b[?25h") > terminal.getvalue().rfind("\x1b[?25l") >= 0


def test_interruption_is_said_below_the_bar_and_stays(terminal, network, data):
    trained(terminal, network, data, callbacks=[CtrlC()])
    sentence = "Interrupted: training ended after epoch 4 of 9; the best parameters so far, of epoch 4, were kept.\n"
    assert shown(terminal).count(sentence) == 1


def test_nothing_is_shown_when_not_verbose(terminal, network, data):
    trained(terminal, network, data, verbose=False)
    assert terminal.getvalue() == ""


def test_nothing_is_shown_where_nobody_looks(network, data):
    nobody = io.StringIO()
    trained(nobody, network, data, verbose=True)
    assert nobody.getvalue() == ""
