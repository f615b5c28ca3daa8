"""Missing values in an estimator: refused, dropped, or imputed as scikit-learn's SimpleImputer would."""

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.model_selection import cross_val_score

from fitnet import AutoClassifier, AutoRegressor, Classifier, Regressor
from fitnet.errors import ArgumentValueError

NAN = np.nan


@pytest.fixture
def rows(generator):
    """X (60, 3) with gaps in two of its columns, and y."""
    X = generator.normal(size=(60, 3))
    y = X @ [1.0, 2.0, 3.0]
    X[generator.random(60) < 0.2, 0] = NAN
    X[generator.random(60) < 0.2, 2] = NAN
    return X, y


def regressor(**settings):
    return Regressor((4,), "tanh", max_epochs=5, random_state=0, **settings)


@pytest.mark.parametrize("solver", ["adam", "lm-bayesian"])
def test_imputed_is_fitted_to_completed_rows(rows, solver):
    X, y = rows
    imputer = SimpleImputer(strategy="median", add_indicator=True)
    oracle = regressor(solver=solver).fit(imputer.fit_transform(X), y)
    imputed = regressor(solver=solver, missing="impute").fit(X, y)
    assert (imputed.n_features_in_, oracle.n_features_in_) == (3, 5)
    np.testing.assert_array_equal(imputed.predict(X), oracle.predict(imputer.transform(X)))
    np.testing.assert_array_equal(imputed.model_.predict(X), imputed.predict(X)[:, np.newaxis])
    assert imputed.jacobian(X).shape == (60, 3)
    assert imputed.hessian(X).shape == (60, 3, 3)
    if solver == "lm-bayesian":
        assert imputed.predict(X, return_std=True)[1].shape == (60,)


@pytest.mark.parametrize("weighted", [False, True])
def test_dropped_is_fitted_to_the_complete_rows(rows, weighted):
    X, y = rows
    y[3] = NAN
    whole = ~np.isnan(np.c_[X, y]).any(axis=1)
    weights = np.linspace(0, 1, 60) if weighted else None
    dropped = regressor(missing="drop").fit(X, y, weights)
    oracle = regressor().fit(X[whole], y[whole], None if weights is None else weights[whole])
    np.testing.assert_array_equal(dropped.predict(X[whole]), oracle.predict(X[whole]))
    with pytest.raises(ValueError, match="NaN"):
        dropped.predict(X)


def test_rows_without_a_target_or_weight_do_not_count(rows):
    X, y = rows
    y = np.c_[y, -y]
    weights = np.ones(60)
    weights[40:] = 0
    expected = regressor(missing="impute").fit(X[1:40], y[1:40], weights[1:40]).predict(X)
    y[0, 1] = NAN
    X[41:, 0] = 1e6
    found = regressor(missing="impute").fit(X, y, weights)
    X[41:, 0] = rows[0][41:, 0] = NAN
    assert np.array_equal(found.model_.imputation.medians, np.nanmedian(X[1:40], axis=0))
    np.testing.assert_array_equal(found.predict(X[:40]), expected[:40])


ADVICE = "`missing='impute'` fills gaps of the inputs in and `missing='drop'` leaves those rows out."


@pytest.mark.parametrize("estimator", [Regressor(), Classifier(), AutoRegressor(), AutoClassifier()])
@pytest.mark.parametrize(
    "given", [np.asarray, np.ndarray.tolist, pd.DataFrame, lambda X: pd.DataFrame(X).add_prefix("x")]
)
def test_gaps_are_refused_with_what_to_do(rows, estimator, given):
    X, y = np.nan_to_num(rows[0]), (rows[1] > 0).astype(int)
    X[7, 2] = NAN
    with pytest.raises(
        ArgumentValueError, match=r"^`X` holds NaN .*7.*; every entry must be a finite number: "
    ) as told:
        estimator.fit(given(X), y)
    assert str(told.value).endswith(f": {ADVICE}")


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("estimator", [Regressor(), AutoRegressor()])
def test_gaps_of_targets_are_refused_with_what_to_do(rows, estimator, columns):
    y = np.column_stack([rows[1]] * columns).squeeze()
    y[7] = NAN
    with pytest.raises(ArgumentValueError, match=r"^`y` holds NaN at \[7.*: `missing='drop'` leaves those rows out\.$"):
        estimator.fit(np.nan_to_num(rows[0]), y)


def test_gaps_in_rows_to_predict_are_refused_with_what_to_do(rows):
    fitted = regressor().fit(np.nan_to_num(rows[0]), rows[1])
    with pytest.raises(
        ArgumentValueError, match=r"^`X` holds NaN .*: a model fitted with `missing='impute'` fills gaps in"
    ):
        fitted.predict(rows[0])


def test_refused_by_default(rows):
    with pytest.raises(ArgumentValueError, match="`missing` is 'fill'; it must be one of refuse, drop, impute"):
        regressor(missing="fill").fit(*rows)
    for missing in ("drop", "impute"):
        with pytest.raises(ArgumentValueError, match="`y` or `X` has a missing value in every row"):
            regressor(missing=missing).fit(rows[0], np.full(60, NAN))
        with pytest.raises(ArgumentValueError, match="`X` holds inf at "):
            regressor(missing=missing).fit(np.where(np.isnan(rows[0]), np.inf, rows[0]), rows[1])


def test_validation_data_are_completed_alike(rows):
    X, y = rows
    found = regressor(missing="impute", solver="adam").fit(X[:40], y[:40], validation_data=(X[40:], y[40:]))
    imputer = SimpleImputer(strategy="median", add_indicator=True).fit(X[:40])
    oracle = regressor(solver="adam").fit(
        imputer.transform(X[:40]), y[:40], validation_data=(imputer.transform(X[40:]), y[40:])
    )
    assert found.history_.validation_loss == oracle.history_.validation_loss


def test_training_goes_on_with_the_first_medians(rows):
    X, y = rows
    partly = regressor(missing="impute").partial_fit(X[:30], y[:30])
    medians = partly.model_.imputation.medians
    partly.partial_fit(X[30:], y[30:]).partial_fit(np.nan_to_num(X), y)
    assert partly.model_.imputation.medians is medians
    warm = regressor(missing="impute", warm_start=True).fit(X[:30], y[:30])
    medians = warm.model_.imputation.medians
    assert warm.fit(X, y).model_.imputation.medians is medians


def test_early_stopping_and_cross_validation_go_on(rows):
    X, y = rows
    fitted = regressor(missing="impute", early_stopping=True).fit(X, y)
    assert np.isfinite(fitted.predict(X)).all()
    assert np.isfinite(cross_val_score(clone(fitted), X, y, cv=3)).all()


def test_a_frame_keeps_its_names(rows):
    pandas = pytest.importorskip("pandas")
    X, y = rows
    frame = pandas.DataFrame(X, columns=["a", "b", "c"])
    fitted = regressor(missing="impute").fit(frame, y)
    oracle = regressor(missing="impute").fit(X, y).predict(X)
    turned = frame[["c", "a", "b"]]
    np.testing.assert_array_equal(fitted.predict(turned), oracle)
    np.testing.assert_array_equal(fitted.model_.predict(turned)[:, 0], oracle)
    assert fitted.model_.jacobian(turned).shape == (60, 1, 3)
    dropped = regressor(missing="drop").fit(frame, pandas.Series(y).mask(frame["b"] > 1))
    assert dropped.model_.provenance["rows"] == int((frame.notna().all(axis=1) & (frame["b"] <= 1)).sum())
    assert fitted.model_.input_names == ("a", "b", "c", "a is missing", "c is missing")
    assert fitted.model_.given_names == ("a", "b", "c")


def test_a_model_without_gaps_in_training_fills_them_in_too(rows):
    X, y = np.nan_to_num(rows[0]), rows[1]
    fitted = regressor(missing="impute").fit(X, y)
    assert fitted.model_.network.n_inputs == 3
    np.testing.assert_array_equal(fitted.predict([[NAN, 1, 2]]), fitted.predict([[np.median(X[:, 0]), 1, 2]]))
