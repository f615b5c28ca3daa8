"""Arguments' refusals: the error and the sentence for what is not taken."""

from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from fitnet.arguments import (
    float_dtype,
    fraction_below_one,
    matrix,
    one_of,
    output_matrix,
    real_number,
    row_weights,
    whole_number,
)
from fitnet.errors import ArgumentTypeError, ArgumentValueError

FLOAT32, FLOAT64 = np.dtype("float32"), np.dtype("float64")
COLOURS = ["red", "green", "blue"]

ONE_COLUMN_HINT = "; one row is [[...]], one column is array.reshape(-1, 1)."
NOT_A_MATRIX = "it must be a matrix of shape (rows, columns)"
INPUTS = np.zeros((3, 3), "float32")
NOT_FINITE = "every entry must be a finite number."


def at_place(value, place, dtype="float64"):
    """Ones (2, 3) with `value` at `place`."""
    array = np.ones((2, 3), dtype)
    array[place] = value
    return array


# the call, the error and its whole message
NAMES = [
    (partial(one_of, "colour", "gren", COLOURS), "`colour` is 'gren'; it must be one of {} (did you mean 'green'?)."),
    (partial(one_of, "colour", "RED", COLOURS), "`colour` is 'RED'; it must be one of {} (did you mean 'red'?)."),
    (partial(one_of, "colour", "", COLOURS), "`colour` is ''; it must be one of {}."),
    (partial(one_of, "colour", None, COLOURS), "`colour` is None; it must be one of {}."),
    (partial(one_of, "colour", ["red"], COLOURS), "`colour` is ['red']; it must be one of {}."),
]
WHOLE_NUMBERS = [
    (partial(whole_number, "count", 0), ArgumentValueError, "`count` is 0; it must be at least 1."),
    (partial(whole_number, "count", -1, 0), ArgumentValueError, "`count` is -1; it must be at least 0."),
    (partial(whole_number, "count", np.int8(4), 5), ArgumentValueError, "`count` is 4; it must be at least 5."),
    (partial(whole_number, "count", 3.0), ArgumentTypeError, "`count` is 3.0; it must be a whole number."),
    (
        partial(whole_number, "count", Fraction(3)),
        ArgumentTypeError,
        "`count` is Fraction(3, 1); it must be a whole number.",
    ),
    (partial(whole_number, "count", True), ArgumentTypeError, "`count` is True; it must be a whole number."),
    (partial(whole_number, "count", "3"), ArgumentTypeError, "`count` is '3'; it must be a whole number."),
    (partial(whole_number, "count", None), ArgumentTypeError, "`count` is None; it must be a whole number."),
    (partial(whole_number, "count", [3]), ArgumentTypeError, "`count` is [3]; it must be a whole number."),
]
REAL_NUMBERS = [
    (partial(real_number, "rate", np.nan), ArgumentValueError, "`rate` is nan; it must be finite."),
    (partial(real_number, "rate", -np.inf), ArgumentValueError, "`rate` is -inf; it must be finite."),
    (partial(real_number, "rate", -1, 0), ArgumentValueError, "`rate` is -1; it must be at least 0."),
    (partial(real_number, "rate", 0, 0, low_included=False), ArgumentValueError, "`rate` is 0; it must be above 0."),
    (
        partial(fraction_below_one, "share", 90),
        ArgumentValueError,
        "`share` is 90; it must be above 0 and below 1 (did you mean 0.9?).",
    ),
    (
        partial(fraction_below_one, "share", np.float32(99.5), low_included=True),
        ArgumentValueError,
        "`share` is 99.5; it must be at least 0 and below 1 (did you mean 0.995?).",
    ),
    (partial(fraction_below_one, "share", 1), ArgumentValueError, "`share` is 1; it must be above 0 and below 1."),
    (partial(fraction_below_one, "share", 100), ArgumentValueError, "`share` is 100; it must be above 0 and below 1."),
    (partial(fraction_below_one, "share", -9), ArgumentValueError, "`share` is -9; it must be above 0 and below 1."),
    (partial(fraction_below_one, "share", "90"), ArgumentTypeError, "`share` is '90'; it must be a real number."),
    (partial(real_number, "rate", 2.5, high=2), ArgumentValueError, "`rate` is 2.5; it must be at most 2."),
    (
        partial(real_number, "rate", 2, high=2, high_included=False),
        ArgumentValueError,
        "`rate` is 2; it must be below 2.",
    ),
    (partial(real_number, "rate", 3, 0, 1), ArgumentValueError, "`rate` is 3; it must be at least 0 and at most 1."),
    (
        partial(real_number, "rate", 1, 0, 1, low_included=False, high_included=False),
        ArgumentValueError,
        "`rate` is 1; it must be above 0 and below 1.",
    ),
    (partial(real_number, "rate", "1"), ArgumentTypeError, "`rate` is '1'; it must be a real number."),
    (partial(real_number, "rate", 1j), ArgumentTypeError, "`rate` is 1j; it must be a real number."),
    (partial(real_number, "rate", True), ArgumentTypeError, "`rate` is True; it must be a real number."),
    (partial(real_number, "rate", None), ArgumentTypeError, "`rate` is None; it must be a real number."),
]
DTYPES = [
    (partial(float_dtype, "dtype", "float16"), "`dtype` is 'float16'; it must be float32 or float64."),
    (partial(float_dtype, "dtype", "double"), "`dtype` is 'double'; it must be float32 or float64."),
    (partial(float_dtype, "dtype", int), "`dtype` is <class 'int'>; it must be float32 or float64."),
    (partial(float_dtype, "dtype", np.dtype(">f8")), "`dtype` is dtype('>f8'); it must be float32 or float64."),
    (partial(float_dtype, "dtype", None), "`dtype` is None; it must be float32 or float64."),
    (partial(float_dtype, "dtype", []), "`dtype` is []; it must be float32 or float64."),
]
MATRICES = [
    (3.0, ArgumentValueError, f"`X` has 0 dimensions; {NOT_A_MATRIX}."),
    ([1.0, 2.0, 3.0], ArgumentValueError, f"`X` has 1 dimension; {NOT_A_MATRIX}{ONE_COLUMN_HINT}"),
    ([], ArgumentValueError, f"`X` has 1 dimension; {NOT_A_MATRIX}{ONE_COLUMN_HINT}"),
    (np.ones((2, 3, 1)), ArgumentValueError, f"`X` has 3 dimensions; {NOT_A_MATRIX}."),
    (
        [[1, 2, 3], [4, 5]],
        ArgumentValueError,
        "`X` has rows of different lengths; every row must be as long as the first.",
    ),
    (np.empty((0, 3)), ArgumentValueError, "`X` has no rows; it must have at least one."),
    (np.ones((2, 4)), ArgumentValueError, "`X` has 4 columns; it must have 3."),
    (np.ones((2, 0)), ArgumentValueError, "`X` has no columns; it must have at least one."),
    (at_place(np.nan, (1, 2)), ArgumentValueError, f"`X` holds nan at [1, 2]; {NOT_FINITE}"),
    (at_place(np.inf, (0, 1)), ArgumentValueError, f"`X` holds inf at [0, 1]; {NOT_FINITE}"),
    (at_place(-np.inf, (1, 0), "float16"), ArgumentValueError, f"`X` holds -inf at [1, 0]; {NOT_FINITE}"),
    (at_place(1e39, (1, 0)), ArgumentValueError, f"`X` holds 1e+39 at [1, 0]; float32 cannot hold it; {NOT_FINITE}"),
    (np.ones((2, 3), complex), ArgumentTypeError, "`X` holds complex numbers; it must hold real numbers."),
    ([["1", "2", "3"]], ArgumentTypeError, "`X` holds text; it must hold real numbers."),
    ([[1, 2, "3"]], ArgumentTypeError, "`X` holds text; it must hold real numbers."),
    ([[b"1", b"2", b"3"]], ArgumentTypeError, "`X` holds text; it must hold real numbers."),
    ("1 2 3", ArgumentTypeError, "`X` holds text; it must hold real numbers."),
    ([[1, None, 3]], ArgumentTypeError, "`X` holds objects that are not numbers; it must hold real numbers."),
    ([[]], ArgumentValueError, "`X` has no columns; it must have at least one."),
    (
        np.ma.masked_equal([[1.0, 2.0]], 2.0),
        ArgumentValueError,
        "`X` has masked entries; every entry must be a finite number.",
    ),
    (None, ArgumentTypeError, "`X` holds objects that are not numbers; it must hold real numbers."),
    (np.zeros((2, 3), "M8[s]"), ArgumentTypeError, "`X` holds dtype datetime64[s]; it must hold real numbers."),
]
WEIGHTS = [
    ([1.0, 2.0], ArgumentValueError, "`weights` has shape (2,); it must have one weight a row, (3,)."),
    ([[1.0], [2.0], [3.0]], ArgumentValueError, "`weights` has shape (3, 1); it must have one weight a row, (3,)."),
    (1.0, ArgumentValueError, "`weights` has shape (); it must have one weight a row, (3,)."),
    ([1.0, -1.0, 1.0], ArgumentValueError, "`weights` holds -1.0 at [1]; no weight may be negative."),
    ([0, 0, 0], ArgumentValueError, "`weights` is zero everywhere; at least one weight must be above 0."),
    ([1.0, np.nan, 1.0], ArgumentValueError, f"`weights` holds nan at [1]; {NOT_FINITE}"),
    ([1.0, 1.0, np.inf], ArgumentValueError, f"`weights` holds inf at [2]; {NOT_FINITE}"),
    (["a", "b", "c"], ArgumentTypeError, "`weights` holds text; it must hold real numbers."),
]
OUTPUTS = [
    ([[0.0, 0.0]], ArgumentTypeError, "`out` is list; it must be a NumPy array of float32 and shape (3, 2)."),
    (
        np.zeros((3, 2)),
        ArgumentValueError,
        "`out` is an array of float64 and shape (3, 2); it must be a NumPy array of float32 and shape (3, 2).",
    ),
    (
        np.zeros((2, 2), "float32"),
        ArgumentValueError,
        "`out` is an array of float32 and shape (2, 2); it must be a NumPy array of float32 and shape (3, 2).",
    ),
    (np.zeros((2, 3), "float32").T, ArgumentValueError, "`out` must be C-contiguous, aligned and writeable."),
    (np.broadcast_to(np.float32(0), (3, 2)), ArgumentValueError, "`out` must be C-contiguous, aligned and writeable."),
    (INPUTS[:, :2], ArgumentValueError, "`out` must be C-contiguous, aligned and writeable."),
    (
        INPUTS.ravel()[:6].reshape(3, 2),
        ArgumentValueError,
        "`out` shares memory with the inputs; it must be an array of its own.",
    ),
]
REFUSALS = [
    *[(call, ArgumentValueError, message.format("red, green, blue")) for call, message in NAMES],
    *WHOLE_NUMBERS,
    *REAL_NUMBERS,
    *[(call, ArgumentValueError, message) for call, message in DTYPES],
    *[(partial(matrix, "X", value, FLOAT32, 3), error, message) for value, error, message in MATRICES],
    *[(partial(row_weights, "weights", value, FLOAT32, 3), error, message) for value, error, message in WEIGHTS],
    *[
        (partial(output_matrix, "out", value, FLOAT32, (3, 2), INPUTS), error, message)
        for value, error, message in OUTPUTS
    ],
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSALS, ids=[message for _, _, message in REFUSALS])
def test_refuses(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert (caught.type, str(caught.value)) == (error, message)


def test_a_refused_array_is_not_changed_either():
    given = at_place(1e39, (1, 0))
    with pytest.raises(ArgumentValueError):
        matrix("X", given, FLOAT32)
    assert np.array_equal(given, at_place(1e39, (1, 0)))
