"""The model: predictions, names, provenance, and that it does not change."""

import copy
import dataclasses
import pickle

import numpy as np
import pytest

from fitnet import Model, Network
from fitnet.engine import choose
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from tolerances import PREDICTION_ATOL_OF_LARGEST

NETWORK = Network.of_widths((2, 5, 3), activation="tanh")
PARAMETERS = np.random.default_rng(6).normal(size=NETWORK.n_parameters)
ROWS = np.random.default_rng(7).normal(size=(20, 2))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_predictions_are_the_engines(dtype):
    X, parameters = ROWS.astype(dtype), PARAMETERS.astype(dtype)
    predicted = Model(NETWORK, parameters).predict(X)
    assert predicted.dtype == dtype
    assert np.array_equal(predicted, choose().predict(NETWORK, parameters, X))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_predictions_are_the_networks_written_out(dtype):
    W1, b1, W2, b2 = np.split(PARAMETERS, [10, 15, 30])
    expected = np.tanh(ROWS @ W1.reshape(2, 5) + b1) @ W2.reshape(5, 3) + b2
    predicted = Model(NETWORK, PARAMETERS.astype(dtype)).predict(ROWS)
    assert predicted == pytest.approx(expected, rel=0, abs=PREDICTION_ATOL_OF_LARGEST[dtype] * np.abs(expected).max())


WHOLE = np.arange(-6, 6).reshape(6, 2)


@pytest.mark.parametrize(
    "X",
    [
        WHOLE.tolist(),
        WHOLE,
        WHOLE.astype("int8"),
        WHOLE.astype("float16"),
        WHOLE.astype("float64"),
        WHOLE.astype("longdouble"),
        WHOLE.astype(">f8"),
        np.asfortranarray(WHOLE, dtype="float32"),
        np.repeat(WHOLE.astype("float32"), 2, axis=0)[::2],
        tuple(map(tuple, WHOLE)),
    ],
    ids=["list", "int64", "int8", "float16", "float64", "longdouble", "big-endian", "fortran", "strided", "tuple"],
)
def test_any_real_numbers_are_taken_for_their_value(X):
    model = Model(NETWORK, PARAMETERS.astype("float32"))
    assert np.array_equal(model.predict(X), model.predict(WHOLE.astype("float32")))


def test_one_row_is_enough():
    assert Model(NETWORK, PARAMETERS).predict([[1, 2]]).shape == (1, 3)


def test_prediction_does_not_change_its_input():
    X = ROWS.copy()
    Model(NETWORK, PARAMETERS).predict(X)
    assert np.array_equal(X, ROWS)


@pytest.mark.parametrize(
    ("X", "error", "sentence"),
    [
        (ROWS[:, :1].repeat(3, 1), ArgumentValueError, "`X` has 3 columns; it must have 2."),
        (
            ROWS[0],
            ArgumentValueError,
            "`X` has 1 dimension; it must be a matrix of shape (rows, columns); "
            "one row is [[...]], one column is array.reshape(-1, 1).",
        ),
        (ROWS[:0], ArgumentValueError, "`X` has no rows; it must have at least one."),
        ([], ArgumentValueError, None),
        (
            [[1, 2], [3]],
            ArgumentValueError,
            "`X` has rows of different lengths; every row must be as long as the first.",
        ),
        ([[1, np.nan]], ArgumentValueError, "`X` holds nan at [0, 1]; every entry must be a finite number."),
        ([[1, 2], [-np.inf, 3]], ArgumentValueError, "`X` holds -inf at [1, 0]; every entry must be a finite number."),
        (
            [[1, 1e300]],
            ArgumentValueError,
            "`X` holds 1e+300 at [0, 1]; float32 cannot hold it; every entry must be a finite number.",
        ),
        ([["1", "2"]], ArgumentTypeError, "`X` holds text; it must hold real numbers."),
        ([[1, 2j]], ArgumentTypeError, "`X` holds complex numbers; it must hold real numbers."),
        ([[1, None]], ArgumentTypeError, "`X` holds objects that are not numbers; it must hold real numbers."),
        (None, ArgumentTypeError, "`X` holds objects that are not numbers; it must hold real numbers."),
    ],
)
def test_rows_that_cannot_be_predicted_are_refused(X, error, sentence):
    with pytest.raises(error) as raised:
        Model(NETWORK, PARAMETERS.astype("float32")).predict(X)
    assert sentence is None or str(raised.value) == sentence


@pytest.mark.parametrize("X", [ROWS, ROWS.tolist(), ROWS.astype("float32")], ids=["array", "lists", "float32"])
def test_outputs_are_written_where_they_are_wanted(X):
    model = Model(NETWORK, PARAMETERS)
    out = np.full((20, 3), np.nan)
    assert model.predict(X, out=out) is out
    assert np.array_equal(out, model.predict(X))


@pytest.mark.parametrize("X", [ROWS, ROWS.tolist()], ids=["array", "lists"])
def test_an_output_that_does_not_fit_is_refused(X):
    with pytest.raises(ArgumentValueError) as raised:
        Model(NETWORK, PARAMETERS).predict(X, out=np.zeros((20, 2)))
    assert str(raised.value) == (
        "`out` is an array of float64 and shape (20, 2); it must be a NumPy array of float64 and shape (20, 3)."
    )


def test_wrong_rows_are_named_before_a_wrong_output():
    with pytest.raises(ArgumentValueError, match="`X` has no rows"):
        Model(NETWORK, PARAMETERS).predict(ROWS[:0], out=np.zeros((20, 2)))


def test_the_predictor_is_made_once(monkeypatch):
    made = []
    monkeypatch.setattr("fitnet.engine.choose", lambda *asked: made.append(asked) or choose(*asked))
    model = Model(NETWORK, PARAMETERS)
    for _ in range(3):
        model.predict(ROWS)
    assert made == [("auto", None)]


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model)), dataclasses.replace]
)
def test_a_copy_predicts_the_same_and_cannot_be_changed(copied):
    model = Model(NETWORK, PARAMETERS, ("a", "b"), provenance={"rows": 20})
    before = model.predict(ROWS)
    again = copied(model)
    assert np.array_equal(again.predict(ROWS), before)
    assert (again.input_names, again.output_names) == (model.input_names, model.output_names)
    assert again.provenance == model.provenance
    assert np.array_equal(again.example_inputs, model.example_inputs)
    assert not again.parameters.flags.writeable


def test_columns_are_numbered_unless_named():
    model = Model(NETWORK, PARAMETERS)
    assert model.input_names == ("x1", "x2")
    assert model.output_names == ("y1", "y2", "y3")


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_names_and_provenance_are_kept(kind):
    provenance = {"rows": 20, "data": {"file": "runs.csv"}}
    model = Model(NETWORK, PARAMETERS, kind(["a", "b"]), kind(["u", "v", "w"]), provenance)
    assert (model.input_names, model.output_names) == (("a", "b"), ("u", "v", "w"))
    assert model.provenance == provenance
    provenance["rows"] = 21
    assert model.provenance["rows"] == 20


def test_architecture_is_the_networks():
    assert Model(NETWORK, PARAMETERS).architecture == [(2, 5), (5, 3)]


def test_parameters_cannot_be_changed_afterwards():
    parameters = PARAMETERS.copy()
    model = Model(NETWORK, parameters)
    before = model.predict(ROWS)
    parameters[:] = 0
    assert np.array_equal(model.predict(ROWS), before)
    with pytest.raises(ValueError, match="read-only"):
        model.parameters[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        model.example_inputs[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        model.parameters = parameters


def test_at_most_eight_example_rows_are_kept():
    assert np.array_equal(Model(NETWORK, PARAMETERS, example_inputs=ROWS).example_inputs, ROWS[:8])
    assert np.array_equal(Model(NETWORK, PARAMETERS, example_inputs=ROWS[:3]).example_inputs, ROWS[:3])


@pytest.mark.parametrize(
    ("overrides", "error", "sentence"),
    [
        (
            {"network": [2, 5, 3]},
            ArgumentTypeError,
            "`network` is [2, 5, 3]; it must be a Network, such as Network.of_widths((3, 64, 1)).",
        ),
        ({"parameters": PARAMETERS[:5]}, ArgumentValueError, "`parameters` has shape (5,); it must have shape (33,)."),
        (
            {"parameters": PARAMETERS[None]},
            ArgumentValueError,
            "`parameters` has shape (1, 33); it must have shape (33,).",
        ),
        (
            {"parameters": np.full(33, np.nan)},
            ArgumentValueError,
            "`parameters` holds nan at [0]; every entry must be a finite number.",
        ),
        (
            {"parameters": PARAMETERS.astype("float16")},
            ArgumentValueError,
            "`parameters.dtype` is dtype('float16'); it must be float32 or float64.",
        ),
        (
            {"parameters": PARAMETERS.tolist()},
            ArgumentTypeError,
            "`parameters` is list; it must be a NumPy array of float32 or float64.",
        ),
        (
            {"input_names": ["a", "b", "c"]},
            ArgumentValueError,
            "`input_names` has 3 names; it must have 2, one a column.",
        ),
        (
            {"output_names": ["a", "b", "a"]},
            ArgumentValueError,
            "`output_names` has 'a' more than once; every column needs its own name.",
        ),
        ({"input_names": "ab"}, ArgumentTypeError, "`input_names` is 'ab'; it must be a sequence of names."),
        ({"input_names": [1, 2]}, ArgumentTypeError, "`input_names` is [1, 2]; it must be a sequence of names."),
        ({"input_names": 2}, ArgumentTypeError, "`input_names` is 2; it must be a sequence of names."),
        ({"provenance": "me"}, ArgumentTypeError, "`provenance` is 'me'; it must be a dict."),
        ({"example_inputs": ROWS[:0]}, ArgumentValueError, "`example_inputs` has no rows; it must have at least one."),
        ({"example_inputs": np.ones((4, 3))}, ArgumentValueError, "`example_inputs` has 3 columns; it must have 2."),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_parts_that_do_not_fit_are_refused(overrides, error, sentence):
    with pytest.raises(error) as raised:
        Model(**{"network": NETWORK, "parameters": PARAMETERS} | overrides)
    assert str(raised.value) == sentence
