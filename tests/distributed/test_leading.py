"""A table that ranks read together: each its own rows, with rank 0's command around it, in threads for ranks."""

import sys
from functools import partial
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from fitnet import tables
from fitnet.distributed.ranks import follow, leading, world
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError, MissingPackageError, MissingValuesError
from fitnet.rows import RowSource, is_spread, sources
from fitnet.tables.stored_columns import StoredColumns
from ranks_in_threads import on_ranks

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")
N = 31


@pytest.fixture
def path(tmp_path, generator):
    columns = dict(zip("aby", generator.normal(size=(3, N)), strict=True))
    pl.DataFrame(columns).write_parquet(tmp_path / "table.parquet", row_group_size=7)
    return tmp_path / "table.parquet"


def on(size, read, work):
    """What `work(leader)` gives on rank 0, and what the others end with."""

    def run(communicator):
        if communicator.rank > 0:
            return follow(communicator, 1, read)
        with leading(communicator, 1) as leader:
            return work(leader)

    return on_ranks(size, run)


@pytest.mark.parametrize("size", [1, 2, 3, N + 2])
@pytest.mark.parametrize("is_large", [False, True], ids=["in memory", "in parts"])
def test_every_rank_reads_its_own_rows_only(path, monkeypatch, size, is_large):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 8 if is_large else 2**20)
    reads, before = [], StoredColumns.read

    def watched(self, start, stop):
        reads.append((self.columns, start, stop))
        return before(self, start, stop)

    monkeypatch.setattr(StoredColumns, "read", watched)
    whole = tables.select(tables.read_table(path), ["y"])

    def work(leader):
        selection = leader.read(read)
        assert isinstance(selection.X, RowSource)
        assert is_spread(selection.X)
        assert is_spread(selection.Y)
        return selection.X.read(0, N), selection.Y.read(3, 20), selection.feature_names

    def read(share):
        return tables.read_selection(path, ["y"])

    (X, Y, names), *others = on(size, read, work)
    assert np.array_equal(X, whole.X)
    assert np.array_equal(Y, whole.Y[3:20])
    assert names == ("a", "b")
    assert others == [None] * (size - 1)
    edges = [N * rank // size for rank in range(size + 1)]
    own = [(low, high) for low, high in pairwise(edges) if low < high]
    for columns in (("a", "b"), ("y",)):
        ranges = sorted((start, stop) for which, start, stop in reads if which == columns)
        assert ranges == (own if is_large else [])


def test_an_error_before_the_table_is_read_ends_all(path):
    def work(leader):
        raise ArgumentValueError("`out` is wrong.", "out")

    for outcome in on(3, partial(tables.read_selection, path, ["y"]), work):
        assert (type(outcome), str(outcome)) == (ArgumentValueError, "`out` is wrong.")


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()], ids=["exit", "Ctrl-C"])
def test_an_end_before_the_table_is_read_ends_all(path, error):
    def work(leader):
        raise error

    for outcome in on(3, partial(tables.read_selection, path, ["y"]), work):
        assert type(outcome) is type(error)
        assert getattr(outcome, "code", None) == getattr(error, "code", None)


def test_an_error_after_it_ends_all(path):
    def work(leader):
        leader.read(partial(tables.read_selection, path, ["y"]))
        raise SystemExit(130)

    for outcome in on(3, partial(tables.read_selection, path, ["y"]), work):
        assert (type(outcome), outcome.code) == (SystemExit, 130)


def test_a_table_that_nobody_reads_lets_all_go(path):
    outcomes = on(2, partial(tables.read_selection, path, ["y"]), lambda leader: 7)
    assert outcomes[0] == 7
    assert str(outcomes[1]) == "Rank 0 ended before it read `TABLE`."


@pytest.mark.parametrize(
    ("columns", "read", "kind", "argument"),
    [
        ({"a": ["u", "v"] * 20, "y": range(40)}, tables.read_selection, ArgumentTypeError, "TABLE"),
        ({"a": [1.0, None] * 20, "y": range(40)}, None, ArgumentValueError, "TABLE"),
    ],
    ids=["words", "gaps"],
)
def test_words_and_gaps_are_refused(tmp_path, columns, read, kind, argument):
    path = tmp_path / "table.csv"
    pl.DataFrame(columns).write_csv(path)

    def selected(share):
        return tables.read_selection(path, ["y"], missing="refuse" if read else "impute")

    for outcome in on(2, selected, lambda leader: leader.read(selected)):
        assert (type(outcome), outcome.argument) == (kind, argument)


def test_missing_values_are_refused_with_what_ranks_take(tmp_path):
    path = tmp_path / "table.csv"
    pl.DataFrame({"a": [1.0, None, 3.0, 4.0], "y": range(4)}).write_csv(path)

    def selected(share, missing="refuse"):
        return tables.read_selection(path, ["y"], missing=missing)

    for outcome in on(2, selected, lambda leader: leader.read(selected)):
        assert type(outcome) is MissingValuesError
        assert outcome.rules == ("drop",)
        assert str(outcome) == f"{path} has missing values in a (1); `missing='drop'` leaves those rows out."
    dropped = partial(selected, missing="drop")
    assert on(2, dropped, lambda leader: leader.read(dropped).X.shape)[0] == (3, 1)


def test_classes_are_refused(tmp_path):
    path = tmp_path / "table.csv"
    pl.DataFrame({"a": range(40), "y": ["u", "v"] * 20}).write_csv(path)

    def selected(share):
        return tables.read_for_task("auto", path, ["y"], None, "refuse", False, ())

    for outcome in on(2, selected, lambda leader: leader.read(selected)):
        assert str(outcome) == "`TABLE` has classes for targets; with `ranks` they must be numbers."


def test_another_table_on_a_rank_is_refused(path, tmp_path):
    pl.read_parquet(path).head(5).write_parquet(tmp_path / "other.parquet")
    paths = iter([path, tmp_path / "other.parquet"])

    def selected(share):
        return tables.read_selection(next(paths), ["y"])

    for outcome in on(2, selected, lambda leader: leader.read(selected)):
        assert "another `TABLE` than rank 0" in str(outcome)


def test_without_mpi4py_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'fitnet\[mpi\]'"):
        world()


def test_a_code_to_exit_with_arrives_where_dask_is_loaded(path):
    pytest.importorskip("distributed", reason="Dask, an extra, is not installed")

    def work(leader):
        leader.read(partial(tables.read_selection, path, ["y"]))
        raise SystemExit(130)

    assert on(2, partial(tables.read_selection, path, ["y"]), work)[1].code == 130
