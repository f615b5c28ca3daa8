"""One solver after another: each goes on where the one before ended, and there is one history."""

import numpy as np
import pytest
from resuming import trained
from scripted_solver import CONSTANT, ZEROS, Notes, Scripted

from fitnet import LBFGS, Adam, Huber, LevenbergMarquardt
from fitnet.errors import ArgumentValueError

ADAM = Adam(1e-2, max_epochs=20)
MARQUARDT = LevenbergMarquardt(max_epochs=5)


def in_turn(network, data, solvers=(ADAM, MARQUARDT), **arguments):
    return trained(network, data, solver=solvers, **arguments)


def scripted(*biases, **arguments):
    """Stages whose validation losses are the squares of the biases."""
    data = (ZEROS, ZEROS)
    solvers = [Scripted(stage) for stage in biases]
    return trained(CONSTANT, data, solver=solvers, validation=data, parameters=np.array([0, 100.0]), **arguments)


def test_history_is_one(network, data, validation):
    history = in_turn(network, data, validation=validation).history
    assert history.epochs == 25
    lengths = {name: len(series) for name, series in vars(history).items()}
    assert lengths == dict.fromkeys(lengths, 25) | {"effective_parameters": 0, "noise": 0}
    assert history.learning_rate[:20] == [1e-2] * 20 and np.isnan(history.learning_rate[20:]).all()
    assert np.isnan(history.damping[:20]).all() and min(history.damping[20:]) > 0
    assert np.all(np.diff([0, *history.seconds]) > 0)


def test_what_a_later_stage_does_not_measure_is_nan(network, data):
    history = in_turn(network, data, [LevenbergMarquardt("bayesian", max_epochs=3), LBFGS(max_epochs=4)]).history
    for series in (history.damping, history.effective_parameters, history.noise):
        assert np.isnan(series).tolist() == [False] * 3 + [True] * 4
    assert np.isnan(history.learning_rate).tolist() == [True] * 7


@pytest.mark.parametrize("batch_size", [None, 7])
def test_result_is_that_of_two_trainings(engine, network, data, batch_size):
    settings = {"engine": engine.name}
    whole = in_turn(network, data, batch_size=batch_size, **settings)
    first = trained(network, data, solver=ADAM, dtype="float64", batch_size=batch_size, **settings)
    second = trained(network, data, solver=MARQUARDT, parameters=first.parameters, **settings)
    assert whole.parameters.tobytes() == second.parameters.tobytes()
    assert whole.history.loss == first.history.loss + second.history.loss
    assert whole.best_epoch == 20 + second.best_epoch
    again = in_turn(network, data, batch_size=batch_size, **settings)
    assert again.parameters.tobytes() == whole.parameters.tobytes()


def test_stages_without_epochs_of_their_own_take_all(network, data):
    assert in_turn(network, data, [Adam(), LBFGS()], epochs=9).history.epochs == 18


def test_two_first_order_stages_stay_in_float32(network, data):
    result = in_turn(network, data, [ADAM, Adam(1e-3, max_epochs=3)])
    assert (result.history.epochs, result.parameters.dtype) == (23, np.float32)
    assert result.history.damping == []


@pytest.mark.parametrize(
    ("biases", "best", "bias"),
    [
        (([3.0, 1, 2], [2.0, 4]), 2, 1),
        (([3.0, 1, 2], [2.0, 0]), 5, 0),
        (([3.0, 1, 2], [1.0]), 2, 1),
        (([3.0, 1, 2], []), 2, 1),
        (([], [3.0, 2]), 2, 2),
        (([2.0], [3.0], [1.0, 5]), 3, 1),
    ],
)
def test_lowest_validation_loss_of_all_stages_chooses(biases, best, bias):
    result = scripted(*biases)
    assert (result.best_epoch, result.parameters.tolist()) == (best, [0, bias])


def test_next_stage_begins_at_the_best():
    starts = []

    class Notices(Scripted):
        def minimise(self, objective, start, iterations, after, draw):
            starts.append(start.tolist())
            super().minimise(objective, start, iterations, after, draw)

    solvers = [Notices([5.0, 6], [1.0, 2]), Notices([7.0], [3.0]), Notices([8.0], [0.5])]
    result = trained(CONSTANT, (ZEROS, ZEROS), solver=solvers, parameters=np.array([0, 100.0]))
    assert starts == [[0, 100], [0, 5], [0, 7]]
    assert (result.best_epoch, result.parameters.tolist()) == (4, [0, 8])


def test_stage_with_nothing_to_gain_leaves_the_best_where_it_was():
    solvers = [Scripted([5.0, 6], [1.0, 2]), Scripted([])]
    result = trained(CONSTANT, (ZEROS, ZEROS), solver=solvers, parameters=np.array([0, 100.0]))
    assert (result.best_epoch, result.parameters.tolist(), result.history.epochs) == (1, [0, 5], 2)


def test_callbacks_see_the_whole_history_and_its_end_once():
    log = []
    scripted([3.0, 2, 1], [4.0, 5, 6, 7], callbacks=[Notes(log, every=2)])
    assert log == [("", 2, [0, 2], 2), ("", 5, [0, 5], 5), ("", 7, [0, 7], 7), ("", "end", 7)]


def test_callback_that_asks_to_stop_ends_all_stages():
    log = []
    result = scripted([3.0, 2, 1], [4.0, 5], callbacks=[Notes(log, at=2, answer=True)])
    assert (result.stopped, result.history.epochs, result.best_epoch) == ("early", 2, 2)
    assert log[-1] == ("", "end", 2)


def test_patience_ends_a_stage_and_the_next_one_goes_on():
    result = scripted([2.0, 3, 3, 1], [4.0, 1], patience=2)
    assert (result.stopped, result.history.epochs, result.best_epoch) == ("finished", 5, 5)


@pytest.mark.parametrize(("at", "best"), [(2, 2), (4, 3)])
def test_ctrl_c_ends_all_stages_and_is_the_end_for_callbacks(at, best):
    log = []
    result = scripted([3.0, 2, 1], [4.0, 5], callbacks=[Notes(log, at=at, error=KeyboardInterrupt)])
    assert (result.stopped, result.history.epochs, result.best_epoch) == ("interrupted", at, best)
    assert log[-1] == ("", "end", at)


def test_what_a_later_solver_refuses_is_refused_before_anything_is_done(network, data):
    generator, log = np.random.default_rng(0), []
    with pytest.raises(ArgumentValueError):
        in_turn(network, data, loss=Huber(), generator=generator, callbacks=[Notes(log)])
    assert log == []
    assert generator.bit_generator.state == np.random.default_rng(0).bit_generator.state
