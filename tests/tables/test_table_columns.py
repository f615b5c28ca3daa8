"""Columns as numbers: by name, what counts as a number and as missing, and the cell that does not."""

import datetime
import decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitnet.errors import ArgumentTypeError, ArgumentValueError, TableError
from fitnet.tables import numeric_columns, read_table
from fitnet.tables.columns import text_values
from fitnet.tables.table import Table, row_numbers

NUMBERS = {" 1.5 ": 1.5, "1e3": 1e3, "+2": 2, "-.5": -0.5, "5.": 5, "1E-3": 1e-3, "007": 7, "-0": 0, "1e-999": 0}
MISSING = ["", " ", "NA", "na", "N/A", "n/a", "#N/A", "NaN", "nan", "-nan", "null", "NULL", "None", "-", "?"]
NOT_NUMBERS = ["abc", "1 2", "1_000", "0x10", "1e", "e5", ".", "+", "--1", "1.2.3", "$5", "5%", "1,5,0", "--"]

DAYS = "such as the days since the first, (t - t.min()).dt.total_seconds() / 86400 in pandas and polars."
DATES = f"make numbers of dates, {DAYS}"


@pytest.fixture
def values(write):
    """The numbers of column x in a file of these bytes."""
    return lambda data, name="t.csv": numeric_columns(read_table(write(name, data)), ["x"])[:, 0]


@pytest.mark.parametrize(("cell", "number"), NUMBERS.items())
def test_number(values, cell, number):
    np.testing.assert_array_equal(values(f"x,y\n1,0\n{cell},0\n"), [1, number])


@pytest.mark.parametrize("cell", MISSING)
def test_missing(values, cell):
    np.testing.assert_array_equal(values(f"x,y\n1,0\n{cell},0\n"), [1, np.nan])
    np.testing.assert_array_equal(values(f'x,y\n1,"0"\n{cell},0\n'), [1, np.nan])


@pytest.mark.parametrize("cell", NOT_NUMBERS)
def test_anything_else_is_refused_with_its_line(write, cell):
    path = write("t.tsv", f"x\ty\n1\ta\n{cell}\tb\n{cell}\tc\n")
    with pytest.raises(TableError) as raised:
        numeric_columns(read_table(path), ["x"])
    assert str(raised.value) == f"{path} has {cell!r} in column 'x', line 3, which is not a number."


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1), st.sampled_from(["r", ".17g", ".25e"]))
def test_text_gives_the_nearest_float(numbers, form):
    text = [repr(number) if form == "r" else format(number, form) for number in numbers]
    table = Table("t.csv", pl.DataFrame({"x": text}), row_numbers())
    np.testing.assert_array_equal(text_values(table, "x", table.frame["x"]).to_numpy(), numbers)


@pytest.mark.parametrize("cells", [["1,5", "-2", "+3,25e2"], ["1,5", "", "2,5"], ['"1,5"', "NA", "0,5"]])
def test_decimal_commas_between_semicolons(values, cells):
    expected = [float(cell.strip('"').replace(",", ".")) if cell not in ("", "NA") else np.nan for cell in cells]
    np.testing.assert_array_equal(values("t;x\n" + "".join(f"a,b;{cell}\n" for cell in cells)), expected)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            "x;y\n1.5;0\n2,5;0\n",
            "has both decimal commas ('2,5' in line 3) and decimal points ('1.5' in line 2) in column 'x'; "
            "it must have one kind.",
        ),
        ("x;y\n1.5;0\na,b;0\n", "has 'a,b' in column 'x', line 3, which is not a number."),
        ("x;y\n1,5;0\n1.2.3;0\n", "has '1.2.3' in column 'x', line 3, which is not a number."),
        ("x;y\n1.234,5;0\n", "has '1.234,5' in column 'x', line 2, which is not a number."),
        ("x;y\n1,234,567;0\n", "has '1,234,567' in column 'x', line 2, which is not a number."),
        (
            "x\ty\n1,5\t0\n",
            "has '1,5' in column 'x', line 2, which is not a number (decimal commas are read where semicolons "
            "separate the cells).",
        ),
        ('"x","y"\n2,0\n"1,5",0\n', "has '1,5' in column 'x', line 3, which is not a number (decimal commas are read "
         "where semicolons separate the cells)."),
        ("x,y\n2020-01-31,0\n", "has '2020-01-31' in column 'x', line 2, which is a date; " + DATES),
        ("x,y\n1,0\n31.1.2020 10:00,0\n", "has '31.1.2020 10:00' in column 'x', line 3, which is a date; " + DATES),
        ("x,y\n1,0\ninf,0\n", "has 'inf' in column 'x', line 3; every number must be finite in float64."),
        ("x,y\n1,0\n-Infinity,0\n", "has '-Infinity' in column 'x', line 3; every number must be finite in float64."),
        ("x,y\n1e999,0\n", "has '1e999' in column 'x', line 2; every number must be finite in float64."),
        ('x,y\n1,"a\nb"\nred,0\n', "has 'red' in column 'x', line 4, which is not a number."),
        ('x,y\n1,"a"\n"red\nblue",0\n', r"has 'red\nblue' in column 'x', line 3, which is not a number."),
        ("x,y\ntrue,0\n2,0\n", "has 'true' in column 'x', line 2, which is not a number."),
        (f"x,y\n{'a' * 50},0\n", f"has '{'a' * 37}...' in column 'x', line 2, which is not a number."),
    ],
)  # fmt: skip
def test_cell_is_refused(write, data, message):
    path = write("t.csv", data)
    with pytest.raises(TableError) as raised:
        numeric_columns(read_table(path), ["x"])
    assert str(raised.value) == f"{path} {message}"


def test_only_named_columns_must_be_numbers(write):
    table = read_table(write("t.csv", "x,t,y\n1,a,inf\n2,b,red\n"))
    np.testing.assert_array_equal(numeric_columns(table, ["x"]), [[1], [2]])


def test_order_is_that_of_the_names(write):
    table = read_table(write("t.csv", "x,y,z\n1,2,3\n4,5,6\n"))
    np.testing.assert_array_equal(numeric_columns(table, ["z", "x"]), [[3, 1], [6, 4]])


@pytest.mark.parametrize("spelling", ["true,false,,TRUE", "True,FALSE,NA,true"])
def test_booleans_in_text_are_0_and_1(values, spelling):
    rows = "".join(f"{cell},0\n" for cell in spelling.split(","))
    np.testing.assert_array_equal(values(f"x,y\n{rows}"), [1, 0, np.nan, 1])


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (["b", "tepm", "zz"], "has no column 'tepm' (did you mean 'temp'?); it has temp, b, c."),
        (["zz"], "has no column 'zz'; it has temp, b, c."),
        (["B"], "has no column 'B' (did you mean 'b'?); it has temp, b, c."),
    ],
)
def test_missing_column_is_named_with_those_there_are(write, wanted, message):
    path = write("t.csv", "temp,b,c\n1,2,3\n")
    with pytest.raises(TableError) as raised:
        numeric_columns(read_table(path), wanted)
    assert str(raised.value) == f"{path} {message}"


def test_of_many_columns_the_first_are_listed(write):
    names = [f"c{i}" for i in range(23)]
    path = write("t.csv", ",".join(names) + "\n" + ",".join("1" * 23) + "\n")
    with pytest.raises(TableError) as raised:
        numeric_columns(read_table(path), ["other"])
    assert str(raised.value) == f"{path} has no column 'other'; it has {', '.join(names[:20])} and 3 others."


@pytest.mark.parametrize(
    ("names", "error", "message"),
    [
        ("x", ArgumentTypeError, "`names` is 'x'; it must be a list of column names."),
        (None, ArgumentTypeError, "`names` is None; it must be a list of column names."),
        ([1], ArgumentTypeError, "`names` holds 1; it must hold column names."),
        ([], ArgumentValueError, "`names` is empty; it must name at least one column."),
        (["x", "y", "x"], ArgumentValueError, "`names` holds 'x' twice; it must name every column once."),
    ],
)
def test_names_must_be_a_list_of_different_names(write, names, error, message):
    table = read_table(write("t.csv", "x,y\n1,2\n"))
    with pytest.raises(error) as raised:
        numeric_columns(table, names)
    assert str(raised.value) == message


DAY = datetime.date(2020, 1, 31)
TYPED = {
    "Int8": (pl.Series([1, -2, None], dtype=pl.Int8), [1, -2, np.nan]),
    "UInt64": (pl.Series([1, 2**63, None], dtype=pl.UInt64), [1, 2.0**63, np.nan]),
    "Float32": (pl.Series([0.5, float("nan"), None], dtype=pl.Float32), [0.5, np.nan, np.nan]),
    "Boolean": (pl.Series([True, False, None]), [1, 0, np.nan]),
    "Decimal": (pl.Series([decimal.Decimal("1.25"), decimal.Decimal("-3.50"), None]), [1.25, -3.5, np.nan]),
    "String": (pl.Series(["1.5", " 2", "NA"]), [1.5, 2, np.nan]),
    "Categorical": (pl.Series(["1", "2", None], dtype=pl.Categorical), [1, 2, np.nan]),
    "Null": (pl.Series([None, None, None]), [np.nan, np.nan, np.nan]),
}


@pytest.mark.parametrize("kind", TYPED)
def test_parquet_column_of_numbers(tmp_path, kind):
    column, expected = TYPED[kind]
    pl.DataFrame({"x": column}).write_parquet(tmp_path / "t.parquet")
    np.testing.assert_array_equal(numeric_columns(read_table(tmp_path / "t.parquet"), ["x"])[:, 0], expected)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([DAY], f"holds dates or times in column 'x'; make numbers of them, {DAYS}"),
        ([datetime.timedelta(1)], f"holds dates or times in column 'x'; make numbers of them, {DAYS}"),
        ([[1, 2]], "holds values of type List(Int64) in column 'x'; a column that is used must hold numbers."),
        ([b"1"], "holds values of type Binary in column 'x'; a column that is used must hold numbers."),
        (["1", None, "red"], "has 'red' in column 'x', row 3, which is not a number."),
        (["1,5"], "has '1,5' in column 'x', row 1, which is not a number (decimal commas are read where semicolons "
         "separate the cells)."),
        ([1.0, -np.inf], "has '-inf' in column 'x', row 2; every number must be finite in float64."),
    ],
)  # fmt: skip
def test_parquet_column_is_refused(tmp_path, column, message):
    path = tmp_path / "t.parquet"
    pl.DataFrame({"x": column}).write_parquet(path)
    with pytest.raises(TableError) as raised:
        numeric_columns(read_table(path), ["x"])
    assert str(raised.value) == f"{path} {message}"
