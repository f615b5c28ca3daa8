"""Arguments: what is taken, and what it becomes."""

from fractions import Fraction

import numpy as np
import pytest

from fitnet.arguments import float_dtype, matrix, one_of, output_matrix, real_number, row_weights, whole_number

FLOAT32, FLOAT64 = np.dtype("float32"), np.dtype("float64")
COLOURS = ["red", "green", "blue"]
INPUTS = np.zeros((3, 3), "float32")

VALUES = [[0.0, 1.0], [2.0, 3.0], [250.0, 4.0]]
TAKEN = {
    "lists": VALUES,
    "tuples": tuple(map(tuple, VALUES)),
    "whole numbers": np.array(VALUES, "int64"),
    "bytes": np.array(VALUES, "uint8"),
    "float16": np.array(VALUES, "float16"),
    "float32": np.array(VALUES, "float32"),
    "float64": np.array(VALUES),
    "long double": np.array(VALUES, "longdouble"),
    "big-endian": np.array(VALUES, ">f8"),
    "Fortran order": np.asfortranarray(VALUES),
    "every other column": np.repeat(VALUES, 2, axis=1)[:, ::2],
    "backwards": np.array(VALUES[::-1])[::-1],
    "unaligned": np.frombuffer(b"." + np.array(VALUES).tobytes(), offset=1).reshape(3, 2),
    "unaligned float32": np.frombuffer(b"." + np.array(VALUES, "float32").tobytes(), "float32", offset=1).reshape(3, 2),
}


def test_one_of_gives_the_name_back():
    assert one_of("colour", "green", COLOURS) == "green"
    assert one_of("colour", "green", dict.fromkeys(COLOURS)) == "green"
    assert one_of("colour", "green", iter(COLOURS)) == "green"


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3)])
def test_whole_numbers_become_ints(value):
    assert whole_number("count", value, 3) == 3
    assert type(whole_number("count", value)) is int


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), np.float64(0.5), Fraction(1, 2)])
def test_real_numbers_become_floats(value):
    assert real_number("rate", value, 0.5, 0.5) == 0.5
    assert type(real_number("rate", value)) is float


@pytest.mark.parametrize("value", [0, 1])
def test_bounds_belong_unless_shut_out(value):
    assert real_number("rate", value, 0, 1) == value


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64])
def test_a_dtype_may_be_given_by_name_type_or_itself(dtype):
    assert [float_dtype("dtype", spelling) for spelling in (dtype.name, dtype.type, dtype)] == [dtype] * 3


@pytest.mark.parametrize("dtype", [FLOAT32, FLOAT64], ids=str)
@pytest.mark.parametrize("value", TAKEN.values(), ids=TAKEN)
def test_matrix_takes_any_real_numbers_in_any_layout(value, dtype):
    taken = matrix("X", value, dtype, 2)
    assert type(taken) is np.ndarray
    assert (taken.dtype, taken.dtype.isnative) == (dtype, True)
    assert taken.flags.c_contiguous
    assert taken.flags.aligned
    assert taken.tolist() == VALUES


def test_matrix_takes_truth_values_as_zero_and_one():
    assert matrix("X", [[True, False]], FLOAT32).tolist() == [[1.0, 0.0]]


def test_matrix_takes_any_number_of_columns_unless_told():
    assert matrix("X", np.ones((2, 7)), FLOAT64).shape == (2, 7)


def test_matrix_takes_the_largest_number_the_dtype_can_hold():
    largest = float(np.finfo(FLOAT32).max)
    assert matrix("X", [[largest, -largest]], FLOAT32).tolist() == [[largest, -largest]]
    assert matrix("X", [[1e39]], FLOAT64).tolist() == [[1e39]]


@pytest.mark.parametrize("value", [array for array in TAKEN.values() if isinstance(array, np.ndarray)])
def test_the_callers_array_is_never_changed(value):
    before, dtype, strides, writeable = value.tobytes(), value.dtype, value.strides, value.flags.writeable
    given = value.view()
    given.flags.writeable = False
    for target in (FLOAT32, FLOAT64):
        assert matrix("X", given, target).tolist() == VALUES
    assert (value.tobytes(), value.dtype, value.strides, value.flags.writeable) == (before, dtype, strides, writeable)


@pytest.mark.parametrize(
    "value", [[1, 0, 2], (1.0, 0.0, 2.0), np.array([1, 0, 2], "uint8"), np.array([1, 9, 0, 9, 2.0])[::2]]
)
def test_row_weights_takes_any_real_numbers(value):
    weights = row_weights("weights", value, FLOAT32, 3)
    assert (weights.dtype, weights.flags.c_contiguous) == (FLOAT32, True)
    assert weights.tolist() == [1, 0, 2]


def test_an_output_is_taken_as_it_is():
    out = np.zeros((3, 2), "float32")
    assert output_matrix("out", out, FLOAT32, (3, 2), INPUTS) is out
