"""Picked rows: some rows of a source by their numbers, read in few and small pieces; and what is spread over ranks."""

import numpy as np
import pytest

from fitnet.rows import ArrayRows, PickedRows, SelectedRows, is_spread, sources


class Spread(ArrayRows):
    """As if other processes held some rows."""

    is_spread = True


@pytest.mark.parametrize("numbers", [[], [0], [99], [3, 4, 5, 90], range(0, 100, 7), range(100)], ids=str)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_they_are_those_of_the_array(generator, monkeypatch, numbers, dtype):
    monkeypatch.setattr(sources, "CHUNK_BYTES", 10 * 3 * 8)
    array, numbers = generator.normal(size=(100, 3)).astype(dtype), np.array(numbers, int)
    picked = PickedRows(ArrayRows("X", array), numbers)
    assert (picked.name, picked.dtype, picked.shape) == ("X", array.dtype, (len(numbers), 3))
    for start, stop in [(0, len(numbers)), (1, 3), (2, 1000), (5, 5)]:
        assert np.array_equal(picked.read(start, stop), array[numbers][start:stop])
        assert picked.read(start, stop).dtype == dtype


def test_no_piece_is_larger_than_a_chunk(generator, monkeypatch):
    monkeypatch.setattr(sources, "CHUNK_BYTES", 10 * 8)
    reads = []

    class Watched(ArrayRows):
        def read(self, start, stop):
            reads.append((start, stop))
            return super().read(start, stop)

    numbers = np.array([0, 5, 9, 11, 12, 70])
    PickedRows(Watched("X", generator.normal(size=(80, 1))), numbers).read(0, 6)
    assert reads == [(0, 10), (11, 13), (70, 71)]


def test_what_is_made_of_spread_rows_is_spread():
    plain, spread = (kind("X", np.zeros((4, 1))) for kind in (ArrayRows, Spread))
    for source, expected in ((plain, False), (spread, True)):
        assert is_spread(source) is expected
        assert is_spread(PickedRows(source, np.arange(2))) is expected
        assert is_spread(SelectedRows(PickedRows(source, np.arange(2)), np.arange(1), np.arange(1))) is expected
    assert not is_spread(np.zeros((4, 1)))
