"""Activations: what a layer does to each pre-activation, and how fast that changes (paper, section 2.2).

Shapes: z, a and the derivative are (n, outputs of the layer); everything works entry by entry.
The derivative takes the activation a = value(z) as well, because it is often cheaper from there.
"""

from typing import Protocol

import numpy as np

from fitnet.arguments import Array


class Activation(Protocol):
    """What a layer applies to its pre-activations."""

    def value(self, z: Array) -> Array:
        """The activation a, entry by entry."""
        ...

    def derivative(self, z: Array, a: Array) -> Array:
        """da/dz, entry by entry, where a = value(z)."""
        ...


class Identity:
    """a = z: the last layer of a regression network."""

    def value(self, z: Array) -> Array:
        return z

    def derivative(self, z: Array, a: Array) -> Array:
        return np.ones_like(z)


class Relu:
    """a = max(0, z) (paper, eq. 2.2); the derivative at 0 is taken as 0 (eqs. 2.4.3-4)."""

    def value(self, z: Array) -> Array:
        return np.maximum(z, 0)

    def derivative(self, z: Array, a: Array) -> Array:
        return (z > 0).astype(z.dtype)


class Tanh:
    """a = tanh(z)."""

    def value(self, z: Array) -> Array:
        return np.tanh(z)

    def derivative(self, z: Array, a: Array) -> Array:
        return 1 - a * a


class Logistic:
    """a = 1 / (1 + exp(-z)), computed as (1 + tanh(z/2)) / 2 so that it cannot overflow."""

    def value(self, z: Array) -> Array:
        return 0.5 + 0.5 * np.tanh(0.5 * z)

    def derivative(self, z: Array, a: Array) -> Array:
        slope: Array = a * (1 - a)
        return slope


ACTIVATIONS: dict[str, Activation] = {
    "identity": Identity(),
    "relu": Relu(),
    "tanh": Tanh(),
    "logistic": Logistic(),
}
