"""Regressor among scikit-learn's: its own estimator checks, and the tools that people put around an estimator."""

import numpy as np
import pytest
from example_rows import plane, sine
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from fitnet import Adam, Huber, Quantile, Regressor
from fitnet.engine import ENGINES

SMALL = {"hidden_layer_sizes": (8,), "max_epochs": 60, "random_state": 0, "n_threads": 1}


IMPUTING = Regressor(**SMALL, dtype="float64", missing="impute")


@parametrize_with_checks([*(Regressor(**SMALL, dtype="float64", engine=engine) for engine in ENGINES), IMPUTING])
def test_estimator_checks(estimator, check):
    check(estimator)


def test_a_grid_over_the_solver_s_settings():
    X, y = sine(120)
    search = GridSearchCV(
        Regressor(**SMALL, solver="adam"), {"solver__learning_rate": [1e-5, 1e-2], "activation": ["tanh"]}, cv=2
    )
    search.fit(X, y)
    assert search.best_params_ == {"solver__learning_rate": 1e-2, "activation": "tanh"}
    assert search.best_estimator_.solver.learning_rate == 1e-2


def test_a_grid_in_several_processes():
    X, y = plane(60)
    alone, together = (cross_val_score(Regressor(**SMALL), X, y, cv=2, n_jobs=n_jobs) for n_jobs in (1, 2))
    assert alone.tolist() == together.tolist()


def test_in_a_pipeline_and_around_targets():
    X, y = sine(200)
    regressor = TransformedTargetRegressor(
        make_pipeline(StandardScaler(), Regressor(**SMALL | {"max_epochs": 300}, activation="tanh")),
        func=np.log,
        inverse_func=np.exp,
    )
    assert regressor.fit(X, np.exp(y)).score(X, np.exp(y)) > 0.9


def test_a_clone_has_equal_settings_and_no_training():
    regressor = Regressor(solver=Adam(3e-3), loss=Huber(delta=0.5)).fit(*plane(20))
    copy = clone(regressor)
    assert copy.get_params() == regressor.get_params()
    assert copy.solver == regressor.solver
    with pytest.raises(NotFittedError):
        copy.predict([[1.0, 2.0]])


def test_nested_parameters_are_listed_and_set():
    regressor = Regressor(loss=Quantile(0.2), solver="adam")
    assert regressor.get_params()["loss__quantile"] == 0.2
    assert regressor.get_params()["solver__learning_rate"] == 5e-3
    assert "solver__learning_rate" not in regressor.get_params(deep=False)
    regressor.set_params(loss__quantile=0.8, solver=Adam(1e-4), solver__beta1=0.5)
    assert regressor.loss == Quantile(0.8)
    assert regressor.solver == Adam(1e-4, beta1=0.5)


def test_setting_one_regressor_leaves_its_clone_alone():
    solver = Adam(1e-3)
    regressor = Regressor(solver=solver)
    clone(regressor).set_params(solver__learning_rate=1e-2)
    assert regressor.solver == solver == Adam(1e-3)


def test_a_nested_parameter_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"`solver__rate` is no parameter of 'adam'; it must be one of learning_rate"):
        Regressor(solver="adam").set_params(solver__rate=1)
