"""Writing a table: the same numbers come back, and the whole file or none."""

import errno
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitnet.errors import ArgumentTypeError, ArgumentValueError, TableError
from fitnet.tables import numeric_columns, read_table, write_table

EXTENSIONS = [".csv", ".tsv", ".txt", ".parquet", ".pq"]

# Any name that can be written and that is not itself a number or a missing value, which would make a header of numbers.
NAMES = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=8).map(lambda text: f"x{text}x")
NUMBERS = st.floats(allow_infinity=False)


@st.composite
def written(draw):
    """Columns, and their names in another order."""
    names = draw(st.lists(NAMES, min_size=1, max_size=5, unique=True))
    n = draw(st.integers(1, 6))
    columns = {name: np.array(draw(st.lists(NUMBERS, min_size=n, max_size=n))) for name in names}
    return columns, draw(st.permutations(names))


@given(written(), st.sampled_from(EXTENSIONS))
def test_any_table_reads_back(drawn, extension):
    columns, order = drawn
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t{extension}"
        write_table(path, columns)
        table = read_table(path)
        read = numeric_columns(table, order)
    assert table.names == tuple(columns)
    for name, column in zip(order, read.T, strict=True):
        np.testing.assert_array_equal(column, columns[name])
        zeros = column == 0
        np.testing.assert_array_equal(np.signbit(column[zeros]), np.signbit(columns[name][zeros]))


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize(
    "columns",
    [
        {"#": [1.0, 2.0]},
        {"#x": [1.0, 2.0], "#y": [3.0, 4.0]},
        {"a b": ["c d", "e f"]},
        {"a b": [1.0, 2.0]},
        {"- ?": [1.0, 2.0]},
        {"t": ["#1", "b"], "x": [1.0, 2.0]},
        {"t": ["a", " # b"]},
        {"t": ["a", "#"], "[m]": ["#", "b"]},
    ],
)
def test_what_could_be_a_comment_or_two_columns_reads_back(tmp_path, extension, columns):
    write_table(tmp_path / f"t{extension}", {name: np.array(values) for name, values in columns.items()})
    read = read_table(tmp_path / f"t{extension}")
    assert read.names == tuple(columns)
    for name, values in columns.items():
        assert [type(value)(cell) for cell, value in zip(read.frame[name], values, strict=True)] == values


@pytest.mark.parametrize("extension", EXTENSIONS)
@pytest.mark.parametrize("dtype", ["float32", "float16", "int8", "int64", "uint16", "bool", ">f8"])
def test_every_type_of_number_reads_back(tmp_path, extension, dtype):
    values = np.array([0, 1, 0.1, 100, 3], dtype=dtype)
    write_table(tmp_path / f"t{extension}", {"x": values})
    read = numeric_columns(read_table(tmp_path / f"t{extension}"), ["x"])[:, 0]
    np.testing.assert_array_equal(read.astype(dtype), values)


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_text_reads_back(tmp_path, extension):
    words = ["red", "a,b", 'c"d', "e\nf", "", "g;h\ti"]
    write_table(tmp_path / f"t{extension}", {"t": np.array(words), "x": np.arange(6)})
    table = read_table(tmp_path / f"t{extension}")
    assert [word or "" for word in table.frame["t"]] == words
    np.testing.assert_array_equal(numeric_columns(table, ["x"])[:, 0], np.arange(6))


def test_csv_is_plain_text(tmp_path):
    columns = {"x": np.array([0.1, 1234.5]), "a,b": np.array([1, -2]), "c;d": np.array([np.nan, 0.5])}
    write_table(tmp_path / "t.csv", columns)
    assert (tmp_path / "t.csv").read_bytes() == b'x,"a,b","c;d"\n0.1,1,NaN\n1234.5,-2,0.5\n'
    write_table(tmp_path / "t.tsv", {"x": np.array([1, 2]), "y": np.array([True, False])})
    assert (tmp_path / "t.tsv").read_bytes() == b"x\ty\n1\ttrue\n2\tfalse\n"


X = np.arange(3.0)


@pytest.mark.parametrize(
    ("columns", "error", "message"),
    [
        ([X], ArgumentTypeError, "`columns` is list; it must map names to arrays."),
        ({}, ArgumentValueError, "`columns` is empty; it must have at least one column."),
        ({1: X}, ArgumentTypeError, "`columns` holds the name 1; it must be text."),
        ({"": X}, ArgumentValueError,
         "`columns` holds the name ''; it must have no control characters or spaces around it."),
        ({" x": X}, ArgumentValueError,
         "`columns` holds the name ' x'; it must have no control characters or spaces around it."),
        ({"x\n": X}, ArgumentValueError,
         r"`columns` holds the name 'x\n'; it must have no control characters or spaces around it."),
        ({"x": [1.0]}, ArgumentTypeError,
         "`columns` holds list for 'x'; it must be a vector, an array of shape (n,)."),
        ({"x": X.reshape(1, 3)}, ArgumentTypeError,
         "`columns` holds an array of shape (1, 3) for 'x'; it must be a vector, an array of shape (n,)."),
        ({"x": X + 0j}, ArgumentTypeError, "`columns` holds complex128 for 'x'; it must be real numbers or text."),
        ({"x": np.array([None])}, ArgumentTypeError,
         "`columns` holds object for 'x'; it must be real numbers or text."),
        ({"x": X, "y": X[:2]}, ArgumentValueError,
         "`columns` holds 2 values for 'y' and 3 for 'x'; all must be of one length."),
        ({"x": X[:0]}, ArgumentValueError, "`columns` has no rows; it must have at least one."),
    ],
)  # fmt: skip
def test_columns_are_refused(tmp_path, columns, error, message):
    with pytest.raises(error) as raised:
        write_table(tmp_path / "t.csv", columns)
    assert str(raised.value) == message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("name", "what"), [("t.xlsx", "the extension '.xlsx'"), ("t", "no extension")])
def test_unknown_extension_is_refused(tmp_path, name, what):
    with pytest.raises(TableError) as raised:
        write_table(tmp_path / name, {"x": X})
    assert str(raised.value) == f"{tmp_path / name} has {what}; it must be one of .csv, .tsv, .txt, .parquet, .pq."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_full_disk_leaves_the_old_file(monkeypatch, tmp_path, extension):
    def fail(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    path = tmp_path / f"t{extension}"
    write_table(path, {"x": X})
    old = path.read_bytes()
    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write_table(path, {"x": X + 1})
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]
