"""Held-out rows: of a file whole blocks, and all that is asked of the rows from one pass over it."""

import numpy as np
import pytest
from counted_rows import CountedRows

from fitnet.evaluation import Baselines
from fitnet.fitting.held_out import held_out
from fitnet.fitting.splits import BLOCKS
from fitnet.rows import ColumnStatistics, data_digest, sources, table_digest
from tolerances import BASELINE_RTOL, CHUNKED_SCALING_RTOL

N = 1234


@pytest.fixture
def arrays(generator):
    X = generator.normal(size=(N, 3)) * [1, 10, 100] + 50
    return X, np.column_stack([X @ [1, 0.1, 0.01] + generator.normal(size=N), -(X[:, 0] ** 2)])


@pytest.fixture
def stored(arrays, monkeypatch):
    monkeypatch.setattr(sources, "CHUNK_BYTES", 17 * 5 * 8)
    return CountedRows("X", arrays[0]), CountedRows("Y", arrays[1])


@pytest.fixture
def rows(request, arrays, stored):
    return arrays if request.param == "memory" else stored


@pytest.mark.parametrize("fraction", [0, 0.2, 0.9])
def test_a_file_is_read_once_and_its_targets_once_more(stored, fraction):
    X, Y = stored
    parted = held_out(X, Y, fraction, np.random.default_rng(0))
    parted.training.inputs(), parted.training.targets(), parted.training.sha256
    assert (X.reads == 1).all()
    assert (Y.reads == 2).all()


@pytest.mark.parametrize("rows", ["memory", "file"], indirect=True)
@pytest.mark.parametrize("fraction", [0, 0.2, 0.9])
def test_what_is_told_of_the_rows_is_true(rows, arrays, fraction):
    parted = held_out(*rows, fraction, np.random.default_rng(0))
    X, Y = (in_memory(each) for each in (parted.training.X, parted.training.Y))
    kept_X, kept_Y = in_memory(parted.X), in_memory(parted.Y)
    together = np.vstack([np.hstack([X, Y]), np.hstack([kept_X, kept_Y])])
    assert np.array_equal(np.unique(together, axis=0), np.unique(np.hstack(arrays), axis=0))
    assert len(together) == N
    assert len(kept_X) == pytest.approx(fraction * N, abs=N / BLOCKS)
    assert parted.table_sha256 == table_digest(*arrays)
    assert parted.training.sha256 == data_digest(X, Y)
    assert np.array_equal(parted.lowest_targets, arrays[1].min(axis=0))
    for found, values in ((parted.training.inputs(), X), (parted.training.targets(), Y)):
        expected = ColumnStatistics.of(values)
        assert np.array_equal(found.ranges, expected.ranges)
        for name in ("mean", "deviation"):
            np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=CHUNKED_SCALING_RTOL)
    baselines = Baselines.fitted(X, Y)
    for name in ("mean", "centre", "coefficients"):
        ours, theirs = getattr(parted.baselines, name), getattr(baselines, name)
        np.testing.assert_allclose(ours, theirs, rtol=BASELINE_RTOL)


def test_blocks_that_meet_are_read_as_one(stored):
    parted = held_out(*stored, 0.2, np.random.default_rng(0))
    for each in (parted.training.X, parted.X):
        assert (each.starts[1:] > each.ends[:-1]).all()
    assert len(parted.training.X.starts) < 40  # of 40 blocks


def in_memory(rows):
    return rows if isinstance(rows, np.ndarray) else rows.read(0, rows.shape[0])
