"""Which parameters a training gives: the best by its own measure, or the last."""

import numpy as np
import pytest
from short_training import trained

from fitnet import LBFGS, Adam, LevenbergMarquardt, Momentum
from fitnet.errors import ArgumentValueError, CheckpointMismatchError
from fitnet.training.checkpoint import Checkpoint
from tolerances import LOSS_RTOL

UNSTEADY = Momentum(0.4)


def loss_of(engine, network, parameters, data):
    return np.mean((engine.predict(network, parameters, data[0]) - data[1]) ** 2)


@pytest.mark.parametrize("watched", [False, True])
@pytest.mark.parametrize("batch_size", [None, 7])
def test_the_last_are_those_after_the_last_epoch(engine, network, data, validation, watched, batch_size):
    settings = {"solver": UNSTEADY, "batch_size": batch_size, "dtype": "float64", "engine": engine.name}
    if watched:
        settings["validation"] = validation
    whole = trained(network, data, keep="last", **settings)
    assert whole.best_epoch == 12
    if watched:
        expected = loss_of(engine, network, whole.parameters, validation)
        assert whole.history.validation_loss[-1] == pytest.approx(expected, rel=LOSS_RTOL["float64"])
    best = trained(network, data, **settings)
    assert best.history.loss == whole.history.loss
    if watched or batch_size is None:
        lowest = validation if watched else data
        assert loss_of(engine, network, best.parameters, lowest) <= loss_of(engine, network, whole.parameters, lowest)


@pytest.mark.parametrize("solver", [LevenbergMarquardt(), LBFGS(), [Adam(0.1), LBFGS(max_epochs=3)]], ids=repr)
def test_so_they_are_with_solvers_that_watch(network, data, validation, solver, engine):
    result = trained(network, data, solver=solver, validation=validation, keep="last", engine=engine.name)
    assert result.best_epoch == result.history.epochs
    expected = loss_of(engine, network, result.parameters, validation)
    assert result.history.validation_loss[-1] == pytest.approx(expected, rel=LOSS_RTOL["float64"])


def test_another_word_is_refused(network, data):
    with pytest.raises(ArgumentValueError, match="`keep` is 'first'; it must be one of best, last"):
        trained(network, data, keep="first")


def test_a_checkpoint_of_the_one_is_none_of_the_other(network, data, path):
    trained(network, data, checkpoint=Checkpoint(path), keep="last")
    with pytest.raises(CheckpointMismatchError, match="best"):
        trained(network, data, checkpoint=Checkpoint(path), resume=True)
