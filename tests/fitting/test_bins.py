"""Bins: edges by quantiles, by a tree and by values, from the rows they are given."""

import numpy as np
import pytest

from fitnet.algorithm.scaling import Scaling
from fitnet.fitting import bins
from fitnet.fitting.bins import Bins, quantiles, repeated_values, scaling_beside, thresholds
from fitnet.rows import ColumnStatistics


def test_between_edges_lie_equally_many(generator):
    column = generator.exponential(size=4000)
    edges = quantiles(column, 8)
    assert len(edges) == 9 and edges[0] == column.min() and edges[-1] == column.max()
    counts, _ = np.histogram(column, edges)
    assert abs(counts - 500).max() <= 1


def test_a_column_of_few_values_has_its_values_as_edges():
    np.testing.assert_array_equal(quantiles(np.repeat([0.0, 1, 5], 100), 48), [0, 1, 5])
    np.testing.assert_array_equal(quantiles(np.zeros(10), 48), [0])


def test_a_tree_cuts_where_the_targets_step(generator):
    column = generator.uniform(0, 1, 2000)
    Y = np.where(column > 0.3, 1.0, 0.0)[:, None] + (column > 0.8)[:, None]
    edges = thresholds(column, Y, None, 3)
    assert len(edges) == 4
    below, above = column[column <= 0.3].max(), column[column > 0.3].min()
    assert below < edges[1] < above


def test_a_row_of_weight_0_cuts_nothing(generator):
    column = generator.uniform(0, 1, 400)
    Y = np.where(column > 0.5, 1.0, 0.0)[:, None]
    weights = (column < 0.5).astype(float)
    assert len(thresholds(column, Y, weights, 4)) == 2


def drawn_values(generator, different, n):
    """(n,): so many different values, each in as many rows."""
    return generator.permutation(np.resize(np.sort(generator.normal(size=different)), n))


def test_values_that_repeat_are_edges_each(generator):
    column = drawn_values(generator, 70, 280)
    by_value = Bins("values", 8, values=100).edges(column, column[:, None], None)
    np.testing.assert_array_equal(by_value, np.unique(column))
    assert len(Bins("values", 8, values=20).edges(column, column[:, None], None)) == 21
    assert len(Bins("quantiles", 8, values=100).edges(column, column[:, None], None)) == 9


def test_values_that_do_not_repeat_are_cut_by_quantiles(generator):
    for column in (generator.normal(size=300), drawn_values(generator, 1200, 6000), drawn_values(generator, 70, 139)):
        by_value = Bins("values", 8, values=512).edges(column, column[:, None], None)
        np.testing.assert_array_equal(by_value, quantiles(column, 8))


def test_how_many_values_repeat(generator, monkeypatch):
    assert repeated_values(drawn_values(generator, 70, 140)) == 70
    assert repeated_values(drawn_values(generator, 70, 139)) == 0
    assert repeated_values(drawn_values(generator, 1000, 2000)) == 1000
    assert repeated_values(drawn_values(generator, 1001, 4004)) == 0
    monkeypatch.setattr(bins, "LOOKED_AT", 100)
    assert 0 < repeated_values(drawn_values(generator, 70, 1000)) <= 70


@pytest.mark.parametrize("by", ["quantiles", "targets", "values"])
def test_encoding_of_rows(generator, by):
    X = np.column_stack([generator.normal(size=300), np.full(300, 7.0), generator.integers(0, 2, 300)])
    encoding = Bins(by, 5).encoding(X, X[:, :1] ** 2, None, Scaling.standardising(X))
    assert encoding.n_inputs == 3 and encoding.n_features == 3 + 5
    features = encoding.apply(X, Scaling.standardising(X))
    assert abs(features[:, 0].mean()) < 1e-9 and not features[:, 6].any()


def test_values_of_long_tails_are_next_to_nothing_beside_their_pieces(generator):
    X = generator.normal(size=(400, 3))
    X[:, 1] = X[:, 1] > 2.8  # a level that few rows have is no tail: it is told by its value alone
    X[7, 2] = 100.0
    standard = Scaling.standardising(X)
    encoding = Bins("quantiles", 5).encoding(X, X[:, :1], None, standard)
    beside = scaling_beside(encoding, ColumnStatistics.of_array(X))
    np.testing.assert_array_equal(beside.shift, standard.shift)
    np.testing.assert_array_equal(beside.scale[:2], standard.scale[:2])
    assert np.abs(standard.apply(X))[:, 1].max() > 6 and np.abs(beside.apply(X))[:, 2].max() == 1
