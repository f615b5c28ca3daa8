"""Projections in encodings that are refused, and rows that are too far out for them."""

import numpy as np
import pytest

from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.algorithm.scaling import Scaling
from fitnet.errors import ArgumentTypeError, ArgumentValueError

UNSCALED = Scaling([0, 0], [1, 1])
ENCODING = PiecewiseLinear([[], [0, 1, 2], [-1, 0, 1]], [[1, 1]])


@pytest.mark.parametrize(
    ("projections", "shape"),
    [
        *[(np.ones(shape), shape) for shape in [(1, 1), (2, 2), (1, 3), (4, 1), (3, 0), (5, 2), (3,), (), (1, 1, 1)]],
        ([], (0,)),
    ],
    ids=str,
)
def test_another_shape_is_refused(projections, shape):
    """Such as more projections than there are edges."""
    with pytest.raises(ArgumentValueError) as raised:
        PiecewiseLinear([[], [], []], projections)
    assert raised.value.argument == "projections"
    assert str(raised.value) == (
        f"`projections` has shape {shape}; it must be (q, p), a row for each projection and a column for each input, "
        "with q + p = 3, as many as `edges` has."
    )


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf], ids=str)
def test_coefficients_that_are_not_finite_are_refused(value):
    with pytest.raises(ArgumentValueError) as raised:
        PiecewiseLinear([[], [], []], [[1, value]])
    assert str(raised.value) == f"`projections` holds {value} at [0, 1]; every entry must be a finite number."


@pytest.mark.parametrize(
    ("projections", "error", "sentence"),
    [
        ("ab", ArgumentTypeError, "`projections` holds text; it must hold real numbers."),
        ([[1j, 1]], ArgumentTypeError, "`projections` holds complex numbers; it must hold real numbers."),
        (
            [[1], [1, 2]],
            ArgumentValueError,
            "`projections` has rows of different lengths; every row must be as long as ",
        ),
        (
            np.ma.masked_array([[1.0, 2.0]], [[True, False]]),
            ArgumentValueError,
            "`projections` has masked entries; every entry must be a finite number.",
        ),
    ],
    ids=["text", "complex", "ragged", "masked"],
)
def test_coefficients_of_another_kind_are_refused(projections, error, sentence):
    with pytest.raises(error) as raised:
        PiecewiseLinear([[], [], []], projections)
    assert type(raised.value) is error
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize("ask", [PiecewiseLinear.apply, PiecewiseLinear.rows], ids=["apply", "rows"])
@pytest.mark.parametrize(
    ("encoding", "row", "dtype", "at"),
    [
        (PiecewiseLinear([[], [], [0, 1e-32, 2e-32]], [[1, 100]]), [3e7, -1e6], "float32", 1),
        (PiecewiseLinear([[], [], [0, 1e-32, 2e-32]], [[1, 10]]), [3e8, -1e6], "float32", 0),
        (PiecewiseLinear([[], [], []], [[1e30, 1]]), [1e10, 1e20], "float32", 0),
        (PiecewiseLinear([[], [], []], [[1, 1e300]]), [5e9, 1e9], "float64", 1),
        (PiecewiseLinear([[], [], []], [[1e300, -1e300]]), [1e10, 1e10], "float64", 0),  # inf - inf
    ],
)
def test_rows_too_far_out_are_refused_by_their_farthest_column(ask, encoding, row, dtype, at):
    if dtype == "float32":
        assert np.isfinite(encoding.apply([row], UNSCALED, "float64")).all()
    with pytest.raises(ArgumentValueError) as raised:
        ask(encoding, [[0.0, 0.0], row], UNSCALED, dtype)
    assert str(raised.value) == (
        f"`X` holds {float(row[at])} at [1, {at}]; {dtype} cannot hold it once it is encoded, so far from the edges."
    )


def test_rows_that_do_not_fit_are_refused():
    with pytest.raises(ArgumentValueError, match=r"`X` has 4 columns; it must have 2\."):
        ENCODING.apply(np.zeros((1, 4)), UNSCALED)
    with pytest.raises(ArgumentValueError, match=r"`X` holds nan at \[0, 1\]"):
        ENCODING.rows([[0, np.nan]], UNSCALED)
