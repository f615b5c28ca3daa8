"""A model of columns of words: all it gives is what a model of scikit-learn's encoded columns gives, by name."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.preprocessing import OneHotEncoder

from fitnet import Model, Network, Scaling, load, propagate, verify
from fitnet.errors import ArgumentTypeError, ArgumentValueError, UnknownLevelWarning
from fitnet.evaluation import evaluate
from fitnet.evaluation.ranges import outside_ranges
from fitnet.model.description import Description
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import Categories, Imputation

NETWORK = Network.of_widths((5, 4, 2), "tanh")
P = NETWORK.n_parameters
CATEGORIES = Categories(("x", "colour", "T"), (None, ("blue", "green", "red"), None))
NAMES = ("x", "colour=blue", "colour=green", "colour=red", "T")
PARTS = {
    "input_scaling": Scaling([1, 0.5, 0, 0, 3], [3, 0.5, 1, 1, 2]),
    "target_scaling": Scaling([1, 0], [2, 1]),
    "input_ranges": [[0, 0, 0, 0, 0], [9, 1, 1, 1, 9]],
    "error_bars": ErrorBars(np.eye(P)[np.tril_indices(P)], 1.0, [[0.25, 0], [0, 0.5]], 3),
}
PLAIN = Model(NETWORK, np.linspace(-1, 1, P), NAMES, **PARTS)
MODEL = Model(NETWORK, PLAIN.parameters, categories=CATEGORIES, units={"T": "K"}, **PARTS)
FRAME = pd.DataFrame({"T": [1, 2, 3, 4], "x": [0.5, 1.5, 2.5, -1], "colour": ["red", "blue", "green", "red"]})
FRAMES = {
    "text": FRAME,
    "category": FRAME.astype({"colour": "category"}),
    "wider category": FRAME.assign(colour=pd.Categorical(FRAME["colour"], ["red", "blue", "pink", "green"])),
    "polars": pl.from_pandas(FRAME),
    "polars Categorical": pl.from_pandas(FRAME).with_columns(pl.col("colour").cast(pl.Categorical)),
    "polars Enum": pl.from_pandas(FRAME).with_columns(pl.col("colour").cast(pl.Enum(["red", "green", "blue"]))),
    "pyarrow": pa.Table.from_pandas(FRAME.astype({"colour": "category"})),
    "dict": FRAME.to_dict("list"),
    "record array": FRAME.astype({"colour": "object"}).to_records(index=False),
}


def encoded(frame):
    """The rows as scikit-learn's encoder has them."""
    encoder = OneHotEncoder(categories=[["blue", "green", "red"]], handle_unknown="ignore", sparse_output=False)
    return np.column_stack([frame["x"], encoder.fit_transform(frame[["colour"]]), frame["T"]]).astype(float)


DOORS = {
    "predict": lambda model, X: model.predict(X),
    "std": lambda model, X: model.predict(X, return_std=True)[1],
    "cov": lambda model, X: model.predict(X, return_cov=True)[1],
    "evaluate": lambda model, X: evaluate(model, X, np.ones((4, 2))).errors_by_target()["y1"]["network"]["rmse"],
}


@pytest.mark.parametrize("kind", FRAMES)
@pytest.mark.parametrize("door", DOORS)
def test_every_door_takes_every_frame(door, kind):
    expected = DOORS[door](PLAIN, encoded(FRAME))
    np.testing.assert_array_equal(DOORS[door](MODEL, FRAMES[kind]), expected)
    np.testing.assert_array_equal(DOORS[door](MODEL, encoded(FRAME)), expected)


def test_names_and_kinds():
    assert MODEL.given_names == ("x", "colour", "T")
    assert MODEL.number_names == ("x", "T")
    assert MODEL.input_names == NAMES
    assert [column.kind for column in MODEL.inputs] == ["number", "level", "level", "level", "number"]
    assert MODEL.inputs[4].unit == "K"


@pytest.mark.parametrize("kind", FRAMES)
def test_derivatives_are_with_respect_to_the_numbers(kind):
    X = encoded(FRAME)
    np.testing.assert_array_equal(MODEL.jacobian(FRAMES[kind]), PLAIN.jacobian(X)[:, :, [0, 4]])
    np.testing.assert_array_equal(MODEL.hessian(FRAMES[kind]), PLAIN.hessian(X)[:, :, [0, 4]][:, :, :, [0, 4]])


def test_errors_of_the_numbers_are_propagated():
    S = pd.DataFrame([[0.2, 0.01], [0.01, 0.1]], ["T", "x"], ["T", "x"])
    full = np.zeros((5, 5))
    full[np.ix_([4, 0], [4, 0])] = S
    expected = propagate(PLAIN, encoded(FRAME), full)
    ordered = S.loc[["x", "T"], ["x", "T"]].to_numpy()
    for covariance in (S, ordered):
        np.testing.assert_allclose(propagate(MODEL, FRAME, covariance), expected, rtol=1e-14)
        np.testing.assert_allclose(propagate(MODEL, FRAME.iloc[1], covariance), expected[1], rtol=1e-14)
    with pytest.raises(ArgumentValueError, match=r"`covariance` has shape \(3, 3\); it must have shape \(2, 2\)"):
        propagate(MODEL, FRAME, np.eye(3))


def test_words_have_neither_errors_nor_units():
    words = Model(Network.of_widths((2, 1)), np.ones(3), categories=Categories(("k",), (("a", "b"),)))
    with pytest.raises(
        ArgumentValueError, match="`model` has columns of words only, which have no errors to propagate"
    ):
        propagate(words, pd.DataFrame({"k": ["a"]}), np.zeros((0, 0)))
    with pytest.raises(
        ArgumentValueError, match="`units` has a unit for 'colour', which is no column of numbers; it mus"
    ):
        MODEL.with_units({"colour": "nm"})
    assert MODEL.with_units({"x": "m"}).units == {"T": "K", "x": "m"}


def test_a_level_that_training_did_not_have_is_none_of_them_and_is_told():
    frame = FRAME.assign(colour=["red", "pink", "pink", "violet"])
    with pytest.warns(UnknownLevelWarning, match=r"`X` has 'pink' \(2 rows\), 'violet' \(1 row\) in column 'colour'"):
        found = MODEL.predict(frame)
    X = encoded(frame)
    assert not X[1:, 1:4].any()
    np.testing.assert_array_equal(found, PLAIN.predict(X))
    with pytest.warns(UnknownLevelWarning):
        outside = outside_ranges(MODEL, frame)
    assert outside.as_dict() == {"rows": 3, "column": "colour", "column_rows": 3}
    assert outside_ranges(MODEL, FRAME).as_dict() == {"rows": 1, "column": "x", "column_rows": 1}


def test_many_unknown_levels_are_told_shortly():
    frame = pd.DataFrame({"x": 0.0, "T": 1.0, "colour": [f"{'c' * 50}{i}" for i in range(99)]})
    with pytest.warns(UnknownLevelWarning) as told:
        MODEL.predict(frame)
    assert len(told) == 1
    assert " and 96 more in column 'colour'" in str(told[0].message)
    assert len(str(told[0].message)) < 400


@pytest.mark.parametrize("gap", [None, np.nan, pd.NA])
def test_a_missing_word_is_refused(gap):
    frame = FRAME.assign(colour=pd.Series(["red", gap, "red", "red"], dtype=object))
    for door in (MODEL.predict, MODEL.jacobian, lambda X: outside_ranges(MODEL, X)):
        with pytest.raises(ArgumentValueError, match="`X` has no value in column 'colour', row 1; every row must have"):
            door(frame)


def test_a_missing_word_is_a_level_where_training_had_it_and_none_elsewhere():
    own = Categories(("x", "colour", "T"), (None, ("blue", "red", None), None))
    frame = FRAME.assign(colour=["red", "blue", None, "red"], x=[0.5, np.nan, 2.5, -1])
    X = np.array([[0.5, 0, 1, 0, 1], [7, 1, 0, 0, 2], [2.5, 0, 0, 1, 3], [-1, 0, 1, 0, 4]])
    known = Model(NETWORK, PLAIN.parameters, categories=own, imputation=Imputation([7, 0, 0, 0, 8], ()))
    plain = Model(NETWORK, PLAIN.parameters)
    assert known.input_names == ("x", "colour=blue", "colour=red", "colour is missing", "T")
    np.testing.assert_array_equal(known.predict(frame), plain.predict(X))
    imputed = Model(NETWORK, PLAIN.parameters, categories=CATEGORIES, imputation=Imputation([7, 1, 1, 1, 8], ()))
    with warnings.catch_warnings(action="error"):
        found = imputed.predict(frame)
    np.testing.assert_array_equal(found, plain.predict(np.column_stack([X[:, :2], np.zeros(4), X[:, 2], X[:, 4]])))
    jacobian = imputed.jacobian(frame)
    assert jacobian.shape == (4, 2, 2)
    assert not jacobian[1, :, 0].any()


def test_words_outside_a_frame_are_refused():
    sentence = "where columns hold words it must be a table with the columns 'x', 'colour', 'T', such as a DataFrame"
    rows = FRAME[["x", "colour", "T"]]
    for X in (rows.to_numpy(), rows.to_numpy().tolist()):
        for door in (MODEL.predict, MODEL.jacobian, lambda X: outside_ranges(MODEL, X)):
            with pytest.raises(ArgumentTypeError, match=sentence):
                door(X)
    with pytest.raises(ArgumentValueError, match="`X` has 3 columns; it must have 5"):
        MODEL.predict(np.ones((2, 3)))


def test_other_columns_are_refused():
    with pytest.raises(ArgumentValueError, match=r"`X` lacks 'colour'; its columns must be 'x', 'colour', 'T', in any"):
        MODEL.predict(FRAME[["x", "T"]])
    with pytest.raises(ArgumentTypeError, match="`X` holds text, such as 'red', in column 'T'"):
        MODEL.predict(FRAME.assign(T=FRAME["colour"]))
    with pytest.raises(ArgumentValueError, match="`X` holds NaN in column 'T', row 0"):
        MODEL.predict(FRAME.assign(T=[np.nan, 1, 2, 3]))


def test_numbers_as_levels_are_the_same_as_text_or_as_numbers():
    model = Model(Network.of_widths((2, 1)), np.array([1.0, 2, 0]), categories=Categories(("k",), (("1", "2.5"),)))
    for column in (["1", "2.5"], [1, 2.5], [np.float64(1), "2.5"], pd.Categorical([1, 2.5])):
        np.testing.assert_array_equal(model.predict(pd.DataFrame({"k": column})), [[1], [2]])
    assert model.jacobian(pd.DataFrame({"k": ["1"]})).shape == (1, 1, 0)


def test_the_file_keeps_them(tmp_path):
    odd = Categories(("x", "c\x1b=", "T"), (None, ("\x00", "blue,\n'\"", None), None))
    for categories in (CATEGORIES, odd):
        model = Model(NETWORK, PLAIN.parameters, categories=categories, **PARTS)
        model.save(tmp_path / "m.fitnet")
        again = load(tmp_path / "m.fitnet")
        assert again.categories == categories
        assert again.input_names == model.input_names
        assert verify(tmp_path / "m.fitnet").passed
        again.save(tmp_path / "again.fitnet")
        assert (tmp_path / "again.fitnet").read_bytes() == (tmp_path / "m.fitnet").read_bytes()


def test_the_description_has_the_given_columns():
    inputs = Description.of(MODEL).as_dict()["inputs"]
    assert [column["name"] for column in inputs] == ["x", "colour", "T"]
    assert inputs[1]["levels"] == ["blue", "green", "red"]
    assert (inputs[2]["unit"], inputs[2]["highest"], "levels" in inputs[2]) == ("K", 9, False)
