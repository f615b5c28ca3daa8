"""Decimal marks: a number that is another one to half of the world is refused, not guessed."""

import numpy as np
import pytest

from fitnet.errors import TableError
from fitnet.tables import numeric_columns, read_table


@pytest.mark.parametrize("column", ["T", "U"])
@pytest.mark.parametrize(
    ("data", "cell", "either", "other"),
    [
        ("x;T;U;y\n0,13;1.133;1.133;0,26\n0,76;134;134;0,70\n", "1.133", "1133 or 1.133", "'x' has '0,13'"),
        ("x;T;U;y\n0.13;1,133;1,133;0.26\n0.76;134;134;0.70\n", "1,133", "1133 or 1.133", "'x' has '0.13'"),
        ("x;T;U;y\n3;-1.133;-1.133;7\n0;2.000;2.000;0,7\n", "-1.133", "-1133 or -1.133", "'y' has '0,7'"),
        ("x T U y\n0,13 1.133 1.133 7\n0,76 134 134 1\n", "1.133", "1133 or 1.133", "'x' has '0,13'"),
        ("x;T;U;y\n1,250;1.133;1.133;1\n", "1.133", "1133 or 1.133", "'x' has '1,250'"),
    ],
)
def test_thousands_that_may_be_decimals_are_refused(write, data, cell, either, other, column):
    path = write("t.dat", data)
    with pytest.raises(TableError) as raised:
        numeric_columns(read_table(path), [column])
    assert str(raised.value) == (
        f"{path} has '{cell}' in column '{column}', line 2, which may be {either}, for column {other}; "
        "numbers must have one decimal mark throughout and nothing between thousands."
    )
    assert (raised.value.column, raised.value.place) == (column, "line 2")


def test_commas_between_spaces_that_may_be_thousands_are_refused(write):
    with pytest.raises(TableError, match=r"'1,133' in column 'T', line 2, which may be 1133 or 1\.133; numbers"):
        numeric_columns(read_table(write("t.dat", "x T\n1 1,133\n2 2,500\n")), ["T"])


@pytest.mark.parametrize(
    ("data", "numbers"),
    [
        ("x;T\n0,13;0.950\n0,76;1.133\n", [0.95, 1.133]),  # nobody writes 0.950 for 950
        ("x;T\n0,13;1.5\n0,76;1.133\n", [1.5, 1.133]),
        ("x;T\n0.13;1.133\n0.76;2.000\n", [1.133, 2]),
        ("x;T\n3;1.133\n4;2.000\n", [1.133, 2]),
        ("x;T\n3;1,133\n4;2,000\n", [1.133, 2]),
        ("x;T\n0,13;1,133\nred;2,000\n", [1.133, 2]),
        ("x;T\n0,13;1133\nred;2000\n", [1133, 2000]),
        ("x T\n0,5 1,133\n0,5 0,2\n", [1.133, 0.2]),
        ("x,T\n0.13,1.133\n0.5,2.000\n", [1.133, 2]),
    ],
)
def test_what_can_be_one_number_is_read(write, data, numbers):
    np.testing.assert_array_equal(numeric_columns(read_table(write("t.dat", data)), ["T"])[:, 0], numbers)
