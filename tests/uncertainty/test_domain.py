"""The domain: how many training rows are outside, what far rows score, ridges, constants, groups, few rows."""

import copy
import pickle

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.uncertainty.domain import Domain
from fitnet.uncertainty.nearest_rows import MOST_REFERENCES, NEIGHBOURS
from tolerances import BINOMIAL_DEVIATIONS, DOMAIN_RTOL, FLOAT64_RTOL


@pytest.mark.parametrize("p", [1, 3, 20])
@pytest.mark.parametrize("n", [300, 1500, 6000])
def test_one_per_cent_of_training_rows_is_outside(generator, n, p):
    X = generator.normal(size=(n, p))
    domain = Domain.of(X, generator)
    score = domain.score(X)
    deviation = (0.01 * 0.99 * n) ** 0.5
    assert 0 <= len(domain.references) - min(n, MOST_REFERENCES) < 10  # more are strays
    assert np.all(score >= 0)
    assert (score > 1).sum() <= 0.01 * n + BINOMIAL_DEVIATIONS * deviation
    if n == 6000:  # most rows are then no references, and measured as new rows are
        assert (score > 1).sum() >= 0.005 * n - BINOMIAL_DEVIATIONS * deviation


@pytest.mark.parametrize("p", [1, 3, 20])
def test_one_per_cent_of_new_rows_within_the_ranges_is_outside(generator, p):
    domain = Domain.of(generator.normal(size=(6000, p)), generator)
    new = generator.normal(size=(6000, p))
    within = (domain.beyond_ranges(new) <= 1).all(axis=1)
    deviation = 2 * (0.01 * 0.99 / 6000) ** 0.5  # the threshold too is found from some 4,000 rows
    assert abs((domain.score(new)[within] > 1).mean() - 0.01) < BINOMIAL_DEVIATIONS * deviation


def test_scores_are_the_larger_of_range_and_distance(generator):
    X, new = generator.uniform(-1, 1, (200, 3)) * [1, 10, 100], generator.normal(size=(50, 3)) * [1, 10, 100]
    domain = Domain.of(X, generator)
    units = X.std(axis=0)
    neighbours = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(X / units)
    usual = np.sort(neighbours.kneighbors()[0].mean(axis=1))[198 - 1]  # of 200 rows 99 % have no more
    distance = neighbours.kneighbors(new / units)[0].mean(axis=1) / usual
    low, high = domain.ranges
    ranges = np.abs((new - (low + high) / 2) / ((high - low) / 2)).max(axis=1)
    np.testing.assert_allclose(domain.score(new), np.maximum(ranges, distance), DOMAIN_RTOL)


def test_scores_grow_outward_and_stay_finite(generator):
    X = generator.normal(size=(500, 2))
    domain = Domain.of(X, generator)
    steps = np.array([0, 5, 10, 100, 1e6, 1e200, 1e308])
    scores = domain.score(np.column_stack([steps, -steps]))
    assert scores[0] < 1 < scores[1]
    assert np.all(np.diff(scores[:6]) > 0)
    assert np.isfinite(scores).all()


def test_a_row_within_all_ranges_and_off_the_ridge_is_outside(generator):
    t = generator.uniform(-1, 1, 2000)
    domain = Domain.of(np.column_stack([t, t + generator.normal(0, 0.01, 2000), np.abs(t) / 2]), generator)
    on, off = domain.score([[0.5, 0.5, 0.25], [0.5, -0.5, 0.25]])
    assert on < 1
    assert off > 10
    np.testing.assert_array_equal(domain.worst_column([[3, 2, 0.25], [0, -5, 0.25], [0, 0, 0.6]]), [0, 1, 2])
    assert domain.worst_column([[0.5, -0.5, 0.0005]])[0] in (0, 1)  # though the third is nearest to its range's end


@pytest.mark.parametrize("value", [0, 1e-8, -300, 1e12])
def test_any_other_value_of_a_constant_column_is_outside(generator, value):
    X = np.column_stack([generator.normal(size=100), np.full(100, value)])
    domain = Domain.of(X, generator)
    unit = abs(value) or 1
    others = np.column_stack([np.zeros(3), value + unit * np.array([0, 1e-3, 2])])
    scores = domain.score(others)
    assert scores[0] <= 1 < scores[1] < scores[2]
    np.testing.assert_allclose(domain.beyond_ranges(others)[1:, 1], [1.001, 3], DOMAIN_RTOL)
    np.testing.assert_array_equal(domain.worst_column(others[1:]), [1, 1])


def test_levels_that_were_never_seen_are_outside(generator):
    """Twelve numbers beside two groups of levels, one of them rare: the distance alone would not tell."""
    levels, rare = np.eye(3)[generator.integers(0, 3, 3000)], np.eye(2)[generator.binomial(1, 0.002, 3000)]
    X = np.hstack([generator.normal(size=(3000, 12)), levels, rare])
    domain = Domain.of(X, generator, groups=[-1] * 12 + [0] * 3 + [1] * 2)
    np.testing.assert_array_equal(domain.scale[12:], 1)
    new = X[:5] * np.where(np.arange(17) < 12, 0, 1)
    assert np.all(domain.score(new) <= 1)
    new[:, 12:15] = 0
    np.testing.assert_allclose(domain.score(new), 2)
    np.testing.assert_array_equal(domain.worst_column(new), 12)


def test_beside_levels_scores_still_tell_how_far_in_a_row_is(generator):
    """A level that a row has or has not is an end of its range, and says nothing of how far in the row lies."""
    numbers, levels = generator.uniform(-1, 1, (400, 2)), np.eye(3)[generator.integers(0, 3, 400)]
    X = np.hstack([numbers, levels])
    domain = Domain.of(X, generator, groups=[-1, -1, 0, 0, 0])
    units = np.concatenate([numbers.std(axis=0), np.ones(3)])
    distance = NearestNeighbors(n_neighbors=NEIGHBOURS).fit(X / units).kneighbors(X / units)[0].mean(axis=1)
    low, high = domain.ranges[:, :2]
    ranges = np.abs((numbers - (low + high) / 2) / ((high - low) / 2)).max(axis=1)
    scores = domain.score(X)
    assert np.ptp(scores) > 0.5
    np.testing.assert_allclose(scores, np.maximum(ranges, distance / domain.threshold), DOMAIN_RTOL)


def test_rows_that_recur_do_not_hide_the_spaces_between_them(generator):
    """A grid of 5 x 5 points, each 40 times: what lies between its points is inside, far from them outside."""
    grid = np.stack(np.meshgrid(np.arange(5.0), np.arange(5.0)), axis=-1).reshape(-1, 2)
    domain = Domain.of(np.repeat(grid, 40, axis=0), generator)
    assert len(domain.references) == 25
    assert np.all(domain.score(grid) <= 1)
    scores = domain.score([[2.5, 2.5], [8, 2]])
    assert scores[0] <= 1 < scores[1]


@pytest.mark.parametrize("X", [[[1.0, 0]], [[1.0, 0]] * 9, [[1.0, 0]] * 70000], ids=["one", "nine", "many"])
def test_rows_all_the_same(generator, X):
    domain = Domain.of(X, generator)
    scores = domain.score([[1, 0], [2, 0], [1, -0.5]])
    np.testing.assert_allclose(scores, [0, 2, 1.5])
    np.testing.assert_array_equal(domain.worst_column([[2, 0], [1, -0.5]]), [0, 1])


@pytest.mark.parametrize("n", [2, 3, 6])
def test_few_rows(generator, n):
    X = generator.normal(size=(n, 4))
    domain = Domain.of(X, generator)
    assert np.all(domain.score(X) <= 1)
    assert domain.score(X[:1] + 50)[0] > 5


def test_the_order_of_rows_does_not_matter(generator):
    X, new = generator.normal(size=(3000, 4)), generator.normal(size=(40, 4))
    found = Domain.of(X, np.random.default_rng(1)).score(new)
    other = Domain.of(X[generator.permutation(3000)], np.random.default_rng(1)).score(new)
    np.testing.assert_allclose(other, found, DOMAIN_RTOL)


def test_a_row_has_the_same_bits_in_any_call(generator):
    X, new = generator.normal(size=(2000, 7)), generator.normal(size=(300, 7))
    domain = Domain.of(X, generator)
    together, worst = domain.score(new), domain.worst_column(new)
    for rows in (slice(0, 1), slice(131, 300)):
        np.testing.assert_array_equal(domain.score(new[rows]), together[rows])
        np.testing.assert_array_equal(domain.worst_column(new[rows]), worst[rows])


def test_float32_rows_are_as_they_are(generator):
    X = generator.normal(size=(400, 3)).astype(np.float32)
    single, double = (Domain.of(each, np.random.default_rng(1)) for each in (X, X.astype(np.float64)))
    np.testing.assert_array_equal(single.score(X), double.score(X.astype(np.float64)))
    assert single.score(X).dtype == np.float64


def test_wide_rows_keep_fewer_references(generator):
    domain = Domain.of(generator.normal(size=(600, 1000)), generator)
    assert len(domain.references) == 262
    assert domain.score(np.full((1, 1000), 9.0))[0] > 1


def test_a_copy_holds_the_same_and_cannot_be_changed(generator):
    domain = Domain.of(generator.normal(size=(9, 2)), generator)
    for other in (copy.deepcopy(domain), pickle.loads(pickle.dumps(domain))):
        np.testing.assert_allclose(other.score([[1, 2]]), domain.score([[1, 2]]), FLOAT64_RTOL)
        with pytest.raises(ValueError, match="read-only"):
            other.references[0] = 1


GOOD = {
    "ranges": [[0.0, 0], [1, 1]],
    "groups": [-1, -1],
    "shift": [0.0, 0],
    "scale": [1.0, 1],
    "references": [[0.0, 0], [1, 1]],
    "threshold": 1.0,
}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ranges": [[0.0, 2], [1, 1]]}, "`ranges` must have 2 rows, the lowest values and the highest."),
        ({"ranges": [[0.0, 0]]}, "`ranges` must have 2 rows, the lowest values and the highest."),
        ({"ranges": [[0.0], [1]]}, "`ranges` has 1 column; it must have 2."),
        ({"groups": [0, 2]}, "`groups` must hold -1, or each of the numbers from 0 to the last group."),
        ({"groups": [0, -2]}, "`groups` must hold -1, or each of the numbers from 0 to the last group."),
        ({"groups": [0]}, "`groups` has shape (1,); it must have shape (2,)."),
        ({"groups": [0.5, 1]}, "`groups` holds float64; it must hold whole numbers."),
        ({"shift": [np.nan, 0]}, "`shift` holds nan at [0]; every entry must be a finite number."),
        ({"scale": [0.0, 1]}, "`scale` holds 0; every entry must be above 0."),
        ({"references": [[np.inf, 0]]}, "`references` holds inf at [0, 0]; every entry must be a finite number."),
        ({"threshold": 0}, "`threshold` is 0; it must be above 0."),
    ],
)
def test_a_content_that_no_rows_give(changes, sentence):
    assert Domain(**GOOD).score([[0.5, 0.5]]) <= 1
    with pytest.raises((ArgumentValueError, ArgumentTypeError)) as error:
        Domain(**{**GOOD, **changes})
    assert (str(error.value), error.value.argument) == (sentence, *changes)


def test_rows_without_a_number_are_refused(generator):
    domain = Domain(**GOOD)
    for ask in (domain.score, domain.worst_column, lambda X: Domain.of(X, generator)):
        with pytest.raises(
            ArgumentValueError, match=r"^`X` holds nan at \[0, 1\]; every entry must be a finite number"
        ):
            ask([[0, np.nan]])
    with pytest.raises(ArgumentValueError, match=r"^`X` has 1 column; it must have 2\.$"):
        domain.score([[0.0]])
