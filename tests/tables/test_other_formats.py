"""Formats beside text and Parquet: the same table, and the sentence that says which package is missing."""

import io
import sys

import numpy as np
import polars as pl
import pytest

from fitnet.errors import MissingPackageError, TableError
from fitnet.tables import numeric_columns, read_table

COLUMNS = {"x": [1.5, -2.0, 3e3], "word": ["a", "b", "c"], "y": [4, None, 7]}
EXPECTED = [[1.5, 4], [-2, np.nan], [3e3, 7]]


@pytest.mark.parametrize("ending", ["feather", "arrow"])
@pytest.mark.parametrize("compression", ["uncompressed", "lz4", "zstd"])
def test_feather(tmp_path, ending, compression):
    pl.DataFrame(COLUMNS).write_ipc(tmp_path / f"t.{ending}", compression=compression)
    table = read_table(tmp_path / f"t.{ending}")
    np.testing.assert_array_equal(numeric_columns(table, ["x", "y"]), EXPECTED)
    assert table.place(0) == "row 1"


def test_feather_as_pandas_writes_it(tmp_path):
    pandas = pytest.importorskip("pandas")
    pandas.DataFrame(COLUMNS).to_feather(tmp_path / "t.feather")
    np.testing.assert_array_equal(numeric_columns(read_table(tmp_path / "t.feather"), ["x", "y"]), EXPECTED)


def test_a_spreadsheet(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (
        ["x", "word", "y", None],
        ["[m]", "", "(s)"],
        [1.5, "a", 4],
        [-2.0, "b", None],
        [3e3, "c", "7"],
        [None],
    ):
        book.active.append(row)
    book.create_sheet("other").append(["no", "table"])
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx")
    np.testing.assert_array_equal(numeric_columns(table, ["x", "y"]), EXPECTED)
    assert (table.names, table.place(0), table.units) == (("x", "word", "y"), "row 3", {"x": "m", "y": "s"})


def test_a_fits_table(tmp_path):
    tables = pytest.importorskip("astropy.table")
    table = tables.Table({"x": COLUMNS["x"], "word": COLUMNS["word"], "y": np.ma.masked_array([4, 5, 7], [0, 1, 0])})
    table["x"].unit = "m"
    table.write(tmp_path / "t.fits")
    read = read_table(tmp_path / "t.fits")
    np.testing.assert_array_equal(numeric_columns(read, ["x", "y"]), EXPECTED)
    assert (read.names, read.place(0), read.units) == (("x", "word", "y"), "row 1", {"x": "m"})


@pytest.mark.parametrize(
    ("name", "data", "package", "extra"),
    [("t.xlsx", b"PK\x03\x04", "openpyxl", "excel"), ("t.fits", b"SIMPLE  =  T", "astropy", "fits")],
)
def test_a_missing_package_is_named_with_its_extra(write, monkeypatch, name, data, package, extra):
    monkeypatch.setitem(sys.modules, package, None)
    path = write(name, data)
    with pytest.raises(MissingPackageError) as raised:
        read_table(path)
    assert (
        str(raised.value) == f"{path} is read by the package {package}; install it with: pip install 'fitnet[{extra}]'."
    )


@pytest.mark.parametrize(
    ("name", "package", "start"), [("t.xlsx", "openpyxl", b"PK"), ("t.fits", "astropy", b"SIMPLE  =")]
)
def test_a_damaged_file_is_refused(write, name, package, start):
    pytest.importorskip(package)
    with pytest.raises(TableError, match="or it was cut short or damaged"):
        read_table(write(name, start + bytes(300)))


class Input:
    """Standard input that holds these bytes."""

    closed = False

    def __init__(self, data):
        self.buffer = io.BytesIO(data)


def test_standard_input(monkeypatch):
    import gzip

    for data in (b"x y\n1 2\n", gzip.compress(b"x,y\n1,2\n")):
        monkeypatch.setattr(sys, "stdin", Input(data))
        np.testing.assert_array_equal(numeric_columns(read_table("-"), ["x", "y"]), [[1, 2]])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Input(b"x,y\n1\n"), "standard input has 1 cell in line 2; its header line names 2 columns."),
        (Input(b""), "standard input is empty."),
        (Input(b"PAR1"), "standard input holds a Parquet file; it must be text: name the file instead."),
        (Input(b"\x1f\x8b123"), "standard input is not a .gz file, or it was cut short or damaged."),
        (None, "standard input is closed; a table must be there, or in a file that is named."),
    ],
)
def test_standard_input_is_refused(monkeypatch, given, sentence):
    monkeypatch.setattr(sys, "stdin", given)
    with pytest.raises(TableError) as raised:
        read_table("-")
    assert str(raised.value) == sentence
