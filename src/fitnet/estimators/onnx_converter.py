"""The estimators in skl2onnx, so that a scikit-learn Pipeline that ends in one becomes an ONNX file.

Shapes: X (n, p), predictions (n, m).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError, MissingPackageError
from fitnet.estimators.auto_classifier import AutoClassifier
from fitnet.estimators.auto_regressor import AutoRegressor
from fitnet.estimators.classifier import Classifier
from fitnet.estimators.regressor import Regressor
from fitnet.export.onnx_classes import labels_of
from fitnet.export.onnx_graph import LABEL, MATRIX, graph_of, tensor_of
from fitnet.export.onnx_nodes import Node, Nodes
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.exporting.subject import subject_of

LEAST_OPSET = 13  # from which on operators take axes as the graph gives them
CLASSIFIERS = (Classifier, AutoClassifier)
NAMES = {each: f"Fitnet{each.__name__}" for each in (Regressor, AutoRegressor, *CLASSIFIERS)}


def register_onnx_converter() -> None:
    """Tell skl2onnx how fitnet's regressors and classifiers are converted.

    `skl2onnx.convert_sklearn` then takes them, alone or at the end of a Pipeline. The graph computes in double
    precision where its input is of doubles, else in single; its output is (n, m) or, of a classifier, the label (n,)
    and the probabilities (n, K), without a ZipMap.

    Raises
    ------
    MissingPackageError
        Without skl2onnx.
    """
    try:
        from skl2onnx import update_registered_converter
    except ImportError:
        raise MissingPackageError(
            "Pipelines are converted by the package skl2onnx; install it with: pip install 'fitnet[onnx]'."
        ) from None
    for estimator, name in NAMES.items():
        parser = declare_classifier if estimator in CLASSIFIERS else None
        update_registered_converter(estimator, name, set_output_shape, convert, parser=parser)


def declare_classifier(scope: Any, model: Any, inputs: Any, custom_parsers: Any = None) -> Any:
    """The operator of a classifier and its two outputs, as skl2onnx asks for them."""
    operator = scope.declare_local_operator(NAMES[type(model)], model)
    operator.inputs = inputs
    number = number_type(operator)
    for name, kind in ((LABEL, label_type(model.model_.classes, number)), ("probabilities", number)):
        operator.outputs.append(scope.declare_local_variable(name, kind()))
    return operator.outputs


def set_output_shape(operator: Any) -> None:
    """The outputs' types and shapes, as skl2onnx asks for them."""
    model, number = operator.raw_operator.model_, number_type(operator)
    n = operator.inputs[0].get_first_dimension()
    operator.outputs[-1].type = number([n, len(model.output_names)])
    if len(operator.outputs) > 1:
        operator.outputs[0].type = label_type(model.classes, number)([n])


def number_type(operator: Any) -> Any:
    """Skl2onnx's type of the numbers that an operator computes with."""
    from skl2onnx.common.data_types import DoubleTensorType, FloatTensorType

    return DoubleTensorType if in_double(operator) else FloatTensorType


def label_type(classes: Sequence[Label], number: Any) -> Any:
    """Skl2onnx's type of labels, where those with digits behind the point are numbers as others are."""
    from skl2onnx.common.data_types import BooleanTensorType, Int64TensorType, StringTensorType

    kind = labels_of(classes, np.dtype(np.float64)).dtype.kind
    return {"U": StringTensorType, "b": BooleanTensorType, "i": Int64TensorType}.get(kind, number)


def convert(scope: Any, operator: Any, container: Any) -> None:
    """Add the graph of a fitted estimator, as skl2onnx asks for it.

    Raises
    ------
    ArgumentValueError
        If the opset is too old, or a column of X holds words.
    """
    if container.target_opset < LEAST_OPSET:
        raise ArgumentValueError(
            f"`target_opset` is {container.target_opset}; for fitnet it must be {LEAST_OPSET} or more.", "target_opset"
        )
    model = operator.raw_operator.model_
    if model.categories is not None:
        raise ArgumentValueError(
            "`model` was fitted to columns of words, which skl2onnx passes on as text; export its `model_` itself, or "
            "encode the words in the pipeline, before it.",
            "model",
        )
    precision = "double" if in_double(operator) else "single"
    nodes, shapes = graph_of(subject_of(without_intervals(model), "fitnet", "none", precision, 0.5, False))
    tensors = dict(zip(shapes, (each.full_name for each in operator.outputs), strict=True))
    add(scope, container, nodes, {MATRIX: given(scope, operator, container), **tensors})


def in_double(operator: Any) -> bool:
    """Whether it is given numbers of double precision."""
    from skl2onnx.common.data_types import DoubleTensorType

    return any(isinstance(each.type, DoubleTensorType) for each in operator.inputs)


def without_intervals(model: AnyModel) -> AnyModel:
    """The same model without what only its intervals need."""
    return replace(model, conformal=None) if isinstance(model, Ensemble) else replace(model, error_bars=None)


def given(scope: Any, operator: Any, container: Any) -> str:
    """The name of the matrix that the estimator is given, cast to floats where it is of whole numbers."""
    from skl2onnx.common.data_types import guess_proto_type

    wanted = guess_proto_type(number_type(operator)())
    columns = []
    for each in operator.inputs:
        name = each.full_name
        if guess_proto_type(each.type) != wanted:
            name = scope.get_unique_variable_name("cast")
            container.add_node("Cast", [each.full_name], [name], name=scope.get_unique_operator_name("Cast"), to=wanted)
        columns.append(name)
    if len(columns) == 1:
        return str(columns[0])
    joined: str = scope.get_unique_variable_name("joined")
    container.add_node("Concat", columns, [joined], name=scope.get_unique_operator_name("Concat"), axis=1)
    return joined


def add(scope: Any, container: Any, nodes: Nodes, known: Mapping[str, str]) -> None:
    """Add nodes and constants under names that are free; those of some tensors are known."""
    names = dict(known)
    for node in nodes.nodes:
        for name in (*node.inputs, node.output):
            if name not in names:
                names[name] = scope.get_unique_variable_name(f"fitnet_{name}")
                if name in nodes.constants:
                    add_constant(container, names[name], nodes.constants[name])
    for node in nodes.nodes:
        add_node(scope, container, node, names)


def add_constant(container: Any, name: str, values: Array) -> None:
    """Add a constant; skl2onnx takes text as a list, for it copies the bytes of a tensor, which text has none of."""
    tensor = tensor_of(values, name)
    container.add_initializer(
        name, tensor.data_type, values.shape, values.tolist() if values.dtype.kind == "U" else tensor
    )


def add_node(scope: Any, container: Any, node: Node, names: dict[str, str]) -> None:
    """Add a node."""
    container.add_node(
        node.operator,
        [names[name] for name in node.inputs],
        [names[node.output]],
        name=scope.get_unique_operator_name(f"fitnet_{node.operator}"),
        **dict(node.attributes),
    )
