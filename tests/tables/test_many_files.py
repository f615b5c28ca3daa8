"""One table in many files: what one file with the same rows would be, and what cannot be one table, by its file."""

import warnings
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from fitnet.errors import MissingValuesError, TableError, TableWarning
from fitnet.rows import RowSource, sources
from fitnet.tables import read_for_task, read_selection, read_table, select

N = 1020
EDGES = (0, 1, 1001, 1001, 1002, N)  # files of 1, 1,000, no, 1 and 18 rows
KINDS = ("parquet", "csv")


@pytest.fixture
def frame(generator):
    return pl.DataFrame({name: generator.normal(size=N) for name in "aby"})


def written(folder, frames, kind="parquet"):
    """The pattern of files p00, p01, ... of these tables."""
    folder.mkdir(exist_ok=True)
    for i, each in enumerate(frames):
        getattr(each, f"write_{kind}")(folder / f"p{i:02}.{kind}")
    return str(folder / f"p*.{kind}")


def in_parts(frame):
    """The table cut into parts, of which every other one has its columns in another order."""
    parts = [frame[low:high] for low, high in pairwise(EDGES)]
    return [part.select(part.columns[:: (-1) ** i]) for i, part in enumerate(parts)]


def selected(path, **options):
    return read_selection(path, ["y"], **options)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["pattern", "folder", "list"])
def test_files_are_one_table_in_the_order_of_their_paths(tmp_path, frame, kind, how):
    pattern = written(tmp_path / "parts", in_parts(frame), kind)
    (tmp_path / "parts" / f"_left.{kind}").write_text("no table")
    files = sorted((tmp_path / "parts").glob(f"p*.{kind}"))
    found = selected({"pattern": pattern, "folder": tmp_path / "parts", "list": files}[how])
    assert found.feature_names == ("a", "b")
    np.testing.assert_array_equal(found.X, frame.select("a", "b").to_numpy(), strict=True)
    np.testing.assert_array_equal(found.Y, frame.select("y").to_numpy(), strict=True)


def test_a_list_keeps_its_order(tmp_path, frame):
    written(tmp_path, in_parts(frame))
    found = selected([tmp_path / "p04.parquet", tmp_path / "p00.parquet"])
    np.testing.assert_array_equal(found.Y[:, 0], [*frame["y"][1002:], frame["y"][0]])


def test_large_files_are_read_by_ranges_of_rows(tmp_path, frame, monkeypatch):
    words = frame.with_columns(w=pl.Series(["u", "v", "w"] * (N // 3)))
    words.write_parquet(tmp_path / "one.parquet")
    pattern = written(tmp_path / "parts", in_parts(words))
    whole = selected(tmp_path / "one.parquet")
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1000)
    found = selected(pattern)
    assert isinstance(found.X, RowSource)
    assert found.X.shape == whole.X.shape == (N, 5)
    assert found.categories == whole.categories
    for start, stop in [(0, N), (0, 1), (0, 2), (1000, 1003), (1001, 1001), (1002, N), (5, 900)]:
        for rows, same in ((found.X, whole.X), (found.Y, whole.Y)):
            part = rows.read(start, stop)
            assert part.flags.c_contiguous
            np.testing.assert_array_equal(part, same[start:stop], strict=True)


@pytest.mark.parametrize("large", [False, True])
def test_whole_numbers_and_fractions_go_together(tmp_path, monkeypatch, large):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1 if large else 2**20)
    kinds = (pl.Int32, pl.Float32, pl.Float64, pl.UInt8)
    pattern = written(tmp_path, [pl.DataFrame({"a": [1, 2], "y": [3, 4]}, schema={"a": k, "y": k}) for k in kinds])
    X = selected(pattern).X
    np.testing.assert_array_equal(X.read(0, 8) if large else X, [[1], [2]] * 4)


def test_columns_that_are_not_asked_for_may_be_unlike(tmp_path, frame):
    noted = frame.with_columns(note=pl.lit("dry")), frame.with_columns(note=pl.lit(3)), frame.select("y", "a", "b")
    pattern = written(tmp_path, noted)
    assert selected(pattern, features=["a", "b"]).X.shape == (3 * N, 2)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("large", [False, True])
def test_columns_that_are_not_in_all_files_are_refused(tmp_path, frame, monkeypatch, kind, large):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1 if large else 2**20)
    pattern = written(tmp_path, [frame, frame.rename({"b": "c"})], kind)
    first, second = (tmp_path / f"p0{i}.{kind}" for i in range(2))
    for options, sentence in (
        ({"features": ["b"]}, f"{second} has no column 'b', which {first} has; all files of one table must have it."),
        ({"features": ["c"]}, f"{first} has no column 'c', which {second} has; all files of one table must have it."),
        (
            {},
            f"{second} has no column 'b', which {first} has; all files of one table must have it, or --features "
            "(`features`) must leave it out.",
        ),
    ):
        with pytest.raises(TableError) as raised:
            selected(pattern, **options)
        assert str(raised.value) == sentence


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(("other", "what"), [("u", "words"), (True, "true and false")])
def test_words_among_numbers_are_refused(tmp_path, frame, monkeypatch, large, other, what):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1 if large else 2**20)
    pattern = written(tmp_path, [frame, frame, frame.with_columns(b=pl.lit(other))])
    with pytest.raises(TableError) as raised:
        selected(pattern)
    assert str(raised.value) == (
        f"{tmp_path / 'p02.parquet'} holds {what} in column 'b' and {tmp_path / 'p00.parquet'} numbers; the files of "
        "one table must be alike."
    )


def test_a_cell_of_text_is_named_with_its_file(write, tmp_path):
    write("p0.csv", "a,y\n1,2\n3,4\n")
    write("p1.csv", "a,y\n5,6\n7x,8\n")
    with pytest.raises(TableError) as raised:
        selected(str(tmp_path / "p*.csv"))
    assert f"has '7x' in column 'a', line 3 of {tmp_path / 'p1.csv'}, which is not a number." in str(raised.value)
    assert raised.value.place == f"line 3 of {tmp_path / 'p1.csv'}"


@pytest.mark.parametrize("kind", KINDS)
def test_gaps_are_those_of_one_table(tmp_path, kind):
    frames = [pl.DataFrame({"a": a, "y": y}) for a, y in (([1.0, 2.0], [1.0, 2.0]), ([None, 5.0], [3.0, 4.0]))]
    pattern = written(tmp_path, frames, kind)
    with pytest.raises(MissingValuesError) as raised:
        selected(pattern)
    place = f"{'line 2' if kind == 'csv' else 'row 1'} of {tmp_path / f'p01.{kind}'}"
    assert str(raised.value).startswith(f"{pattern} has missing values in a (1), the first in {place}; ")
    dropped, filled = (selected(pattern, missing=rule) for rule in ("drop", "impute"))
    assert (dropped.n_dropped, filled.n_dropped) == (1, 0)
    np.testing.assert_array_equal(dropped.X[:, 0], [1, 2, 5])
    np.testing.assert_array_equal(filled.X[:, 0], [1, 2, np.nan, 5])


def test_a_gap_in_a_large_file_is_named_with_its_file(tmp_path, frame, monkeypatch):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1)
    gap = frame.with_columns(b=pl.when(pl.int_range(N) == 7).then(None).otherwise("b"))
    found = selected(written(tmp_path, [frame, gap]))
    found.X.read(0, N)
    with pytest.raises(TableError, match=r"p01\.parquet has a missing value in column 'b', row 8\."):
        found.X.read(N, 2 * N)


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_at_all_are_refused(tmp_path, frame, kind):
    pattern = written(tmp_path, [frame.clear()] * 3, kind)
    with pytest.raises(TableError) as raised:
        selected(pattern)
    assert str(raised.value) == f"{pattern} has no rows in any of its files; a table must have at least one."


@pytest.mark.parametrize("name", ["p1.csv", "p1.parquet"])
def test_a_file_without_a_header_is_named(write, tmp_path, name):
    kind = name.partition(".")[2]
    getattr(pl.DataFrame({"a": [1.0], "y": [2.0]}), f"write_{kind}")(tmp_path / f"p0.{kind}")
    path = write(name, "")
    with pytest.raises(TableError) as raised:
        selected(str(tmp_path / "p*"))
    assert str(raised.value) == f"{path} is empty."


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("q*.csv", "matches no file; it must be a table's name, or a pattern such as 'parts/*.parquet'."),
        ("p*", "p0.parquet is Parquet and "),
        ("*.npy", "m.npy has the extension '.npy'; it must be one of .csv, .tsv, .txt, .parquet, .pq."),
    ],
)
def test_what_is_no_table_is_refused(write, tmp_path, name, sentence):
    pl.DataFrame({"a": [1.0], "y": [2.0]}).write_parquet(tmp_path / "p0.parquet")
    write("p1.csv", "a,y\n1,2\n")
    write("m.npy", "")
    with pytest.raises(TableError) as raised:
        read_table(tmp_path / name)
    assert sentence in str(raised.value)


def test_an_empty_list_is_refused():
    with pytest.raises(TableError, match="list of a table's files is empty"):
        read_table([])


def test_a_file_whose_own_name_is_a_pattern_is_one_file(write, tmp_path):
    write("p1.csv", "a,y\n1,2\n")
    assert read_table(write("p[1].csv", "a,y\n3,4\n5,6\n")).n_rows == 2


def test_units_must_agree(write, tmp_path):
    write("p0.csv", "a,y\n[m],[s]\n1,2\n")
    write("p1.csv", "a,y\n[m],[s]\n")
    write("p2.csv", "a,y\n3,4\n")
    found = selected(str(tmp_path / "p*.csv"))
    assert (found.X[:, 0].tolist(), found.units) == ([1, 3], {"a": "m", "y": "s"})
    path = write("p3.csv", "a,y\n[km],[s]\n3,4\n")
    with pytest.raises(TableError) as raised:
        selected(str(tmp_path / "p*.csv"))
    assert str(raised.value).startswith(f"{path} has the unit 'km' for column 'a' and another file 'm'; ")


def test_decimal_commas_are_those_of_one_table(write, tmp_path):
    write("p0.csv", "a;y\n1,5;2\n")
    write("p1.csv", "a;y\n2,25;3\n")
    assert selected(str(tmp_path / "p*.csv")).X[:, 0].tolist() == [1.5, 2.25]
    path = write("p2.csv", "a,y\n1,2\n")
    with pytest.raises(TableError) as raised:
        selected(str(tmp_path / "p*.csv"))
    assert str(raised.value).startswith(f"{path} separates cells by ',' and ")


@pytest.mark.parametrize("kind", KINDS)
def test_classes_are_those_of_all_files(tmp_path, kind):
    frames = [pl.DataFrame({"a": [1.0, 2.0], "y": [label] * 2}) for label in "vuv"]
    found = read_for_task("auto", written(tmp_path, frames, kind), ["y"], None, "refuse", False, ())
    assert found.classes == ("u", "v")
    assert found.codes.tolist() == [1, 1, 0, 0, 1, 1]


def test_a_number_for_missing_values_is_looked_for_in_all(tmp_path):
    short = pl.DataFrame({"a": [None, 5.0, -9999.9], "y": [3, 4, 5]}, schema_overrides={"a": pl.Float32})
    frames = [pl.DataFrame({"a": [1.0, -9999.9], "y": [1.0, 2.0]}), pl.DataFrame({"a": [-7], "y": [3]}), short]
    found = selected(written(tmp_path, frames), missing="drop", missing_values=[-9999.9, -7])
    assert found.X[:, 0].tolist() == [1, 5]
    assert found.n_dropped == 4


def test_a_warning_is_that_of_one_table(tmp_path):
    frames = [pl.DataFrame({"a": [1.0, 2.0, 3.0, -9999.0], "y": [1.0, 2.0, 3.0, 4.0]})] * 2
    with pytest.warns(TableWarning, match=r"p\*\.csv has -9999 in column 'a', 2 times"):
        select(read_table(written(tmp_path, frames, "csv")), ["y"])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        select(read_table(written(tmp_path, [frame[:3] for frame in frames], "csv")), ["y"])
