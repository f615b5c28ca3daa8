"""Scaling's refusals: what is no scaling, and values that cannot be scaled."""

import numpy as np
import pytest

from fitnet.algorithm.scaling import Scaling
from fitnet.errors import ArgumentTypeError, ArgumentValueError


@pytest.mark.parametrize(
    ("shift", "scale", "error", "sentence"),
    [
        ([1, 2], [1], ArgumentValueError, "`scale` has shape (1,); it must have shape (2,)."),
        (1, 1, ArgumentValueError, "`shift` has shape (); it must have shape (1,)."),
        ([], [], ArgumentValueError, "`shift` has shape (0,); it must have shape (1,)."),
        ([[1, 2]], [1, 2], ArgumentValueError, "`shift` has shape (1, 2); it must have shape (2,)."),
        ([1, 2], [1, 0], ArgumentValueError, "`scale` holds 0.0 at [1]; it must be above 0."),
        ([1, 2], [-1, 1], ArgumentValueError, "`scale` holds -1.0 at [0]; it must be above 0."),
        ([1, np.nan], [1, 1], ArgumentValueError, "`shift` holds nan at [1]; every entry must be a finite number."),
        ([1, 2], [np.inf, 1], ArgumentValueError, "`scale` holds inf at [0]; every entry must be a finite number."),
        (["a"], [1], ArgumentTypeError, "`shift` holds text; it must hold real numbers."),
        ([1], None, ArgumentTypeError, "`scale` holds objects that are not numbers; it must hold real numbers."),
    ],
)
def test_what_is_no_scaling_is_refused(shift, scale, error, sentence):
    with pytest.raises(error) as raised:
        Scaling(shift, scale)
    assert str(raised.value) == sentence


SCALING = Scaling([0, 1], [1, 1e-30])
FAR_DOWN = np.ones((70_000, 2))
FAR_DOWN[-1, 1] = np.nan


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda: SCALING.apply([[1, 2, 3]]), ArgumentValueError, "`values` has 3 columns; it must have 2."),
        (lambda: SCALING.undo([[1, 2, 3]]), ArgumentValueError, "`values` has 3 columns; it must have 2."),
        (lambda: SCALING.apply([["a", "b"]]), ArgumentTypeError, "`values` holds text; it must hold real numbers."),
        (
            lambda: SCALING.apply(FAR_DOWN),
            ArgumentValueError,
            "`values` holds nan at [69999, 1]; every entry must be a finite number.",
        ),
        (
            lambda: SCALING.apply([[1, 1], [1, 1e10]], "float32"),
            ArgumentValueError,
            "`values` holds 10000000000.0 at [1, 1]; float32 cannot hold it once it is scaled, which takes 1 away and "
            "divides by 1e-30.",
        ),
        (
            lambda: Scaling([0, 0], [1, 1e-30]).apply(
                np.repeat([[0.0, 0], [0, -1e10]], [69_999, 1], axis=0), "float32"
            ),
            ArgumentValueError,
            "`values` holds -10000000000.0 at [69999, 1]; float32 cannot hold it once it is scaled, which takes 0 away "
            "and divides by 1e-30.",
        ),
        (lambda: SCALING.apply([[1, 2]], "float16"), ArgumentValueError, None),
        (
            lambda: Scaling.standardising(FAR_DOWN),
            ArgumentValueError,
            "`values` holds nan at [69999, 1]; every entry must be a finite number.",
        ),
        (lambda: Scaling.standardising([[]]), ArgumentValueError, None),
        (
            lambda: Scaling.standardising([[1], [2]], [1]),
            ArgumentValueError,
            "`weights` has shape (1,); it must have one weight a row, (2,).",
        ),
        (
            lambda: Scaling.standardising([[1], [2]], [1, -1]),
            ArgumentValueError,
            "`weights` holds -1.0 at [1]; no weight may be negative.",
        ),
        (
            lambda: Scaling.standardising([[1], [2]], [0, 0]),
            ArgumentValueError,
            "`weights` is zero everywhere; at least one weight must be above 0.",
        ),
        (
            lambda: Scaling.standardising([1, 2]),
            ArgumentValueError,
            "`values` has 1 dimension; it must be a matrix of shape (rows, columns); "
            "one row is [[...]], one column is array.reshape(-1, 1).",
        ),
    ],
)
def test_values_that_cannot_be_scaled_are_refused(call, error, sentence):
    with pytest.raises(error) as raised:
        call()
    assert sentence is None or str(raised.value) == sentence
