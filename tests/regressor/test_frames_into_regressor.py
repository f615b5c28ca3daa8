"""Frames into Regressor: columns of X and y found by name in every method, or refused in one sentence."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.compose import make_column_transformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from fitnet import Regressor
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from frames_of_others import KINDS, DaskDataFrame

SETTINGS = {"hidden_layer_sizes": (4,), "activation": "tanh", "max_epochs": 3, "random_state": 0, "solver": "adam"}
X = np.random.default_rng(0).normal(size=(30, 2)) * [1, 100]
Y = np.c_[X[:, 0] + X[:, 1] / 50, X[:, 0] ** 2]
FRAME, TARGETS = pd.DataFrame(X, columns=["x", "T"]), pd.DataFrame(Y, columns=["u", "v"])
TURNED = FRAME[["T", "x"]]


@pytest.fixture(scope="module")
def fitted():
    return Regressor(**SETTINGS, error_bars=True).fit(FRAME, TARGETS)


METHODS = {
    "predict": lambda regressor, X: regressor.predict(X),
    "standard deviation": lambda regressor, X: regressor.predict(X, return_std=True)[1],
    "jacobian": lambda regressor, X: regressor.jacobian(X),
    "hessian": lambda regressor, X: regressor.hessian(X),
    "score": lambda regressor, X: np.array(regressor.score(X, Y)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_fitted_like_the_array(kind, fitted):
    regressor = Regressor(**SETTINGS, error_bars=True).fit(KINDS[kind](FRAME), TARGETS)
    assert regressor.feature_names_in_.tolist() == ["x", "T"]
    assert regressor.model_.input_names == ("x", "T")
    assert np.array_equal(regressor.model_.parameters, fitted.model_.parameters)
    assert np.array_equal(regressor.model_.parameters, Regressor(**SETTINGS).fit(X, Y).model_.parameters)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("method", METHODS)
def test_another_order_of_columns_does_not_matter(method, kind, fitted):
    given, expected = (METHODS[method](fitted, rows) for rows in (KINDS[kind](TURNED), FRAME))
    assert given.tobytes() == expected.tobytes()


@pytest.mark.parametrize("method", METHODS)
def test_other_columns_are_refused(method, fitted):
    for frame in (FRAME.rename(columns={"T": "t"}), FRAME[["x"]], FRAME.assign(z=1), FRAME[["x", "x"]]):
        with pytest.raises(ArgumentValueError, match=r"^`X` (lacks|has)"):
            METHODS[method](fitted, frame)


REFUSED = [
    (FRAME.assign(T=["a", "b"] * 15), "`X` holds text"),
    (FRAME.assign(T=pd.date_range("2020", periods=30)), "`X` holds dates in column 'T'"),
    (FRAME.assign(T=FRAME["T"].shift()), "`X` holds NaN in column 'T', row 0"),
    (FRAME[["x", "x"]], "`X` has the column 'x' more than once"),
    (FRAME.rename(columns={"T": 0}), "`X` has columns named 'x', 0"),
    (X.astype(str), "`X` holds text; it must hold real numbers."),
    (np.c_[X.astype(object), ["a"] * 30], "`X` holds text, such as 'a'; it must hold real numbers: words"),
    ([[*row, "a"] for row in X.tolist()], "`X` holds text, such as 'a'; it must hold real numbers: words"),
    (np.ma.masked_array(X, X > 1), "`X` has masked entries"),
]


@pytest.mark.parametrize(("given", "sentence"), REFUSED)
def test_what_cannot_be_used_is_refused_in_every_method(given, sentence, fitted):
    regressor = Regressor(**SETTINGS)
    for call in (
        lambda: regressor.fit(given, Y),
        lambda: regressor.partial_fit(given, Y),
        lambda: fitted.predict(given),
        lambda: fitted.jacobian(given),
        lambda: fitted.hessian(given),
        lambda: fitted.score(given, Y),
    ):
        with pytest.raises((ArgumentValueError, ArgumentTypeError)) as refused:
            call()
        assert str(refused.value).startswith(sentence)
    with pytest.raises((ArgumentValueError, ArgumentTypeError)) as refused:
        regressor.fit(FRAME, Y, validation_data=(given, Y))
    assert str(refused.value).startswith(sentence.replace("`X`", "`validation_data`"))


CATEGORIES = [
    FRAME.assign(T=pd.Categorical(["a", "b"] * 15)),
    pl.from_pandas(FRAME).with_columns(T=pl.Series(["a", "b"] * 15, dtype=pl.Categorical)),
]


@pytest.mark.parametrize("given", CATEGORIES)
@pytest.mark.parametrize("method", METHODS)
def test_a_column_that_held_numbers_in_training_holds_no_categories(method, given, fitted):
    with pytest.raises(
        ArgumentTypeError, match="`X` holds categories in column 'T'; it must hold real numbers: OneHot"
    ):
        METHODS[method](fitted, given)


def test_partial_fit_and_validation_find_columns_by_name():
    turned, plain = Regressor(**SETTINGS).partial_fit(FRAME, TARGETS), Regressor(**SETTINGS).partial_fit(X, Y)
    turned.partial_fit(TURNED, TARGETS[["v", "u"]])
    plain.partial_fit(X, Y)
    assert np.array_equal(turned.model_.parameters, plain.model_.parameters)
    assert turned.model_.output_names == ("u", "v")
    watched = [
        Regressor(**SETTINGS).fit(FRAME, TARGETS, validation_data=rows).history_.validation_loss
        for rows in ((TURNED, TARGETS[["v", "u"]]), (FRAME, TARGETS))
    ]
    assert watched[0] == watched[1]


def test_going_on_with_fit_finds_columns_by_name():
    turned, plain = Regressor(**SETTINGS, warm_start=True).fit(FRAME, TARGETS), Regressor(**SETTINGS, warm_start=True)
    turned.fit(TURNED, TARGETS[["v", "u"]])
    plain.fit(X, Y).fit(X, Y)
    assert np.array_equal(turned.model_.parameters, plain.model_.parameters)
    assert turned.feature_names_in_.tolist() == ["x", "T"]
    assert turned.model_.output_names == ("u", "v")
    with pytest.raises(ArgumentValueError, match="`X` lacks 'T' and has 't'"):
        turned.fit(FRAME.rename(columns={"T": "t"}), TARGETS)


def test_a_new_fit_takes_new_columns():
    assert Regressor(**SETTINGS).fit(FRAME, Y).fit(TURNED[["T"]], Y).feature_names_in_.tolist() == ["T"]


def test_targets_of_a_score_are_found_by_name(fitted):
    assert fitted.score(FRAME, TARGETS[["v", "u"]]) == fitted.score(FRAME, Y)


def test_columns_that_were_not_named_in_fit_go_by_position_with_a_warning():
    regressor = Regressor(**SETTINGS).fit(X, Y)
    with pytest.warns(UserWarning, match="^X has feature names, but Regressor was fitted without feature names$"):
        assert np.array_equal(regressor.predict(FRAME), regressor.predict(X))


def test_an_array_after_names_goes_by_position_with_a_warning(fitted):
    with pytest.warns(UserWarning, match="^X does not have valid feature names, but Regressor was fitted with"):
        assert np.array_equal(fitted.predict(X), fitted.predict(FRAME))


def test_nothing_is_said_where_names_are_right(fitted):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted.predict(TURNED)
        fitted.score(pl.from_pandas(TURNED), TARGETS)


def test_a_second_fit_forgets_the_names(fitted):
    regressor = Regressor(**SETTINGS).fit(FRAME, TARGETS).fit(X, Y)
    assert not hasattr(regressor, "feature_names_in_")
    assert (regressor.model_.input_names, regressor.model_.output_names) == (("x1", "x2"), ("y1", "y2"))


def test_rows_are_counted_before_a_distributed_table_is_computed():
    table = DaskDataFrame(FRAME)
    Regressor(**SETTINGS).fit(table, Y)
    assert table.times == 1


def test_categories_go_through_a_pipeline():
    frame = FRAME.assign(k=pd.Categorical(["a", "b", "c"] * 10))
    encoded = make_column_transformer((OneHotEncoder(), ["k"]), remainder="passthrough")
    pipeline = make_pipeline(encoded, Regressor(**SETTINGS)).fit(frame, Y)
    assert np.array_equal(pipeline.predict(frame[["k", "T", "x"]]), pipeline.predict(frame))
