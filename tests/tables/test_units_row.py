"""A row of units below the names: taken where it is in brackets, or where the user says that it is there."""

import numpy as np
import pytest

from fitnet.errors import TableError
from fitnet.tables import numeric_columns, read_table


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        ("x,t,T\n[m],,[K]\n1,a,2\n,b,4\n", False),
        ("x;t;T\n(m);[];(K)\n1;a;2\n;b;4\n", True),
        ("x;t;T\nm;-;K\n1,0;a;2\n;b;4\n", True),
        ('"x",t,T\n"[m]","",[K]\n"1",a,2\n,b,4\n', False),
        ("# x t T\n# [m] [] [K]\n1 a 2\nNA b 4\n", False),
    ],
)
def test_units(write, data, asked):
    table = read_table(write("t.csv", data), units_row=asked)
    np.testing.assert_array_equal(numeric_columns(table, ["x", "T"]), [[1, 2], [np.nan, 4]])
    assert (table.units, table.place(0)) == ({"x": "m", "T": "K"}, "line 3")


@pytest.mark.parametrize(
    ("data", "asked", "sentence"),
    [
        (
            "x;T\nm;K\n1;2,5\n",
            False,
            "has 'K' in column 'T', line 2, which is not a number (units below the names are read with --units-row, "
            "`units_row=True`).",
        ),
        ("x;T\nm;1,5\n1;2,5\n", True, "has '1,5' in line 2; a row of units must hold no numbers."),
        ("x,T\nm,K\n", True, "has no rows below its units; a table must have at least one."),
        ("x,T\n1,K\n1,2\n", False, "has 'K' in column 'T', line 2, which is not a number."),
        ("x,T\nm,K\n1,W\n", False, "has 'K' in column 'T', line 2, which is not a number."),
    ],
)
def test_refused(write, data, asked, sentence):
    path = write("t.csv", data)
    with pytest.raises(TableError) as raised:
        numeric_columns(read_table(path, units_row=asked), ["T"])
    assert str(raised.value) == f"{path} {sentence}"
