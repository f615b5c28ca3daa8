"""Nodes: an ONNX graph in the making, of plain operators; numbers that are known are computed at once.

A value is the name of what a node gives, or an array of numbers that do not depend on a row. Those are kept in float64
for as long as they meet others, and rounded to the precision of the graph where a node takes them.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from fitnet.arguments import Array

Value = str | Array
KNOWN: dict[str, Callable[..., Array]] = {
    "Add": np.add,
    "Mul": np.multiply,
    "MatMul": np.matmul,
    "Transpose": lambda values, perm: np.transpose(values, perm),
    "Unsqueeze": lambda values, axes: np.expand_dims(values, tuple(axes.tolist())),
    "ReduceSum": lambda values, axes, keepdims: np.sum(values, tuple(axes.tolist()), keepdims=bool(keepdims)),
}  # of numbers alone


@dataclass(frozen=True)
class Node:
    """An operator: the names of what it takes and gives, and its attributes."""

    operator: str
    inputs: tuple[str, ...]
    output: str
    attributes: tuple[tuple[str, Any], ...]


class Nodes:
    """A graph in the making.

    Parameters
    ----------
    dtype
        float32 or float64, in which it computes.
    taken
        Names that its tensors must not have.
    """

    def __init__(self, dtype: np.dtype[Any], taken: Collection[str]) -> None:
        self.dtype = dtype
        self.nodes: list[Node] = []
        self.constants: dict[str, Array] = {}
        self._taken = set(taken)
        self._given: dict[Any, str] = {}  # by what was asked for: a node or a constant is made once

    def add(self, operator: str, *inputs: Value, **attributes: Any) -> Value:
        """What the operator makes of the inputs; a node that is there already is not made again."""
        if operator in KNOWN and not any(isinstance(each, str) for each in inputs):
            return KNOWN[operator](*inputs, **attributes)
        return self.node(operator, *inputs, **attributes)

    def node(self, operator: str, *inputs: Value, **attributes: Any) -> str:
        """As `add`, of what depends on a row."""
        names = tuple(each if isinstance(each, str) else self.constant(each) for each in inputs)
        key = (operator, names, tuple(sorted(attributes.items())))
        if key not in self._given:
            self._given[key] = self._new(operator.lower())
            self.nodes.append(Node(operator, names, self._given[key], key[2]))
        return self._given[key]

    def constant(self, values: Array) -> str:
        """The name of a constant; numbers with a point are rounded to the graph's precision."""
        kept = np.ascontiguousarray(values)
        if kept.dtype.kind == "f":
            with np.errstate(over="ignore", under="ignore"):
                kept = kept.astype(self.dtype)
        key = (kept.dtype.str, np.shape(values), sha256(kept.data).digest())
        if key not in self._given:
            self._given[key] = self._new("constant")
            self.constants[self._given[key]] = kept.reshape(np.shape(values))
        return self._given[key]

    def name_outputs(self, values: Mapping[str, str]) -> None:
        """Give values their names as outputs, and leave out the nodes that none is made of.

        What is no node's, or another output already, goes through a node.
        """
        made = {node.output for node in self.nodes}
        names: dict[str, str] = {}
        copies = []
        for name, value in values.items():
            if value in made and value not in names:
                names[value] = name
            else:
                copies.append(Node("Identity", (names.get(value, value),), name, ()))
        renamed = [
            Node(
                each.operator,
                tuple(names.get(i, i) for i in each.inputs),
                names.get(each.output, each.output),
                each.attributes,
            )
            for each in self.nodes
        ]
        self.nodes = needed([*renamed, *copies], values)

    def _new(self, kind: str) -> str:
        """A name that is free."""
        name = next(name for name in numbered(kind, len(self._given)) if name not in self._taken)
        self._taken.add(name)
        return name


def needed(nodes: Sequence[Node], outputs: Collection[str]) -> list[Node]:
    """Those that the outputs are made of; a node comes behind all that it takes."""
    wanted, kept = set(outputs), []
    for node in reversed(nodes):
        if node.output in wanted:
            wanted.update(node.inputs)
            kept.append(node)
    return kept[::-1]


def numbered(kind: str, first: int) -> Iterator[str]:
    """kind_first, and so on."""
    while True:
        yield f"{kind}_{first}"
        first += 1
