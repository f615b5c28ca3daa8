"""Tables in parts: all rows, in order, and memory that does not grow with the file."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError, TableError
from fitnet.tables import chunks
from tolerances import CHUNK_MEMORY_SHARE

NAMES = ["a", "b", "c"]


@pytest.fixture(params=["t.parquet", "t.npy"])
def save(request, tmp_path):
    """Write a matrix of three columns; gives its path. Row groups end where no chunk does."""

    def save(values):
        path = tmp_path / request.param
        if path.suffix == ".npy":
            np.save(path, values)
        else:
            pl.DataFrame(values, schema=NAMES).write_parquet(path, row_group_size=7)
        return str(path)

    return save


@pytest.mark.parametrize("cells", [1, 30, 1_000_000])
@pytest.mark.parametrize("rows", [1, 6, 7, 10, 23, 24, 1000])
def test_chunks_are_the_rows_in_order(monkeypatch, save, generator, rows, cells):
    monkeypatch.setattr("fitnet.tables.parts.CELLS_READ", cells)
    values = generator.normal(size=(23, 3))
    parts = list(chunks(save(values), NAMES, rows))
    assert [len(part) for part in parts] == [min(rows, 23 - first) for first in range(0, 23, rows)]
    assert all(part.dtype == np.float64 and part.flags.c_contiguous and part.flags.writeable for part in parts)
    np.testing.assert_array_equal(np.vstack(parts), values)


@pytest.mark.parametrize("dtype", ["float32", "int16", "bool", ">f8"])
def test_any_numbers_become_float64(tmp_path, generator, dtype):
    values = np.asfortranarray(generator.normal(size=(10, 3)) * 10).astype(dtype)
    np.save(tmp_path / "t.npy", values)
    parts = np.vstack(list(chunks(tmp_path / "t.npy", NAMES, 4)))
    np.testing.assert_array_equal(parts, values.astype(np.float64))


def test_parquet_columns_are_found_by_name(tmp_path):
    pl.DataFrame({"t": ["x", "y"], "b": [1, 2], "a": [3.5, 4.5]}).write_parquet(tmp_path / "t.parquet")
    (part,) = chunks(tmp_path / "t.parquet", ["a", "b"], 5)
    np.testing.assert_array_equal(part, [[3.5, 1], [4.5, 2]])


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.nan, "has a missing value in column 'b', row 18."),
        (-np.inf, "has '-inf' in column 'b', row 18; every number must be finite in float64."),
    ],
)
@pytest.mark.parametrize("cells", [1, 1_000_000])
def test_bad_number_is_found_in_its_chunk(monkeypatch, save, bad, message, cells):
    monkeypatch.setattr("fitnet.tables.parts.CELLS_READ", cells)
    values = np.zeros((23, 3))
    values[17, 1] = bad
    path = save(values)
    parts = chunks(path, NAMES, 5)
    for _ in range(3):
        next(parts)
    with pytest.raises(TableError) as raised:
        next(parts)
    assert str(raised.value) == f"{path} {message}"


@pytest.mark.parametrize(
    ("columns", "rows", "error", "message"),
    [
        (NAMES, 0, ArgumentValueError, "`rows` is 0; it must be at least 1."),
        (NAMES, 2.5, ArgumentTypeError, "`rows` is 2.5; it must be a whole number."),
        ([], 1, ArgumentValueError, "`columns` is empty; it must name at least one column."),
        ("abc", 1, ArgumentTypeError, "`columns` is 'abc'; it must be a list of column names."),
    ],
)
def test_arguments_are_refused_at_once(save, columns, rows, error, message):
    path = save(np.zeros((2, 3)))
    with pytest.raises(error) as raised:
        chunks(path, columns, rows)
    assert str(raised.value) == message


def saved(path, value):
    np.save(path, value, allow_pickle=True)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("t.npy", b"", "is not a NumPy .npy file of numbers, or it was cut short or damaged."),
        ("t.npy", b"a,b,c\n1,2,3\n", "is not a NumPy .npy file of numbers, or it was cut short or damaged."),
        ("t.npy", np.zeros(3), "holds an array of shape (3,); it must be a matrix with 3 columns: a, b, c."),
        ("t.npy", np.zeros((3, 2)), "holds an array of shape (3, 2); it must be a matrix with 3 columns: a, b, c."),
        ("t.npy", np.zeros((0, 3)), "has no rows; a table must have at least one."),
        ("t.npy", np.zeros((2, 3), complex), "does not hold an array of real numbers."),
        ("t.npy", np.full((2, 3), "x"), "does not hold an array of real numbers."),
        ("t.npy", np.full((2, 3), {}), "is not a NumPy .npy file of numbers, or it was cut short or damaged."),
        ("t.parquet", b"", "is empty."),
        ("t.parquet", b"PAR1", "is not a Parquet file, or it was cut short or damaged."),
        ("t.parquet", {"a": [1], "b": [2]}, "has no column 'c'; it has a, b."),
        ("t.parquet", {"a": [], "b": [], "c": []}, "has no rows; a table must have at least one."),
        ("t.csv", b"a,b,c\n1,2,3\n", "has the extension '.csv'; it must be one of .parquet, .pq, .npy."),
    ],
)
def test_file_is_refused_at_once(tmp_path, name, value, message):
    path = tmp_path / name
    if isinstance(value, dict):
        pl.DataFrame(value).write_parquet(path)
    else:
        path.write_bytes(value if isinstance(value, bytes) else saved(tmp_path / "v.npy", value))
    with pytest.raises(TableError) as raised:
        chunks(path, NAMES, 5)
    assert str(raised.value) == f"{path} {message}"


def test_numpy_file_that_was_cut_short_is_refused(tmp_path):
    whole = saved(tmp_path / "v.npy", np.zeros((9, 3)))
    (tmp_path / "t.npy").write_bytes(whole[:-1])
    with pytest.raises(TableError, match="cut short or damaged"):
        chunks(tmp_path / "t.npy", NAMES, 5)


def test_parquet_file_damaged_inside_is_refused_where_it_is(tmp_path):
    path = tmp_path / "t.parquet"
    pl.DataFrame({name: np.arange(1000.0) for name in NAMES}).write_parquet(path, row_group_size=500)
    whole, sentence = path.read_bytes(), "is not a Parquet file, or it was cut short or damaged"
    path.write_bytes(whole[:200] + bytes(60) + whole[260:])  # within a page
    parts = chunks(path, NAMES, 500)
    with pytest.raises(TableError, match=sentence):
        next(parts)
    path.write_bytes(whole[:4] + bytes(1000) + whole[1004:])  # with the page's header
    with pytest.raises(TableError, match=sentence):
        chunks(path, NAMES, 500)


@pytest.mark.parametrize("name", ["missing.npy", "missing.parquet"])
def test_missing_file_is_the_systems_error(tmp_path, name):
    with pytest.raises(FileNotFoundError):
        chunks(tmp_path / name, NAMES, 5)


READ_ALL = """
import sys
from fitnet.tables import chunks

n_chunks = sum(1 for part in chunks(sys.argv[1], list("abcdefgh"), 10_000))
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(n_chunks, peak * 1024)
"""


def chunks_and_peak(path, values):
    """How many chunks a fresh interpreter reads of these values, and the most memory it had, in bytes."""
    if path.suffix == ".npy":
        np.save(path, values)
    else:
        pl.DataFrame(values, schema=list("abcdefgh")).write_parquet(path, row_group_size=50_000)
    run = subprocess.run(
        [sys.executable, "-c", READ_ALL, path], capture_output=True, text=True, check=True, timeout=120
    )
    return tuple(map(int, run.stdout.split()))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize("extension", [".parquet", ".npy"])
def test_memory_does_not_grow_with_the_file(tmp_path, generator, extension):
    values = generator.normal(size=(1_000_000, 8))
    few, small = chunks_and_peak(tmp_path / f"small{extension}", values[:200_000])
    many, large = chunks_and_peak(tmp_path / f"large{extension}", values)
    assert (few, many) == (20, 100)
    assert large - small < CHUNK_MEMORY_SHARE * values.nbytes
