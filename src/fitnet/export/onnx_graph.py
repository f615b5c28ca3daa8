"""ONNX: a model as one graph of plain operators, weights inside, for whatever reads ONNX files.

One input `X` (n, g), or one (n, 1) a column; outputs `y` (n, m) or, of a model of classes, `label` (n,) and
`probabilities` (n, m), and, where asked for, `lower`, `upper` (n, m), `jacobian` (n, m, q) and `hessian` (n, m, q, q),
with respect to the q columns of numbers. The number of rows is the only size that is left open.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import MissingPackageError
from fitnet.export.onnx_classes import label, labels_of
from fitnet.export.onnx_members import members_of
from fitnet.export.onnx_network import walked
from fitnet.export.onnx_nodes import Nodes
from fitnet.export.onnx_outputs import Answers
from fitnet.export.onnx_rows import completed_rows
from fitnet.export.subject import ConformalInterval, Input, Subject
from fitnet.version import __version__

OPSET, IR_VERSION = 17, 8  # old enough for every reader of today; nothing newer is used
ROWS = "n"
MATRIX = "X"
OUTPUTS = ("lower", "upper", "jacobian", "hessian")
LABEL = "label"


def files(subject: Subject) -> Mapping[str, bytes]:
    """The file of a model.

    Raises
    ------
    MissingPackageError
        Without onnx.
    """
    return {"": model_proto(subject).SerializeToString(deterministic=True)}


def model_proto(subject: Subject) -> Any:
    """The graph as onnx's ModelProto.

    Raises
    ------
    MissingPackageError
        Without onnx.
    """
    try:
        from onnx import helper
    except ImportError:
        raise MissingPackageError(
            "ONNX files are written by the package onnx; install it with: pip install 'fitnet[onnx]'."
        ) from None
    nodes, shapes = graph_of(subject)
    number = helper.np_dtype_to_tensor_dtype(nodes.dtype)
    types = {LABEL: label_type(nodes, subject)} if subject.classes else {}
    graph = helper.make_graph(
        [node_proto(node) for node in nodes.nodes],
        subject.name,
        [helper.make_tensor_value_info(name, number, [ROWS, width]) for name, width in inputs_of(subject).items()],
        [
            helper.make_tensor_value_info(name, types.get(name, number), [ROWS, *shape])
            for name, shape in shapes.items()
        ],
        constants_of(nodes),
        doc_string="\n".join(subject.lines),
    )
    made = helper.make_model(
        graph,
        producer_name="fitnet",
        producer_version=__version__,
        doc_string="\n".join(subject.lines),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    helper.set_model_props(made, properties(subject))
    return made


def graph_of(subject: Subject) -> tuple[Nodes, dict[str, tuple[int, ...]]]:
    """The nodes, and the outputs' names and shapes without the axis of rows."""
    inputs = inputs_of(subject)
    nodes = Nodes(np.dtype(np.float64 if subject.in_double else np.float32), {*inputs, *reserved(subject)})
    given = next(iter(inputs)) if len(inputs) == 1 else nodes.node("Concat", *inputs, axis=1)
    rows = completed_rows(nodes, subject, given)
    stacks = [walked(nodes, member, rows.completed) for member in members_of(subject.branches, subject.weights)]
    answers = Answers(nodes, subject, rows, stacks)
    m, q = len(subject.outputs), len(subject.numbers)
    shapes: dict[str, tuple[int, ...]] = {}
    values: dict[str, str] = {}
    if subject.classes:
        values[LABEL] = label(nodes, answers.prediction, labels_of(subject.classes, nodes.dtype))
        shapes[LABEL] = ()
    values[prediction_name(subject)], shapes[prediction_name(subject)] = answers.prediction, (m,)
    if isinstance(subject.interval, ConformalInterval):
        values["lower"], values["upper"] = answers.interval(subject.interval)
        shapes |= {"lower": (m,), "upper": (m,)}
    if subject.wants_jacobian and q > 0:
        values["jacobian"], shapes["jacobian"] = answers.jacobian(), (m, q)
    if subject.wants_hessian and q > 0:
        values["hessian"], shapes["hessian"] = answers.hessian(), (m, q, q)
    nodes.name_outputs(values)
    return nodes, shapes


def prediction_name(subject: Subject) -> str:
    """Of the output that is what the model predicts."""
    return "probabilities" if subject.classes else "y"


def reserved(subject: Subject) -> set[str]:
    """Names that no input may have."""
    return {*OUTPUTS, prediction_name(subject)} | ({LABEL} if subject.classes else set())


def label_type(nodes: Nodes, subject: Subject) -> int:
    """Onnx's number for the type of labels."""
    from onnx import TensorProto, helper

    labels = labels_of(subject.classes, nodes.dtype)
    return TensorProto.STRING if labels.dtype.kind == "U" else helper.np_dtype_to_tensor_dtype(labels.dtype)


def inputs_of(subject: Subject) -> dict[str, int]:
    """The inputs' names and widths."""
    if not subject.by_name:
        return {MATRIX: len(subject.inputs)}
    names: dict[str, int] = {}
    for column in subject.inputs:
        names[own_name(column, {*names, *reserved(subject)})] = 1
    return names


def own_name(column: Input, taken: set[str]) -> str:
    """The column's own name; its identifier where that is empty, no text, or taken, and a number where that is too."""
    wanted = [column.name, column.identifier, *(f"{column.identifier}_{number}" for number in range(2, len(taken) + 4))]
    return next(name for name in wanted if name and name not in taken and is_text(name))


def is_text(name: str) -> bool:
    """Whether a file can hold the name."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def node_proto(node: Any) -> Any:
    """A node as onnx's NodeProto, its name that of what it gives."""
    from onnx import helper

    return helper.make_node(node.operator, node.inputs, [node.output], name=node.output, **dict(node.attributes))


def constants_of(nodes: Nodes) -> list[Any]:
    """The constants that nodes take, as onnx's TensorProto."""
    used = {name for node in nodes.nodes for name in node.inputs}
    return [tensor_of(values, name) for name, values in nodes.constants.items() if name in used]


def tensor_of(values: Array, name: str) -> Any:
    """An array as onnx's TensorProto, to which text is objects."""
    from onnx import numpy_helper

    return numpy_helper.from_array(values.astype(object) if values.dtype.kind == "U" else values, name)


def properties(subject: Subject) -> dict[str, str]:
    """What a reader may want to know, as metadata: lists are JSON."""
    names = inputs_of(subject)
    inputs = [
        {
            "name": column.name,
            "tensor": name if subject.by_name else MATRIX,
            "unit": column.unit,
            "lowest": column.lowest,
            "highest": column.highest,
            "levels": None if column.levels is None else list(column.levels),
            "gaps": column.gaps,
        }
        for column, name in zip(
            subject.inputs, names if subject.by_name else [MATRIX] * len(subject.inputs), strict=True
        )
    ]
    found = {
        "inputs": json.dumps(inputs),
        "outputs": json.dumps([{"name": each.name, "unit": each.unit} for each in subject.outputs]),
        "provenance": "\n".join(subject.lines),
        "check_rows": numbers_json(subject.checks.rows),
        "check_outputs": numbers_json(subject.checks.outputs),
    }
    if subject.classes:
        found["classes"] = json.dumps(list(subject.classes))
    if isinstance(subject.interval, ConformalInterval):
        found["coverage"] = json.dumps(subject.coverage)
    return found


def numbers_json(numbers: Array) -> str:
    """Rows of numbers; null for NaN, and for what is infinite."""
    rows: Sequence[Sequence[float]] = numbers.tolist()
    return json.dumps([[each if np.isfinite(each) else None for each in row] for row in rows])
