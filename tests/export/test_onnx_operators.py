"""ONNX: a graph's operators, beside the lists of ROOT's SOFIE and hls4ml (table in docs/how-to/export.md)."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from run_onnx import exported, onnx

from fitnet import Ensemble, LogTransform, Scaling
from fitnet.rows import Categories, Imputation
from kinds_of_models import ENCODING, INPUTS, LIMITED, SLANTING, TARGETS, model, network, residuals

# ROOT: tmva/sofie/README.md, "Supported ONNX operators"; without those of layers that are not dense.
SOFIE = """
Abs Add Cast Concat Constant Cos Div Einsum Elu Equal Erf Exp Expand Gather Gemm Greater GreaterOrEqual Identity
LeakyRelu Less LessOrEqual Log MatMul Max Mean Min Mul Neg Pow Range Reciprocal ReduceMean ReduceProd ReduceSum
ReduceSumSquare Relu Reshape Selu Shape Sigmoid Sin Slice Softmax Split Sqrt Squeeze Sub Sum Tanh Tile TopK
Transpose Unsqueeze Where
"""
# hls4ml: the operators that hls4ml/converters/onnx/ has handlers for, or skips; without those of other layers.
HLS4ML = """
Add Average BatchNormalization Clip Concat Div Elu Flatten Identity LeakyRelu MatMul Max Min Mul PRelu Relu
Reshape Selu Sigmoid Softmax Softplus Softsign Sub Sum Tanh ThresholdedRelu Transpose
"""
LAYERS = {"MatMul", "Add"}
DERIVATIVES = {
    "Abs",
    "Exp",
    "Gather",
    "Greater",
    "LessOrEqual",
    "Min",
    "Mul",
    "ReduceSum",
    "Sigmoid",
    "Sub",
    "Transpose",
    "Unsqueeze",
    "Where",
}
LINEAR = network(3, 2, activations=("identity",))
WORDS = Categories(("colour", "shape"), (("blue", "red"), ("round", "square", "while")))
MEMBERS = [model(seed, LINEAR) for seed in range(3)]


def layers_of(activation):
    return network(3, 4, 2, activations=(activation, "identity"))


FEATURES = {
    "layers": (model(1, LINEAR), LAYERS),
    "relu": (model(1, layers_of("relu")), {"Relu"}),
    "tanh": (model(1, layers_of("tanh")), {"Tanh"}),
    "logistic": (model(1, layers_of("logistic")), {"Sigmoid"}),
    "silu": (model(1, layers_of("silu")), {"Sigmoid", "Mul"}),
    "leaky_relu": (model(1, layers_of("leaky_relu")), {"Max", "Mul"}),
    "softplus": (model(1, layers_of("softplus")), {"Abs", "Neg", "Exp", "Sub", "Div", "Log", "Relu"}),
    "gelu, single": (model(1, layers_of("gelu")), {"Erf", "Mul"}),
    "gelu, double": (model(1, layers_of("gelu")), {"Abs", "Min", "Mul", "Div", "Exp", "Greater", "Sub", "Where"}),
    "exponential": (model(1, network(3, 2, activations=("exponential",))), {"Exp"}),
    "scalings": (model(1, LINEAR, input_scaling=INPUTS, target_scaling=TARGETS), {"Sub"}),
    "scales beyond 1e-12 and 1e12": (
        model(1, LINEAR, input_scaling=Scaling([0.0] * 3, [1e13] * 3), target_scaling=Scaling([1.0] * 2, [1e13] * 2)),
        {"Sub", "Div", "Mul"},
    ),
    "limits": (model(1, LINEAR, input_scaling=LIMITED), {"Sub", "Div", "Abs", "Max", "Mul", "Sqrt"}),
    "encodings": (
        model(1, network(13, 2, activations=("identity",)), encoding=ENCODING, input_scaling=INPUTS),
        {"Gather", "Sub", "Div", "Min", "Max"},
    ),
    "encodings of projections": (
        model(1, network(24, 2, activations=("identity",)), encoding=SLANTING, input_scaling=INPUTS),
        {"Gather", "Sub", "Div", "Mul", "Min", "Max"},
    ),
    "gaps": (
        model(1, network(4, 2, activations=("identity",)), imputation=Imputation(np.zeros(3), (1,))),
        {"Equal", "Where", "Gather", "Concat"},
    ),
    "words": (
        model(1, network(5, 2, activations=("identity",)), categories=WORDS),
        {"Gather", "Equal", "Where"},
    ),
    "logarithms": (model(1, LINEAR, target_transform=LogTransform(-3.0)), {"Exp", "Max", "Min"}),
    "ensembles": (Ensemble(MEMBERS), {"Mul", "ReduceSum"}),
    "classes": (model(1, LINEAR, classes=("no", "yes")), {"Softmax", "ArgMax", "Gather"}),
    "intervals": (
        Ensemble(MEMBERS, folds=(0, 1, 2), conformal=residuals([0.25, np.inf], [True, False])),
        {"Transpose", "Gather", "Sub", "Mul", "Sqrt", "Where", "ReduceSum"},
    ),
}
DOCUMENT = Path(__file__).parents[2] / "docs" / "how-to" / "export.md"


def operators(feature, derivatives="none"):
    """Those of the graph of a feature's model."""
    precision = "single" if feature.endswith("single") else "double"
    made = onnx.load_from_string(exported(FEATURES[feature][0], derivatives, precision))
    return {node.op_type for node in made.graph.node}


@pytest.mark.parametrize("feature", FEATURES)
def test_a_feature_uses_the_operators_of_the_table(feature):
    assert operators(feature) == FEATURES[feature][1] | LAYERS


@pytest.mark.parametrize("feature", FEATURES)
def test_derivatives_use_no_others_but_those_of_the_table(feature):
    assert operators(feature, "hessian") <= operators(feature) | DERIVATIVES


def test_all_but_that_of_labels_are_in_the_list_of_sofie():
    used = set().union(*(operators(feature, "hessian") for feature in FEATURES))
    assert used - set(SOFIE.split()) == {"ArgMax"}


def test_which_features_are_in_the_list_of_hls4ml():
    assert {feature for feature in FEATURES if operators(feature) <= set(HLS4ML.split())} == {
        "layers",
        "relu",
        "tanh",
        "logistic",
        "silu",
        "leaky_relu",
        "scalings",
        "scales beyond 1e-12 and 1e12",
    }


def test_the_table_in_the_document():
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    told = {name.strip(): (set(own.split()), hls4ml.strip()) for name, own, _, hls4ml in rows}
    for feature, (_, own) in FEATURES.items():
        assert told[feature] == (own, "yes" if operators(feature) <= set(HLS4ML.split()) else "no"), feature


def test_a_graph_of_layers_has_no_node_beside_them():
    given = model(1, network(3, 64, 64, 1, activations=("relu", "relu", "identity")), "float32")
    scaled = replace(given, input_scaling=Scaling([0.5, -1, 0], [1.0, 2, 3]), target_scaling=Scaling([7.0], [3.0]))
    for each in (given, scaled):
        made = onnx.load_from_string(exported(each, precision="single"))
        assert [node.op_type for node in made.graph.node] == [*["MatMul", "Add", "Relu"] * 2, "MatMul", "Add"]
    rows = np.random.default_rng(0).normal(size=(4, 3))
    assert not np.allclose(given.predict(rows), scaled.predict(rows))
