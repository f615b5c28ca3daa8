"""Networks as plain ONNX operators: from completed rows to what members give, and what derivatives need of the way.

Shapes: completed rows (n, p), M members in a stack, projections (n, q), features (n, f), layers (n, h); with an axis M
before all others where members are stacked.
"""

from dataclasses import dataclass
from functools import partial, reduce

import numpy as np

from fitnet.arguments import Array
from fitnet.export.onnx_functions import FUNCTIONS, ONE
from fitnet.export.onnx_members import Member
from fitnet.export.onnx_nodes import Nodes, Value
from fitnet.export.onnx_pieces import Pieces, Projections


@dataclass(frozen=True, eq=False)
class Part:
    """Features that a first layer takes.

    Attributes
    ----------
    value
        (n, f).
    weights
        (f, h) of the first layer.
    columns
        (f,): the completed column, or the projection, that each is made of.
    slopes, curvatures
        (n, f), or (f,) where they are the same for all rows: the first and second derivatives with respect to that
        column, or projection; None where they are 1, and 0.
    projections
        None where features are made of columns.
    """

    value: str
    weights: Array
    columns: Array
    slopes: Value | None
    curvatures: Value | None
    projections: Projections | None


@dataclass(frozen=True, eq=False)
class Walked:
    """What a stack makes of rows.

    Attributes
    ----------
    member
        The stack.
    parts
        Of its first layer.
    before, after
        Of every layer z (n, h), and a = activation(z).
    output
        (n, m): before `Exponentiate`.
    """

    member: Member
    parts: tuple[Part, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    output: str


def walked(nodes: Nodes, member: Member, completed: str) -> Walked:
    """Through all layers."""
    parts = parts_of(nodes, member, completed)
    total = reduce(partial(nodes.node, "Add"), [nodes.node("MatMul", part.value, part.weights) for part in parts])
    before: list[str] = []
    after: list[str] = []
    for place, layer in enumerate(member.layers):
        if place > 0:
            total = nodes.node("MatMul", after[-1], layer.weights)
        before.append(nodes.node("Add", total, layer.biases))
        after.append(before[-1] if layer.activation is None else FUNCTIONS[layer.activation].value(nodes, before[-1]))
    output = after[-1]
    if member.unscale is not None:
        scale, shift = member.unscale
        output = nodes.node("Add", nodes.node("Mul", output, scale), shift)
    return Walked(member, parts, tuple(before), tuple(after), output)


def parts_of(nodes: Nodes, member: Member, completed: str) -> tuple[Part, ...]:
    """Scaled values, and pieces where columns have any."""
    weights = member.layers[0].weights
    value = completed if member.shift is None else difference(nodes, completed, member.shift)
    slopes: Value | None = None
    curvatures: Value | None = None
    if member.scale is not None:
        value, slopes = nodes.node("Div", value, member.scale), 1 / member.scale
    if member.limit is not None:
        value, slopes, curvatures = clipped(nodes, value, member.limit, slopes)
    parts = [Part(value, weights, np.arange(weights.shape[-2]), slopes, curvatures, None)]
    for each in member.pieces:
        cut = completed if each.projections is None else projected(nodes, each.projections, completed)
        shares, steps = pieces(nodes, each, cut)
        parts.append(Part(shares, each.weights, each.columns, steps, None, each.projections))
    return tuple(parts)


def projected(nodes: Nodes, given: Projections, completed: str) -> str:
    """u (n, q), summed column by column in the model's order, so that u has its bits, on edges too."""
    z = nodes.node("Div", difference(nodes, completed, given.shift), given.scale)
    terms = [
        nodes.node("Mul", nodes.node("Gather", z, np.array([j]), axis=-1), given.coefficients[..., j])
        for j in given.used_columns
    ]
    return reduce(partial(nodes.node, "Add"), terms)


def difference(nodes: Nodes, value: str, shift: Array) -> str:
    """value - shift: in float32 a shift that has more digits is taken away in two parts, so that none are lost."""
    high = np.asarray(shift).astype(nodes.dtype).astype(np.float64)
    found = nodes.node("Sub", value, high)
    low = shift - high
    return nodes.node("Sub", found, low) if low.any() else found


def clipped(nodes: Nodes, z: str, limit: Array, slopes: Value | None) -> tuple[str, Value, str]:
    """z / h, h = sqrt(1 + u^2) with u = z / limit, and its slopes and curvatures by the column, whose own is `slopes`.

    h is s sqrt((1 / s)^2 + (u / s)^2), s the larger of 1 and |u|, so that no square overflows.
    """
    u = nodes.node("Div", z, limit)
    s = nodes.node("Max", nodes.node("Abs", u), ONE)
    one, rest = nodes.node("Div", ONE, s), nodes.node("Div", u, s)
    squares = nodes.node("Add", nodes.node("Mul", one, one), nodes.node("Mul", rest, rest))
    root = nodes.node("Sqrt", squares)
    inverse = nodes.node("Div", one, root)  # 1 / h
    squared = nodes.node("Mul", inverse, inverse)
    value = nodes.node("Mul", z, inverse)
    slope = nodes.node("Mul", squared, inverse)
    bend = nodes.node("Mul", nodes.node("Mul", slope, squared), nodes.node("Mul", u, -3 / limit))
    if slopes is None:
        return value, slope, bend
    return value, nodes.node("Mul", slope, slopes), nodes.node("Mul", bend, nodes.add("Mul", slopes, slopes))


def pieces(nodes: Nodes, given: Pieces, values: str) -> tuple[str, str]:
    """The shares of pieces of columns or projections, and their slopes, at an edge that of the piece below."""
    x = nodes.node("Gather", values, given.columns, axis=1 if given.projections is None else -1)
    share = nodes.node("Div", difference(nodes, x, given.begin), given.width)
    largest = np.finfo(nodes.dtype).max
    lowest, highest = np.maximum(given.lowest, -largest), np.minimum(given.highest, largest)
    kept = nodes.node("Max", nodes.node("Min", share, highest), lowest)
    zero = np.array(0.0)
    below_end = nodes.node("Where", nodes.node("LessOrEqual", share, highest), 1 / given.width, zero)
    return kept, nodes.node("Where", nodes.node("Greater", share, lowest), below_end, zero)
