"""The roots of a x^2 + b x + c, without cancellation.

Shapes: triplets (n, 3) with columns a, b, c; float64 throughout.
"""

from typing import Any

import numpy as np

from fitnet.arguments import Array, matrix

LOWEST_POWER = -2200  # below the power of two of any float64 and of any product of two


def largest_real_root(triplets: Any) -> Array:
    """The largest real root of every triplet, shape (n,); NaN where there is none.

    With a = 0 it is the one root -c / b; with a = b = 0 there is none. "Has a real root" means b^2 - 4ac >= 0.
    """
    roots = all_roots(triplets)
    return np.where(roots[:, 1] == 0, roots[:, 0], np.nan)  # the largest comes first, and both are real or neither


def all_roots(triplets: Any) -> Array:
    """Both roots of every triplet as [Re, Im, Re, Im], shape (n, 4); NaN in all four where there is none.

    The larger real part comes first; of a complex pair, whose real parts are equal, the positive imaginary part.
    A double root counts twice. With a = 0 the one root -c / b comes first and is padded with (0, 0), as the paper
    does; with a = b = 0 there is no root.
    """
    a, b, c = matrix("triplets", triplets, np.dtype(np.float64), 3).T
    (a_part, a_power), (c_part, c_power) = np.frexp(a), np.frexp(c)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # d and q in units of 4^power and 2^power: near 1 where b^2 and 4ac cancel, so nothing over- or underflows
        b_power = np.where(b == 0, LOWEST_POWER, np.frexp(b)[1])
        power = np.maximum(b_power, np.where(a_part * c_part == 0, LOWEST_POWER, (a_power + c_power + 1) // 2))
        b_scaled = np.ldexp(b, -power)
        d = discriminant(b_scaled, a_part, np.ldexp(c_part, a_power + c_power - 2 * power))
        q = -(b_scaled + np.copysign(np.sqrt(d), b)) / 2  # b and the square root have one sign: nothing cancels
        first = np.ldexp(q / a_part, power - a_power)
        second = np.where(q == 0, 0, np.ldexp(c_part / q, c_power - power))
        real = [np.maximum(first, second), 0 * a, np.minimum(first, second), 0 * a]
        center = np.ldexp(-b_scaled / (2 * a_part), power - a_power)
        height = np.ldexp(np.sqrt(-d) / (2 * np.abs(a_part)), power - a_power)
        pair = [center, height, center, -height]
        linear = [-c / b, 0 * a, 0 * a, 0 * a]
    nothing = [np.full_like(a, np.nan)] * 4
    kind = np.select([(a == 0) & (b == 0), a == 0, d >= 0], [0, 1, 2], 3)
    return np.choose(kind[:, np.newaxis], [np.transpose(rows) for rows in (nothing, linear, real, pair)]) + 0.0


def discriminant(b: Array, a: Array, c: Array) -> Array:
    """b^2 - 4ac with the rounding errors of both products added back (Kahan 2004)."""
    square, square_error = exact_product(b, b)
    product, product_error = exact_product(4 * a, c)
    result: Array = (square - product) + (square_error - product_error)
    return result


def exact_product(x: Array, y: Array) -> tuple[Array, Array]:
    """x * y and its rounding error (Dekker 1971): their sum is the product exactly."""
    x_high, x_low = split(x)
    y_high, y_low = split(y)
    product = x * y
    error = ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low
    return product, error


def split(x: Array) -> tuple[Array, Array]:
    """x as a sum of two numbers of at most 26 bits (Veltkamp)."""
    scaled = 134217729.0 * x  # 2^27 + 1
    high = scaled - (scaled - x)
    return high, x - high
