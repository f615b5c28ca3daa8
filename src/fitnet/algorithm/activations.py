"""Activations: what a layer does to each pre-activation, and how fast that changes (paper, section 2.2).

Shapes: z, a and the derivatives are (n, outputs of the layer); everything works entry by entry.
The derivatives take the activation a = value(z) as well, because they are often cheaper from there.
"""

import math
from typing import ClassVar, Protocol

import numpy as np

from fitnet.arguments import Array

LEAK = 0.01  # the slope of a leaky ReLU below 0
DENSITY_IS_ZERO = 40.0  # beyond, exp(-z^2 / 2) is 0 in float64 too


class Activation(Protocol):
    """What a layer applies to its pre-activations; `smooth` where its slope has no jump."""

    smooth: ClassVar[bool]

    def value(self, z: Array) -> Array:
        """The activation a, entry by entry."""
        ...

    def derivative(self, z: Array, a: Array) -> Array:
        """da/dz, entry by entry, where a = value(z)."""
        ...

    def second_derivative(self, z: Array, a: Array) -> Array:
        """d2a/dz2, entry by entry, where a = value(z); 0 where the slope jumps."""
        ...


class Identity:
    """a = z: the last layer of a regression network."""

    smooth: ClassVar[bool] = True

    def value(self, z: Array) -> Array:
        return z

    def derivative(self, z: Array, a: Array) -> Array:
        return np.ones_like(z)

    def second_derivative(self, z: Array, a: Array) -> Array:
        return np.zeros_like(z)


class Relu:
    """a = max(0, z) (paper, eq. 2.2); the derivative at 0 is taken as 0 (eqs. 2.4.3-4)."""

    smooth: ClassVar[bool] = False

    def value(self, z: Array) -> Array:
        return np.maximum(z, 0)

    def derivative(self, z: Array, a: Array) -> Array:
        return (z > 0).astype(z.dtype)

    def second_derivative(self, z: Array, a: Array) -> Array:
        return np.zeros_like(z)


class Tanh:
    """a = tanh(z)."""

    smooth: ClassVar[bool] = True

    def value(self, z: Array) -> Array:
        return np.tanh(z)

    def derivative(self, z: Array, a: Array) -> Array:
        return 1 - a * a

    def second_derivative(self, z: Array, a: Array) -> Array:
        curvature: Array = -2 * a * (1 - a * a)
        return curvature


class Logistic:
    """a = 1 / (1 + exp(-z)), computed from exp(-|z|), which cannot overflow."""

    smooth: ClassVar[bool] = True

    def value(self, z: Array) -> Array:
        e = np.exp(-np.abs(z))
        a: Array = np.where(z < 0, e, 1) / (1 + e)
        return a

    def derivative(self, z: Array, a: Array) -> Array:
        slope: Array = a * (1 - a)
        return slope

    def second_derivative(self, z: Array, a: Array) -> Array:
        curvature: Array = a * (1 - a) * (1 - 2 * a)
        return curvature


class Silu:
    """a = z s(z), s(z) = 1 / (1 + exp(-z)) (Elfwing, Uchibe and Doya 2018; also called swish)."""

    smooth: ClassVar[bool] = True

    def value(self, z: Array) -> Array:
        return z * Logistic().value(z)

    def derivative(self, z: Array, a: Array) -> Array:
        """s(z) + z s(z) (1 - s(z))."""
        s = Logistic().value(z)
        slope: Array = s + a * (1 - s)
        return slope

    def second_derivative(self, z: Array, a: Array) -> Array:
        """s'(z) (2 + z (1 - 2 s(z))), s' = s (1 - s)."""
        s = Logistic().value(z)
        curvature: Array = s * (1 - s) * (2 + z * (1 - 2 * s))
        return curvature


class Gelu:
    """a = z Phi(z), Phi the standard normal's distribution function (Hendrycks and Gimpel 2016); exact, no tanh fit."""

    smooth: ClassVar[bool] = True

    def value(self, z: Array) -> Array:
        return z * normal_distribution(z)

    def derivative(self, z: Array, a: Array) -> Array:
        """Phi(z) + z phi(z), phi(z) = exp(-z^2 / 2) / sqrt(2 pi)."""
        size = np.minimum(np.abs(z), DENSITY_IS_ZERO)  # the square of a huge z would overflow
        slope: Array = normal_distribution(z) + z * normal_density(size)
        return slope

    def second_derivative(self, z: Array, a: Array) -> Array:
        """phi(z) (2 - z^2)."""
        size = np.minimum(np.abs(z), DENSITY_IS_ZERO)
        curvature: Array = normal_density(size) * (2 - size * size)
        return curvature


class Softplus:
    """a = log(1 + exp(z)) = max(0, z) + log(1 + exp(-|z|)) (Dugas et al. 2001); the second form cannot overflow."""

    smooth: ClassVar[bool] = True

    def value(self, z: Array) -> Array:
        return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))

    def derivative(self, z: Array, a: Array) -> Array:
        """1 / (1 + exp(-z))."""
        return Logistic().value(z)

    def second_derivative(self, z: Array, a: Array) -> Array:
        """s(z) (1 - s(z)), s(z) = 1 / (1 + exp(-z))."""
        s = Logistic().value(z)
        curvature: Array = s * (1 - s)
        return curvature


class LeakyRelu:
    """a = z for z > 0, 0.01 z otherwise (Maas, Hannun and Ng 2013); the derivative at 0 is taken as 0.01."""

    smooth: ClassVar[bool] = False

    def value(self, z: Array) -> Array:
        return np.where(z > 0, z, LEAK * z)

    def derivative(self, z: Array, a: Array) -> Array:
        return np.where(z > 0, 1, LEAK).astype(z.dtype)

    def second_derivative(self, z: Array, a: Array) -> Array:
        return np.zeros_like(z)


class Exponential:
    """a = exp(z): the log link, for outputs that are rates or counts; infinite where exp(z) overflows."""

    smooth: ClassVar[bool] = True

    def value(self, z: Array) -> Array:
        with np.errstate(over="ignore"):  # the loss shows it
            return np.exp(z)

    def derivative(self, z: Array, a: Array) -> Array:
        return a

    def second_derivative(self, z: Array, a: Array) -> Array:
        return a


def normal_distribution(z: Array) -> Array:
    """Phi(z) = erfc(-z / sqrt(2)) / 2, entry by entry: the probability that a standard normal number is below z."""
    from scipy.special import ndtr  # here, so that importing fitnet loads NumPy only

    probability: Array = ndtr(z)
    return probability


def normal_density(z: Array) -> Array:
    """phi(z) = exp(-z^2 / 2) / sqrt(2 pi), entry by entry."""
    density: Array = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    return density


ACTIVATIONS: dict[str, Activation] = {
    "identity": Identity(),
    "relu": Relu(),
    "tanh": Tanh(),
    "logistic": Logistic(),
    "silu": Silu(),
    "gelu": Gelu(),
    "softplus": Softplus(),
    "leaky_relu": LeakyRelu(),
    "exponential": Exponential(),
}
