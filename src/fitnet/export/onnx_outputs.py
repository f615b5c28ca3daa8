"""Outputs of a graph: the weighted means of what members give, their derivatives, and intervals.

Shapes: n rows, m outputs, g given columns, q of numbers, M members.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fitnet.arguments import Array
from fitnet.export import onnx_classes as classes
from fitnet.export.onnx_derivatives import Chain
from fitnet.export.onnx_network import Walked
from fitnet.export.onnx_nodes import Nodes, Value
from fitnet.export.onnx_rows import Rows
from fitnet.export.subject import ConformalInterval, Subject

ONE, ZERO = np.array(1.0), np.array(0.0)


@dataclass(frozen=True, eq=False)
class Answers:
    """What a graph gives of rows.

    Attributes
    ----------
    nodes, subject, rows
        The graph, the model, and the rows.
    stacks
        What every stack of members makes of them.
    """

    nodes: Nodes
    subject: Subject
    rows: Rows
    stacks: Sequence[Walked]

    @cached_property
    def outputs(self) -> list[Value]:
        """Of every stack (n, m), where it is one member, else (M, n, m)."""
        if self.subject.classes:
            return [self.probabilities(each) for each in self.stacks]
        return [above_bounds(self.nodes, each.output, each.member.bounds) for each in self.stacks]

    def probabilities(self, walked: Walked) -> str:
        """Of a stack (n, m), from its logits."""
        return classes.probabilities(self.nodes, walked.output, len(self.subject.classes), walked.member.n_outputs)

    def of_all_classes(self, walked: Walked, derivative: Value, order: int) -> Value:
        """Derivatives of all classes' logits, or of what else a stack gives."""
        K = len(self.subject.classes)
        return classes.of_all(self.nodes, derivative, K, walked.member.n_outputs, order) if K else derivative

    @cached_property
    def prediction(self) -> str:
        """y (n, m); NaN where a word has no level."""
        return self.refusing(self.mean(self.outputs, 2))

    def refusing(self, value: Value) -> str:
        """The same (n, m), but NaN where a word has no level."""
        assert isinstance(value, str)
        return value if self.rows.refused is None else self.nodes.node("Add", value, self.rows.refused)

    def mean(self, values: Sequence[Value], axes: int) -> Value:
        """The weighted mean of what all members give, with so many axes where there are no members."""
        total: Value | None = None
        for each, value in zip(self.stacks, values, strict=True):
            weights = np.array(each.member.weights)
            if each.member.stacked:
                weighted = self.nodes.add("Mul", value, weights.reshape(-1, *[1] * axes))
                value = self.nodes.add("ReduceSum", weighted, np.array([0]), keepdims=0)
            elif weights != 1:
                value = self.nodes.add("Mul", value, weights)
            total = value if total is None else self.nodes.add("Add", total, value)
        assert total is not None
        return total

    def chains(self) -> list[Chain]:
        """Of every stack its chain rule, with respect to given columns of numbers."""
        numbers = np.array(self.subject.numbers)
        selection = (self.rows.columns[:, np.newaxis] == numbers).astype(float)
        return [Chain(self.nodes, each, selection) for each in self.stacks]

    def jacobian(self) -> str:
        """(n, m, q)."""
        found = []
        for each, chain in zip(self.stacks, self.chains(), strict=True):
            own = self.of_all_classes(each, self.unscaled(each, chain.jacobian(), 1), 1)
            if self.subject.classes:
                own = classes.jacobian(self.nodes, self.probabilities(each), own)
            if each.member.bounds is not None:
                slopes = self.nodes.node("Unsqueeze", self.slopes(each), np.array([-1]))
                own = self.nodes.add("Mul", own, slopes)
            found.append(own)
        total = self.nodes.node("Add", self.mean(found, 3), self.undefined(3))
        if self.rows.present is None:
            return total
        return self.nodes.node("Where", self.numbers_present([1]), total, ZERO)

    def hessian(self) -> str:
        """(n, m, q, q)."""
        q = len(self.subject.numbers)
        found = []
        for each, chain in zip(self.stacks, self.chains(), strict=True):
            second = chain.hessian()
            bent = np.zeros((1, each.member.n_outputs, q, q)) if second is None else self.unscaled(each, second, 2)
            if self.subject.classes:
                bent = self.bent_by_softmax(each, chain, bent)
            found.append(bent if each.member.bounds is None else self.bent_by_bounds(each, chain, bent))
        total = self.nodes.node("Add", self.mean(found, 4), self.undefined(4))
        if self.rows.present is None:
            return total
        total = self.nodes.node("Where", self.numbers_present([1, 3]), total, ZERO)
        return self.nodes.node("Where", self.numbers_present([1, 2]), total, ZERO)

    def bent_by_softmax(self, walked: Walked, chain: Chain, second: Value) -> str:
        """The second derivatives of probabilities from those of logits."""
        slopes = self.of_all_classes(walked, chain.jacobian(), 1)
        return classes.hessian(self.nodes, self.probabilities(walked), slopes, self.of_all_classes(walked, second, 2))

    def bent_by_bounds(self, walked: Walked, chain: Chain, second: Value) -> Value:
        """exp(t) (d2t/dx2 + dt/dx dt/dx^T) of outputs with a bound."""
        bounds = walked.member.bounds
        assert bounds is not None
        first = self.unscaled(walked, chain.jacobian(), 1)
        products = self.nodes.add("Mul", chain.beside(first, -1), chain.beside(first, -2))
        logs = np.isfinite(bounds).astype(float)[:, np.newaxis, np.newaxis]
        total = self.nodes.add("Add", second, self.nodes.add("Mul", products, logs))
        slopes = self.nodes.node("Unsqueeze", self.slopes(walked), np.array([-1, -2]))
        return self.nodes.add("Mul", total, slopes)

    def unscaled(self, walked: Walked, derivative: Value, order: int) -> Value:
        """Derivatives of what is scaled back after the last layer, with so many axes behind m."""
        if walked.member.unscale is None:
            return derivative
        scale = walked.member.unscale[0]
        return self.nodes.add("Mul", derivative, scale.reshape(*scale.shape, *[1] * order))

    def slopes(self, walked: Walked) -> str:
        """dy/dt (n, m) where there are bounds."""
        bounds = walked.member.bounds
        assert bounds is not None
        largest = np.array(np.finfo(self.nodes.dtype).max)
        found = self.nodes.node("Min", powers(self.nodes, walked.output, bounds), largest)
        return found if np.isfinite(bounds).all() else self.nodes.node("Where", np.isfinite(bounds), found, ONE)

    def undefined(self, axes: int) -> str:
        """0, but NaN of rows with a word of no level, a NaN that is no gap, or infinity; with so many axes.

        A slope such as relu's is a number even there.
        """
        width = len(self.rows.columns)
        found = self.nodes.node("MatMul", self.rows.completed, np.zeros((width, 1)))
        if self.rows.refused is not None:
            found = self.nodes.node("Add", found, self.rows.refused)
        return self.nodes.node("Unsqueeze", found, np.arange(2, axes))

    def numbers_present(self, axes: Sequence[int]) -> str:
        """Where columns of numbers have no gap: (n, q) with further axes."""
        assert self.rows.present is not None
        numbers = np.array(self.subject.numbers)
        own = self.nodes.node("Gather", self.rows.present, numbers, axis=1)
        return self.nodes.node("Unsqueeze", own, np.array(axes))

    def interval(self, interval: ConformalInterval) -> tuple[str, str]:
        """lower, upper (n, m)."""
        units = self.units(interval) if interval.normalised else None
        ends = []
        for multiples in (interval.lower, interval.upper):
            apart = multiples if units is None else self.nodes.node("Mul", units, multiples)
            ends.append(self.nodes.node("Add", self.prediction, apart))
        return ends[0], ends[1]

    def units(self, interval: ConformalInterval) -> str:
        """(n, m): 1 where the floor is infinite, else sqrt(spread^2 + floor^2)."""
        known = np.isfinite(interval.floors)
        spread = self.spread(interval)
        floors = np.where(known, interval.floors, 1.0)
        squares = self.nodes.node("Add", self.nodes.node("Mul", spread, spread), floors * floors)
        root = self.nodes.node("Sqrt", squares)
        return root if known.all() else self.nodes.node("Where", known, root, ONE)

    def spread(self, interval: ConformalInterval) -> str:
        """(n, m): the mean over groups of weighted standard deviations around the groups' weighted means."""
        places = [place for group, _ in interval.groups for place in group]
        owner = np.repeat(np.arange(len(interval.groups)), [len(group) for group, _ in interval.groups])
        belongs = (owner[:, np.newaxis] == np.arange(len(interval.groups))).astype(float)  # (members, groups)
        weights = belongs * np.concatenate([own for _, own in interval.groups])[:, np.newaxis]
        members = self.nodes.node("Gather", self.by_member(), self.order(places), axis=2)
        means = self.nodes.node("MatMul", members, weights)
        apart = self.nodes.node("Sub", members, self.nodes.node("MatMul", means, belongs.T))
        variances = self.nodes.node("MatMul", self.nodes.node("Mul", apart, apart), weights)
        shares = np.full(len(interval.groups), 1 / len(interval.groups))
        deviations = self.nodes.node("Mul", self.nodes.node("Sqrt", variances), shares)
        return self.nodes.node("ReduceSum", deviations, np.array([2]), keepdims=0)

    def by_member(self) -> str:
        """(n, m, M): members in the order of stacks."""
        found = []
        for each, values in zip(self.stacks, self.outputs, strict=True):
            if each.member.stacked:
                found.append(self.nodes.node("Transpose", values, perm=(1, 2, 0)))
            else:
                found.append(self.nodes.node("Unsqueeze", values, np.array([2])))
        return found[0] if len(found) == 1 else self.nodes.node("Concat", *found, axis=2)

    def order(self, places: Sequence[int]) -> Array:
        """Where in `by_member` the members are."""
        order = [place for each in self.stacks for place in each.member.places]
        return np.array([order.index(place) for place in places])


def powers(nodes: Nodes, t: str, bounds: Array) -> str:
    """exp(t), of outputs without a bound exp(0)."""
    logs = np.isfinite(bounds)
    return nodes.node("Exp", t if logs.all() else nodes.node("Where", logs, t, ZERO))


def above_bounds(nodes: Nodes, t: str, bounds: Array | None) -> Value:
    """y = bound + exp(t), finite and above the bound; as it is where there is none."""
    if bounds is None:
        return t
    logs = np.isfinite(bounds)
    low = np.where(logs, bounds, 0.0)
    single = low.astype(nodes.dtype)
    least = np.where(single > low, single, np.nextafter(single, nodes.dtype.type(np.inf)))
    raised = nodes.node("Add", powers(nodes, t, bounds), low)
    kept = nodes.node("Min", nodes.node("Max", raised, least), np.array(np.finfo(nodes.dtype).max))
    return kept if logs.all() else nodes.node("Where", logs, kept, t)
