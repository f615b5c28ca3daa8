"""Optimizers: how a gradient becomes a step (paper, eqs. 2.4.5-6 and section 2.5).

Shapes: parameters and gradient (P,); the state's moments (k, P), k = 0, 1 or 2 vectors an optimizer remembers.
A rule changes the parameters and its state in place and works in the parameters' dtype.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

import numpy as np

from fitnet.algorithm.schedules import Constant, Schedule
from fitnet.arguments import Array, instance_of, real_number, whole_number
from fitnet.errors import ArgumentValueError


@dataclass
class OptimizerState:
    """What an optimizer remembers between steps: the steps done and its moments (k, P)."""

    step: int
    moments: Array


class Optimizer(Protocol):
    """A first-order update rule with its configuration."""

    n_moments: ClassVar[int]

    @property
    def learning_rate(self) -> float:
        """The rate that the schedule's factor multiplies."""
        ...

    @property
    def schedule(self) -> Schedule:
        """The learning rate's factor as training goes on."""
        ...

    @property
    def max_epochs(self) -> int | None:
        """Train so many epochs; None: as many as training is given."""
        ...

    def update(self, parameters: Array, gradient: Array, state: OptimizerState, learning_rate: float) -> None:
        """Take one step, in place, on `parameters` and `state`."""
        ...


@dataclass(frozen=True)
class GradientDescent:
    """P <- P - rate * gradient (paper, eqs. 2.4.5-6)."""

    n_moments: ClassVar[int] = 0
    learning_rate: float = 1e-2
    schedule: Schedule = field(default_factory=Constant)
    max_epochs: int | None = None

    def __post_init__(self) -> None:
        settle(self)

    def update(self, parameters: Array, gradient: Array, state: OptimizerState, learning_rate: float) -> None:
        state.step += 1
        parameters -= learning_rate * gradient


@dataclass(frozen=True)
class Momentum:
    """v <- momentum * v + gradient; P <- P - rate * v (Polyak 1964)."""

    n_moments: ClassVar[int] = 1
    learning_rate: float = 1e-2
    momentum: float = 0.9
    schedule: Schedule = field(default_factory=Constant)
    max_epochs: int | None = None

    def __post_init__(self) -> None:
        settle(self, momentum=fraction("momentum", self.momentum))

    def update(self, parameters: Array, gradient: Array, state: OptimizerState, learning_rate: float) -> None:
        state.step += 1
        velocity = state.moments[0]
        velocity *= self.momentum
        velocity += gradient
        parameters -= learning_rate * velocity


@dataclass(frozen=True)
class Adam:
    """Adaptive moments (Kingma and Ba 2015; paper, eqs. 2.5.1-5 with the step of 2.5.3 corrected).

    Parameters
    ----------
    learning_rate
        About the size of a parameter's step; above 0, at most 1.
    beta1, beta2
        What the means of the gradient and of its square keep at every step; from 0 up to, not including, 1.
    epsilon
        Added to the root of the mean square; above 0.
    schedule
        The learning rate's factor as training goes on.
    max_epochs
        Train so many epochs; None: as many as training is given.
    weight_decay
        0 or more: decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2). Before every step each weight,
        never a bias, is multiplied by 1 - rate * weight_decay, with the step's scheduled rate. This is PyTorch's
        AdamW (order and factor), but for biases, which it decays too. Usual are 0.01 to 0.3 at rates of 1e-3 to 5e-3,
        for standardised inputs and targets. The objective does not contain it; a penalty `alpha` is applied besides.
        Times `learning_rate` it must be below 1.
    """

    n_moments: ClassVar[int] = 2
    learning_rate: float = 1e-3
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8
    schedule: Schedule = field(default_factory=Constant)
    max_epochs: int | None = None
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        settle(
            self,
            beta1=fraction("beta1", self.beta1),
            beta2=fraction("beta2", self.beta2),
            epsilon=real_number("epsilon", self.epsilon, 0, low_included=False),
            weight_decay=real_number("weight_decay", self.weight_decay, 0),
        )
        if self.learning_rate * self.weight_decay >= 1:
            raise ArgumentValueError(
                f"`weight_decay` is {self.weight_decay:g}; times the learning rate, {self.learning_rate:g}, it must be "
                "below 1, or a step would leave nothing of a weight.",
                "weight_decay",
            )

    def decay(self, weights: Iterable[Array], learning_rate: float) -> None:
        """Shrink `weights`, in place, before a step: `update` cannot tell them from biases."""
        if self.weight_decay > 0:
            for W in weights:
                W *= 1 - learning_rate * self.weight_decay

    def update(self, parameters: Array, gradient: Array, state: OptimizerState, learning_rate: float) -> None:
        state.step += 1
        m, v = state.moments
        m *= self.beta1
        m += (1 - self.beta1) * gradient  # eq. 2.5.1
        v *= self.beta2
        v += (1 - self.beta2) * (gradient * gradient)  # eq. 2.5.2
        m_hat = m / (1 - self.beta1**state.step)  # eq. 2.5.4
        v_hat = v / (1 - self.beta2**state.step)  # eq. 2.5.5
        parameters -= learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)  # eq. 2.5.3


def initial_state(optimizer: Optimizer, parameters: Array) -> OptimizerState:
    """The state before the first step: all moments zero, in the parameters' dtype."""
    return OptimizerState(0, np.zeros((optimizer.n_moments, parameters.size), parameters.dtype))


def settle(optimizer: Optimizer, **checked: float) -> None:
    """Check what every optimizer has, and keep it and the `checked` settings as plain floats, in place.

    Plain floats take part in float32 arithmetic without widening it; NumPy's own scalars would widen it.
    """
    checked["learning_rate"] = real_number("learning_rate", optimizer.learning_rate, 0, 1, low_included=False)
    for name, value in checked.items():
        object.__setattr__(optimizer, name, value)
    if optimizer.max_epochs is not None:
        object.__setattr__(optimizer, "max_epochs", whole_number("max_epochs", optimizer.max_epochs))
    instance_of("schedule", optimizer.schedule, ["factor"], "a schedule, such as Cosine()")


def fraction(name: str, value: float) -> float:
    """`value` as a float from 0 up to, not including, 1."""
    return real_number(name, value, 0, 1, high_included=False)


OPTIMIZERS: dict[str, type[GradientDescent] | type[Momentum] | type[Adam]] = {
    "adam": Adam,
    "momentum": Momentum,
    "gradient-descent": GradientDescent,
}
