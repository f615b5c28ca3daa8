"""Where predictions are worst: rows, and parts of an input's range."""

import numpy as np

from fitnet.evaluation.worst_region import bins_of, worst_region
from fitnet.evaluation.worst_rows import worst_rows


def test_the_worst_rows_are_those_with_the_largest_residuals():
    found = worst_rows(np.array([[1.0, 0], [-3, 1], [2, -5]]), 2)
    assert found.tolist() == [[1, 2], [2, 1]]
    assert worst_rows(np.array([[1.0]])).tolist() == [[0]]


def test_a_planted_region_is_found(generator):
    columns = list(generator.uniform(size=(3, 2000)))
    noise = generator.normal(size=2000) * np.where(columns[1] > 0.8, 3, 1)
    found = worst_region(columns, noise**2)
    assert found.column == 1
    assert abs(found.low - 0.8) < 0.05
    assert found.high == columns[1].max()
    assert 2.5 < found.rmse / found.rmse_elsewhere < 3.5
    assert found.rows == ((columns[1] >= found.low) & (columns[1] <= found.high)).sum()


def test_chance_makes_no_region():
    found = []
    for seed in range(20):
        generator = np.random.default_rng(seed)
        found.append(worst_region(list(generator.uniform(size=(20, 500))), generator.standard_t(4, 500) ** 2))
    assert found == [None] * 20


def test_a_single_row_makes_no_region(generator):
    squares = generator.normal(size=500) ** 2
    squares[7] = 1e6
    assert worst_region([generator.uniform(size=500)], squares) is None


def test_degenerate_rows_have_none():
    assert worst_region([np.arange(3.0)], np.ones(3)) is None
    assert worst_region([np.ones(100)], np.arange(100.0)) is None
    assert worst_region([np.arange(100.0)], np.zeros(100)) is None


def test_bins_hold_every_known_entry_once(generator):
    for column in (
        generator.normal(size=101),
        np.repeat([1.0, 2, 3], 50),
        np.repeat([0.0, 1, 2, 3, 4, 5, 6], [500, 1, 1, 1, 1, 1, 1]),
        np.append(generator.normal(size=30), np.nan),
    ):
        inside = [(column >= low) & (column <= high) for low, high in bins_of(column)]
        np.testing.assert_array_equal(np.sum(inside, axis=0), np.isfinite(column))
    assert bins_of(np.ones(5)) == []
