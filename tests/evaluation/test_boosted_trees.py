"""The boosted baseline."""

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from fitnet.evaluation import boosted_trees


def test_it_is_scikit_learns(generator):
    X, y = generator.normal(size=(300, 3)), generator.normal(size=300)
    X[0, 0] = np.nan
    found, rows = boosted_trees.fitted_to(X[:200], y[:200, np.newaxis], X[200:], generator)
    expected = HistGradientBoostingRegressor(random_state=0).fit(X[:200], y[:200]).predict(X[200:])
    np.testing.assert_array_equal(found[:, 0], expected)
    assert rows == 200


def test_rows_out_of_fold_are_predicted_by_trees_that_did_not_see_them(generator):
    """Targets that are noise: trees that had seen a row would come near it."""
    X, Y, folds = generator.normal(size=(400, 2)), generator.normal(size=(400, 1)), np.arange(400) % 10
    places = np.arange(0, 400, 3)
    found, rows = boosted_trees.out_of_fold(X, Y, folds, places, generator)
    assert abs(np.corrcoef(found[:, 0], Y[places, 0])[0, 1]) < 0.3
    seen, _ = boosted_trees.fitted_to(X, Y, X[places], generator)
    assert np.corrcoef(seen[:, 0], Y[places, 0])[0, 1] > 0.5
    assert rows < 400


def test_folds_are_joined_to_parts_that_do_not_overlap():
    folds, places = np.arange(100) % 7, np.arange(0, 100, 2)
    seen = []
    for own, others in boosted_trees.parts(folds, places):
        assert not set(places[own]) & set(others.tolist())
        assert not set(folds[places[own]]) & set(folds[others])
        seen += places[own].tolist()
    assert sorted(seen) == places.tolist()


def test_too_few_rows_have_no_trees(generator):
    X = generator.normal(size=(10, 2))
    assert boosted_trees.fitted_to(X, X, X, generator) is None
    assert boosted_trees.out_of_fold(X, X, np.arange(10) % 5, np.arange(10), generator) is None


def test_the_work_is_bounded(generator):
    assert len(boosted_trees.drawn(10_000, boosted_trees.MOST_ENTRIES // 100, generator)) == 100
    assert boosted_trees.drawn(10, 1, generator).tolist() == list(range(10))
