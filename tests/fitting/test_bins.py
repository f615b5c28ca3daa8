"""Bins: edges by quantiles and by a tree, from the rows they are given."""

import numpy as np
import pytest

from fitnet.algorithm.scaling import Scaling
from fitnet.fitting.bins import Bins, quantiles, thresholds


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


@pytest.mark.parametrize("by", ["quantiles", "targets"])
def test_encoding_of_rows(generator, by):
    X = np.column_stack([generator.normal(size=300), np.full(300, 7.0), generator.integers(0, 2, 300)])
    encoding = Bins(by, 5).encoding(X, X[:, :1] ** 2, None, Scaling.standardising(X))
    assert encoding.n_inputs == 3 and encoding.n_features == 3 + 5
    features = encoding.apply(X, Scaling.standardising(X))
    assert abs(features[:, 0].mean()) < 1e-9 and not features[:, 6].any()
