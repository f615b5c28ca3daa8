"""The objective: what training lowers, on given rows, as a function of the parameters alone.

Shapes: parameters and gradient (P,), X (n, p), Y (n, m), weights (n,) or None.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.penalty import penalty
from fitnet.arguments import Array
from fitnet.engine.slots import normal_slots, whole
from fitnet.rows import Inputs, PiecewiseRows, Rows, features_of, is_spread

if TYPE_CHECKING:
    from fitnet.engine.contract import Engine
    from fitnet.engine.training_contract import Validation


@dataclass(frozen=True, eq=False)
class Objective:
    """The loss over all rows plus `l2` times the sum of the squares of all weights.

    It is built once, and passed along. Rows that stay in a file are for a `Trainer` alone, which takes them in chunks;
    all else needs them in memory, this process's or that of several ranks, whose engine takes such rows as they are.
    The user's weights are `weights` times `weight_unit`. The steps of a `Trainer`'s `run` drop hidden units with the
    probability `dropout`, as algorithm/dropout.py says; all else sees the whole network.
    """

    engine: "Engine"
    network: Network
    loss: Loss
    X: Inputs
    Y: Rows
    weights: Array | None
    l2: float
    weight_unit: float = 1.0
    dropout: float = 0.0

    @cached_property
    def rows(self) -> tuple[Any, Any]:
        """X and Y, which are in memory; of piecewise rows the features."""
        if is_spread(self.X):
            return self.X, self.Y
        X = features_of(self.X)
        assert isinstance(X, np.ndarray) and isinstance(self.Y, np.ndarray)
        return X, self.Y

    @cached_property
    def of_classes(self) -> bool:
        """Whether the loss is the cross-entropy."""
        return type(self.loss) is CrossEntropy

    @cached_property
    def total_weight(self) -> float:
        """What the loss is to be multiplied with for `misfit`: m times the sum of the rows' weights, or twice it."""
        rows = float(self.X.shape[0]) if self.weights is None else float(self.weights.sum())
        return rows * (2 if self.of_classes else self.network.n_outputs)

    @cached_property
    def known_variance(self) -> float | None:
        """The noise's variance for weight 1, where it needs no estimate: classes have that of their probabilities.

        A row of average weight counts as one that was seen once.
        """
        if not self.of_classes:
            return None
        return 1.0 if self.weights is None else float(self.weights[self.weights > 0].mean())

    @cached_property
    def n_targets(self) -> int:
        """How many numbers are to be fitted: m a row that weighs something."""
        rows = self.X.shape[0] if self.weights is None else int(np.count_nonzero(self.weights))
        return rows * self.network.n_outputs

    @cached_property
    def is_weight(self) -> Array:
        """(P,): 1 for weights, which a penalty holds small, 0 for biases, which are free."""
        marks = np.zeros(self.network.n_parameters)
        for W in self.network.weights(marks):
            W[:] = 1
        return marks

    @cached_property
    def groups(self) -> Array:
        """(P,) int: the weights of one input are a group, and those of one later layer, from 1 on; biases are in 0."""
        numbers = np.zeros(self.network.n_parameters, int)
        first, *later = self.network.weights(numbers)
        first[:] = np.arange(1, len(first) + 1)[:, np.newaxis]
        for number, W in enumerate(later, len(first) + 1):
            W[:] = number
        return numbers

    def value(self, parameters: Array) -> float:
        """The objective at `parameters`; not finite where a prediction is not."""
        value = self.loss_on(parameters, *self.rows, self.weights)
        with np.errstate(over="ignore"):
            return value + (penalty(self.network, parameters, self.l2) if self.l2 > 0 else 0.0)

    def loss_on(self, parameters: Array, X: Array | PiecewiseRows, Y: Array, weights: Array | None = None) -> float:
        """The loss alone, on any rows."""
        rows: Any = X if is_spread(X) else features_of(X)
        return self.engine.loss(self.network, self.loss, parameters, rows, Y, weights)

    def misfit(self, parameters: Array) -> float:
        """The sum of squares r^T W r, or of the cross-entropy twice its weighted sum; not finite where z is not."""
        X, Y = self.rows
        if self.of_classes:
            return self.loss_on(parameters, X, Y, self.weights) * self.total_weight
        with np.errstate(over="ignore", invalid="ignore"):
            if not isinstance(X, np.ndarray):
                return self.engine.sum_of_squares(self.network, parameters, X, Y)
            found = 0.0
            for rows in self._slots:
                found += self.engine.sum_of_squares(self.network, parameters, X[rows], Y[rows], self._weights(rows))
            return found

    def value_and_gradient(self, parameters: Array) -> tuple[float, Array]:
        """The objective and its gradient; not finite where a prediction is not."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.engine.loss_and_gradient(
                self.network, self.loss, parameters, *self.rows, self.weights, l2=self.l2
            )

    def normal_equations(self, parameters: Array) -> tuple[Array, Array, float]:
        """Half the Gauss-Newton matrix (P, P) and half the gradient (P,) of the misfit, and itself; no penalty.

        Of squares they are J^T W J, J^T W r and r^T W r, of the cross-entropy J^T W H J with its Hessian H in z.
        """
        if not self.of_classes:
            return self._least_squares(parameters)
        value, gradient = self.engine.loss_and_gradient(self.network, self.loss, parameters, *self.rows, self.weights)
        return self._class_curvature(parameters), gradient * (self.total_weight / 2), value * self.total_weight

    def _least_squares(self, parameters: Array) -> tuple[Array, Array, float]:
        X, Y = self.rows
        if not isinstance(X, np.ndarray):
            return self.engine.normal_equations(self.network, parameters, X, Y)
        first, *others = self._slots
        JtJ, Jtr, squares = self.engine.normal_equations(
            self.network, parameters, X[first], Y[first], self._weights(first)
        )
        for rows in others:
            of_slot = self.engine.normal_equations(self.network, parameters, X[rows], Y[rows], self._weights(rows))
            JtJ += of_slot[0]
            Jtr += of_slot[1]
            squares += of_slot[2]
        return JtJ, Jtr, squares

    def acceleration(self, parameters: Array, step: Array) -> Array:
        """J^T W y'' (P,), y'' the second derivative of the outputs along the step; not finite where they are not."""
        X = self.rows[0]
        if not isinstance(X, np.ndarray):
            return self.engine.acceleration(self.network, parameters, step, X)
        first, *others = self._slots
        found = self.engine.acceleration(self.network, parameters, step, X[first], self._weights(first))
        for rows in others:
            found += self.engine.acceleration(self.network, parameters, step, X[rows], self._weights(rows))
        return found

    def _class_curvature(self, parameters: Array) -> Array:
        X = self.rows[0]
        if not isinstance(X, np.ndarray):
            return self.engine.class_curvature(self.network, parameters, X)
        first, *others = self._slots
        matrix = self.engine.class_curvature(self.network, parameters, X[first], self._weights(first))
        for rows in others:
            matrix += self.engine.class_curvature(self.network, parameters, X[rows], self._weights(rows))
        return matrix

    @cached_property
    def _slots(self) -> list[slice]:
        """The rows of normal equations that are summed one after another, and then in order."""
        n = self.X.shape[0]
        return list(whole(n, normal_slots(self.network, n)).rows())

    def _weights(self, rows: slice) -> Array | None:
        return None if self.weights is None else self.weights[rows]


def of_features(objective: Objective, validation: "Validation | None") -> tuple[Objective, "Validation | None"]:
    """The same on the features of piecewise rows, which then are plain arrays."""
    if validation is not None:
        validation = features_of(validation[0]), *validation[1:]
    return replace(objective, X=features_of(objective.X)), validation
