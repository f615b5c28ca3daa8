"""Columns of words into Regressor: the same bits as scikit-learn's encoder in front of it, and refusals."""

import pickle
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

from fitnet import Regressor, load
from fitnet.errors import ArgumentTypeError, ArgumentValueError, ConstantInputWarning, UnknownLevelWarning

SETTINGS = {"hidden_layer_sizes": (4,), "activation": "tanh", "max_epochs": 4, "random_state": 0, "solver": "adam"}
n = 40
generator = np.random.default_rng(0)
WORDS = generator.choice(["red", "green", "blue"], n)
KEYS = generator.integers(1, 3, n)
FRAME = pd.DataFrame({"x": generator.normal(size=n), "colour": WORDS, "T": 100 * generator.normal(size=n), "k": KEYS})
Y = FRAME["x"].to_numpy() ** 2 + (WORDS == "red") + KEYS
FRAME = FRAME.astype({"colour": "category", "k": "category"})
TURNED = FRAME[["k", "T", "colour", "x"]]
INPUTS = ["x", "colour=blue", "colour=green", "colour=red", "T", "k=1", "k=2"]
KINDS = {
    "pandas": lambda frame: frame,
    "wider categories": lambda frame: frame.assign(
        colour=frame["colour"].cat.set_categories(["red", "pink", "blue", "green"])
    ),
    "ordered": lambda frame: frame.assign(colour=frame["colour"].cat.set_categories(["red", "blue", "green"], True)),
    "polars": lambda frame: pl.from_pandas(frame.astype({"k": "str"})).with_columns(
        pl.col("colour").cast(pl.Categorical), pl.col("k").cast(pl.Enum(["2", "1"]))
    ),
    "polars lazy": lambda frame: (
        pl.from_pandas(frame.astype({"k": "str"})).with_columns(pl.col("colour", "k").cast(pl.Categorical)).lazy()
    ),
    "pyarrow": lambda frame: pa.Table.from_pandas(frame, preserve_index=False),
    "Arrow in pandas": lambda frame: frame.astype(
        {"colour": pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string())), "k": "category"}
    ),
}


def encoded(frame):
    """The rows as scikit-learn has them, in the order of INPUTS."""
    levels = [["blue", "green", "red"], ["1", "2"]]
    encoder = OneHotEncoder(categories=levels, handle_unknown="ignore", sparse_output=False)
    ones = encoder.fit_transform(frame[["colour", "k"]].astype(object).astype(str))
    return np.column_stack([frame["x"], ones[:, :3], frame["T"], ones[:, 3:]])


@pytest.fixture(scope="module")
def plain():
    return Regressor(**SETTINGS, error_bars=True).fit(encoded(FRAME), Y)


@pytest.fixture(scope="module")
def fitted():
    return Regressor(**SETTINGS, error_bars=True).fit(FRAME, Y)


def same(regressor, other):
    return np.array_equal(regressor.model_.parameters, other.model_.parameters)


@pytest.mark.parametrize("kind", KINDS)
def test_fitted_and_predicted_as_after_an_encoder(kind, plain):
    frame = KINDS[kind](FRAME)
    regressor = Regressor(**SETTINGS, error_bars=True).fit(frame, Y)
    assert same(regressor, plain)
    assert regressor.model_.input_names == tuple(INPUTS)
    assert regressor.feature_names_in_.tolist() == ["x", "colour", "T", "k"]
    assert regressor.n_features_in_ == 4
    X = encoded(FRAME)
    for rows in (frame, KINDS[kind](TURNED)):
        np.testing.assert_array_equal(regressor.predict(rows), plain.predict(X))
        np.testing.assert_array_equal(regressor.model_.predict(rows), plain.model_.predict(X))
        np.testing.assert_array_equal(regressor.predict(rows, return_std=True)[1], plain.predict(X, return_std=True)[1])
        np.testing.assert_array_equal(regressor.jacobian(rows), plain.jacobian(X)[:, [0, 4]])
        np.testing.assert_array_equal(regressor.hessian(rows), plain.hessian(X)[:, [0, 4]][:, :, [0, 4]])
        assert regressor.score(rows, Y) == plain.score(X, Y)


def test_the_order_of_rows_does_not_decide_the_order_of_levels(fitted):
    back = Regressor(**SETTINGS).fit(FRAME[::-1], Y[::-1])
    assert back.model_.categories == fitted.model_.categories


def test_words_as_text_are_predicted(fitted):
    text = FRAME.assign(colour=WORDS, k=KEYS)
    for rows in (text, pl.from_pandas(text), text.to_dict("list"), text.to_dict("series")):
        np.testing.assert_array_equal(fitted.predict(rows), fitted.predict(FRAME))


def test_weights_and_watched_rows(plain):
    weights = np.where(WORDS == "blue", 0.0, 2.0)
    watched = FRAME[:9]
    with pytest.warns(UnknownLevelWarning, match="`validation_data` has 'blue'"):
        found = Regressor(**SETTINGS).fit(FRAME, Y, weights, validation_data=(watched, Y[:9]))
    counting = FRAME[weights > 0]
    assert found.model_.categories.levels[1] == ("green", "red")
    X = np.delete(encoded(counting), 1, axis=1)
    expected = Regressor(**SETTINGS).fit(
        X, Y[weights > 0], weights[weights > 0], validation_data=(np.delete(encoded(watched), 1, axis=1), Y[:9])
    )
    assert same(found, expected)
    early = {"early_stopping": True, "patience": 2}
    assert same(Regressor(**SETTINGS, **early).fit(FRAME, Y), Regressor(**SETTINGS, **early).fit(encoded(FRAME), Y))


def test_levels_stay_those_of_the_first_rows():
    later = FRAME.assign(colour=pd.Categorical(np.where(WORDS == "red", "pink", WORDS)))
    for going_on in ("partial_fit", "warm start"):
        regressor, other = (Regressor(**SETTINGS, warm_start=going_on == "warm start") for _ in range(2))
        step = "partial_fit" if going_on == "partial_fit" else "fit"
        getattr(regressor, step)(FRAME, Y)
        getattr(other, step)(encoded(FRAME), Y)
        with pytest.warns(UnknownLevelWarning, match=r"`X` has 'pink' \(\d+ rows\) in column 'colour', which no row"):
            getattr(regressor, step)(later[TURNED.columns], Y)
        getattr(other, step)(encoded(later), Y)
        assert same(regressor, other)
        assert regressor.model_.input_names == tuple(INPUTS)
        assert regressor.feature_names_in_.tolist() == list(FRAME.columns)
        with pytest.raises(ArgumentTypeError, match="`X` is ndarray; where columns hold words it must be a table"):
            getattr(regressor, step)(encoded(FRAME), Y)


def test_a_second_fit_forgets_them():
    regressor = Regressor(**SETTINGS).fit(FRAME, Y).fit(FRAME[["x", "T"]], Y)
    assert regressor.model_.categories is None
    assert regressor.n_features_in_ == 2
    regressor.fit(FRAME, Y).fit(encoded(FRAME), Y)
    assert regressor.model_.categories is None
    assert regressor.predict(encoded(FRAME)).shape == (n,)


def test_unknown_levels_are_none_of_the_known_and_warned_of(fitted, plain):
    strange = FRAME.assign(colour=pd.Categorical(["pink", *WORDS[1:]]))
    for door in ("predict", "jacobian"):
        with pytest.warns(UnknownLevelWarning, match=r"'pink' \(1 row\) in column 'colour'") as told:
            getattr(fitted, door)(strange)
        assert told[0].filename == __file__
    with pytest.warns(UnknownLevelWarning):
        np.testing.assert_array_equal(fitted.predict(strange), plain.predict(encoded(strange)))


GAPS = FRAME.assign(colour=FRAME["colour"].where(np.arange(n) % 8 > 0), x=FRAME["x"].where(np.arange(n) % 9 > 0))


def test_missing_words_are_refused_or_their_rows_dropped():
    with pytest.raises(ArgumentValueError, match="`X` has no value in column 'colour', row 0; every row must have a w"):
        Regressor(**SETTINGS).fit(GAPS, Y)
    whole = GAPS.notna().all(axis=1).to_numpy()
    dropping = Regressor(**SETTINGS, missing="drop").fit(GAPS, Y)
    assert same(dropping, Regressor(**SETTINGS).fit(FRAME[whole], Y[whole]))
    assert dropping.model_.imputation is None
    with pytest.raises(ArgumentValueError, match="`X` has no value in column 'colour'"):
        dropping.predict(GAPS)


def test_a_missing_word_is_a_level_of_its_own():
    regressor = Regressor(**SETTINGS, missing="impute").fit(GAPS, Y)
    assert regressor.model_.input_names[1:5] == ("colour=blue", "colour=green", "colour=red", "colour is missing")
    gone = GAPS.assign(colour=GAPS["colour"].cat.add_categories("zz").fillna("zz"))
    other = Regressor(**SETTINGS, missing="impute").fit(gone, Y)
    assert same(regressor, other)
    np.testing.assert_array_equal(regressor.predict(GAPS), other.predict(gone))
    again = pickle.loads(pickle.dumps(regressor))
    np.testing.assert_array_equal(again.predict(pl.from_pandas(GAPS.astype({"k": "str"}))), regressor.predict(GAPS))


def test_a_word_missing_for_the_first_time_is_none_of_the_levels():
    regressor = Regressor(**SETTINGS, missing="impute").fit(FRAME, Y)
    assert regressor.model_.input_names == tuple(INPUTS)
    with warnings.catch_warnings(action="error"):
        found = regressor.predict(GAPS.assign(x=FRAME["x"]))
    expected = encoded(FRAME)
    expected[GAPS["colour"].isna(), 1:4] = 0
    np.testing.assert_array_equal(found, regressor.model_.predict(expected)[:, 0])


def test_one_level_alone_has_no_effect():
    with pytest.warns(ConstantInputWarning, match="The input 'colour=red' is the same in all rows"):
        regressor = Regressor(**SETTINGS).fit(FRAME.assign(colour=pd.Categorical(["red"] * n)), Y)
    with pytest.warns(UnknownLevelWarning):
        np.testing.assert_array_equal(
            regressor.predict(FRAME.assign(colour="blue")), regressor.predict(FRAME.assign(colour="red"))
        )


def test_scikit_learn_takes_it_apart_and_puts_it_together(fitted, tmp_path):
    assert same(clone(fitted).fit(FRAME, Y), fitted)
    grid = GridSearchCV(Regressor(**SETTINGS), {"alpha": [0.0, 0.1]}, cv=2).fit(FRAME, Y)
    assert grid.predict(FRAME).shape == (n,)
    pipeline = make_pipeline(FunctionTransformer(), Regressor(**SETTINGS)).fit(FRAME, Y)
    np.testing.assert_array_equal(pipeline.predict(TURNED), fitted.predict(FRAME))
    assert cross_val_predict(Regressor(**SETTINGS), FRAME, Y, cv=2).shape == (n,)
    fitted.model_.save(tmp_path / "m.fitnet")
    np.testing.assert_array_equal(load(tmp_path / "m.fitnet").predict(TURNED)[:, 0], fitted.predict(FRAME))


MANY = pd.Categorical([f"id{i}" for i in range(101)])
REFUSED = [
    (FRAME.to_numpy(), Y, "`X` holds text, such as 'blue'; it must hold real numbers: words may be in columns of"),
    (
        FRAME.set_axis(range(4), axis=1),
        Y,
        "words may be in columns of dtype 'category' of a DataFrame whose columns are",
    ),
    (FRAME.assign(colour=WORDS), Y, "words become categories by astype('category') or cast(polars.Categorical), num"),
    (pd.DataFrame({"k": MANY}), np.ones(101), "`X` has 101 categories in column 'k'; it must have at most 100: rare"),
    (FRAME.assign(k=pd.Categorical([None] * n)), Y, "`X` has no value in column 'k'; it must be left out."),
    (FRAME[:0], Y[:0], "`X` has no rows; it must have at least one."),
    (FRAME.assign(t=pd.date_range("2020", periods=n)), Y, "the days since the first are (t - t.min()) / numpy"),
    (
        pl.DataFrame({"t": pd.date_range("2020", periods=n)}),
        Y,
        "the days since the first are (t - t.min()).dt.total_seconds() / 86400",
    ),
    (FRAME, FRAME["colour"], "`y` holds categories; it must hold real numbers: classes are for a classifier"),
    (FRAME, WORDS.tolist(), "`y` holds text; it must hold real numbers: numbers in quotation marks become numbers by"),
    (FRAME.rename(columns={"x": "colour=red"}), Y, "`X` gives two inputs the name 'colour=red', a column's own or"),
]


@pytest.mark.parametrize(("rows", "targets", "sentence"), REFUSED)
def test_what_cannot_be_is_refused(rows, targets, sentence):
    for door in ("fit", "partial_fit"):
        with pytest.raises((ArgumentTypeError, ArgumentValueError, ValueError)) as raised:
            getattr(Regressor(**SETTINGS), door)(rows, targets)
        assert sentence in str(raised.value)


def test_rows_to_predict_need_names(fitted):
    for rows in (FRAME.to_numpy(), encoded(FRAME), np.ones((3, 4)), FRAME.to_numpy().tolist()):
        for door in ("predict", "jacobian"):
            with pytest.raises(ArgumentTypeError, match="where columns hold words it must be a table with the columns"):
                getattr(fitted, door)(rows)
