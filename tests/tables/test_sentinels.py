"""Sentinels: a number that seems to stand for a missing value gets a warning that names its column, and stays."""

import warnings

import numpy as np
import polars as pl
import pytest

from fitnet.errors import FITNET_WARNINGS, ArgumentTypeError, ArgumentValueError, TableWarning
from fitnet.tables import numeric_columns, read_table, select

TEMPERATURES = [3.5, 12, 18.25, 40, 7]


def table(write, column):
    return read_table(write("t.csv", "T,y\n" + "".join(f"{value!r},{i}\n" for i, value in enumerate(column))))


@pytest.mark.parametrize(
    ("column", "value", "between"),
    [
        ([-9999, *TEMPERATURES, -9999], "-9999", "from 3.5 to 40"),
        ([999.9, *TEMPERATURES, 999.9], "999.9", "from 3.5 to 40"),
        ([-99, *range(101), -99], "-99", "from 0 to 100"),
        ([-9999, *range(3000), -9999], "-9999", "from 0 to 2999"),
        ([-999.25, *range(101), -999.25], "-999.25", "from 0 to 100"),
        ([-200, *TEMPERATURES, -200], "-200", "from 3.5 to 40"),
        ([1e30, *TEMPERATURES, 1e30], "1e+30", "from 3.5 to 40"),
        ([-1.7e308, *TEMPERATURES, -1.7e308], "-1.7e+308", "from 3.5 to 40"),
        ([-9999, *TEMPERATURES, float("nan"), -9999], "-9999", "from 3.5 to 40"),
    ],
)
def test_warned_of(write, column, value, between):
    read = table(write, column)
    with pytest.warns(TableWarning) as warned:
        chosen = select(read, ["y"], missing="impute")
    assert [str(each.message) for each in warned] == [
        f"{read.path} has {value} in column 'T', 2 times, far from all other values, which are {between}; if it stands "
        f"for a missing value, say so with --missing-value {value} (`missing_values=[{value}]`)."
    ]
    assert issubclass(TableWarning, FITNET_WARNINGS)
    np.testing.assert_array_equal(chosen.X[:, 0], column)


@pytest.mark.parametrize(
    "column",
    [
        [-9999, *TEMPERATURES],  # once: an outlier, or a value
        [0, 1, 0, 1, 1],
        [0, 0, 0, 0, 250],
        [0, 0, 0, 0.5, 2, 8],
        [50, 50, *TEMPERATURES],
        [-99, -98, -97, -99],
        [99, *range(101), 99],
        [-99, -99, *range(-500, 500)],
        [1, 1, 2, 2, 50, 50],
        [1, 2, 3, 4, 30, 30],
        [7, 7, 7],
        [float("nan"), 7, 7],
        np.exp(np.random.default_rng(0).normal(0, 3, 500)).round(1).tolist(),
    ],
)
def test_not_warned_of(write, column):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        select(table(write, column), ["y"], missing="impute")


@pytest.mark.parametrize("value", [-9999, -9999.0, np.float32(-9999)])
def test_a_number_that_stands_for_a_missing_value(write, value):
    read = read_table(write("t.csv", "T,y\n1,2\n-9999,4\n-9999.0,-9999\n5,-9999.5\n"), missing_values=[value])
    expected = [[1, 2], [np.nan, 4], [np.nan, np.nan], [5, -9999.5]]
    np.testing.assert_array_equal(numeric_columns(read, ["T", "y"]), expected)


@pytest.mark.parametrize("kind", [pl.Float32, pl.Float64])
def test_it_is_meant_as_precisely_as_the_file_has_it(tmp_path, kind):
    pl.DataFrame({"x": pl.Series([1.0, 9.96921e36], dtype=kind)}).write_parquet(tmp_path / "t.parquet")
    read = read_table(tmp_path / "t.parquet", missing_values=[9.96921e36, 3])
    np.testing.assert_array_equal(numeric_columns(read, ["x"]), [[1], [np.nan]])


@pytest.mark.parametrize("value", ["-9999", float("nan")])
def test_it_must_be_a_number(write, value):
    with pytest.raises((ArgumentTypeError, ArgumentValueError), match=r"^`missing_values\[1\]` is"):
        read_table(write("t.csv", "T,y\n1,2\n"), missing_values=[1, value])
