"""Activations as plain ONNX operators, with their first and second derivatives, entry by entry.

What onnxruntime computes in both precisions, and the readers of `docs/how-to/export.md` know: no Erf in double, no
Softplus.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fitnet.algorithm.activations import DENSITY_IS_ZERO, LEAK
from fitnet.arguments import Array
from fitnet.export.onnx_nodes import Nodes

ONE, TWO, ZERO = np.array(1.0), np.array(2.0), np.array(0.0)
# The standard normal's distribution function at -x, 0 <= x <= 40, is exp(-x^2 / 2) ABOVE(x) / BELOW(x): a rational
# function by iterated least squares in 40 digits, within 6e-17 of itself. All coefficients are positive: none cancel.
ABOVE = np.array(
    [
        0.5,
        0.7751747845991505,
        0.5944809441308306,
        0.28964231393101675,
        0.09783797237338444,
        0.023664650549959365,
        0.004098251263988431,
        0.0004917045659889357,
        3.737046744874128e-05,
        1.3908444427556908e-06,
    ]
)
BELOW = np.array(
    [
        1.0,
        2.348234130001156,
        2.562581645740256,
        1.7157734140579777,
        0.7829141579755543,
        0.2553288611604998,
        0.060544030500500515,
        0.01036646635434794,
        0.0012360068980709566,
        9.367387034114914e-05,
        3.4863300058346018e-06,
    ]
)

Derivative = Callable[[Nodes, str, str], str]  # of z and a = value(z)


@dataclass(frozen=True)
class Function:
    """An activation; `second` is None where it is 0 everywhere."""

    value: Callable[[Nodes, str], str]
    derivative: Derivative
    second: Derivative | None


def above_zero(nodes: Nodes, z: str) -> str:
    """Where z > 0."""
    return nodes.node("Greater", z, ZERO)


def relu_slope(nodes: Nodes, z: str, a: str) -> str:
    """1 above 0, else 0."""
    return nodes.node("Where", above_zero(nodes, z), ONE, ZERO)


def leaky_relu(nodes: Nodes, z: str) -> str:
    """The larger of z and 0.01 z."""
    return nodes.node("Max", z, nodes.node("Mul", z, np.array(LEAK)))


def leaky_slope(nodes: Nodes, z: str, a: str) -> str:
    """1 above 0, else 0.01."""
    return nodes.node("Where", above_zero(nodes, z), ONE, np.array(LEAK))


def tanh_slope(nodes: Nodes, z: str, a: str) -> str:
    """1 - a^2."""
    return nodes.node("Sub", ONE, nodes.node("Mul", a, a))


def tanh_curvature(nodes: Nodes, z: str, a: str) -> str:
    """-2 a (1 - a^2)."""
    return nodes.node("Mul", nodes.node("Mul", a, -TWO), tanh_slope(nodes, z, a))


def sigmoid(nodes: Nodes, z: str) -> str:
    """s = 1 / (1 + exp(-z))."""
    return nodes.node("Sigmoid", z)


def sigmoid_rest(nodes: Nodes, z: str) -> str:
    """1 - s."""
    return nodes.node("Sub", ONE, sigmoid(nodes, z))


def logistic_slope(nodes: Nodes, z: str, a: str) -> str:
    """s (1 - s)."""
    return nodes.node("Mul", sigmoid(nodes, z), sigmoid_rest(nodes, z))


def logistic_curvature(nodes: Nodes, z: str, a: str) -> str:
    """s (1 - s) (1 - 2 s)."""
    return nodes.node("Mul", logistic_slope(nodes, z, a), balance(nodes, z))


def balance(nodes: Nodes, z: str) -> str:
    """1 - 2 s."""
    return nodes.node("Sub", sigmoid_rest(nodes, z), sigmoid(nodes, z))


def silu_slope(nodes: Nodes, z: str, a: str) -> str:
    """s + a (1 - s)."""
    return nodes.node("Add", sigmoid(nodes, z), nodes.node("Mul", a, sigmoid_rest(nodes, z)))


def silu_curvature(nodes: Nodes, z: str, a: str) -> str:
    """s (1 - s) (2 + z (1 - 2 s))."""
    bent = nodes.node("Add", TWO, nodes.node("Mul", z, balance(nodes, z)))
    return nodes.node("Mul", logistic_slope(nodes, z, a), bent)


def softplus(nodes: Nodes, z: str) -> str:
    """max(0, z) + log(1 + e), e = exp(-|z|).

    1 + e is rounded to u; what u lacks, e - (u - 1), is put right to first order, so that no digits of a small e are
    lost.
    """
    e = nodes.node("Exp", nodes.node("Neg", nodes.node("Abs", z)))
    u = nodes.node("Add", e, ONE)
    lacking = nodes.node("Sub", e, nodes.node("Sub", u, ONE))
    logarithm = nodes.node("Add", nodes.node("Log", u), nodes.node("Div", lacking, u))
    return nodes.node("Add", nodes.node("Relu", z), logarithm)


def squared_size(nodes: Nodes, z: str) -> str:
    """z^2, of a z so large that exp(-z^2 / 2) is 0 a smaller one, whose square does not overflow."""
    size = nodes.node("Min", nodes.node("Abs", z), np.array(DENSITY_IS_ZERO))
    return nodes.node("Mul", size, size)


def bell(nodes: Nodes, z: str) -> str:
    """exp(-z^2 / 2)."""
    return nodes.node("Exp", nodes.node("Mul", squared_size(nodes, z), np.array(-0.5)))


def density(nodes: Nodes, z: str) -> str:
    """The standard normal's density, exp(-z^2 / 2) / sqrt(2 pi)."""
    return nodes.node("Mul", bell(nodes, z), np.array(1 / math.sqrt(2 * math.pi)))


def distribution(nodes: Nodes, z: str) -> str:
    """The standard normal's distribution function; in float32 by Erf, which onnxruntime has not in float64."""
    if nodes.dtype == np.float32:
        erf = nodes.node("Erf", nodes.node("Mul", z, np.array(math.sqrt(0.5))))
        return nodes.node("Add", nodes.node("Mul", erf, np.array(0.5)), np.array(0.5))
    size = nodes.node("Min", nodes.node("Abs", z), np.array(DENSITY_IS_ZERO))
    share = nodes.node("Div", polynomial(nodes, size, ABOVE), polynomial(nodes, size, BELOW))
    tail = nodes.node("Mul", bell(nodes, z), share)
    return nodes.node("Where", above_zero(nodes, z), nodes.node("Sub", ONE, tail), tail)


def polynomial(nodes: Nodes, x: str, coefficients: Array) -> str:
    """Its value at x by Horner's rule; coefficients from the constant on."""
    *rest, highest = coefficients
    found = nodes.node("Mul", x, np.array(highest))
    for coefficient in rest[:0:-1]:
        found = nodes.node("Mul", nodes.node("Add", found, np.array(coefficient)), x)
    return nodes.node("Add", found, np.array(rest[0]))


def gelu_slope(nodes: Nodes, z: str, a: str) -> str:
    """Phi(z) + z phi(z)."""
    return nodes.node("Add", distribution(nodes, z), nodes.node("Mul", z, density(nodes, z)))


def gelu_curvature(nodes: Nodes, z: str, a: str) -> str:
    """phi(z) (2 - z^2)."""
    return nodes.node("Mul", density(nodes, z), nodes.node("Sub", TWO, squared_size(nodes, z)))


FUNCTIONS = {
    "relu": Function(lambda nodes, z: nodes.node("Relu", z), relu_slope, None),
    "leaky_relu": Function(leaky_relu, leaky_slope, None),
    "tanh": Function(lambda nodes, z: nodes.node("Tanh", z), tanh_slope, tanh_curvature),
    "logistic": Function(sigmoid, logistic_slope, logistic_curvature),
    "silu": Function(lambda nodes, z: nodes.node("Mul", z, sigmoid(nodes, z)), silu_slope, silu_curvature),
    "gelu": Function(lambda nodes, z: nodes.node("Mul", z, distribution(nodes, z)), gelu_slope, gelu_curvature),
    "softplus": Function(softplus, lambda nodes, z, a: sigmoid(nodes, z), logistic_slope),
    "exponential": Function(lambda nodes, z: nodes.node("Exp", z), lambda nodes, z, a: a, lambda nodes, z, a: a),
}
