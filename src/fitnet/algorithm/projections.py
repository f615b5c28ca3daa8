"""Projections: sums of standardised columns with fixed coefficients, which an encoding cuts into pieces like columns.

Shapes: z (n, p), standardised columns; projections (q, p), of each its coefficients; u = z @ projections.T (n, q).
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from fitnet.arguments import Array, finite_cast, numeric_array
from fitnet.errors import ArgumentValueError


def checked_projections(projections: Any, columns: int) -> Array | None:
    """The coefficients (q, p), read-only, of which there are fewer than `columns`, p + q; None where there are none."""
    if projections is None:
        return None
    array = numeric_array("projections", projections)
    if array.ndim != 2 or array.shape[1] == 0 or sum(array.shape) != columns:
        raise ArgumentValueError(
            f"`projections` has shape {array.shape}; it must be (q, p), a row for each projection and a column "
            f"for each input, with q + p = {columns}, as many as `edges` has.",
            "projections",
        )
    kept = finite_cast("projections", array, np.dtype(np.float64)).copy()
    kept.flags.writeable = False
    return kept if len(kept) else None


def projected(projections: Array, z: Array) -> Array:
    """u (n, q), float64, summed column by column in order, so that no other row has a say in its bits."""
    sums = np.zeros((len(z), len(projections)))
    with np.errstate(over="ignore", invalid="ignore"):
        for columns, coefficients in terms(projections):
            sums += coefficients * z[:, columns]
    return sums


def by_columns(derivatives: Array, projections: Array, scale: Array, axis: int) -> Array:
    """Derivatives by the p columns along `axis`, from those by columns and projections; `scale` (p,) of the columns."""
    p = projections.shape[1]
    found = np.moveaxis(derivatives, axis, 0)
    summed = found[:p].copy()
    for places, slopes in terms((projections / scale).T):
        of_each = slopes.reshape(-1, *[1] * (found.ndim - 1))
        summed += np.where(of_each != 0, found[p + places] * of_each, 0)
    return np.moveaxis(summed, 0, axis)


def terms(coefficients: Array) -> Iterator[tuple[Array, Array]]:
    """Of every row its first coefficient that is not 0, then its second, and so on: their columns, and they (rows,).

    A row that has no more gives coefficients of 0.
    """
    order = np.argsort(coefficients == 0, axis=1, kind="stable")
    for columns in order[:, : np.count_nonzero(coefficients, axis=1).max()].T:
        yield columns, np.take_along_axis(coefficients, columns[:, np.newaxis], 1)[:, 0]


def farthest_column(coefficients: Array, z: Array) -> int:
    """Which column of a row z (p,) adds most to the projection with these coefficients (p,)."""
    with np.errstate(over="ignore"):
        return int(np.argmax(np.abs(coefficients * z)))
