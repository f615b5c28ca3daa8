"""Order statistics of stretched and shifted samples: sorting everything is the oracle."""

import numpy as np
import pytest

from fitnet.uncertainty.order_statistics import MOST_KEPT, SortedSamples, kept_ranks
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL


def sorted_unions(samples, shifts, units):
    """All shift + unit value of every row in rising order, (B, n)."""
    parts = [shifts[k][:, np.newaxis] + units[k][:, np.newaxis] * sample for k, sample in enumerate(samples)]
    return np.sort(np.concatenate(parts, axis=1), axis=1)


@pytest.mark.parametrize("decimals", [0, 1, 15], ids=["tied", "partly tied", "distinct"])
@pytest.mark.parametrize("stretched", [False, True])
def test_every_rank_of_small_samples(generator, decimals, stretched):
    for rows in ([1, 1], [1, 7, 3], [12, 12, 11, 1]):
        samples = [np.sort(generator.normal(size=n).round(decimals)) for n in rows]
        shifts = generator.normal(size=(len(rows), 5)).round(decimals)
        units = np.exp(generator.normal(size=shifts.shape)) if stretched else np.ones(shifts.shape)
        found = SortedSamples.of(np.concatenate(samples), np.array(rows))
        expected = sorted_unions(samples, shifts, units)
        for rank in range(1, sum(rows) + 1):
            np.testing.assert_allclose(
                found.order_statistic(rank, shifts, units), expected[:, rank - 1], FLOAT64_RTOL, FLOAT64_ATOL
            )
            np.testing.assert_allclose(
                -found.negated().order_statistic(rank, -shifts, units), expected[:, -rank], FLOAT64_RTOL, FLOAT64_ATOL
            )


@pytest.mark.parametrize(
    "values",
    [[0.0] * 6, [-1e300, -1e-300, 0, 1e-300, 1, 1e300], [-1.7e303] * 3 + [1.7e303] * 3, [5e-324] * 2 + [1.5e-323] * 4],
    ids=["zeros", "every size", "largest", "least"],
)
def test_the_search_ends_at_any_size(values):
    shifts, units = np.zeros((2, 3)), np.array([[1, 1e-5, 1e5], [1, 1, 1e-9]])
    samples = [np.array(values), np.array(values)]
    found = SortedSamples.of(np.concatenate(samples), np.array([6, 6]))
    expected = sorted_unions(samples, shifts, units)
    for rank in range(1, 13):
        ends = found.order_statistic(rank, shifts, units)
        np.testing.assert_allclose(ends, expected[:, rank - 1], FLOAT64_RTOL, np.finfo(float).tiny)


def test_kept_ranks_are_even_and_hold_both_ends():
    np.testing.assert_array_equal(kept_ranks(7), np.arange(1, 8))
    ranks = kept_ranks(10 * MOST_KEPT)
    assert (ranks[0], ranks[-1], len(ranks)) == (1, 10 * MOST_KEPT, MOST_KEPT)
    assert set(np.diff(ranks)) <= {10, 11}
    samples = SortedSamples.of(np.arange(float(MOST_KEPT)), np.array([10 * MOST_KEPT]))
    np.testing.assert_array_equal(samples.negated().ranks[0, 1:], 10 * MOST_KEPT + 1 - ranks[::-1])
    np.testing.assert_array_equal(samples.negated().negated().values, samples.values)


def test_kept_values_never_fall_short_and_hardly_go_beyond(generator):
    rows = np.array([3 * MOST_KEPT, 5 * MOST_KEPT, 100])
    samples = [np.sort(generator.normal(size=n)) for n in rows]
    shifts, units = generator.normal(size=(3, 50)) / 3, np.exp(generator.normal(size=(3, 50)) / 3)
    kept = np.concatenate([sample[kept_ranks(n) - 1] for sample, n in zip(samples, rows, strict=True)])
    found, expected = SortedSamples.of(kept, rows), sorted_unions(samples, shifts, units)
    n = int(rows.sum())
    for rank in (1, n // 100, n // 20, n // 2, n - n // 20, n):
        ends = found.order_statistic(rank, shifts, units)
        reached = (expected <= ends[:, np.newaxis] * (1 + np.sign(ends[:, np.newaxis]) * FLOAT64_RTOL)).sum(axis=1)
        assert reached.min() >= rank
        assert reached.max() <= rank + n / MOST_KEPT + len(rows)
