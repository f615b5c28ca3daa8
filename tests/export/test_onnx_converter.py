"""Pipelines that end in an estimator, converted by skl2onnx and run by onnxruntime."""

import sys

import numpy as np
import pandas as pd
import pytest
from exported_tolerances import EXPORTED_SINGLE_OF_LARGEST, ONNX_PIPELINE_RTOL
from sklearn.ensemble import VotingRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fitnet import AutoClassifier, AutoRegressor, Classifier, Regressor, register_onnx_converter
from fitnet.errors import ArgumentValueError, MissingPackageError

skl2onnx = pytest.importorskip("skl2onnx", reason="pipelines are converted by the package skl2onnx")
onnxruntime = pytest.importorskip("onnxruntime", reason="ONNX files are run by the package onnxruntime")
types = skl2onnx.common.data_types

ROWS = np.random.default_rng(0).normal(size=(80, 3)) * [1, 10, 0.1] + [0, 50, 0]
TARGETS = np.sin(ROWS[:, 0]) + ROWS[:, 1] / 10 + 20 * ROWS[:, 2]
TINY = {"hidden_layer_sizes": (6, 5), "max_epochs": 3, "random_state": 0, "activation": "tanh"}
PRECISIONS = {
    "float64": (types.DoubleTensorType, ONNX_PIPELINE_RTOL),
    "float32": (types.FloatTensorType, EXPORTED_SINGLE_OF_LARGEST),
}


def converted(estimator, kind=types.DoubleTensorType, **options):
    """The ONNX model of an estimator that takes a matrix X."""
    register_onnx_converter()
    return skl2onnx.convert_sklearn(estimator, initial_types=[("X", kind([None, 3]))], **options)


def run(made, **inputs):
    """What its only output is."""
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_outputs()] == ["variable"]
    return session.run(None, inputs)[0]


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("targets", [TARGETS, np.column_stack([TARGETS, TARGETS**2])], ids=["one", "two"])
def test_a_pipeline(precision, targets):
    kind, bound = PRECISIONS[precision]
    pipeline = make_pipeline(StandardScaler(), Regressor(**TINY)).fit(ROWS, targets)
    found = run(converted(pipeline, kind), X=ROWS.astype(precision))
    assert found.dtype == precision
    wanted = pipeline.predict(ROWS).reshape(len(ROWS), -1)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() <= bound * np.abs(wanted).max()


def test_an_ensemble_in_a_pipeline():
    pipeline = make_pipeline(StandardScaler(), AutoRegressor(effort="fast", random_state=0, n_jobs=1))
    pipeline.fit(ROWS, TARGETS)
    found = run(converted(pipeline), X=ROWS)
    wanted = pipeline.predict(ROWS)[:, np.newaxis]
    assert np.abs(found - wanted).max() <= EXPORTED_SINGLE_OF_LARGEST * np.abs(wanted).max()  # members are in float32


def test_gaps_are_filled_as_the_estimator_does():
    rows = np.where(np.random.default_rng(1).random(ROWS.shape) < 0.1, np.nan, ROWS)
    regressor = Regressor(missing="impute", **TINY).fit(rows, TARGETS)
    found = run(converted(regressor), X=rows)
    np.testing.assert_allclose(found[:, 0], regressor.predict(rows), ONNX_PIPELINE_RTOL)


def test_columns_one_by_one_and_whole_numbers():
    register_onnx_converter()
    whole = np.round(ROWS * 10).astype(np.int64)
    regressor = Regressor(**TINY).fit(whole, TARGETS)
    several = [("a", types.Int64TensorType([None, 1])), ("b", types.Int64TensorType([None, 2]))]
    made = skl2onnx.convert_sklearn(regressor, initial_types=several)
    found = run(made, a=whole[:, :1], b=whole[:, 1:])
    wanted = regressor.predict(whole)
    assert np.abs(found[:, 0] - wanted).max() <= EXPORTED_SINGLE_OF_LARGEST * np.abs(wanted).max()


def test_two_estimators_in_one_graph():
    voting = VotingRegressor([("one", Regressor(**TINY)), ("two", Regressor(**TINY | {"random_state": 1}))])
    voting.fit(ROWS, TARGETS)
    found = run(converted(voting), X=ROWS)
    np.testing.assert_allclose(found[:, 0], voting.predict(ROWS), ONNX_PIPELINE_RTOL)


LABELS = {
    "text": ["blue", "red", "green"],
    "whole": [7, -1, 3],
    "bool": [False, True],
    "real": [0.0, 1.0, 4.0],
}


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("kind", LABELS)
def test_a_classifier_gives_labels_and_probabilities(kind, precision):
    number, _ = PRECISIONS[precision]
    labels = np.array(LABELS[kind])[np.digitize(TARGETS, np.quantile(TARGETS, [0.5, 0.8])) % len(LABELS[kind])]
    pipeline = make_pipeline(StandardScaler(), Classifier(**TINY)).fit(ROWS, labels)
    made = converted(pipeline, number)
    session = onnxruntime.InferenceSession(made.SerializeToString(), providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_outputs()] == ["label", "probabilities"]
    assert {node.op_type for node in made.graph.node} & {"ZipMap", "ArgMax"} == {"ArgMax"}
    found, outputs = session.run(None, {"X": ROWS.astype(precision)})
    np.testing.assert_array_equal(found, pipeline.predict(ROWS))
    assert outputs.dtype == precision
    apart = np.abs(outputs - pipeline.predict_proba(ROWS)).max()
    assert apart <= EXPORTED_SINGLE_OF_LARGEST  # the classifier's parameters are in float32


def test_an_ensemble_of_classes_is_converted():
    labels = np.where(np.median(TARGETS) < TARGETS, "high", "low")
    auto = AutoClassifier("fast", random_state=0, n_jobs=1).fit(ROWS, labels)
    session = onnxruntime.InferenceSession(converted(auto, types.DoubleTensorType).SerializeToString())
    found, outputs = session.run(["label", "probabilities"], {"X": ROWS})
    np.testing.assert_array_equal(found, auto.predict(ROWS))
    assert np.abs(outputs - auto.predict_proba(ROWS)).max() <= EXPORTED_SINGLE_OF_LARGEST  # members are in float32


def test_words_are_refused():
    frame = pd.DataFrame(ROWS, columns=["a", "b", "c"])
    frame["word"] = pd.Categorical(["x", "y"] * 40)
    regressor = Regressor(**TINY).fit(frame, TARGETS)
    register_onnx_converter()
    with pytest.raises(ArgumentValueError, match="columns of words"):
        skl2onnx.convert_sklearn(regressor, initial_types=[("X", types.FloatTensorType([None, 4]))])


def test_an_old_opset_is_refused():
    with pytest.raises(ArgumentValueError, match="`target_opset` is 12; for fitnet it must be 13 or more"):
        converted(Regressor(**TINY).fit(ROWS, TARGETS), target_opset=12)


def test_without_skl2onnx_one_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "skl2onnx", None)
    with pytest.raises(MissingPackageError, match=r"install it with: pip install 'fitnet\[onnx\]'"):
        register_onnx_converter()
