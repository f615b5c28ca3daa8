"""Whether a fresh wheel works: import, fit, predict, derivatives, the model's file, a command; in about five seconds.

It needs fitnet as it was installed, pytest, and of this folder only tolerances.py and finite_differences.py:

    python -m pytest --noconftest -p no:cacheprovider tests/test_minimal.py
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fitnet
from finite_differences import numerical_jacobian
from fitnet.engine import ENGINES
from tolerances import DIFFERENCE_STEP, JACOBIAN_ATOL_OF_LARGEST, JACOBIAN_RTOL

X = np.random.default_rng(0).uniform(-1, 1, (200, 2))
Y = np.sin(3 * X[:, 0]) * X[:, 1]

# A wheel without the native engine warns once; it works none the less.
pytestmark = pytest.mark.filterwarnings("ignore::fitnet.errors.EngineWarning")


@pytest.fixture(scope="module")
def regressor():
    """A small smooth network that has learnt from most of the rows."""
    return fitnet.Regressor((8,), "tanh", max_epochs=60, random_state=0).fit(X[:150], Y[:150])


@pytest.fixture
def path(regressor, tmp_path):
    """Its model in a file."""
    regressor.model_.save(tmp_path / "wave.fitnet")
    return tmp_path / "wave.fitnet"


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_trains(engine):
    network = fitnet.Network.of_widths((2, 16, 1))
    result = fitnet.train(
        network, X, Y[:, np.newaxis], epochs=20, batch_size=20, generator=np.random.default_rng(0), engine=engine
    )
    assert result.history.loss[-1] < result.history.loss[0]


def test_a_network_predicts_rows_it_never_saw_better_than_a_plane_does(regressor):
    with_ones = np.column_stack([X, np.ones(len(X))])
    plane = np.linalg.lstsq(with_ones[:150], Y[:150])[0]
    of_network, of_plane = (np.std(Y[150:] - each[150:]) for each in (regressor.predict(X), with_ones @ plane))
    assert of_network < of_plane / 2


def test_derivatives_are_those_of_the_predictions(regressor):
    model = regressor.model_
    expected = numerical_jacobian(model.predict, X[:5], np.full(2, DIFFERENCE_STEP))
    atol = JACOBIAN_ATOL_OF_LARGEST * np.abs(expected).max()
    np.testing.assert_allclose(model.jacobian(X[:5]), expected, JACOBIAN_RTOL, atol)


def test_a_saved_model_is_loaded_and_verified(regressor, path):
    assert fitnet.verify(path).passed
    np.testing.assert_array_equal(fitnet.load(path).predict(X)[:, 0], regressor.predict(X))


def test_the_command_verifies_it_too(path):
    command = [Path(sys.executable).with_name("fitnet"), "verify", path]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert finished.returncode == 0, finished.stderr
