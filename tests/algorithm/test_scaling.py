"""Scaling: mean 0 and deviation 1 whatever the numbers, rows and weights, and back."""

import copy
import dataclasses
import pickle
import statistics
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.preprocessing import StandardScaler

from fitnet.algorithm.scaling import Scaling
from fitnet.rows import statistics as blocks
from tolerances import MOMENTS_RTOL, SCALER_RTOL, SCALING_RTOL

LARGEST = np.finfo(np.float64).max
SMALLEST = np.finfo(np.float64).smallest_subnormal


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("dtype", ["float32", "float64", "int32"])
@pytest.mark.parametrize("rows", [2, 300, 50_000])
def test_equals_scikit_learns_scaler(generator, rows, dtype, weighted):
    values = (generator.normal(size=(rows, 4)) * [1, 3, 1000, 50] + [0, 7, -400, 9000]).astype(dtype)
    weights = generator.uniform(0, 3, rows) if weighted else None
    scaler = StandardScaler().fit(values.astype(np.float64), sample_weight=weights)
    scaling = Scaling.standardising(values, weights)
    assert (scaling.shift.dtype, scaling.scale.dtype) == (np.float64, np.float64)
    np.testing.assert_allclose((scaling.shift - scaler.mean_) / scaler.scale_, 0, atol=SCALER_RTOL)
    np.testing.assert_allclose(scaling.scale, scaler.scale_, rtol=SCALER_RTOL)
    scaled = scaler.transform(values.astype(np.float64))
    np.testing.assert_allclose(scaling.apply(values), scaled, rtol=0, atol=SCALER_RTOL * np.abs(scaled).max())


@pytest.mark.parametrize("offset", [0, 1e3, 1e9, -1e12])
@pytest.mark.parametrize("entries", [1, 2**17])
def test_equals_exact_sums(generator, monkeypatch, offset, entries):
    monkeypatch.setattr(blocks, "BLOCK_ENTRIES", entries)
    monkeypatch.setattr(blocks, "LEAST_ROWS", 7)
    column = generator.normal(offset, 1, 1000)
    scaling = Scaling.standardising(column[:, np.newaxis])
    np.testing.assert_allclose(scaling.shift[0], float(statistics.fmean(column)), rtol=MOMENTS_RTOL)
    np.testing.assert_allclose(scaling.scale[0], statistics.pstdev(column.tolist()), rtol=MOMENTS_RTOL)


def test_one_row_far_away_does_not_drown_the_others():
    values = np.array([[1e8], *[[x] for x in range(10)]])
    weights = np.array([1e-15, *np.ones(10)])
    mean = (4.5 + 1e-16 * 1e8) / (1 + 1e-16)
    scaling = Scaling.standardising(values, weights)
    np.testing.assert_allclose(scaling.shift[0], mean, rtol=MOMENTS_RTOL * 1e8 / mean)  # of the column's range


def test_weights_are_repetitions(generator):
    values, times = generator.normal(5, 2, (40, 3)), generator.integers(0, 4, 40)
    weighted, repeated = Scaling.standardising(values, times), Scaling.standardising(np.repeat(values, times, axis=0))
    np.testing.assert_allclose(weighted.shift, repeated.shift, rtol=MOMENTS_RTOL)
    np.testing.assert_allclose(weighted.scale, repeated.scale, rtol=MOMENTS_RTOL)


@pytest.mark.parametrize("factor", [SMALLEST, 1e-200, 1e300, LARGEST])
def test_only_the_ratios_of_weights_matter(generator, factor):
    values, weights = generator.normal(size=(30, 2)), np.arange(30) % 2
    one, other = Scaling.standardising(values, weights), Scaling.standardising(values, weights * factor)
    assert np.array_equal(one.shift, other.shift)
    assert np.array_equal(one.scale, other.scale)


def test_rows_of_weight_0_do_not_count():
    values = np.array([[0.1, 1e300], [0.1, 3.0], [1e9, 5.0]])
    scaling = Scaling.standardising(values, [0, 1, 1])
    assert blocks.ColumnStatistics.of(values, [0, 1, 1]).ranges.tolist() == [[0.1, 3], [1e9, 5]]
    assert scaling.scale[1] == 1
    constant = Scaling.standardising(values[[1, 1, 2]], [1, 2, 0])
    assert (constant.shift.tolist(), constant.scale.tolist()) == ([0.1, 3], [1, 1])


@pytest.mark.parametrize("value", [0, 0.1, -2000.123, 1e300, -1e-300, SMALLEST, LARGEST])
@pytest.mark.parametrize("rows", [1, 3, 1001])
def test_a_constant_column_becomes_0(value, rows):
    values = np.full((rows, 1), value)
    scaling = Scaling.standardising(values)
    assert (scaling.shift[0], scaling.scale[0]) == (value, 1)
    assert not scaling.apply(values).any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("value", [0.1, -2000, 1e6, 1e-30, 1e30])
def test_a_column_of_nothing_but_rounding_becomes_0(generator, value, dtype):
    values = np.full((500, 1), value, dtype)
    values[::2] = np.nextafter(values[::2], np.asarray(np.inf, dtype))
    scaling = Scaling.standardising(values)
    assert scaling.scale[0] == max(1, np.abs(scaling.shift[0]))
    assert np.abs(scaling.apply(values)).max() <= np.finfo(dtype).eps


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_small_spread_that_is_more_than_rounding_is_scaled(generator, dtype):
    values = (1 + 10 * np.finfo(dtype).eps * generator.uniform(-1, 1, (500, 1))).astype(dtype)
    np.testing.assert_allclose(Scaling.standardising(values).apply(values).std(), 1, rtol=SCALER_RTOL)


def test_whole_numbers_are_exact_however_large():
    values = np.arange(2**50, 2**50 + 9)[:, np.newaxis]
    scaling = Scaling.standardising(values)
    assert scaling.shift[0] == 2**50 + 4
    np.testing.assert_allclose(scaling.scale[0], np.sqrt(60 / 9), rtol=MOMENTS_RTOL)


@pytest.mark.parametrize("size", [1e-320, 1e-300, 1e-160, 1e160, 1e300, LARGEST])
def test_huge_and_tiny_columns_are_scaled_like_others(size):
    ordinary = np.array([[-1.0], [-0.5], [0.25], [1]])
    scaling, expected = Scaling.standardising(ordinary * size), Scaling.standardising(ordinary)
    coarse = SMALLEST / size  # subnormal numbers have fewer digits
    np.testing.assert_allclose(scaling.shift / size, expected.shift, rtol=MOMENTS_RTOL, atol=4 * coarse)
    np.testing.assert_allclose(scaling.scale / size, expected.scale, rtol=MOMENTS_RTOL, atol=4 * coarse)
    scaled = scaling.apply(ordinary * size)
    np.testing.assert_allclose(scaled, expected.apply(ordinary), rtol=MOMENTS_RTOL, atol=8 * coarse)
    np.testing.assert_allclose(scaling.undo(scaled) / size, ordinary, rtol=MOMENTS_RTOL, atol=8 * coarse)


def test_what_overflows_only_on_the_way_is_there():
    scaling = Scaling([-1e308, 1e308], [1e308, 1.5e308])
    assert np.array_equal(scaling.apply([[1e308, -1.25e308]]), [[2, -1.5]])
    assert np.array_equal(scaling.undo([[2, -1.5]]), [[1e308, -1.25e308]])


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(
    values=arrays(np.float64, (5, 2), elements=st.floats(-1e100, 1e100)),
    shift=arrays(np.float64, 2, elements=st.floats(-1e100, 1e100)),
    scale=arrays(np.float64, 2, elements=st.floats(1e-100, 1e100)),
)
def test_undo_undoes(values, shift, scale):
    scaling = Scaling(shift, scale)
    restored = scaling.undo(scaling.apply(values))
    size = np.maximum(np.abs(values), np.abs(shift)) + scale * np.finfo(np.float64).smallest_normal
    assert (np.abs(restored - values) <= SCALING_RTOL * size).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_no_digit_is_lost_before_the_shift_is_taken_away(dtype):
    years = np.array([[2000.123456789], [2000.123456790]])
    scaled = Scaling([2000.123456789], [1e-9]).apply(years, dtype)
    assert scaled.dtype == dtype
    np.testing.assert_allclose(scaled, (years - years[0]) / 1e-9, rtol=1e-6)
    assert scaled[1] > 0.9


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.longdouble, np.int8, np.uint64, bool, list])
def test_real_numbers_of_any_kind_are_taken_for_their_value(kind):
    values = np.array([[1, 0], [0, 1], [1, 1]])
    given_values = values.tolist() if kind is list else values.astype(kind)
    scaling = Scaling.standardising(given_values)
    expected = Scaling.standardising(values.astype(np.float64))
    assert np.array_equal(scaling.shift, expected.shift)
    assert np.array_equal(scaling.apply(given_values), expected.apply(values))
    assert np.array_equal(scaling.undo(given_values), expected.undo(values))


def test_memory_does_not_grow_with_the_rows(tmp_path, generator):
    np.save(tmp_path / "values.npy", generator.normal(size=(500_000, 4)).astype(np.float32))
    values = np.load(tmp_path / "values.npy", mmap_mode="r")
    tracemalloc.start()
    try:
        scaling = Scaling.standardising(values)
        assert tracemalloc.get_traced_memory()[1] < 8 * 8 * blocks.BLOCK_ENTRIES < values.nbytes * 2
        tracemalloc.reset_peak()
        scaled = scaling.apply(values, "float32")
        assert tracemalloc.get_traced_memory()[1] - scaled.nbytes < 8 * 8 * blocks.BLOCK_ENTRIES
    finally:
        tracemalloc.stop()


def test_results_are_contiguous():
    values = np.asfortranarray(np.ones((5, 3)))
    scaling = Scaling([0, 0, 0], [1, 2, 3])
    assert scaling.apply(values).flags.c_contiguous
    assert scaling.undo(values).flags.c_contiguous


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda s: pickle.loads(pickle.dumps(s))])
def test_a_scaling_cannot_be_changed(copied):
    shift = np.array([1.0, 2])
    scaling = copied(Scaling(shift, [3, 4]))
    shift[:] = 0
    assert (scaling.shift.tolist(), scaling.scale.tolist()) == ([1, 2], [3, 4])
    for array in (scaling.shift, scaling.scale):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        scaling.shift = shift
