"""Permutation importance, against scikit-learn's and a closed formula."""

import numpy as np
from sklearn.inspection import permutation_importance as of_sklearn
from sklearn.linear_model import LinearRegression

from fitnet.evaluation.permutation_importance import permutation_importance
from tolerances import BINOMIAL_DEVIATIONS


def test_it_agrees_with_scikit_learn(generator):
    X = generator.normal(size=(400, 3))
    y = X @ [3.0, 1.0, 0.0] + 0.3 * generator.normal(size=400)
    model = LinearRegression().fit(X, y)
    theirs = of_sklearn(model, X, y, scoring="neg_root_mean_squared_error", n_repeats=30, random_state=0)
    ours = permutation_importance(
        lambda X: model.predict(X)[:, np.newaxis],
        X,
        y[:, np.newaxis],
        [slice(i, i + 1) for i in range(3)],
        30,
        generator,
    )
    error = np.hypot(theirs.importances_std, ours.deviation[:, 0]) / np.sqrt(30)
    assert (abs(theirs.importances_mean - ours.increase[:, 0]) <= BINOMIAL_DEVIATIONS * error + 1e-12).all()
    assert ours.repeats == 30


def test_columns_of_one_input_are_shuffled_together(generator):
    """A word's columns: whoever sees rows with two 1s, or none, was given what no row has."""
    words = np.eye(3)[generator.integers(3, size=200)]

    def predict(X):
        assert (X[:, :3].sum(axis=1) == 1).all()
        return X[:, :1]

    X = np.hstack([words, generator.normal(size=(200, 1))])
    found = permutation_importance(predict, X, X[:, :1], [slice(0, 3), slice(3, 4)], 2, generator)
    assert found.increase[0, 0] > 0
    assert found.increase[1, 0] == 0


def test_rows_stay_as_they_were(generator):
    X = generator.normal(size=(50, 2))
    before = X.copy()
    permutation_importance(lambda X: X, X, X, [slice(0, 1), slice(1, 2)], 1, generator)
    np.testing.assert_array_equal(X, before)
