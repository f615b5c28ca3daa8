"""Rows that stay in a file: what is read is what a map shows, and which maps are read so."""

import numpy as np
import pytest

from fitnet.errors import ArgumentValueError
from fitnet.rows import RowSource, large_map, mapped_rows, row_chunks, rows_a_chunk, sources


@pytest.fixture
def saved(tmp_path):
    """Write an array; gives its memory map."""

    def saved(values, mode="r"):
        np.save(tmp_path / "a.npy", values)
        return np.load(tmp_path / "a.npy", mmap_mode=mode)

    return saved


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", [(23, 3), (23,)])
def test_ranges_of_rows_are_the_maps_own(saved, generator, dtype, shape):
    values = generator.normal(size=shape).astype(dtype)
    source = mapped_rows("X", saved(values))
    assert isinstance(source, RowSource)
    assert source.dtype == dtype
    assert source.shape == values.reshape(23, -1).shape
    for start, stop in [(0, 23), (0, 1), (5, 17), (22, 23), (20, 40)]:
        part = source.read(start, stop)
        assert part.flags.c_contiguous
        np.testing.assert_array_equal(part, values.reshape(23, -1)[start:stop], strict=True)


def test_chunks_are_all_rows_in_order(saved, generator, monkeypatch):
    monkeypatch.setattr(sources, "CHUNK_BYTES", 5 * 3 * 8)
    values = generator.normal(size=(23, 3))
    parts = list(row_chunks(mapped_rows("X", saved(values))))
    assert rows_a_chunk(3) == 5
    assert [first for first, _ in parts] == [0, 5, 10, 15, 20]
    np.testing.assert_array_equal(np.vstack([part for _, part in parts]), values)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda X: X[1:],
        lambda X: X[:, :2],
        lambda X: X.reshape(3, -1),
        lambda X: X.T,
        np.array,
        np.asarray,
        lambda X: X.view(np.dtype(">f8")),
    ],
    ids=["rows", "columns", "reshaped", "transposed", "copy", "plain", "swapped"],
)
def test_parts_and_copies_are_ordinary_arrays(saved, spoil):
    assert mapped_rows("X", spoil(saved(np.ones((6, 3))))) is None


@pytest.mark.parametrize(
    "values",
    [np.ones((6, 3), int), np.ones((2, 3, 4)), np.asfortranarray(np.ones((6, 3))), np.ones((6, 3), ">f8")],
    ids=["whole numbers", "three dimensions", "Fortran", "big-endian"],
)
def test_other_maps_are_ordinary_arrays(saved, values):
    assert mapped_rows("X", saved(values)) is None


def test_copy_on_write_map_is_not_in_its_file(saved):
    X = saved(np.ones((6, 3)), "c")
    X[0] = 5
    assert mapped_rows("X", X) is None


def test_written_map_is_read_as_it_is_now(saved):
    X = saved(np.ones((6, 3)), "r+")
    X[4] = 5
    np.testing.assert_array_equal(mapped_rows("X", X).read(3, 6), [[1] * 3, [5] * 3, [1] * 3])


def test_file_that_was_removed_is_left_to_the_map(saved, tmp_path):
    X = saved(np.ones((6, 3)))
    (tmp_path / "a.npy").unlink()
    assert mapped_rows("X", X) is None


def test_file_cut_short_on_the_way_is_refused(saved, tmp_path):
    source = mapped_rows("X", saved(np.ones((6, 3))))
    whole = (tmp_path / "a.npy").read_bytes()
    (tmp_path / "b.npy").write_bytes(whole[:-8])
    (tmp_path / "b.npy").replace(tmp_path / "a.npy")
    source.read(0, 5)
    with pytest.raises(ArgumentValueError, match=r"`X` is mapped from .*, which was cut short"):
        source.read(3, 6)


def test_entry_that_is_not_finite_is_named_by_its_row(saved):
    values = np.ones((6, 3))
    values[4, 1] = np.nan
    source = mapped_rows("X", saved(values))
    source.read(0, 4)
    with pytest.raises(ArgumentValueError, match=r"`X` holds nan at \[4, 1\]"):
        source.read(3, 6)


def test_only_large_maps_are_read_in_chunks(saved, monkeypatch):
    X = saved(np.ones((6, 3)))
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", X.nbytes)
    assert large_map("X", X) is None
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", X.nbytes - 1)
    assert large_map("X", X) is not None
    assert large_map("X", [[1.0]]) is None
