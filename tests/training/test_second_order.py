"""What surrounds a second-order solver: record, validation, patience, callbacks, Ctrl-C. The solver is scripted."""

import numpy as np
import pytest
from resuming import trained
from scripted_solver import CONSTANT, ZEROS, Notes, Scripted

from fitnet import LBFGS, Dense, LevenbergMarquardt, Network
from fitnet.errors import DivergenceError
from fitnet.training import record


def run(solver, epochs=20, start=(0, 100.0), **arguments):
    return trained(CONSTANT, (ZEROS, ZEROS), solver=solver, epochs=epochs, parameters=np.array(start), **arguments)


def validated(biases, **arguments):
    """The validation loss after an epoch is the square of its bias; the training loss always falls."""
    return run(Scripted(biases), validation=(ZEROS, ZEROS), **arguments)


@pytest.mark.parametrize(("objectives", "best"), [([3.0, 1, 2], 2), ([3, 2, 1], 3), ([1, 1, 1], 1), ([2, np.nan], 1)])
def test_lowest_objective_is_kept(objectives, best):
    biases = [5.0, 6, 7][: len(objectives)]
    result = run(Scripted(biases, objectives))
    assert (result.best_epoch, result.parameters.tolist()) == (best, [0, biases[best - 1]])
    np.testing.assert_array_equal(result.history.loss, objectives)
    assert result.stopped == "finished"


def test_start_is_kept_where_nothing_is_lower():
    result = run(Scripted([5.0], [20000.0]))
    assert (result.best_epoch, result.parameters.tolist()) == (0, [0, 100])


def test_penalty_counts_at_the_start():
    result = run(Scripted([5.0], [50.0]), start=(10, 0.0), alpha=1.0)  # the start's loss is 0, its penalty 100
    assert (result.best_epoch, result.parameters.tolist()) == (1, [0, 5])


def test_last_is_kept_where_the_objective_moves():
    result = run(Scripted([5.0, 6, 7], [1, 3, 2], moves=True))
    assert (result.best_epoch, result.parameters.tolist()) == (3, [0, 7])


@pytest.mark.parametrize("moves", [False, True])
@pytest.mark.parametrize(("biases", "best"), [([3.0, 2, 1, 2, 4], 3), ([1, 2, 3], 1), ([2, 1, 1], 2), ([200, 150], 2)])
def test_lowest_validation_loss_chooses(biases, best, moves):
    result = run(Scripted(biases, moves=moves), validation=(ZEROS, ZEROS))
    assert (result.best_epoch, result.parameters.tolist()) == (best, [0, biases[best - 1]])
    assert result.history.validation_loss == [bias**2 for bias in biases]


def test_validation_loss_that_is_not_finite_ends_training_with_a_sentence():
    with pytest.raises(DivergenceError, match="the validation loss is not finite in iteration 2;"):
        validated([3.0, np.nan, 1])


def test_patience_ends_it_early():
    result = validated([3.0, 4, 2, 3, 3, 3, 1], patience=3)
    assert (result.stopped, result.best_epoch, result.history.epochs) == ("early", 3, 6)


def test_patience_that_lasts_changes_nothing():
    result = validated([3.0, 4, 4, 2], patience=3)
    assert (result.stopped, result.best_epoch, result.history.epochs) == ("finished", 4, 4)


@pytest.mark.parametrize("epochs", [1, 4, 9])
def test_an_iteration_is_an_epoch(epochs):
    assert run(Scripted([1.0] * 9), epochs=epochs).history.epochs == epochs


def test_solvers_own_epochs_go_before(network, data):
    for solver in (LevenbergMarquardt(max_epochs=3), LBFGS(max_epochs=3)):
        assert trained(network, data, solver=solver, epochs=20).history.epochs == 3


def test_every_series_is_as_long_as_the_history():
    history = run(Scripted([1.0, 2, 3], measured={"damping": 0.5, "noise": 2.0})).history
    assert (history.damping, history.noise, history.effective_parameters) == ([0.5] * 3, [2.0] * 3, [])
    assert np.isnan(history.learning_rate).tolist() == [True] * 3
    assert np.all(np.diff([0, *history.seconds]) > 0)


def test_callbacks_are_called_in_turn_at_their_own_pace():
    log = []
    run(Scripted([1.0, 2, 3, 4]), callbacks=[Notes(log, "a", 2), Notes(log, "b")])
    each = [("b", 1), ("a", 2), ("b", 2), ("b", 3), ("a", 4), ("b", 4)]
    assert log == [(name, epoch, [0, epoch], epoch) for name, epoch in each] + [("a", "end", 4), ("b", "end", 4)]


def test_callback_ends_it_early_and_all_are_told():
    log = []
    callbacks = [Notes(log, "a", at=2, answer=True), Notes(log, "b")]
    result = run(Scripted([3.0, 2, 1]), callbacks=callbacks)
    assert (result.stopped, result.history.epochs) == ("early", 2)
    assert [entry[:2] for entry in log] == [("a", 1), ("b", 1), ("a", 2), ("b", 2), ("a", "end"), ("b", "end")]


@pytest.mark.parametrize("verbose", [False, True])
def test_ctrl_c_keeps_the_best_and_says_so(capsys, verbose):
    log = []
    result = validated([3.0, 1, 2, 0], callbacks=[Notes(log, at=3, error=KeyboardInterrupt)], epochs=4, verbose=verbose)
    assert (result.stopped, result.best_epoch, result.parameters.tolist()) == ("interrupted", 2, [0, 1])
    assert log[-1] == ("", "end", 3)
    sentence = "Interrupted: training ended after epoch 3 of 4; the best parameters so far, of epoch 2, were kept.\n"
    assert capsys.readouterr() == ("", sentence if verbose else "")


def test_ctrl_c_while_an_iteration_is_recorded_leaves_a_history_that_agrees(monkeypatch):
    readings = iter([0.0, 1.0, 2.0])

    def clock():
        try:
            return next(readings)
        except StopIteration:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(record, "perf_counter", clock)
    result = validated([3.0, 2, 1])
    history = result.history
    assert (result.stopped, result.best_epoch) == ("interrupted", 2)
    series = (history.loss, history.validation_loss, history.learning_rate, history.seconds)
    assert [len(each) for each in series] == [2] * 4


@pytest.mark.parametrize("solver", [LevenbergMarquardt(), LevenbergMarquardt("bayesian"), LBFGS()])
def test_start_whose_loss_is_not_finite_is_refused(engine, data, solver):
    network = Network((Dense(2, 1, "exponential"), Dense(1, 1)))
    with pytest.raises(DivergenceError) as raised:
        trained(network, data, solver=solver, parameters=np.full(5, 1000.0), engine=engine.name)
    assert str(raised.value) == (
        "Training cannot begin: the loss is not finite at the initial parameters; scale inputs and targets to about 1."
    )


@pytest.mark.parametrize("solver", [LevenbergMarquardt(), LBFGS()])
def test_given_start_is_left_unchanged(network, data, solver):
    start = network.initial_parameters(np.random.default_rng(0), "he", np.float64)
    before = start.copy()
    result = trained(network, data, solver=solver, parameters=start)
    np.testing.assert_array_equal(start, before)
    assert not np.shares_memory(result.parameters, start)


@pytest.mark.parametrize("solver", [LevenbergMarquardt(), LBFGS()])
def test_watching_changes_nothing(network, data, validation, solver):
    alone = trained(network, data, solver=solver)
    watched = trained(network, data, solver=solver, validation=validation, callbacks=[Notes([])])
    assert watched.history.loss == alone.history.loss
