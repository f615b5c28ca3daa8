"""What the native engine refuses beyond the contract: what it has no code for, and an instruction set it cannot use."""

import subprocess
import sys

import numpy as np
import pytest
from whole_epochs import run_epochs

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES, SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import OPTIMIZERS, Adam, initial_state
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentValueError

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")

NETWORK = Network.of_widths((1, 1))
ROWS = np.ones((2, 1))


class OtherSquaredError(SquaredError):
    """Another loss that only looks like the squared error."""

    def __repr__(self):
        return "OtherSquaredError()"


class OtherAdam(Adam):
    """Another rule that only looks like Adam's."""

    def __repr__(self):
        return "OtherAdam()"


def one_epoch(loss, optimizer):
    parameters = np.zeros(2)
    state = initial_state(optimizer, parameters)
    run_epochs(
        ENGINES["native"](),
        NETWORK,
        loss,
        optimizer,
        parameters,
        state,
        ROWS,
        ROWS,
        None,
        batch_size=2,
        learning_rates=np.full((1, 1), 0.1),
        row_orders=None,
    )


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_everything_of_the_algorithm_is_there(loss, optimizer):
    one_epoch(loss, optimizer())


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_there(activation):
    network = Network.of_widths((1, 2, 1), activation, activation)
    ENGINES["native"]().predict(network, np.zeros(network.n_parameters), ROWS)


def test_other_losses_are_refused():
    with pytest.raises(ArgumentValueError) as caught:
        one_epoch(OtherSquaredError(), Adam())
    assert (
        str(caught.value)
        == "`loss` is OtherSquaredError(), which the native engine does not have; use engine='reference'."
    )


def test_other_optimizers_are_refused():
    with pytest.raises(ArgumentValueError) as caught:
        one_epoch(SquaredError(), OtherAdam())
    assert str(caught.value) == (
        "`optimizer` is OtherAdam(), which the native engine does not have; use engine='reference'."
    )


def test_other_activations_are_refused(monkeypatch):
    monkeypatch.setitem(ACTIVATIONS, "own", ACTIVATIONS["tanh"])
    network = Network.of_widths((1, 1), "relu", "own")
    with pytest.raises(ArgumentValueError) as caught:
        ENGINES["native"]().predict(network, np.zeros(2), ROWS)
    assert str(caught.value) == "`activation` is 'own', which the native engine does not have; use engine='reference'."


def test_an_instruction_set_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setenv("FITNET_LEVEL", "abacus")
    program = "from fitnet.cli import main; main(['info'])"  # in a fresh Python: the choice is made once
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert "FITNET_LEVEL" in run.stderr
    assert "'abacus'" in run.stderr
    assert len(run.stderr.splitlines()) == 1
