"""The drop-ins beside scikit-learn's perceptrons: the same results, number by number, for every setting."""

import warnings

import numpy as np
import pytest
from sklearn import neural_network as theirs
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import ConvergenceWarning
from sklearn.preprocessing import scale

from fitnet import sklearn_compat as ours
from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.sklearn_compat import descent, perceptron
from tolerances import SAME_PERCEPTRON_ATOL, SAME_PERCEPTRON_LBFGS_ATOL

X, y = load_diabetes(return_X_y=True)
X, y = scale(X)[:300], scale(y)[:300]
Y = np.column_stack([y, X[:, 0] * X[:, 1], np.sin(X[:, 2])])
FLOWERS, SPECIES = load_iris(return_X_y=True)
WEIGHTS = np.random.default_rng(0).uniform(0, 2, 300)
SMALL = {"hidden_layer_sizes": (12, 7), "max_iter": 15, "random_state": 3}
SETTINGS = [
    {},
    {"activation": "tanh"},
    {"activation": "logistic"},
    {"activation": "identity"},
    {"batch_size": 64, "alpha": 1.0},
    {"shuffle": False},
    {"early_stopping": True, "n_iter_no_change": 2},
    {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-2},
    {"solver": "sgd"},
    {"solver": "sgd", "nesterovs_momentum": False, "learning_rate_init": 0.05},
    {"solver": "sgd", "momentum": 0},
    {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.3},
    {"solver": "sgd", "learning_rate": "adaptive", "learning_rate_init": 0.1, "n_iter_no_change": 1, "tol": 0.1},
    {"solver": "lbfgs"},
]
ATTRIBUTES = {"n_iter_", "t_", "n_layers_", "n_outputs_", "out_activation_", "n_features_in_", "_no_improvement_count"}


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("targets", [y, Y], ids=["one", "three"])
def test_regression(settings, targets):
    same(*pair("MLPRegressor", settings, X, targets), X)


@pytest.mark.parametrize("settings", [{}, {"batch_size": 64}, {"solver": "lbfgs"}, {"early_stopping": True}], ids=str)
def test_weights(settings):
    same(*pair("MLPRegressor", settings, X, Y, WEIGHTS), X)


@pytest.mark.parametrize("settings", [{}, {"solver": "lbfgs"}], ids=str)
@pytest.mark.parametrize("targets", [np.abs(y), np.abs(Y)], ids=["one", "three"])
def test_counts(settings, targets):
    same(*pair("MLPRegressor", {"loss": "poisson", **settings}, X, targets), X)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize("labels", [SPECIES, SPECIES == 1], ids=["three", "two"])
def test_classes(settings, labels):
    same(*pair("MLPClassifier", settings, FLOWERS, labels), FLOWERS)


def test_epoch_by_epoch():
    first, second = theirs.MLPRegressor(**SMALL), ours.MLPRegressor(**SMALL)
    for rows in (slice(0, 90), slice(90, 200), slice(200, 300)):
        first.partial_fit(X[rows], y[rows])
        second.partial_fit(X[rows], y[rows])
    same(first, second, X)


def test_a_warm_start():
    first, second = pair("MLPRegressor", {"warm_start": True}, X, y)
    same(*pair_fitted(first, second, X[::-1], y), X)
    assert len(second.loss_curve_) > second.n_iter_


def test_float32_stays_float32():
    first, second = pair("MLPRegressor", {}, X.astype("f4"), y)
    assert second.coefs_[0].dtype == second.predict(X.astype("f4")).dtype == np.float32
    assert second.predict(X).dtype == first.predict(X).dtype == np.float64


@pytest.mark.parametrize("solver", ["adam", "lbfgs"])
def test_the_reference_engine_does_as_well(monkeypatch, solver):
    for module in (descent, perceptron):
        monkeypatch.setattr(module, "Compute", lambda: Compute("reference"))
    same(*pair("MLPClassifier", {"solver": solver}, FLOWERS, SPECIES), FLOWERS)


@pytest.mark.skipif("native" not in ENGINES, reason="the reference engine sums as NumPy does")
def test_same_bits_for_any_number_of_threads(monkeypatch):
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv("FITNET_NUM_THREADS", threads)
        found.append(fitted(ours.MLPRegressor(**SMALL), X, y).coefs_)
    for one, three in zip(*found, strict=True):
        np.testing.assert_array_equal(one, three)


def pair(name, settings, *rows):
    """Theirs and ours, fitted."""
    settings = {**SMALL, **settings}
    return pair_fitted(getattr(theirs, name)(**settings), getattr(ours, name)(**settings), *rows)


def pair_fitted(first, second, *rows):
    return fitted(first, *rows), fitted(second, *rows)


def fitted(estimator, *rows):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return estimator.fit(*rows)


def same(first, second, X):
    assert vars(first).keys() == vars(second).keys()
    assert shapes_of_moments(first) == shapes_of_moments(second)
    for name in ATTRIBUTES & vars(first).keys():
        assert getattr(first, name) == getattr(second, name), name
    atol = SAME_PERCEPTRON_LBFGS_ATOL if first.solver == "lbfgs" else SAME_PERCEPTRON_ATOL
    for name in ("coefs_", "intercepts_", "loss_", "loss_curve_", "best_loss_", "validation_scores_"):
        if getattr(first, name, None) is not None:
            one, two = flat(getattr(first, name)), flat(getattr(second, name))
            np.testing.assert_allclose(two, one, rtol=0, atol=atol, err_msg=name)
    method = "predict_proba" if hasattr(first, "classes_") else "predict"
    np.testing.assert_allclose(getattr(second, method)(X), getattr(first, method)(X), rtol=0, atol=atol)


def shapes_of_moments(perceptron):
    """Those of all arrays that the optimizer remembers."""
    kept = vars(perceptron._optimizer) if hasattr(perceptron, "_optimizer") else {}
    return [[each.shape for each in value] for value in kept.values() if isinstance(value, list)]


def flat(value):
    return np.concatenate([np.ravel(each) for each in value]) if isinstance(value, list) else value
