"""Refusals of models with scalings: parts, rows and outputs that do not fit."""

import numpy as np
import pytest
from scaled_models import INPUTS, NETWORK, PARAMETERS, SCALINGS, TARGETS

from fitnet import Model
from fitnet.errors import ArgumentTypeError, ArgumentValueError

MEMORY = np.random.default_rng(3).normal(size=200)


@pytest.mark.parametrize(
    ("out", "error", "sentence"),
    [
        (
            np.zeros((20, 3), "float32"),
            ArgumentValueError,
            "`out` is an array of float32 and shape (20, 3); it must be a NumPy array of float64 and shape (20, 3).",
        ),
        (
            np.zeros((20, 2)),
            ArgumentValueError,
            "`out` is an array of float64 and shape (20, 2); it must be a NumPy array of float64 and shape (20, 3).",
        ),
        (
            np.zeros((20, 3), order="F"),
            ArgumentValueError,
            "`out` must be C-contiguous, aligned and writeable.",
        ),
        (
            MEMORY[30:90].reshape(20, 3),
            ArgumentValueError,
            "`out` shares memory with the inputs; it must be an array of its own.",
        ),
        ([], ArgumentTypeError, "`out` is list; it must be a NumPy array of float64 and shape (20, 3)."),
    ],
)
def test_an_output_that_does_not_fit_is_refused(out, error, sentence):
    X, before = MEMORY[:40].reshape(20, 2), MEMORY.copy()
    with pytest.raises(error) as raised:
        Model(NETWORK, PARAMETERS.astype("float32"), target_scaling=TARGETS).predict(X, out=out)
    assert str(raised.value) == sentence
    assert np.array_equal(MEMORY, before)


FAR_DOWN = np.zeros((70_000, 2))
FAR_DOWN[-1, 1] = np.inf


@pytest.mark.parametrize("call", [Model.predict, Model.jacobian, Model.hessian])
@pytest.mark.parametrize(
    ("scalings", "X", "sentence"),
    [
        ("both", [[1, 2, 3]], "`X` has 3 columns; it must have 2."),
        ("both", np.ones((0, 2)), "`X` has no rows; it must have at least one."),
        ("both", FAR_DOWN, "`X` holds inf at [69999, 1]; every entry must be a finite number."),
        ("targets", FAR_DOWN, "`X` holds inf at [69999, 1]; every entry must be a finite number."),
        (
            "targets",
            np.array([[1, 2], [1e300, 1]]),
            "`X` holds 1e+300 at [1, 0]; float32 cannot hold it; every entry must be a finite number.",
        ),
        (
            "inputs",
            [[1, 2], [1, 1e33]],
            "`X` holds 1e+33 at [1, 1]; float32 cannot hold it once it is scaled, which takes 3e-09 away and "
            "divides by 1e-09.",
        ),
    ],
)
def test_rows_that_cannot_be_predicted_are_refused(call, scalings, X, sentence):
    with pytest.raises(ArgumentValueError) as raised:
        call(Model(NETWORK, PARAMETERS.astype("float32"), **SCALINGS[scalings]), X)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("overrides", "error", "sentence"),
    [
        ({"input_scaling": TARGETS}, ArgumentValueError, "`input_scaling` is for 3 columns; it must be for 2."),
        ({"target_scaling": INPUTS}, ArgumentValueError, "`target_scaling` is for 2 columns; it must be for 3."),
        ({"input_scaling": (0, 1)}, ArgumentTypeError, "`input_scaling` is (0, 1); it must be a Scaling or None."),
        (
            {"input_ranges": [[1, 2], [3, 1]]},
            ArgumentValueError,
            "`input_ranges` is from 2.0 to 1.0 in column 1; no range may end below where it begins.",
        ),
        (
            {"input_ranges": [[1, 2]]},
            ArgumentValueError,
            "`input_ranges` has 1 row; it must have 2, low and high.",
        ),
        ({"input_ranges": [[1], [2]]}, ArgumentValueError, "`input_ranges` has 1 column; it must have 2."),
        (
            {"input_ranges": [[1, 2], [3, np.nan]]},
            ArgumentValueError,
            "`input_ranges` holds nan at [1, 1]; every entry must be a finite number.",
        ),
    ],
)
def test_parts_that_do_not_fit_are_refused(overrides, error, sentence):
    with pytest.raises(error) as raised:
        Model(NETWORK, PARAMETERS, **overrides)
    assert str(raised.value) == sentence
