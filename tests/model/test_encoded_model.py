"""A model of encoded columns: predictions by hand, derivatives by differences, one row and many, copies and files."""

import copy
import pickle
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from finite_differences import numerical_jacobian
from fitnet import LogTransform, Model, Network, Scaling, load, verify
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.errors import ArgumentTypeError, ArgumentValueError, DerivativeWarning
from fitnet.model import encoded
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import Categories, Imputation
from tolerances import (
    DIFFERENCE_STEP,
    FLOAT64_RTOL,
    HESSIAN_ATOL_OF_LARGEST,
    JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_RTOL,
    PREDICTION_ATOL_OF_LARGEST,
)

EDGES = ([-1, 0, 0.5, 2], [0, 1], [100, 300, 400])
ENCODING = PiecewiseLinear(EDGES)
NETWORK = Network.of_widths((8, 5, 2), "tanh")
PARAMETERS = np.random.default_rng(4).normal(size=NETWORK.n_parameters) / 2
INPUTS = Scaling([0.5, 0, 250], [1, 2, 80])
TARGETS = Scaling([100, -1], [20, 0.5])
MODEL = Model(NETWORK, PARAMETERS, encoding=ENCODING, input_scaling=INPUTS)
MORE = {
    "plain": {},
    "targets": {"target_scaling": TARGETS},
    "logarithms": {"target_scaling": Scaling([0, 1], [0.5, 1]), "target_transform": LogTransform([-3.0, None])},
}
each_kind = pytest.mark.parametrize("more", MORE.values(), ids=MORE)
native = pytest.mark.skipif("native" not in ENGINES, reason="the reference engine sums by BLAS, in orders of its own")


def rows(generator, n=40):
    """Within the edges and outside."""
    return INPUTS.undo(generator.uniform(-3, 3, (n, 3)))


def by_hand(X, more):
    """Scale, encode, dense, and back, as the definitions say."""
    features = []
    for x, shift, scale, edges in zip(X.T, INPUTS.shift, INPUTS.scale, EDGES, strict=True):
        features.append((x - shift) / scale)
        pieces = list(pairwise(edges)) if len(edges) > 2 else []
        for t, (low, high) in enumerate(pieces):
            least, most = (-np.inf if t == 0 else 0), (np.inf if t == len(pieces) - 1 else 1)
            features.append(np.clip((x - low) / (high - low), least, most))
    (W, V), (b, c) = NETWORK.weights(PARAMETERS), NETWORK.biases(PARAMETERS)
    Y = np.tanh(np.stack(features, axis=1) @ W + b) @ V + c
    scaling, transform = more.get("target_scaling"), more.get("target_transform")
    Y = Y if scaling is None else Y * scaling.scale + scaling.shift
    return Y if transform is None else np.stack([np.exp(Y[:, 0]) - 3, Y[:, 1]], axis=1)


@each_kind
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_predictions_by_hand(engine, generator, more, dtype):
    X = rows(generator)
    model = replace(MODEL, parameters=PARAMETERS.astype(dtype), compute=Compute(engine.name), **more)
    expected = by_hand(X, more)
    found = model.predict(X)
    assert found.dtype == model.output_dtype == (dtype if not more else "float64")
    error = np.abs(found - expected).max(axis=0) / np.abs(expected).max(axis=0)
    # Outputs of size 1 become e**y or are multiplied by 20, their own rounding included.
    assert error.max() <= 20 * PREDICTION_ATOL_OF_LARGEST[dtype]


@native
@each_kind
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_row_has_the_same_bits_in_any_call(generator, more, dtype, monkeypatch):
    model = replace(MODEL, parameters=PARAMETERS.astype(dtype), compute=Compute("native", 2), **more)
    X = rows(generator, 300)
    whole, derivatives = model.predict(X), model.jacobian(X)
    for i in range(0, 300, 37):
        assert model.predict(X[i : i + 1]).tobytes() == whole[i : i + 1].tobytes()
        assert model.jacobian(X[i : i + 1]).tobytes() == derivatives[i : i + 1].tobytes()
    monkeypatch.setattr(encoded, "row_blocks", lambda n, _: (slice(i, min(i + 7, n)) for i in range(0, n, 7)))
    out = np.empty_like(whole)
    assert model.predict(X, out=out) is out
    assert out.tobytes() == model.predict(X).tobytes() == whole.tobytes()
    assert model.jacobian(X).tobytes() == derivatives.tobytes()
    assert model.predict(X[:1], out=out[:1]).tobytes() == whole[:1].tobytes()


def test_rows_of_any_kind(generator):
    X = rows(generator).astype("float32").astype("float64")
    expected = MODEL.predict(X)
    frame = pd.DataFrame(X[:, ::-1], columns=["x3", "x2", "x1"])
    for given in (X.tolist(), X.astype("float32"), np.asfortranarray(X), frame, X.astype(np.longdouble)):
        assert np.array_equal(MODEL.predict(given), expected)
        assert np.array_equal(MODEL.jacobian(given), MODEL.jacobian(X))


@each_kind
def test_derivatives_are_differences_away_from_the_edges(engine, generator, more):
    X = rows(generator)
    near = [np.abs(X[:, [j]] - edges).min(axis=1) <= 1e-2 * INPUTS.scale[j] for j, edges in enumerate(EDGES)]
    X = X[~np.any(near, axis=0)]
    assert len(X) > 20
    model = replace(MODEL, compute=Compute(engine.name), **more)
    steps = DIFFERENCE_STEP * INPUTS.scale
    expected = numerical_jacobian(model.predict, X, steps)
    largest = np.abs(expected).max(axis=0)
    found = model.jacobian(X)
    assert np.all(np.abs(found - expected) <= JACOBIAN_RTOL * np.abs(expected) + JACOBIAN_ATOL_OF_LARGEST * largest)
    expected = numerical_jacobian(lambda at: model.jacobian(at).reshape(len(at), 6), X, steps).reshape(-1, 2, 3, 3)
    with pytest.warns(DerivativeWarning, match="of encodings as zero") as caught:
        found = model.hessian(X)
    assert len(caught) == 1
    np.testing.assert_array_equal(found, found.swapaxes(2, 3))
    assert np.all(np.abs(found - expected) <= HESSIAN_ATOL_OF_LARGEST * np.abs(expected).max(axis=0))


def test_without_pieces_it_is_the_plain_model(generator):
    X, network = rows(generator), Network.of_widths((3, 4, 1), "tanh")
    parameters = generator.normal(size=network.n_parameters)
    plain = Model(network, parameters, input_scaling=INPUTS)
    encoded_one = replace(plain, encoding=PiecewiseLinear([[], [0], [0, 1]]))
    np.testing.assert_allclose(encoded_one.predict(X), plain.predict(X), rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(encoded_one.hessian(X), plain.hessian(X), rtol=FLOAT64_RTOL, atol=FLOAT64_RTOL)


CATEGORIES = Categories(("T", "colour"), (None, ("blue", "red")))
OF_WORDS = Model(
    NETWORK,
    PARAMETERS,
    categories=CATEGORIES,
    imputation=Imputation(np.array([0.25, 0, 0]), ()),
    input_scaling=Scaling([1, 1, 1], [1, 1, 1]),
    encoding=ENCODING,
)


def test_gaps_are_filled_in_before_words_and_numbers_are_encoded():
    frame = pd.DataFrame({"colour": ["red", "blue"], "T": [np.nan, 1.5]})
    filled = np.array([[0.25, 0, 1], [1.5, 1, 0]])
    assert OF_WORDS.given_names == ("T", "colour")
    assert np.array_equal(OF_WORDS.predict(frame), OF_WORDS.predict(filled))
    slopes = OF_WORDS.jacobian(frame)
    assert slopes.shape == (2, 2, 1)
    assert not slopes[0].any()
    assert np.array_equal(slopes[1:], replace(OF_WORDS, imputation=None).jacobian(frame[1:]))


@each_kind
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_files_and_copies_hold_all_of_it(generator, tmp_path, more, dtype):
    model, X = (
        replace(MODEL, parameters=PARAMETERS.astype(dtype), input_ranges=[[0] * 3, [1] * 3], **more),
        rows(generator),
    )
    model.save(tmp_path / "encoded.fitnet")
    loaded = load(tmp_path / "encoded.fitnet")
    for other in (loaded, pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
        assert other.predict(X).tobytes() == model.predict(X).tobytes()
        assert other.jacobian(X).tobytes() == model.jacobian(X).tobytes()
        assert [edges.tolist() for edges in other.encoding.edges] == [[float(e) for e in edges] for edges in EDGES]
    assert verify(tmp_path / "encoded.fitnet").passed
    loaded.save(tmp_path / "again.fitnet")
    assert (tmp_path / "again.fitnet").read_bytes() == (tmp_path / "encoded.fitnet").read_bytes()


def test_a_file_of_words_and_gaps(tmp_path):
    OF_WORDS.save(tmp_path / "words.fitnet")
    frame = {"colour": ["red", "blue"], "T": [np.nan, 1.5]}
    assert load(tmp_path / "words.fitnet").predict(frame).tobytes() == OF_WORDS.predict(frame).tobytes()


P = NETWORK.n_parameters


@pytest.mark.parametrize(
    ("changes", "error", "sentence"),
    [
        ({"encoding": [0, 1]}, ArgumentTypeError, "`encoding` is [0, 1]; it must be a PiecewiseLinear or None."),
        (
            {"encoding": PiecewiseLinear([[], [], []])},
            ArgumentValueError,
            "`encoding` gives 3 features; it must give 8, as many as the network has inputs.",
        ),
        (
            {"encoding": PiecewiseLinear([[0, 1, 2], [0, 1, 2, 3, 4]])},
            ArgumentValueError,
            "`input_scaling` is for 3 columns; it must be for 2.",
        ),
        (
            {"input_scaling": None},
            ArgumentValueError,
            "`input_scaling` is None; beside `encoding` it must be a Scaling without a limit.",
        ),
        (
            {"error_bars": ErrorBars(np.eye(P)[np.tril_indices(P)], 1.0, np.eye(2), 3)},
            ArgumentValueError,
            "`error_bars` is given beside `encoding`; it must be None.",
        ),
        ({"input_names": ["a"]}, ArgumentValueError, "`input_names` has 1 names; it must have 3, one a column."),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_does_not_fit_is_refused(changes, error, sentence):
    with pytest.raises(error) as raised:
        replace(MODEL, **{"example_inputs": None, "input_names": ()} | changes)
    assert (type(raised.value), str(raised.value)) == (error, sentence)


def test_a_limit_is_refused():
    with pytest.raises(ArgumentValueError, match=r"^`input_scaling` is .*limit=3.0\); beside `encoding` it must be "):
        replace(MODEL, input_scaling=Scaling(INPUTS.shift, INPUTS.scale, 3.0))


@pytest.mark.parametrize("call", [Model.predict, Model.jacobian], ids=["predict", "jacobian"])
def test_rows_that_it_cannot_take_are_refused(call):
    fine = replace(
        MODEL, parameters=PARAMETERS.astype("float32"), encoding=PiecewiseLinear([EDGES[0], [], [0, 1e-9, 1]])
    )
    X = np.tile([0.5, 0, 250], (3000, 1))
    X[2999, 2] = 1e30
    with pytest.raises(ArgumentValueError, match=r"^`X` holds 1e\+30 at \[2999, 2\]; "):
        call(replace(fine, encoding=PiecewiseLinear([EDGES[0], [], [0, 1e-15, 2e-15]])), X)
    X[2999, 2] = np.nan
    with pytest.raises(ArgumentValueError, match=r"^`X` holds nan at \[2999, 2\]; every entry must be a finite number"):
        call(fine, X)
    with pytest.raises(ArgumentValueError, match=r"^`X` has 8 columns; it must have 3\.$"):
        call(fine, np.zeros((2, 8)))


def test_a_place_that_does_not_fit_is_refused(generator):
    X = rows(generator, 7)[:, :2].copy()
    encoding, scaling = PiecewiseLinear([EDGES[0], [0, 1, 2, 3]]), Scaling([0, 0], [1, 1])
    model = Model(NETWORK, PARAMETERS, encoding=encoding, input_scaling=scaling)
    for out in (np.empty((8, 2)), np.empty((6, 2)), np.empty((7, 2), "float32"), np.empty((2, 7)).T, X, np.zeros(())):
        with pytest.raises(ArgumentValueError, match=r"^`out` "):
            model.predict(X, out=out)
