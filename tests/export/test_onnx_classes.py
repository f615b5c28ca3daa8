"""ONNX graphs of models of classes: labels of their own type beside probabilities."""

import json
from dataclasses import replace

import numpy as np
import pytest
from exported_kinds import EXPORTED, units_apart
from exported_tolerances import EXPORTED_UNITS
from run_onnx import exported, onnx, onnxruntime, run

from kinds_of_models import model, network

N_FEW = 200
LABELS = {
    "text": ("blue", "red", "\udc00"),
    "bool": (False, True),
    "whole": (-7, 2**40, 3),
    "too large": (1, 2**70),
    "real": (0.5, 1.5, -2.25),
}
TYPES = {"text": object, "bool": bool, "whole": np.int64, "too large": object, "real": np.float64}


def labelled(labels):
    """A model of these classes, and rows of all of them."""
    layers = network(2, 6, len(labels), activations=("tanh", "identity"))
    given = model(3, layers)
    given = replace(given, classes=labels, output_names=(), parameters=3 * given.parameters, example_inputs=None)
    return given, np.random.default_rng(0).normal(0, 2, (N_FEW, 2))


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("precision", ["double", "single"])
def test_labels_are_those_of_the_most_probable_classes(kind, precision):
    given, rows = labelled(LABELS[kind])
    data = exported(given, precision=precision)
    onnx.checker.check_model(onnx.load_from_string(data), full_check=True)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_outputs()] == ["label", "probabilities"]
    found = run(data, rows, precision)
    assert found["label"].dtype == (np.float32 if (kind, precision) == ("real", "single") else TYPES[kind])
    assert found["label"].shape == (N_FEW,)
    names = [str(each).replace("\udc00", "\\udc00") for each in LABELS[kind]]
    wanted = [names[place] for place in given.predict(rows).argmax(axis=1)]
    assert [str(each) for each in found["label"]] == wanted
    assert len(set(wanted)) > 1


def test_metadata_tell_of_classes():
    made = onnx.load_from_string(exported(EXPORTED["ensemble of three classes"]))
    assert json.loads({each.key: each.value for each in made.metadata_props}["classes"]) == [7, 5, -1]


def test_an_input_never_has_the_name_of_an_output():
    given, _ = labelled(LABELS["text"])
    given = replace(given, input_names=("label", "probabilities"))
    session = onnxruntime.InferenceSession(exported(given, by_name=True), providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_inputs()] == ["label_2", "probabilities_2"]
    plain = model(3, network(2, 6, 1, activations=("tanh", "identity")), input_names=("label", "probabilities"))
    session = onnxruntime.InferenceSession(exported(plain, by_name=True), providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_inputs()] == ["label", "probabilities"]


@pytest.mark.parametrize("precision", ["double", "single"])
@pytest.mark.parametrize("n_logits", [1, 2])
def test_large_logits_do_not_overflow(n_logits, precision):
    given = model(3, network(2, 6, n_logits, activations=("tanh", "identity")), classes=("no", "yes"))
    given = replace(given, parameters=5000 * given.parameters, example_inputs=None)
    rows = np.random.default_rng(0).normal(size=(N_FEW, 2))
    found = run(exported(given, "hessian", precision), rows, precision)
    assert np.isfinite(found["jacobian"]).all()
    assert np.isfinite(found["hessian"]).all()
    np.testing.assert_array_equal(found["label"], np.array(given.classes)[given.predict(rows).argmax(axis=1)])


def test_a_straight_line_bends_as_a_probability():
    given = model(3, network(2, 3, activations=("identity",)), classes=("a", "b", "c"))
    rows = np.random.default_rng(0).normal(size=(N_FEW, 2))
    found = run(exported(given, "hessian"), rows)["hessian"]
    assert units_apart(found, given.hessian(rows)) <= EXPORTED_UNITS["hessian"]
