"""Rows clearly outside: none of training, those beyond ranges or off a ridge; distances as an exact search has them."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from fitnet.errors import ArgumentValueError
from fitnet.uncertainty.domain import Domain
from fitnet.uncertainty.outside_rows import APART, BEYOND, LEAST_APART, any_within, near
from tolerances import DOMAIN_RTOL


def clusters(generator, n, p):
    """Rows of which 1 in 500 is far from the others, some of these near each other."""
    X = generator.normal(size=(n, p))
    X[::500] = X[::500] * 0.1 + generator.choice([-30, 30], (len(X[::500]), p))
    return X


@pytest.mark.parametrize("rows", ["normal", "lognormal", "levels", "clusters"])
@pytest.mark.parametrize(("n", "p"), [(12, 3), (300, 20), (6000, 2), (6000, 6)])
def test_no_training_row_is_outside(generator, rows, n, p):
    X = {
        "normal": lambda: generator.normal(size=(n, p)),
        "lognormal": lambda: generator.lognormal(size=(n, p)),
        "levels": lambda: generator.integers(0, 4, (n, p)),
        "clusters": lambda: clusters(generator, n, p),
    }[rows]()
    domain = Domain.of(X, generator)
    assert not domain.outside(X).any()


def test_strays_become_references_in_any_order(generator):
    X = clusters(generator, 5000, 3)
    one, other = (Domain.of(rows, np.random.default_rng(0)) for rows in (X, X[::-1]))
    assert 1024 < len(one.references) < 1034
    np.testing.assert_allclose(one.references, other.references, DOMAIN_RTOL)


@pytest.mark.parametrize(("n", "p"), [(300, 3), (3000, 8), (1500, 1)])
def test_new_rows_like_those_of_training_are_hardly_ever_outside(generator, n, p):
    domain = Domain.of(generator.normal(size=(n, p)), generator)
    new = generator.normal(size=(10_000, p))
    assert domain.outside(new).mean() < min(3e-3, (domain.score(new) > 1).mean() / 2)


def test_outside_begins_a_quarter_of_the_width_beyond_a_range(generator):
    domain = Domain.of(generator.uniform(0, 10, (5000, 8)), generator)
    low, high = domain.ranges[:, 3]
    rows = np.full((4, 8), 5.0)
    rows[:, 3] = high + 0.99 * BEYOND * (high - low), high + 1.01 * BEYOND * (high - low), -2.4, -2.6
    np.testing.assert_array_equal(domain.outside(rows), [False, True, False, True])


def test_a_row_off_the_ridge_is_outside_though_within_all_ranges(generator):
    t = generator.uniform(-1, 1, 2000)
    domain = Domain.of(np.column_stack([t, t + generator.normal(0, 0.01, 2000)]), generator)
    np.testing.assert_array_equal(domain.outside([[0.5, 0.5], [0.5, -0.5]]), [False, True])


@pytest.mark.parametrize("value", [0.0, 0.1, -300.0, 1e12])
def test_another_value_of_a_column_that_never_varied_is_outside(generator, value):
    domain = Domain.of(np.column_stack([generator.normal(size=100), np.full(100, value)]), generator)
    others = [value, np.float32(value), value * 1.001 + 0.001]
    np.testing.assert_array_equal(domain.outside(np.column_stack([np.zeros(3), others])), [False, False, True])


def test_a_row_without_a_level_is_outside(generator):
    levels = np.eye(3)[generator.integers(0, 3, 200)]
    domain = Domain.of(np.column_stack([generator.normal(size=200), levels]), generator, [-1, 0, 0, 0])
    np.testing.assert_array_equal(domain.outside([[0, 0, 1, 0], [0, 0, 0, 0]]), [False, True])


def test_rows_are_outside_or_not_whatever_rows_are_beside_them(generator):
    domain = Domain.of(generator.normal(size=(800, 4)), generator)
    new = 2 * generator.normal(size=(3000, 4))
    whole = domain.outside(new)
    assert 0.02 < whole.mean() < 0.98
    assert np.array_equal(whole, np.concatenate([domain.outside(new[i : i + 7]) for i in range(0, 3000, 7)]))
    nearest = NearestNeighbors(n_neighbors=1).fit(domain.references).kneighbors(domain.standardised(new))[0][:, 0]
    within = (np.abs(new - domain.ranges.mean(0)) < 0.75 * np.ptp(domain.ranges, axis=0)).all(axis=1)
    assert np.array_equal(whole, ~within | (nearest > max(APART * domain.threshold, LEAST_APART)))


@pytest.mark.parametrize("shift", [0, 1e7])
def test_near_is_exact_where_products_are_not(generator, shift):
    references = generator.normal(size=(300, 3)) + shift
    Z = references + 0.5 * generator.normal(size=(300, 3))
    distances = NearestNeighbors(n_neighbors=1).fit(references - shift).kneighbors(Z - shift)[0][:, 0]
    for limit in np.sort(distances)[[20, 150, 280]] * (1 + 1e-6):
        assert np.array_equal(near(Z, references, limit), distances <= limit)
    assert any_within(references, references, 0.0).all()


def test_rows_further_away_than_numbers_reach_are_outside(generator):
    domain = Domain.of(generator.normal(size=(50, 2)) * [1, 1e-300], generator)
    assert domain.outside([[1e308, 0], [0, 1e308], [-1e308, -1e308]]).all()
    wide = Domain.of([[-1e308], [0.0], [1e308]], generator)
    assert not wide.outside([[-1e308], [0.0], [1.7e308]]).any()


def test_rows_that_are_not_numbers_are_refused(generator):
    domain = Domain.of(generator.normal(size=(20, 2)), generator)
    with pytest.raises(ArgumentValueError, match="`X` holds nan"):
        domain.outside([[np.nan, 0]])
