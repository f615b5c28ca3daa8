"""Statistics of columns: those of NumPy whatever the numbers and weights, from parts as from the whole."""

import numpy as np
import pytest

from fitnet.errors import ArgumentValueError
from fitnet.rows import ArrayRows, ColumnStatistics, sources
from tolerances import CHUNKED_SCALING_RTOL, SCALER_RTOL

LARGEST = np.finfo(np.float64).max
NAMES = ("lowest", "highest", "mean", "deviation")


@pytest.fixture
def values(generator):
    """Columns of different places and sizes, the last two not independent."""
    values = generator.normal(size=(1000, 4)) * [1, 3, 1000, 50] + [0, 7, -400, 9000]
    values[:, 3] += values[:, 2]
    return values


def test_ranges_are_lowest_and_highest(generator):
    values = generator.normal(size=(70_000, 3)).astype(np.float32)
    ranges = ColumnStatistics.of(values).ranges
    assert ranges.dtype == np.float64
    assert np.array_equal(ranges, [values.min(axis=0), values.max(axis=0)])


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("kind", ["array", "source"])
def test_equals_numpys_moments(values, generator, monkeypatch, kind, weighted):
    monkeypatch.setattr(sources, "CHUNK_BYTES", 130 * 4 * 8)
    weights = generator.uniform(0, 3, 1000) * (np.arange(1000) > 200) if weighted else None  # a chunk without weight
    given = values if kind == "array" else ArrayRows("X", values)
    found = ColumnStatistics.of(given, weights, products=True)
    mean, covariance = np.average(values, axis=0, weights=weights), np.cov(values.T, bias=True, aweights=weights)
    deviation = np.sqrt(np.diagonal(covariance))
    np.testing.assert_allclose((found.mean - mean) / deviation, 0, atol=SCALER_RTOL)
    np.testing.assert_allclose(found.deviation, deviation, rtol=SCALER_RTOL)
    size = found.unit / deviation
    ours, theirs = found.products * np.outer(size, size), covariance / np.outer(deviation, deviation)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=SCALER_RTOL)
    counting = values if weights is None else values[weights > 0]
    assert np.array_equal(found.ranges, [counting.min(axis=0), counting.max(axis=0)])


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1, 1e160, LARGEST])
@pytest.mark.parametrize("cuts", [[1], [3], [1, 2], [2, 3]])
def test_parts_joined_are_the_whole_however_large_or_small(size, cuts):
    ordinary = np.array([[-1.0, 0.25], [-0.5, 0.25], [0.25, 0.25], [1, -1]])
    whole = ColumnStatistics.of(ordinary, products=True)
    parts = (ColumnStatistics.of(part, products=True) for part in np.split(ordinary * size, cuts))
    joined = ColumnStatistics.of_parts(parts)
    assert joined.weight == 4
    for name in NAMES:
        expected = getattr(whole, name)
        np.testing.assert_allclose(getattr(joined, name) / size, expected, rtol=CHUNKED_SCALING_RTOL, atol=1e-15)
    np.testing.assert_allclose(joined.products, whole.products, rtol=CHUNKED_SCALING_RTOL)


@pytest.mark.parametrize("value", [0.1, -2000.123, 1e300, LARGEST])
def test_a_constant_column_stays_constant(value):
    parts = (ColumnStatistics.of(np.full((rows, 1), value), products=True) for rows in (3, 1, 7))
    joined = ColumnStatistics.of_parts(parts)
    assert (joined.mean[0], joined.deviation[0], joined.products[0, 0]) == (value, 0, 0)


def test_a_part_far_away_does_not_drown_the_others(generator):
    near, far = generator.normal(size=(500, 1)), generator.normal(1e12, 1, (1, 1))
    joined = ColumnStatistics.of(near).joined(ColumnStatistics.of(far))
    whole = np.vstack([near, far])
    np.testing.assert_allclose(joined.mean, whole.mean(axis=0), rtol=CHUNKED_SCALING_RTOL)
    np.testing.assert_allclose(joined.deviation, whole.std(axis=0), rtol=CHUNKED_SCALING_RTOL)


def test_some_of_the_columns(values):
    whole, part = ColumnStatistics.of(values, products=True), ColumnStatistics.of(values[:, 1:3], products=True)
    chosen = whole.of_columns(slice(1, 3))
    for name in NAMES:
        assert np.array_equal(getattr(chosen, name), getattr(part, name))
    np.testing.assert_allclose(chosen.products, part.products, rtol=CHUNKED_SCALING_RTOL)


@pytest.mark.parametrize("weights", [None, [0, 1, 1]], ids=["plain", "weighted"])
def test_entry_that_is_not_finite_is_refused_with_its_place(weights):
    with pytest.raises(
        ArgumentValueError, match=r"^`values` holds inf at \[0, 1\]; every entry must be a finite number"
    ):
        ColumnStatistics.of([[1, np.inf], [2, 3], [4, 5]], weights)
