"""The drop-ins where scikit-learn's perceptrons are used: its estimator checks, searches, pickles, and what is ours."""

import pickle
import warnings

import numpy as np
import pytest
from joblib import parallel_config
from scipy.sparse import csr_array
from sklearn import neural_network as theirs
from sklearn.base import clone
from sklearn.datasets import load_iris, make_multilabel_classification
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from fitnet.errors import ArgumentValueError
from fitnet.sklearn_compat import MLPClassifier, MLPRegressor
from fitnet.sklearn_compat.seams import check_seams
from tolerances import SAME_PERCEPTRON_ATOL

X, SPECIES = load_iris(return_X_y=True)
LENGTHS = X[:, 3] + X[:, 0] * X[:, 2] / 10
SMALL = {"hidden_layer_sizes": (6,), "max_iter": 20, "random_state": 0}
BASE = theirs.MLPRegressor.__mro__[2]  # which both of theirs have
pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


@parametrize_with_checks([MLPRegressor(max_iter=100), MLPClassifier(max_iter=100)])
def test_estimator_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("name", ["MLPRegressor", "MLPClassifier"])
def test_parameters_and_class_are_theirs(name):
    ours = {"MLPRegressor": MLPRegressor, "MLPClassifier": MLPClassifier}[name]
    assert ours().get_params() == getattr(theirs, name)().get_params()
    assert isinstance(ours(), getattr(theirs, name))
    assert repr(ours(alpha=1.0)) == f"{name}(alpha=1.0)"


@pytest.mark.parametrize("solver", ["adam", "sgd", "lbfgs"])
@pytest.mark.parametrize("ours", [MLPRegressor, MLPClassifier])
def test_the_engine_computes(monkeypatch, ours, solver):
    for name in ("_backprop", "_forward_pass", "_forward_pass_fast", "_fit_stochastic", "_compute_loss_grad"):
        monkeypatch.setattr(BASE, name, None)
    ours(**SMALL, solver=solver).fit(X, SPECIES).predict(X)


@pytest.mark.parametrize("ours", [MLPRegressor, MLPClassifier])
def test_a_pickle_and_a_clone(ours):
    fitted = ours(**SMALL).fit(X, SPECIES)
    kept = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(kept.predict(X), fitted.predict(X))
    kept.partial_fit(X, SPECIES)
    np.testing.assert_array_equal(clone(fitted).fit(X, SPECIES).predict(X), fitted.predict(X))


@pytest.mark.parametrize("name", ["MLPRegressor", "MLPClassifier"])
def test_back_to_scikit_learn(name):
    ours = {"MLPRegressor": MLPRegressor, "MLPClassifier": MLPClassifier}[name](**SMALL).fit(X, SPECIES)
    back = getattr(theirs, name)(**ours.get_params())
    vars(back).update(vars(pickle.loads(pickle.dumps(ours))))
    for each in (ours, back):
        each.partial_fit(X, SPECIES)
    for one, two in zip(ours.coefs_, back.coefs_, strict=True):
        np.testing.assert_allclose(one, two, rtol=0, atol=SAME_PERCEPTRON_ATOL)


def test_a_copy_of_the_weights_does_not_move():
    fitted = MLPRegressor(**SMALL).fit(X, LENGTHS)
    before = [each.copy() for each in fitted.coefs_]
    kept = fitted.coefs_
    fitted.partial_fit(X, LENGTHS)
    for one, two in zip(before, kept, strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_search_in_a_pipeline_and_several_threads():
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(**SMALL))
    search = GridSearchCV(pipeline, {"mlpclassifier__learning_rate_init": [1e-5, 0.1]}, cv=2).fit(X, SPECIES)
    assert search.best_params_ == {"mlpclassifier__learning_rate_init": 0.1}
    with parallel_config("threading"):
        alone, together = (cross_val_score(search.best_estimator_, X, SPECIES, cv=2, n_jobs=n) for n in (1, 2))
    np.testing.assert_array_equal(alone, together)


@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_sparse_rows_in_turn_with_others(solver):
    first, second = (estimator(**SMALL, solver=solver) for estimator in (theirs.MLPRegressor, MLPRegressor))
    for rows in (csr_array(X), X, csr_array(X), X):
        first.partial_fit(rows, LENGTHS)
        second.partial_fit(rows, LENGTHS)
    np.testing.assert_allclose(second.predict(X), first.predict(X), rtol=0, atol=SAME_PERCEPTRON_ATOL)


def test_several_labels_a_row():
    rows, labels = make_multilabel_classification(n_samples=60, random_state=0)
    first, second = (each(**SMALL).fit(rows, labels) for each in (theirs.MLPClassifier, MLPClassifier))
    np.testing.assert_array_equal(second.predict_proba(rows), first.predict_proba(rows))


def test_counts_below_zero_are_refused():
    for solver in ("adam", "lbfgs"):
        with pytest.raises(ArgumentValueError) as raised:
            MLPRegressor(loss="poisson", solver=solver).fit(X, LENGTHS - 5)
        assert str(raised.value).endswith("Poisson targets must be at least 0.")
        assert raised.value.argument == "y"


@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_rows_that_weigh_nothing_together(solver):
    weights = np.repeat([0.0, 1.0], 75)
    said = []
    for estimator in (theirs.MLPRegressor, MLPRegressor):
        with pytest.raises(ZeroDivisionError) as raised:
            estimator(**SMALL, solver=solver, shuffle=False, batch_size=75).fit(X, LENGTHS, weights)
        said.append(str(raised.value))
    assert said[0] == said[1]


def test_an_interrupt_keeps_what_was_learnt(monkeypatch):
    def interrupt(self, *watched):
        if self.n_iter_ == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(BASE, "_update_no_improvement_count", interrupt)
    perceptron = MLPRegressor(**SMALL)
    with pytest.warns(UserWarning, match="interrupted by user"):
        perceptron.fit(X, LENGTHS)
    assert perceptron.n_iter_ == 3
    assert np.isfinite(perceptron.predict(X)).all()


@pytest.mark.parametrize("estimator", [theirs.MLPRegressor, MLPRegressor])
def test_the_warning_is_theirs(estimator):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator(**SMALL).fit(X, LENGTHS)
    assert [each.category for each in caught] == [ConvergenceWarning]
    assert str(caught[0].message).startswith("Stochastic Optimizer: Maximum iterations (20) reached")


def test_another_scikit_learn_is_refused():
    class Changed(theirs.MLPRegressor):
        def _backprop(self, X, y):
            """What a later version may have."""

    check_seams(theirs.MLPRegressor, "1.9.1")
    with pytest.raises(ImportError, match=r"and 2\.0 is installed, in which Changed is built otherwise"):
        check_seams(Changed, "2.0")
