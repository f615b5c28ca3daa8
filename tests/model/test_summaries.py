"""What Python shows of a model and of what belongs to it: a line or two, however large it is."""

import numpy as np
import pytest

from fitnet import Model, Network, Regressor, Scaling, TrainingResult
from fitnet.model.error_bars import ErrorBars
from fitnet.training.history import History

LINES = 2 * 120


def model(widths, **fields):
    network = Network.of_widths(widths, "tanh")
    return Model(network, np.zeros(network.n_parameters), **fields)


def test_a_small_model_says_what_it_is():
    assert repr(model((2, 8, 1), input_names=("x", "T"), output_names=("flux",))) == (
        "<Model of 'flux' from 'x', 'T': [(2, 8), (8, 1)] with tanh, 33 parameters in float64>"
    )
    assert repr(model((1, 1))) == "<Model of 'y1' from 'x1': [(1, 1)], 2 parameters in float64>"


def test_error_bars_say_how_much_the_rows_determine():
    bars = ErrorBars(np.ones(33 * 34 // 2), 0.1, [[0.1]], 9.51)
    assert repr(bars) == "<ErrorBars of 33 parameters, 9.51 of them determined by the rows, and 1 output>"
    assert repr(model((2, 8, 1), error_bars=bars)).endswith("33 parameters in float64, with error bars>")
    assert repr(ErrorBars([1.0], 0.1, np.eye(2), 1)).endswith(
        " of 1 parameter, 1 of them determined by the rows, and 2 outputs>"
    )


LARGE = {
    "many inputs": model((3000, 1), input_names=[f"column {i}" for i in range(3000)]),
    "many layers": model((1,) * 500),
    "long names": model((1, 1), input_names=["a" * 10_000], output_names=["b" * 10_000]),
    "many columns": Scaling(np.zeros(900), np.ones(900)),
    "many epochs": History(loss=[0.1] * 1000, seconds=[1.0] * 1000),
    "a long training": TrainingResult(np.zeros(10_000), 7, History(loss=[0.1] * 1000), "early"),
}


@pytest.mark.parametrize("kind", LARGE)
def test_large_ones_stay_short(kind):
    assert len(repr(LARGE[kind])) < LINES
    assert "\n" not in repr(LARGE[kind])


def test_what_cannot_be_printed_is_escaped():
    assert "\x1b" not in repr(model((1, 1), input_names=["T\x1b[31m"]))
    assert "'T\\x1b[31m'" in repr(model((1, 1), input_names=["T\x1b[31m"]))
    assert "'θ'" in repr(model((1, 1), input_names=["θ"]))


def test_a_training_says_how_it_ended():
    result = LARGE["a long training"]
    assert repr(result) == (
        "<TrainingResult: <History of 1000 epochs, the last with a loss of 0.1>, early; the parameters of epoch 7>"
    )
    assert repr(History()) == "<History of 0 epochs>"


def test_a_small_scaling_is_shown_whole():
    assert eval(repr(Scaling([1.5], [2.0])), {"Scaling": Scaling, "array": np.array}).shift.tolist() == [1.5]


def test_an_estimator_shows_what_scikit_learn_shows():
    assert repr(Regressor(max_epochs=3)) == "Regressor(max_epochs=3)"
