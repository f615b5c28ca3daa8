"""Training rows: what is known of them comes from one pass over what lies in a file, and not before it is asked for."""

import numpy as np
import pytest
from counted_rows import CountedRows

from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import ArrayRows, ColumnStatistics, data_digest, sources

N = 100


@pytest.fixture
def arrays(generator, monkeypatch):
    monkeypatch.setattr(sources, "CHUNK_BYTES", 17 * 3 * 8)
    return generator.normal(5, 2, (N, 3)), generator.normal(size=(N, 1))


def test_a_file_is_read_once_for_statistics_and_digest(arrays):
    X, Y = (CountedRows(name, array) for name, array in zip("XY", arrays, strict=True))
    rows = TrainingRows(X, Y)
    assert not X.reads.any()
    assert rows.sha256 == data_digest(*arrays)
    for found, array in ((rows.inputs(), arrays[0]), (rows.targets(), arrays[1])):
        assert np.array_equal(found.ranges, [array.min(axis=0), array.max(axis=0)])
    assert (X.reads == 1).all()
    assert (Y.reads == 1).all()


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_rows_in_memory_have_the_bits_of_rows_in_a_file(arrays, generator, weighted):
    """Also in chunks of which one weighs nothing."""
    weights = np.where(np.arange(N) // 17 == 2, 0, generator.uniform(0.5, 3, N)) if weighted else None
    rows = TrainingRows(*arrays, weights)
    for found, array in ((rows.inputs(), arrays[0]), (rows.targets(), arrays[1])):
        expected = ColumnStatistics.of(ArrayRows("X", array), weights)
        for name in ("mean", "deviation", "lowest"):
            assert np.array_equal(getattr(found, name), getattr(expected, name))
    assert rows.sha256 == data_digest(*arrays, *([] if weights is None else [weights]))


def test_a_small_table_is_one_chunk(generator):
    X = generator.normal(5, 2, (N, 3))
    found, expected = TrainingRows(X, X[:, :1]).inputs(), ColumnStatistics.of(X)
    assert np.array_equal(found.mean, expected.mean)
    assert np.array_equal(found.deviation, expected.deviation)


def test_some_of_the_rows(arrays):
    weights = np.arange(1.0, N + 1)
    part = TrainingRows(*arrays, weights).part(np.array([3, 5]))
    assert (part.n, part.weights.tolist()) == (2, [4, 6])
    assert np.array_equal(part.X, arrays[0][[3, 5]])
    assert part.in_memory
    assert not TrainingRows(arrays[0], ArrayRows("Y", arrays[1])).in_memory
