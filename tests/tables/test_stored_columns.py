"""Parquet columns read by ranges of rows: exact, by name, and trained on."""

import numpy as np
import polars as pl
import pytest

from fitnet import Network, train
from fitnet.errors import TableError
from fitnet.rows import RowSource
from fitnet.tables import StoredColumns

NAMES = ["a", "b", "c"]


@pytest.fixture
def values(generator):
    return generator.normal(size=(23, 3))


@pytest.fixture
def path(tmp_path, values):
    pl.DataFrame(values, schema=NAMES).write_parquet(tmp_path / "t.parquet", row_group_size=7)
    return tmp_path / "t.parquet"


def test_ranges_of_rows_in_any_order(path, values):
    source = StoredColumns(path, ["c", "a"])
    assert isinstance(source, RowSource)
    assert source.shape == (23, 2)
    for start, stop in [(20, 23), (0, 23), (6, 8), (7, 14), (0, 1)]:
        part = source.read(start, stop)
        assert part.flags.c_contiguous
        np.testing.assert_array_equal(part, values[start:stop][:, [2, 0]], strict=True)


def test_training_reads_them(path):
    X, Y = StoredColumns(path, ["a", "b"]), StoredColumns(path, ["c"])
    result = train(
        Network.of_widths((2, 4, 1)), X, Y, epochs=2, batch_size=5, dtype="float64", generator=np.random.default_rng(0)
    )
    assert result.history.epochs == 2


@pytest.mark.parametrize(
    ("name", "columns", "message"),
    [("t.parquet", ["a", "d"], "has no column 'd'"), ("t.npy", ["a"], "has the extension '.npy'")],
)
def test_refused_at_once(path, name, columns, message):
    with pytest.raises(TableError, match=message):
        StoredColumns(path.with_name(name), columns)


def test_missing_value_is_refused_with_its_row(tmp_path, values):
    values[17, 1] = np.nan
    pl.DataFrame(values, schema=NAMES).write_parquet(tmp_path / "t.parquet", row_group_size=7)
    source = StoredColumns(tmp_path / "t.parquet", NAMES)
    source.read(0, 17)
    with pytest.raises(TableError, match="has a missing value in column 'b', row 18"):
        source.read(10, 20)
