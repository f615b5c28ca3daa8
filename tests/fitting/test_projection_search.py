"""Projections: found where targets bend along two columns together, and nowhere else."""

import numpy as np
import pytest

from fitnet.algorithm.scaling import Scaling
from fitnet.fitting.bins import Bins
from fitnet.fitting.projection_search import LOOKED_AT, found_projections

CHANCE = 0.02  # of variance: what the best of some hundred pairs may seem to explain of 2,000 rows of noise


def slanting(generator, n=2000):
    """Four columns; the target steps where the sum of two of them, each in its own unit, changes sign."""
    X = generator.normal(size=(n, 4)) * [1, 100, 1e-3, 5] + [0, 1e3, 0, -7]
    return X, np.sin(3 * (X[:, 0] + X[:, 3] / 5))[:, np.newaxis]


def test_the_slanting_line_is_found(generator):
    X, Y = slanting(generator)
    first, second = found_projections(X, Y, 2)
    assert first.columns == (0, 3)
    np.testing.assert_allclose(first.coefficients, np.sqrt([0.5, 0.5]))
    assert first.share > 0.5 > second.share


def test_one_output_of_two_is_enough(generator):
    X, Y = slanting(generator)
    two = np.hstack([1e6 * X[:, 1:2], Y])
    assert found_projections(X, two, 1)[0].columns == (0, 3)


@pytest.mark.parametrize("effect", [0, 1])
def test_sums_of_functions_and_noise_have_none_worth_while(generator, effect):
    X = generator.normal(size=(2000, 4))
    Y = effect * (X[:, :1] ** 2 + np.sin(X[:, 3:])) + generator.normal(size=(2000, 1))
    assert all(each.share < CHANCE for each in found_projections(X, Y, 4))


def test_nothing_is_found_where_nothing_can_be(generator):
    X, Y = slanting(generator)
    assert found_projections(X[:, :1], Y, 4) == []
    assert found_projections(X[:59], Y[:59], 4) == []
    assert found_projections(np.sign(X), Y, 4) == []
    assert all(each.share == 0 for each in found_projections(X, np.ones_like(Y), 4))
    constant = np.hstack([X[:, :1], np.full((len(X), 2), 3.0), X[:, 3:]])
    assert [each.columns for each in found_projections(constant, Y, 1)] == [(0, 3)]


def test_columns_of_long_tails_are_left_alone(generator):
    """On pieces beyond whose ends a new row would lie far, a network's answer would be, too."""
    X, Y = slanting(generator)
    X[17, 3] = 100.0
    assert all(3 not in each.columns for each in found_projections(X, Y, 4))


@pytest.mark.parametrize("unit", [1e200, 1e-200])
def test_units_that_float64_cannot_square_are_left_alone(generator, unit):
    X, Y = slanting(generator)
    assert all(0 not in each.columns for each in found_projections(X * [unit, 1, 1, 1], Y, 4))
    assert all(each.share == 0 for each in found_projections(X, Y * unit, 4))


def test_many_rows_are_looked_at_evenly(generator):
    X, Y = slanting(generator, 2 * LOOKED_AT)
    whole, half = found_projections(X, Y, 3), found_projections(X[::2], Y[::2], 3)
    assert [each.columns for each in whole] == [each.columns for each in half]
    assert [each.share for each in whole] == [each.share for each in half]


@pytest.mark.parametrize("by", ["quantiles", "targets"])
def test_bins_cut_projections_like_columns(generator, by):
    X, Y = slanting(generator)
    scaling = Scaling.standardising(X)
    encoding = Bins(by, 6, projections=2).encoding(X, Y, None, scaling)
    assert encoding.n_inputs == 4 and encoding.n_projections == 2 and len(encoding.edges) == 6
    u = scaling.apply(X) @ encoding.projections[0]
    assert encoding.edges[4][0] == pytest.approx(u.min()) and encoding.edges[4][-1] == pytest.approx(u.max())
    assert Bins(by, 6).encoding(X, Y, None, scaling).projections is None


def test_projections_are_not_cut_at_their_values(generator):
    X = generator.integers(0, 12, (600, 2)).astype(float)
    Y = np.maximum(X[:, :1] - X[:, 1:], 0)
    encoding = Bins("values", 4, projections=1, values=100).encoding(X, Y, None, Scaling.standardising(X))
    assert [len(each) for each in encoding.edges] == [12, 12, 5]
