"""Errors: what they are about stands beside their sentence, in another process too."""

import pickle

import pytest

from fitnet.arguments import matrix, one_of, whole_number
from fitnet.errors import (
    FITNET_ERRORS,
    ArgumentError,
    ArgumentTypeError,
    ArgumentValueError,
    CheckpointMismatchError,
    MissingValuesError,
    TableError,
)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: whole_number("rows", 1.5),
        lambda: whole_number("rows", 0),
        lambda: one_of("rows", "on", ["one", "two"]),
        lambda: matrix("rows", [[1.0]], "float64", 2),
        lambda: matrix("rows", [["a"]], "float64"),
    ],
)
def test_an_argument_error_carries_the_name_that_was_checked(refused):
    with pytest.raises(ArgumentError) as error:
        refused()
    assert error.value.argument == "rows"
    assert str(error.value).startswith("`rows` ")


def test_the_first_argument_is_the_one_it_is_about():
    error = ArgumentValueError("`y` has 2 rows and `X` has 3; they must have equally many.", "y", "X")
    assert (error.argument, error.arguments) == ("y", ("y", "X"))
    assert ArgumentTypeError("Nothing fits.").argument is None


@pytest.mark.parametrize(
    "error",
    [
        ArgumentValueError("`y` has 2 rows and `X` has 3; they must have equally many.", "y", "X"),
        CheckpointMismatchError("`epochs` is 2; it must be 3.", "epochs"),
        TableError("t.csv has 'x' in column 'a', line 3, which is not a number.", "a", "line 3"),
        MissingValuesError("t.csv has missing values in a (1)"),
    ],
)
def test_errors_survive_the_way_to_another_process(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_the_built_in_classes_catch_them():
    assert issubclass(ArgumentValueError, ValueError)
    assert issubclass(ArgumentTypeError, TypeError)
    assert all(issubclass(error, FITNET_ERRORS) for error in (CheckpointMismatchError, MissingValuesError))


def test_the_way_out_is_no_part_of_the_problem():
    error = MissingValuesError("t.csv has missing values in a (1)")
    assert str(error).startswith(f"{error.problem}; ")
    assert "drop_missing" not in error.problem
