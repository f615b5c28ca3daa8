"""Frames: tables of any package become the same matrix, by name; what is no number is refused by its column."""

from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import frame_of, memory
from frames_of_others import KINDS, AstropyTable, DaskDataFrame, XarrayDataset

TABLE = pd.DataFrame({"x": [1.0, 2.0, 3.0], "T": [10, 20, 30]})


def matrix(table, wanted=("T", "x")):
    return frame_of("X", table).in_order(wanted).matrix()


@pytest.mark.parametrize("kind", KINDS)
def test_columns_are_found_by_name(kind):
    assert matrix(KINDS[kind](TABLE)).tolist() == [[10, 1], [20, 2], [30, 3]]
    assert frame_of("X", KINDS[kind](TABLE)).names == ("x", "T")


@pytest.mark.parametrize(
    "array",
    [
        np.ones((2, 2)),
        [[1, 2]],
        ((1, 2),),
        pd.Series([1.0]),
        pl.Series([1.0]),
        pd.DataFrame(np.ones((2, 2))),
        pd.DataFrame(np.ones((1, 2)), columns=[("a", "x"), ("a", "y")]),
        3.0,
        None,
        "text",
    ],
)
def test_what_has_no_names_is_no_frame(array):
    assert frame_of("X", array) is None


@pytest.mark.parametrize(
    "column",
    [
        [True, False, True],
        pd.array([1, 0, 1], "Int8"),
        pd.array([1.0, 0.0, 1.0], "Float32"),
        [Decimal("1"), Decimal(0), Decimal("1.0")],
        np.array([1, 0, 1], ">i4"),
        pd.arrays.SparseArray([1.0, 0.0, 1.0]),
    ],
)
def test_numbers_of_any_kind(column):
    assert matrix(pd.DataFrame({"x": column}), ["x"]).tolist() == [[1], [0], [1]]


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow Table", "record array"])
def test_float32_stays_where_all_columns_are(kind):
    single = TABLE.astype("float32")
    assert matrix(KINDS[kind](single)).dtype == np.float32
    assert matrix(KINDS[kind](single.astype({"T": "int16"}))).dtype == np.float64


MISSING = (
    "`X` holds NaN in column 'T', row 1; every entry must be a finite number: a model fitted with `missing='impute'`"
)
CATEGORIES = "`X` holds categories in column 'T'; it must hold real numbers: OneHotEncoder() in a Pipeline makes"
DATES = r"in column 'T'; it must hold real numbers: the days since the first are (t - t.min()) / numpy.timedelta64(1,"
DATES_IN_POLARS = "numbers: the days since the first are (t - t.min()).dt.total_seconds() / 86400."
COLUMNS = {
    "NaN": ([1, np.nan, 2], MISSING),
    "None": ([1, None, 2], MISSING),
    "None among objects": (pd.Series([1, None, 2], dtype=object), MISSING),
    "NA": (pd.array([1, None, 2], "Int64"), MISSING),
    "infinity": ([1, -np.inf, 2], "`X` holds -inf in column 'T', row 1; every entry must be a finite number."),
    "text": (
        ["1", "2", "3"],
        " in column 'T'; it must hold real numbers: numbers in quotation marks become numbers by astype(float).",
    ),
    "mixed": ([1, "b" * 100, 3], "`X` holds text, such as 'bbbbbbbbbbb"),
    "categories": (pd.Categorical(["a", "b", "a"]), CATEGORIES),
    "categories of numbers": (pd.Categorical([1, 2, 1]), CATEGORIES),
    "dates": (pd.date_range("2020", periods=3), DATES),
    "dates with a zone": (pd.date_range("2020", periods=3, tz="UTC"), DATES),
    "durations": (pd.timedelta_range("1s", periods=3), "`X` holds durations in column 'T'; it must hold real"),
    "complex numbers": ([1j, 2, 3], "`X` holds complex numbers in column 'T'; it must hold real numbers"),
    "lists": ([[1], [2], [3]], "`X` holds objects that are not numbers, such as "),
}


PANDAS_ONLY = {"complex numbers", "mixed", "categories of numbers"}  # other packages have none, or make others of them


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (column, kind)
        for kind in ("pandas", "polars", "pyarrow Table")
        for column in COLUMNS
        if kind == "pandas" or column not in PANDAS_ONLY
    ],
)
def test_what_is_no_number_is_refused_by_its_column(column, kind):
    values, sentence = COLUMNS[column]
    frame = pd.DataFrame({"x": [1.0, 2.0, 3.0], "T": values})
    with pytest.raises((ArgumentTypeError, ArgumentValueError)) as refused:
        matrix(KINDS[kind](frame))
    assert (DATES_IN_POLARS if (sentence, kind) == (DATES, "polars") else sentence) in str(refused.value)
    assert refused.value.argument == "X"


def test_masked_entries_are_refused_by_their_column():
    table = AstropyTable({"x": np.ones(2), "T": np.ma.masked_array([1.0, 2.0], [True, False])})
    with pytest.raises(ArgumentValueError, match="`X` has masked entries in column 'T'; every entry must be a finite"):
        matrix(table)


def test_polars_enumerations_are_categories():
    with pytest.raises(ArgumentTypeError, match="holds categories in column 'k'"):
        matrix(pl.DataFrame({"k": pl.Series(["a"], dtype=pl.Enum(["a"]))}), ["k"])


NAMES = [
    (TABLE.rename(columns={"T": "t"}), "`X` lacks 'T' and has 't', which the model does not know; its columns must be"),
    (TABLE[["x"]], "`X` lacks 'T'; its columns must be 'T', 'x', in any order."),
    (TABLE.assign(z=1), "`X` has 'z', which the model does not know; its columns must be 'T', 'x', in any order."),
    (TABLE[["x", "x"]], "`X` has the column 'x' more than once; every column needs its own name."),
    (TABLE.rename(columns={"T": 0}), "`X` has columns named 'x', 0; either all names must be text or none."),
    (pa.table([[1.0], [2.0]], names=["x", "x"]), "`X` has the column 'x' more than once; every column needs its own"),
    ({"x": [1.0], "T": [1.0, 2.0]}, "`X` has columns of different lengths; all must have equally many rows."),
    (AstropyTable({"x": np.ones(2), "T": np.ones((2, 3))}), "`X` has 2 dimensions in column 'T'; it must have one"),
    (XarrayDataset({"x": np.ones((2, 2))}, ("lat", "lon")), "`X` has the dimensions 'lat', 'lon'; it must have one"),
]


@pytest.mark.parametrize(("table", "sentence"), NAMES)
def test_names_that_do_not_fit_are_refused(table, sentence):
    with pytest.raises((ArgumentValueError, ArgumentTypeError)) as refused:
        matrix(table)
    assert str(refused.value).startswith(sentence)


def test_many_names_are_not_all_listed():
    with pytest.raises(ArgumentValueError) as refused:
        matrix(TABLE, [f"c{i}" for i in range(30_000)])
    assert "'c5' and 29994 more" in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_distributed_table_is_computed_once():
    table = DaskDataFrame(TABLE)
    matrix(table)
    assert table.times == 1


def test_a_distributed_table_that_does_not_fit_is_not_computed(monkeypatch):
    monkeypatch.setattr(memory, "free_bytes", lambda: 10**9)
    table = DaskDataFrame(TABLE, rows=10**9)
    with pytest.raises(ArgumentValueError) as refused:
        frame_of("X", table)
    assert str(refused.value) == (
        "`X` is a distributed table of 1000000000 rows and 2 columns, and computed would take 32.0 GB, of which 1.0 GB "
        "are free; it must fit into this process's memory; rows in a file, a Parquet table or a memory map of NumPy's, "
        "are read in parts."
    )
    assert table.times == 0
