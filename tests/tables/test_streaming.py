"""Streaming: what is written part by part is what would be written at once, or nothing is."""

import errno
import os

import numpy as np
import polars as pl
import pytest

from fitnet import Model, Network
from fitnet.errors import ArgumentValueError, TableError
from fitnet.rows import sources
from fitnet.tables import predict_table, write_table
from fitnet.tables.predictions import Asked
from fitnet.tables.streaming import predict_file
from kinds_of_models import KINDS

N = 1000
PLAIN = KINDS["error bars"].model
CLASSES = Model(
    Network.of_widths((3, 4, 3)),
    Network.of_widths((3, 4, 3)).initial_parameters(np.random.default_rng(0)),
    input_ranges=PLAIN.input_ranges,
    classes=["blue", "green", "red"],
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A table of 1,000 rows of which some lie outside, large enough to be read in chunks of about a hundred."""
    X = PLAIN.input_ranges[0] + np.random.default_rng(1).uniform(0, 1.01, (N, 3)) * np.ptp(PLAIN.input_ranges, axis=0)
    columns = {"x3": X[:, 2], "more": ["word"] * N, "x1": X[:, 0], "x2": X[:, 1]}
    pl.DataFrame(columns).write_parquet(tmp_path / "rows.parquet", row_group_size=300)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1000)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 2400)
    return tmp_path


def nobody(share):
    """Is told of shares."""


@pytest.mark.parametrize(
    ("model", "asked"),
    [
        (PLAIN, {}),
        (PLAIN, {"outside": "nan"}),
        (PLAIN, {"std": True, "coverage": 0.9}),
        (CLASSES, {}),
        (CLASSES, {"outside": "nan"}),
    ],
)
def test_parts_are_the_whole(folder, model, asked):
    shares = []
    counted = predict_file(model, folder / "rows.parquet", folder / "out.parquet", Asked(**asked), shares.append)
    whole = predict_table(model, folder / "rows.parquet", **asked)
    write_table(folder / "whole.parquet", whole.columns)
    assert pl.read_parquet(folder / "out.parquet").equals(pl.read_parquet(folder / "whole.parquet"))
    assert (counted.rows, counted.n_dropped) == (N, 0)
    assert counted.outside.as_dict() == whole.outside.as_dict()
    assert counted.outside.rows > 0
    assert shares == [*(100 * k / N for k in range(1, 11))]


def test_a_small_or_another_table_is_answered_at_once(folder):
    frame = pl.read_parquet(folder / "rows.parquet")
    frame.write_csv(folder / "rows.csv")
    predict_file(PLAIN, folder / "rows.parquet", folder / "one.parquet", Asked(), nobody)
    for source, target in (("rows.csv", "two.parquet"), ("rows.parquet", "three.csv")):
        predict_file(PLAIN, folder / source, folder / target, Asked(), nobody)
    one = pl.read_parquet(folder / "one.parquet")
    assert pl.read_parquet(folder / "two.parquet").equals(one)
    assert pl.read_csv(folder / "three.csv").equals(one)


def test_rows_outside_are_refused_before_anything_is_written(folder):
    with pytest.raises(ArgumentValueError, match=r"of 1000 rows \d+ lie outside"):
        predict_file(PLAIN, folder / "rows.parquet", folder / "out.parquet", Asked(outside="raise"), nobody)
    assert not (folder / "out.parquet").exists()


def test_a_gap_on_the_way_leaves_what_was_there(folder):
    (folder / "out.parquet").write_bytes(b"old")
    frame = pl.read_parquet(folder / "rows.parquet")
    frame.with_columns(x2=pl.when(pl.int_range(N) == 777).then(None).otherwise("x2")).write_parquet(
        folder / "gap.parquet", row_group_size=300
    )
    with pytest.raises(TableError, match=r"gap.parquet has a missing value in column 'x2', row 778"):
        predict_file(PLAIN, folder / "gap.parquet", folder / "out.parquet", Asked(), nobody)
    assert (folder / "out.parquet").read_bytes() == b"old"
    assert not list(folder.glob(".*"))


def test_a_full_disk_leaves_what_was_there_and_is_named(folder, monkeypatch):
    (folder / "out.parquet").write_bytes(b"old")
    write = os.write
    target = folder / "out.parquet"

    def full(descriptor, data):
        if len(data) > 100:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)) as raised:
        predict_file(PLAIN, folder / "rows.parquet", target, Asked(), nobody)
    assert (raised.value.errno, raised.value.filename) == (errno.ENOSPC, str(target))
    assert target.read_bytes() == b"old"
    assert not list(folder.glob(".*"))
