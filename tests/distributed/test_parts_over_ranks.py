"""A table in many files over ranks: each reads its own rows only, and all say the same of what cannot be one table.

In threads for ranks; test_parts_in_the_shell.py has those of MPI.
"""

from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from fitnet.distributed.ranks import follow, leading
from fitnet.engine import ENGINES
from fitnet.rows import sources
from fitnet.tables import joined, parts, read_for_task, read_selection, stored_columns
from ranks_in_threads import on_ranks

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
EDGES = (0, 1, 41, 41, 42, 60)  # files of 1, 40, no, 1 and 18 rows
N = EDGES[-1]
SIZES = (1, 2, 3, 7, N + 2)
KINDS = ("parquet", "csv")


@pytest.fixture
def frame(generator):
    return pl.DataFrame({name: generator.normal(size=N) for name in "aby"})


@pytest.fixture
def write(tmp_path):
    """Write tables, or texts, to files p00, p01, ...; gives their pattern."""

    def write(contents, kind="csv"):
        for i, each in enumerate(contents):
            path = tmp_path / f"p{i:02}.{kind}"
            path.write_text(each) if isinstance(each, str) else getattr(each, f"write_{kind}")(path)
        return str(tmp_path / f"p*.{kind}")

    return write


def outcomes(size, read, *arguments, **options):
    """What rank 0 has of the whole table, as arrays, or what each rank ends with."""
    read = partial(read, *arguments, **options)

    def run(communicator):
        if communicator.rank > 0:
            return follow(communicator, 1, read)
        with leading(communicator, 1) as leader:
            found = leader.read(read)
            n = found.X.shape[0]
            return found.X.read(0, n), found.Y.read(0, n), found, found.X.ends.tolist()

    return on_ranks(size, run)


def refused(size, pattern, **options):
    """The one sentence that all ranks end with, without what names the rank."""
    said = {str(each) for each in outcomes(size, read_selection, pattern, ["y"], **options)}
    assert len(said) == 1, said
    return said.pop()


def cut(frame):
    """Its parts, of which every other one has its columns in another order."""
    found = [frame[low:high] for low, high in pairwise(EDGES)]
    return [part.select(part.columns[:: (-1) ** i]) for i, part in enumerate(found)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", KINDS)
def test_ranks_have_the_rows_of_one_process(frame, write, size, kind):
    (X, Y, found, _), *others = outcomes(size, read_selection, write(cut(frame), kind), ["y"])
    assert np.array_equal(X, frame.select("a", "b").to_numpy())
    assert np.array_equal(Y, frame.select("y").to_numpy())
    assert found.feature_names == ("a", "b")
    assert others == [None] * (size - 1)


@pytest.mark.parametrize("size", [2, 3, N + 2])
@pytest.mark.parametrize("large", [False, True], ids=["in memory", "in parts"])
def test_a_rank_decodes_its_own_rows_of_parquet_only(frame, write, monkeypatch, size, large):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1 if large else 2**20)
    decoded, before = [], parts.parquet_frame

    def watched(name, columns, first, rows):
        decoded.append((name, first, before(name, columns, first, rows).height, len(columns)))
        return before(name, columns, first, rows)

    for module in (joined, stored_columns):
        monkeypatch.setattr(module, "parquet_frame", watched)
    pattern = write(cut(frame), "parquet")
    (X, *_, ends), *_ = outcomes(size, read_selection, pattern, ["y"])
    assert len(X) == N
    assert ends == [N * (rank + 1) // size for rank in range(size)]
    cells = sum(rows * columns for _, _, rows, columns in decoded)
    assert cells == 3 * N  # each once, by one rank


@pytest.mark.parametrize("size", [2, 3, 7])
def test_a_rank_opens_its_own_files_of_text_only(frame, write, monkeypatch, size):
    """All look at the head of the first file, for the order of the columns."""
    opened, before = [], Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: opened.append(self.name) or before(self))
    outcomes(size, read_selection, write(cut(frame)), ["y"])
    assert sorted(opened) == [f"p{i:02}.csv" for i in range(5)]


@pytest.mark.parametrize("kind", KINDS)
def test_rows_left_out_are_counted_over_all(write, kind):
    frames = [pl.DataFrame({"a": a, "y": [1.0, 2.0]}) for a in ([None, 1.0], [None, None], [2.0, 3.0], [None, 4.0])]
    frames = [each.with_columns(pl.col("a").cast(pl.Float64)) for each in frames]
    for size in (1, 4, 9):
        (X, _, found, _), *_ = outcomes(size, read_selection, write(frames, kind), ["y"], missing="drop")
        assert (X[:, 0].tolist(), found.n_dropped) == ([1, 2, 3, 4], 4)
    none_left = write([frames[1]] * 4, kind)
    assert (
        refused(3, none_left, missing="drop")
        == "`TABLE` has no row without a missing value; it must have at least one."
    )


def test_a_number_for_missing_values_is_looked_for_by_all(frame, write):
    marked = frame.with_columns(a=pl.when(pl.int_range(N) % 7 == 0).then(-9999.0).otherwise("a"))
    options = {"missing": "drop", "missing_values": [-9999]}
    one = read_selection(pattern := write(cut(marked), "parquet"), ["y"], **options)
    (X, _, found, _), *_ = outcomes(3, read_selection, pattern, ["y"], **options)
    assert np.array_equal(X, one.X)
    assert found.n_dropped == one.n_dropped == 9


def test_gaps_are_named_with_their_file(frame, write, tmp_path):
    contents = cut(frame)
    contents[4] = contents[4].with_columns(b=pl.lit(None, pl.Float64))
    for kind, place in (("csv", "line 2"), ("parquet", "row")):
        said = refused(3, write(contents, kind))
        assert "has missing values in b (" in said
        assert f"the first in {place}" in said
        assert f" of {tmp_path / f'p04.{kind}'}; `missing='drop'` leaves those rows out." in said


def test_a_file_that_one_rank_cannot_read_is_named_by_all(frame, write, tmp_path):
    pattern = write([*cut(frame), "a,b,y\n1,2\n"])
    assert refused(4, pattern) == (f"{tmp_path / 'p05.csv'} has 2 cells in line 2; its header line names 3 columns.")
    (tmp_path / "p05.csv").write_text("")
    assert refused(4, pattern) == f"{tmp_path / 'p05.csv'} is empty."


def test_a_file_that_is_damaged_for_one_rank_is_named_by_all(frame, write, tmp_path, monkeypatch):
    """Its footer is sound, so that only who decodes its pages sees it."""
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1)
    pattern = write(cut(frame), "parquet")
    path = tmp_path / "p04.parquet"
    before = parts.parquet_frame

    def damaged(name, *rest):
        if name == str(path):
            raise parts.not_parquet(name)
        return before(name, *rest)

    monkeypatch.setattr(stored_columns, "parquet_frame", damaged)
    assert refused(3, pattern) == f"{path} is not a Parquet file, or it was cut short or damaged."


@pytest.mark.parametrize("kind", KINDS)
def test_unlike_columns_are_named_with_their_files(frame, write, tmp_path, kind):
    said = refused(3, write([frame, frame, frame.drop("b")], kind))
    assert said.startswith(f"{tmp_path / f'p02.{kind}'} has no column 'b', which {tmp_path / f'p00.{kind}'} has; ")


@pytest.mark.parametrize("large", [False, True])
def test_unlike_kinds_are_named_with_their_files(frame, write, tmp_path, monkeypatch, large):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1 if large else 2**20)
    said = refused(3, write([frame, frame, frame.with_columns(b=pl.lit("u"))], "parquet"))
    assert said.startswith(
        f"{tmp_path / 'p02.parquet'} holds words in column 'b' and {tmp_path / 'p00.parquet'} numbers;"
    )


def test_words_in_text_are_named_with_their_file(frame, write, tmp_path):
    said = refused(3, write([frame, frame, frame.with_columns(b=pl.lit("u"))]))
    assert said == f"`TABLE` has 'u' in column 'b', line 2 of {tmp_path / 'p02.csv'}; with `ranks` all must be numbers."


def test_columns_that_only_one_process_could_tell_apart_are_refused(write):
    """In one file each of them is refused too."""
    truths = write(["a,y\n1,1\n0,2\n", "a,y\ntrue,1\nfalse,2\n"])
    assert "has numbers and true or false in column 'a', in different files" in refused(2, truths)
    marks = write(["a;y\n1,5;1\n0;2\n", "a;y\n2.5;1\n1;2\n"])
    assert "has decimal commas and decimal points in its numbers, in different files" in refused(2, marks)
    units = write(["a,y\n1,2\n", "a,y\n[m],[s]\n1,2\n", "a,y\n[km],[s]\n1,2\n"])
    assert "has the units 'm' and 'km' for column 'a', in different files" in refused(3, units)


def test_true_and_false_in_all_files_are_numbers(write):
    (X, *_), *_ = outcomes(2, read_selection, write(["a,y\ntrue,1\nfalse,2\n"] * 2), ["y"])
    assert X[:, 0].tolist() == [1, 0, 1, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_classes_are_refused(write, kind):
    pattern = write([pl.DataFrame({"a": [1, 2], "y": [label] * 2}) for label in "uvw"], kind)
    for each in outcomes(2, read_for_task, "auto", pattern, ["y"], None, "refuse", False, ()):
        assert str(each) == "`TABLE` has classes for targets; with `ranks` they must be numbers."


@pytest.mark.parametrize("kind", KINDS)
def test_no_rows_in_any_file_are_refused(frame, write, kind):
    pattern = write([frame.clear()] * 3, kind)
    assert "no row" in refused(2, pattern)


def test_other_files_on_another_rank_are_refused(frame, write, tmp_path):
    pattern = write(cut(frame))
    (tmp_path / "other").mkdir()
    frame.write_csv(tmp_path / "other" / "p00.csv")

    def read(share):
        return read_selection(pattern if share.rank == 0 else tmp_path / "other", ["y"], share=share)

    for each in outcomes(2, read):
        assert "another `TABLE` than rank 0" in str(each)
