"""The paper's accuracy: one minus the mean relative error, never below zero, zeros left out."""

import numpy as np
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.quadratic import Accuracy, accuracy
from tolerances import FLOAT64_RTOL


@pytest.mark.parametrize(
    ("prediction", "target", "value", "excluded"),
    [
        ([[2.0]], [[2.0]], 1.0, 0),
        ([[1.5]], [[2.0]], 0.75, 0),
        ([[2.5]], [[2.0]], 0.75, 0),
        ([[-1.5]], [[-2.0]], 0.75, 0),
        ([[-2.5]], [[-2.0]], 0.75, 0),
        ([[1.5], [4.0]], [[2.0], [4.0]], 0.875, 0),
        ([[1.0, 3.0], [2.0, -4.0]], [[2.0, 4.0], [2.0, -4.0]], 1 - (0.5 + 0.25) / 4, 0),
        ([[1, 3]], [[2, 4]], 1 - (0.5 + 0.25) / 2, 0),
        ([[0.0]], [[1e-9]], 0.0, 0),
        ([[9.0], [1.5]], [[0.0], [2.0]], 0.75, 1),
        ([[5.0, 1.5], [0.0, 2.0]], [[0.0, 2.0], [-0.0, 2.0]], 0.875, 2),
    ],
)
def test_by_hand(prediction, target, value, excluded):
    result = accuracy(prediction, target)
    assert result.value == pytest.approx(value, rel=FLOAT64_RTOL, abs=0)
    assert result.excluded_entries == excluded


def test_zeros_left_out_are_not_counted_in_the_mean(generator):
    target = generator.normal(size=(50, 4))
    prediction = target * 1.25
    target[::3, 1] = 0
    result = accuracy(prediction, target)
    assert result.value == pytest.approx(0.75, rel=FLOAT64_RTOL, abs=0)
    assert result.excluded_entries == 17


@pytest.mark.parametrize("prediction", [[[4.0], [4.0]], [[-1.0], [1.0]], [[1e300], [1.0]]])
def test_never_below_zero(prediction):
    """Mean relative errors of 1.5 and more: one minus them is negative, and 0 is reported."""
    assert accuracy(prediction, [[1.0], [1.0]]) == Accuracy(0.0, 0)


def test_result_is_plain_numbers():
    result = accuracy(np.float32([[1.5]]), np.float32([[2.0]]))
    assert (type(result.value), type(result.excluded_entries)) == (float, int)


def test_arguments_are_not_changed():
    prediction, target = np.array([[1.0], [2.0]]), np.array([[0.0], [4.0]])
    accuracy(prediction, target)
    assert (prediction.tolist(), target.tolist()) == ([[1.0], [2.0]], [[0.0], [4.0]])


@pytest.mark.parametrize(
    ("prediction", "target", "error", "message"),
    [
        (
            [[1.0]],
            [[1.0], [2.0]],
            ArgumentValueError,
            "`prediction` has shape (1, 1); it must have `target`'s, (2, 1).",
        ),
        (
            [[1.0, 2.0]],
            [[1.0], [2.0]],
            ArgumentValueError,
            "`prediction` has shape (1, 2); it must have `target`'s, (2, 1).",
        ),
        (
            [[1.0], [2.0]],
            [[0.0], [0.0]],
            ArgumentValueError,
            "`target` is zero everywhere; relative errors are not defined there.",
        ),
        (
            [[1.0], [np.nan]],
            [[1.0], [2.0]],
            ArgumentValueError,
            "`prediction` holds nan at [1, 0]; every entry must be a finite number.",
        ),
        (
            [[1.0]],
            [[np.inf]],
            ArgumentValueError,
            "`target` holds inf at [0, 0]; every entry must be a finite number.",
        ),
        (
            np.empty((0, 1)),
            np.empty((0, 1)),
            ArgumentValueError,
            "`target` has no rows; it must have at least one.",
        ),
        ([[1.0]], [[1j]], ArgumentTypeError, "`target` holds complex numbers; it must hold real numbers."),
        ([["1"]], [[1.0]], ArgumentTypeError, "`prediction` holds text; it must hold real numbers."),
        (
            [[1.0]],
            [1.0],
            ArgumentValueError,
            "`target` has 1 dimension; it must be a matrix of shape (rows, columns); one row is [[...]], "
            "one column is array.reshape(-1, 1).",
        ),
    ],
)
def test_refusals(prediction, target, error, message):
    with pytest.raises(error) as refusal:
        accuracy(prediction, target)
    assert str(refusal.value) == message
