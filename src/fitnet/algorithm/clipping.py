"""Smooth clipping: numbers far from 0 brought between -limit and limit, those near 0 left nearly as they are.

c(z) = z / sqrt(1 + (z / limit)^2), as RealMLP clips its inputs (Holzmueller, Grinsztajn and Steinwart 2024), with
u = z / limit and slopes c' = (1 + u^2)^(-3/2), c'' = -3 u / limit (1 + u^2)^(-5/2). Shapes: any; all float64.
"""

import numpy as np

from fitnet.arguments import Array


def clipped(z: Array, limit: float) -> Array:
    """c(z), between -limit and limit."""
    found: Array = z / np.hypot(1, z / limit)
    return found


def unclipped(c: Array, limit: float) -> Array:
    """z where c(z) is `c`; not finite at the limits, NaN beyond them."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = c / np.sqrt(1 - (c / limit) ** 2)
    return found


def clipping_slopes(z: Array, limit: float) -> tuple[Array, Array]:
    """c'(z) and c''(z)."""
    u = z / limit
    size = np.hypot(1, u)
    with np.errstate(under="ignore"):
        return size**-3.0, -3 / limit * (u / size) * size**-4.0
