"""ONNX: graphs checked by onnx, run by onnxruntime and by onnx's own evaluator, give what the models say."""

import json
import warnings

import numpy as np
import pytest
from exported_kinds import EXPORTED, expected, most_units, units_apart
from exported_tolerances import (
    EXPORTED_SINGLE_OF_LARGEST,
    EXPORTED_UNITS,
    EXPORTED_UNITS_OF_FORTY_OUTPUTS,
    ONNX_AD_ATOL_OF_LARGEST,
)
from run_onnx import DTYPES, exported, onnx, onnxruntime, run

from fitnet import Ensemble, Network, Scaling
from fitnet.errors import MissingPackageError
from fitnet.model.exporting.subject import subject_of
from kinds_of_models import CURVED, INPUTS, model, network

# Outputs that are far smaller than what they are sums of: the model itself in float64 is 3 and 6 units off what it is
# with more digits.
FEW = 60


def wanted(kind, found):
    """The numbers that the graph is to give, by their names; no derivatives where no column holds numbers."""
    given = {"probabilities" if "classes" in kind else "y": found.outputs, "lower": found.lower, "upper": found.upper}
    if found.jacobian.shape[2] > 0:
        given |= {"jacobian": found.jacobian, "hessian": found.hessian}
    return {name: values for name, values in given.items() if values is not None}


@pytest.mark.parametrize("kind", EXPORTED)
def test_onnxruntime_in_double_precision(kind):
    given = EXPORTED[kind]
    answers = wanted(kind, expected(given))
    if not isinstance(given, Ensemble):
        answers = {name: values for name, values in answers.items() if name not in ("lower", "upper")}
    found = run(exported(given, "hessian"), expected(given).rows)
    assert (found.pop("label", None) is None) == ("classes" not in kind)
    assert found.keys() == answers.keys()
    bounds = most_units(kind)
    for name, values in answers.items():
        assert found[name].shape == values.shape
        assert units_apart(found[name], values) <= bounds.get(name, bounds["outputs"]), name


@pytest.mark.parametrize("kind", EXPORTED)
def test_onnxruntime_in_single_precision(kind):
    given = EXPORTED[kind]
    answer = expected(given, dtype="float32")
    found = run(exported(given, "hessian", "single"), answer.rows, "single")
    found.pop("label", None)
    for name, values in found.items():
        assert values.dtype == np.float32
        assert (
            units_apart(values, wanted(kind, answer)[name]) * np.finfo(np.float64).eps <= EXPORTED_SINGLE_OF_LARGEST
        ), name


@pytest.mark.parametrize("precision", DTYPES)
@pytest.mark.parametrize("kind", EXPORTED)
def test_the_reference_evaluator(kind, precision):
    from onnx.reference import ReferenceEvaluator

    answer = expected(EXPORTED[kind], FEW, np.dtype(DTYPES[precision]).name)
    data = exported(EXPORTED[kind], "hessian", precision)
    names = [each.name for each in onnx.load_from_string(data).graph.output]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        values = ReferenceEvaluator(data).run(None, {"X": answer.rows.astype(DTYPES[precision])})
    for name, found in zip(names, values, strict=True):
        if name == "label":
            continue
        apart = units_apart(found, wanted(kind, answer)[name]) * np.finfo(np.float64).eps
        largest = {
            "double": EXPORTED_UNITS_OF_FORTY_OUTPUTS["jacobian"] * np.finfo(np.float64).eps,
            "single": EXPORTED_SINGLE_OF_LARGEST,
        }
        assert apart <= largest[precision], name


@pytest.mark.parametrize("by_name", [False, True])
@pytest.mark.parametrize("kind", EXPORTED)
def test_a_graph_is_valid_and_only_its_rows_are_open(kind, by_name):
    made = onnx.load_from_string(exported(EXPORTED[kind], "hessian", by_name=by_name))
    onnx.checker.check_model(made, full_check=True)
    assert made.ir_version <= 10
    assert [(each.domain, each.version <= 21) for each in made.opset_import] == [("", True)]
    assert "Gemm" not in {node.op_type for node in made.graph.node}
    inferred = onnx.shape_inference.infer_shapes(made, check_type=True, strict_mode=True, data_prop=True).graph
    values = [*inferred.value_info, *inferred.input, *inferred.output]
    assert len(values) >= len(inferred.node)
    for value in values:
        sizes = value.type.tensor_type.shape.dim
        assert all(size.HasField("dim_value") or size.dim_param == "n" for size in sizes), value.name
        assert sum(size.dim_param == "n" for size in sizes) <= 1


@pytest.mark.parametrize("kind", ["tanh", "words and gaps", "ensemble, normalised", "encoded, float32", "projected"])
def test_jacobians_are_those_that_onnx_ad_derives_from_the_plain_graph(kind):
    onnx_ad = pytest.importorskip("onnx_ad", reason="derivatives of a graph are made by the package onnx-ad")
    given = EXPORTED[kind]
    answer = expected(given, FEW)
    present = ~np.isnan(answer.rows).any(axis=1)
    rows = answer.rows[present]
    m = answer.outputs.shape[1]
    adjoint = onnx_ad.reverse(onnx.load_from_string(exported(given)), outputs=["y"], layout="onnx")
    seeds = np.broadcast_to(np.eye(m), (len(rows), m, m))
    session = onnxruntime.InferenceSession(adjoint.SerializeToString(), providers=["CPUExecutionProvider"])
    derived = session.run(["adj_X"], {"X": rows, "adj_y": seeds})[0].transpose(0, 2, 1)  # (n, m, g)
    own = run(exported(given, "jacobian"), rows)["jacobian"]
    numbers = list(subject_of(given, "net", "none", "double", 0.9, False).numbers)
    np.testing.assert_allclose(own, derived[:, :, numbers], 0, ONNX_AD_ATOL_OF_LARGEST * np.abs(own).max())


def test_inputs_by_name():
    given = EXPORTED["strange names"]
    answer = expected(given, FEW)
    data = exported(given, "jacobian", by_name=True)
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_inputs()] == ["end", "Re", "re"]
    found = session.run(["y"], dict(zip(("end", "Re", "re"), answer.rows.T[:, :, np.newaxis], strict=True)))[0]
    np.testing.assert_array_equal(found, run(exported(given), answer.rows)["y"])


def test_an_input_never_has_the_name_of_an_output_or_of_another():
    given = model(1, network(3, 4, 1, activations=CURVED[1:]), input_names=("y", "relu_3", "\udc00"))
    session = onnxruntime.InferenceSession(exported(given, by_name=True), providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_inputs()] == ["y_2", "relu_3", "x"]


def test_single_precision_keeps_the_digits_of_a_large_shift():
    """Of 100,000 +- 1 float32 holds steps of a hundredth; a shift that is rounded as well would be off by as much."""
    shift = np.array([1e5 + 1 / 300, 3e5, -7e4 - 1 / 700])
    given = model(3, network(3, 8, 2, activations=("tanh", "identity")), input_scaling=Scaling(shift, [1.0, 1, 1]))
    rows = (shift + np.random.default_rng(0).normal(size=(FEW, 3))).astype(np.float32)
    found = run(exported(given, "none", "single"), rows, "single")["y"]
    apart = np.abs(found - given.predict(rows.astype(np.float64)))
    assert apart.max() <= EXPORTED_SINGLE_OF_LARGEST * np.abs(found).max()


@pytest.mark.parametrize("size", [1e-20, 1e20])
def test_scales_of_unusual_size_are_not_folded(size):
    scalings = {"input_scaling": Scaling([0.0, 0, 0], [size] * 3), "target_scaling": Scaling([1 / size], [1 / size])}
    given = model(4, network(3, 8, 1, activations=("tanh", "identity")), **scalings)
    rows = size * np.random.default_rng(0).normal(size=(FEW, 3))
    found = run(exported(given, "jacobian", "single"), rows, "single")
    np.testing.assert_allclose(found["y"], given.predict(rows), EXPORTED_SINGLE_OF_LARGEST)


def test_members_of_one_shape_are_stacked():
    layers = Network.of_widths((3, 64, 64, 1), "relu")
    few, many = ([model(seed, layers, input_scaling=INPUTS) for seed in range(count)] for count in (2, 24))
    nodes = [len(onnx.load_from_string(exported(Ensemble(members))).graph.node) for members in (few, many)]
    assert nodes[0] == nodes[1]


def test_the_same_model_gives_the_same_bytes():
    given = EXPORTED["ensemble, normalised"]
    assert exported(given, "hessian") == exported(given, "hessian")


def test_metadata_tell_of_columns_and_carry_rows_to_check_with():
    given = EXPORTED["ensemble, normalised"]
    made = onnx.load_from_string(exported(given))
    told = {each.key: each.value for each in made.metadata_props}
    x, colour, _ = json.loads(told["inputs"])
    assert (x["name"], x["tensor"], x["levels"], x["gaps"]) == ("x", "X", None, True)
    assert x["lowest"] < x["highest"]
    assert colour["levels"] == ["blue", "red", None]
    assert [each["name"] for each in json.loads(told["outputs"])] == ["flux", "mass"]
    assert float(told["coverage"]) == 0.9
    assert made.producer_name == "fitnet"
    assert made.doc_string == told["provenance"]
    rows = np.array(json.loads(told["check_rows"]), dtype=float)
    found = run(made.SerializeToString(), rows)["y"]
    assert units_apart(found, np.array(json.loads(told["check_outputs"]))) <= EXPORTED_UNITS["outputs"]


def test_the_door(tmp_path):
    path = tmp_path / "net.onnx"
    given = EXPORTED["tanh"]
    assert given.export(path) == [path]
    names = {each.name for each in onnx.load(path).graph.output}
    assert names == {"y"}


def test_without_onnx_one_sentence_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(MissingPackageError, match=r"install it with: pip install 'fitnet\[onnx\]'"):
        EXPORTED["tanh"].export(tmp_path / "net.onnx")
    assert list(tmp_path.iterdir()) == []
