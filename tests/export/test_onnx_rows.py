"""ONNX: rows with words, gaps, and what is neither; on edges, and far away."""

import warnings

import numpy as np
import pytest
from exported_kinds import EXPORTED
from run_onnx import DTYPES, exported, onnxruntime, run

from fitnet import Dense, LogTransform, Model, Network
from fitnet.errors import DerivativeWarning
from fitnet.rows import Categories, Imputation
from kinds_of_models import CATEGORIES, EDGES, in_double, model, network
from tolerances import STEPS_RTOL


@pytest.mark.parametrize("level", [3.0, -1.0, 0.5, np.inf])
def test_a_row_with_a_word_of_no_level_gives_nan(level):
    found = run(exported(EXPORTED["words and gaps"], "hessian"), [[0.5, level, 1.0], [0.5, 1.0, 1.0]])
    for values in found.values():
        assert np.isnan(values[0]).all()
        assert np.isfinite(values[1]).all()


def test_words_whose_missing_level_is_known_need_no_filling():
    given = model(2, network(5, 6, 1, activations=("relu", "identity")), categories=CATEGORIES)
    missing, third = run(exported(given), [[0.5, np.nan, 1.0], [0.5, 2.0, 1.0]])["y"]
    np.testing.assert_array_equal(missing, third)


def test_a_missing_word_without_a_level_where_gaps_are_not_taken_gives_nan():
    words = Categories(("x", "colour", "T"), (None, ("blue", "grey", "red"), None))
    given = model(2, network(5, 6, 1, activations=("relu", "identity")), categories=words)
    assert np.isnan(run(exported(given, "jacobian"), [[0.5, np.nan, 1.0]])["jacobian"]).all()


def test_a_missing_word_without_a_level_where_gaps_are_taken_has_none():
    words = Categories(("x", "colour"), (None, ("blue", "red")))
    layers = network(3, 6, 1, activations=("relu", "identity"))
    given = model(2, layers, categories=words, imputation=Imputation(np.array([0.25, 0, 0]), ()))
    missing, refused = run(exported(given), [[0.5, np.nan], [0.5, -1.0]])["y"]
    np.testing.assert_allclose(missing, given.predict([[0.5, 0.0, 0]])[0], STEPS_RTOL)
    assert np.isnan(refused)


@pytest.mark.parametrize("kind", ["plain relu, float32", "ensemble, encoded"])
def test_a_gap_that_is_not_taken_gives_nan(kind):
    for values in run(exported(EXPORTED[kind], "hessian"), [[np.nan, 20.0, 5e-4]]).values():
        assert np.isnan(values).all()


@pytest.mark.parametrize("kind", ["encoded, float32", "ensemble, encoded"])
def test_on_an_edge_the_slope_is_that_of_the_piece_below(kind):
    given = in_double(EXPORTED[kind])
    rows = np.array([[first, second, 5e-4] for first in EDGES[0] for second in EDGES[1]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DerivativeWarning)
        wanted = given.jacobian(rows)
    found = run(exported(given, "jacobian"), rows)["jacobian"]
    np.testing.assert_allclose(found, wanted, STEPS_RTOL)


@pytest.mark.parametrize("precision", DTYPES)
def test_outputs_with_a_bound_are_finite_and_above_it(precision):
    """Where the exponential overflows, and where it is lost beside the bound."""
    kind, line = DTYPES[precision], Network((Dense(1, 2, "identity"),))
    given = Model(line, np.array([1.0, 1, 0, 0]), target_transform=LogTransform([-3.0, None]))
    found = run(exported(given, "jacobian", precision), [[1e4], [-1e4], [1.0]], precision)
    largest = np.finfo(kind).max
    above = np.nextafter(kind(-3), kind(np.inf))
    np.testing.assert_array_equal(found["y"][:2], np.array([[largest, 1e4], [above, -1e4]], kind))
    np.testing.assert_array_equal(found["jacobian"][:2, :, 0], np.array([[largest, 1], [0, 1]], kind))
    np.testing.assert_allclose(found["y"][2, 0], np.exp(1) - 3, 10 * np.finfo(kind).eps)


def test_a_model_of_one_column_by_name():
    given = EXPORTED["straight line"]
    (name,) = given.given_names
    session = onnxruntime.InferenceSession(exported(given, by_name=True), providers=["CPUExecutionProvider"])
    np.testing.assert_allclose(session.run(["y"], {name: [[0.5]]})[0], given.predict([[0.5]]), STEPS_RTOL)
