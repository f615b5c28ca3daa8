"""Derivatives of networks as plain ONNX operators: a Jacobian, forwards or backwards, whichever is less, and a Hessian.

Shapes: n rows, m outputs, q given columns of numbers, layers of h numbers; with an axis M before all others where
members are stacked. dz/dx of a layer is (q, n, h), dy/dz (m, n, h), so that products are of matrices with n rows; where
they are the same for all rows they are arrays, with 1 in the place of n.
"""

from dataclasses import dataclass
from functools import partial, reduce

import numpy as np

from fitnet.arguments import Array
from fitnet.export.onnx_functions import FUNCTIONS
from fitnet.export.onnx_network import Part, Walked
from fitnet.export.onnx_nodes import Nodes, Value


@dataclass(frozen=True, eq=False)
class Chain:
    """The chain rule along a stack's layers.

    Attributes
    ----------
    nodes
        The graph.
    walked
        What the stack makes of rows.
    selection
        (p, q): 1 where a completed column is a given column of numbers.
    """

    nodes: Nodes
    walked: Walked
    selection: Array

    @property
    def stacked(self) -> bool:
        """Whether there is an axis of members."""
        return self.walked.member.stacked

    def lifted(self, weights: Array) -> Array:
        """A matrix a member with an axis for columns or outputs: (M, 1, k, h)."""
        return weights[:, np.newaxis] if self.stacked else weights

    def rows_first(self, value: Value) -> Value:
        """(n, m, q) from (m, n, q)."""
        if isinstance(value, str):
            return self.nodes.node("Transpose", value, perm=(0, 2, 1, 3) if self.stacked else (1, 0, 2))
        return np.swapaxes(value, -3, -2)

    def rows_first_columns_last(self, value: Value) -> Value:
        """(n, m, q) from (q, n, m)."""
        if isinstance(value, str):
            return self.nodes.node("Transpose", value, perm=(0, 2, 3, 1) if self.stacked else (1, 2, 0))
        return np.moveaxis(value, -3, -1)

    def beside(self, value: Value, axis: int) -> Value:
        """With another axis, counted from behind."""
        return self.nodes.add("Unsqueeze", value, np.array([axis]))

    def by_row(self, factor: Value | None, value: Value) -> Value:
        """`value` (., n, f) times `factor` (n, f), or (f,), or (M, 1, f)."""
        if factor is None:
            return value
        same = not isinstance(factor, str) and np.ndim(factor) < 2
        return self.nodes.add("Mul", value, self.beside(factor, -3) if self.stacked and not same else factor)

    def slope(self, place: int) -> Value | None:
        """da/dz (n, h) of a layer; None where it is 1."""
        name = self.walked.member.layers[place].activation
        if name is None:
            return None
        return FUNCTIONS[name].derivative(self.nodes, self.walked.before[place], self.walked.after[place])

    def curvature(self, place: int) -> Value | None:
        """d2a/dz2 (n, h) of a layer; None where it is 0."""
        name = self.walked.member.layers[place].activation
        second = None if name is None else FUNCTIONS[name].second
        return None if second is None else second(self.nodes, self.walked.before[place], self.walked.after[place])

    def of(self, part: Part) -> Array:
        """(f, q), or (M, 1, f, q): derivatives by given columns of numbers of what each feature is made of."""
        made_of = self.selection if part.projections is None else part.projections.slopes @ self.selection
        return made_of[..., part.columns, :]

    def tangents(self) -> list[Value]:
        """dz/dx (q, n, h) of every layer."""
        found: list[Value] = []
        for part in self.walked.parts:
            own = self.of(part)
            own = np.moveaxis(own if own.ndim > 2 else own[np.newaxis], -1, -3)  # (q, 1, f), or (M, q, 1, f)
            by_feature = self.by_row(part.slopes, own)
            found.append(self.nodes.add("MatMul", by_feature, self.lifted(part.weights)))
        layers = [reduce(partial(self.nodes.add, "Add"), found)]
        for place, layer in enumerate(self.walked.member.layers[1:]):
            after = self.by_row(self.slope(place), layers[-1])
            layers.append(self.nodes.add("MatMul", after, self.lifted(layer.weights)))
        return layers

    def adjoints(self) -> list[Value]:
        """Of every layer dy/da (m, n, h)."""
        layers = self.walked.member.layers
        found: list[Value] = [np.eye(layers[-1].weights.shape[-1])[:, np.newaxis]]
        for place in range(len(layers) - 1, 0, -1):
            by_z = self.by_row(self.slope(place), found[-1])
            found.append(self.nodes.add("MatMul", by_z, np.swapaxes(self.lifted(layers[place].weights), -1, -2)))
        return found[::-1]

    def jacobian_forwards(self) -> Value:
        """dy/dx (n, m, q)."""
        last = len(self.walked.member.layers) - 1
        return self.rows_first_columns_last(self.by_row(self.slope(last), self.tangents()[-1]))

    def jacobian_backwards(self) -> Value:
        """The same."""
        by_z = self.by_row(self.slope(0), self.adjoints()[0])
        found = [self.through(part, by_z, part.slopes) for part in self.walked.parts]
        return self.rows_first(reduce(partial(self.nodes.add, "Add"), found))

    def through(self, part: Part, by_z: Value, factor: Value | None) -> Value:
        """(m, n, q) by columns from (m, n, h) by the first layer; `factor` is by what its features count."""
        weights = np.swapaxes(self.lifted(part.weights), -1, -2)
        if factor is None or (not isinstance(factor, str) and np.ndim(factor) < 2):
            known = weights if factor is None else weights * factor
            return self.nodes.add("MatMul", by_z, known @ self.of(part))
        by_feature = self.by_row(factor, self.nodes.add("MatMul", by_z, weights))
        return self.nodes.add("MatMul", by_feature, self.of(part))

    def jacobian(self) -> Value:
        """(n, m, q) by the shorter way: forwards q, backwards m times as long as a prediction."""
        m, q = self.walked.member.layers[-1].weights.shape[-1], self.selection.shape[1]
        return self.jacobian_forwards() if q < m else self.jacobian_backwards()

    def hessian(self) -> Value | None:
        """d2y/dx2 (n, m, q, q), or None where it is 0.

        Of every layer that bends dy/da d2a/dz2 dz/dx dz/dx^T, summed over its numbers.
        """
        tangents, adjoints = self.tangents(), self.adjoints()
        terms = []
        for place, (by_x, by_a) in enumerate(zip(tangents, adjoints, strict=True)):
            bent = self.curvature(place)
            if bent is not None:
                weighted = self.beside(self.rows_first(self.by_row(bent, by_a)), -2)  # (n, m, 1, h)
                left = self.nodes.add("Mul", weighted, self.beside(self.rows_first(by_x), -3))
                right = self.beside(self.rows_first_columns_last(by_x), -3)  # (n, 1, h, q)
                terms.append(self.nodes.add("MatMul", left, right))
        by_z = self.by_row(self.slope(0), adjoints[0])
        for part in self.walked.parts:
            if part.curvatures is not None:
                own = self.beside(self.rows_first(self.through(part, by_z, part.curvatures)), -1)
                terms.append(self.nodes.add("Mul", own, np.eye(self.selection.shape[1])))
        total = terms[0] if terms else None
        for term in terms[1:]:
            assert total is not None
            total = self.nodes.add("Add", total, term)
        return total
