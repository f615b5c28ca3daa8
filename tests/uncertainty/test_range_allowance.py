"""What is allowed beyond the ends of ranges: by leaving rows out one by one, in new rows, and where nothing is."""

import numpy as np
import pytest

from fitnet.uncertainty.domain import Domain
from fitnet.uncertainty.range_allowance import NEIGHBOURS, widened_ranges
from tolerances import DOMAIN_RTOL, FLOAT64_RTOL, NEW_ROWS_OUTSIDE


def by_leaving_out(X, k):
    """The widened ranges, from n times n - 1 rows."""
    ordered = np.sort(X, axis=0)
    below, above = ordered[k] - ordered[0], ordered[-1] - ordered[-1 - k]
    excess = []
    for i, row in enumerate(X):
        others = np.sort(np.delete(X, i, axis=0), axis=0)
        beyond_low = (others[0] - row) / (others[k] - others[0])
        beyond_high = (row - others[-1]) / (others[-1] - others[-1 - k])
        excess.append(max(0, beyond_low.max(), beyond_high.max()))
    multiple = np.sort(excess)[int(np.ceil(0.99 * len(X))) - 1]
    return np.stack([ordered[0] - multiple * below, ordered[-1] + multiple * above])


@pytest.mark.parametrize(("n", "k"), [(150, 5), (40, 5), (7, 5), (6, 4), (3, 1)])
def test_99_per_cent_of_rows_are_within_the_widened_ranges_of_the_others(generator, n, k):
    X = generator.normal(size=(n, 4)) * [1, 10, 1e-200, 1e200]
    widened = widened_ranges(X, np.full(4, -1))
    np.testing.assert_allclose(widened, by_leaving_out(X, k), DOMAIN_RTOL)
    assert np.all(widened[0] <= X.min(axis=0))
    assert np.all(widened[1] >= X.max(axis=0))


@pytest.mark.parametrize("p", [1, 3, 20])
@pytest.mark.parametrize(("n", "draws"), [(50, 24), (500, 12), (5000, 2)])
@pytest.mark.parametrize("heavy", [False, True])
def test_few_new_rows_are_outside(generator, p, n, draws, heavy):
    def rows(n):
        X = generator.normal(size=(n, p))
        return np.sinh(X) if heavy else X

    beyond, outside = [], []
    for _ in range(draws):
        domain, new = Domain.of(rows(n), generator), rows(1000)
        beyond.append((domain.beyond_ranges(new) > 1).any(axis=1).mean())
        outside.append((domain.score(new) > 1).mean())
    share = 0.01 + 1 / n  # a quantile of n leaves out one more
    assert np.mean(beyond) <= NEW_ROWS_OUTSIDE * share
    assert np.mean(outside) <= 2 * NEW_ROWS_OUTSIDE * share
    assert np.mean(outside) >= share / NEW_ROWS_OUTSIDE


def test_training_rows_are_never_beyond(generator):
    for n in (1, 2, 3, 8, 60):
        X = generator.standard_cauchy(size=(n, 6))
        domain = Domain.of(X, generator)
        assert np.all(domain.beyond_ranges(X) <= 1)


def test_a_heavy_tail_widens_no_other_column(generator):
    """A column of 40 even steps beside one whose ends are far out: a few steps of its own are what it gains."""
    X = np.column_stack([generator.permutation(40), generator.standard_cauchy(40)])
    low, high = widened_ranges(X, np.full(2, -1))[:, 0]
    multiple = -low / NEIGHBOURS
    np.testing.assert_allclose(high, 39 + NEIGHBOURS * multiple, FLOAT64_RTOL)
    assert multiple > 0
    assert Domain.of(X, generator).score([[39 + 1.1 * NEIGHBOURS * multiple, 0]])[0] > 1


def test_ends_that_six_rows_share_stay(generator):
    X = np.repeat([1.0, 2, 3], [6, 20, 6])[:, np.newaxis]
    np.testing.assert_array_equal(widened_ranges(X, np.array([-1])), [[1], [3]])
    X = np.column_stack([np.full(50, 7.0), generator.normal(size=50)])
    np.testing.assert_array_equal(widened_ranges(X, np.full(2, -1))[:, 0], [7, 7])
    np.testing.assert_array_equal(widened_ranges(X[:2], np.full(2, -1)), np.sort(X[:2], axis=0))


def test_columns_in_groups_stay(generator):
    X = np.column_stack([np.eye(3)[generator.permutation(60) % 30 // 14], generator.normal(size=60)])
    assert 0 < X[:, 2].sum() < NEIGHBOURS
    widened = widened_ranges(X, np.array([0, 0, 0, -1]))
    np.testing.assert_array_equal(widened[:, :3], [[0] * 3, [1] * 3])
    assert widened[1, 3] > X[:, 3].max()


def test_the_largest_numbers_stay_finite():
    X = 1.7e308 * np.linspace(-1, 1, 30)[:, np.newaxis]
    assert np.isfinite(widened_ranges(X, np.array([-1]))).all()
