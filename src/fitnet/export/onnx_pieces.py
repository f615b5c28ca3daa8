"""The pieces that an encoding cuts columns and projections into, as a first layer of members takes them.

Shapes: M members in a stack, p completed columns, q projections, K pieces, a layer of h numbers. Arrays of a single
member have no axis for members.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from fitnet.arguments import Array


@dataclass(frozen=True, eq=False)
class Projections:
    """u = z @ coefficients.T with z = (x - shift) / scale, of projections that have pieces.

    Attributes
    ----------
    shift, scale
        (p,) or (M, 1, p).
    coefficients
        (q, p) or (M, 1, q, p).
    """

    shift: Array
    scale: Array
    coefficients: Array

    @property
    def used_columns(self) -> list[int]:
        """Those with a coefficient, or the first where all are 0."""
        p = self.coefficients.shape[-1]
        return np.flatnonzero(self.coefficients.reshape(-1, p).any(axis=0)).tolist() or [0]

    @property
    def slopes(self) -> Array:
        """du/dx (q, p) or (M, 1, q, p)."""
        return self.coefficients / self.scale[..., np.newaxis, :]


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces of columns, or of projections.

    Attributes
    ----------
    columns
        (K,): of which column, or of which of the projections.
    begin, width
        (K,) or (M, 1, K): where they begin, and how wide they are.
    lowest, highest
        (K,): between what they stay.
    weights
        (K, h) or (M, K, h): of the first layer.
    projections
        None where they are of columns.
    """

    columns: Array
    begin: Array
    width: Array
    lowest: Array
    highest: Array
    weights: Array
    projections: Projections | None


def pieces(edges: Sequence[Array], weights: Sequence[Array], projections: Projections | None) -> list[Pieces]:
    """All pieces of these columns, or projections, of each of which the first layer's weights are given; or none."""
    parts = [piece for column, each in enumerate(edges) for piece in pieces_of(column, each)]
    if not parts:
        return []
    columns, begin, width, lowest, highest = (np.array(each) for each in zip(*parts, strict=True))
    of_pieces = np.concatenate([each[1:] for each in weights])
    return [Pieces(columns, begin, width, lowest, highest, of_pieces, projections)]


def pieces_of(column: int, edges: Array) -> list[tuple[int, float, float, float, float]]:
    """A column's pieces as `Pieces` has them; the first goes on below, the last above."""
    endless = float("inf")
    last = len(edges) - 2
    return [
        (column, low, high - low, -endless if t == 0 else 0.0, endless if t == last else 1.0)
        for t, (low, high) in enumerate(pairwise(edges.tolist()))
    ]


def stacked_pieces(parts: Sequence[Pieces]) -> Pieces:
    """Those of several members as one; what they share has no axis for members."""
    begin, width = stacked([each.begin for each in parts]), stacked([each.width for each in parts])
    given = [each.projections for each in parts if each.projections is not None]
    projections = None
    if given:
        names = ("shift", "scale", "coefficients")
        projections = Projections(*(stacked([getattr(each, name) for each in given]) for name in names))
    weights = np.stack([each.weights for each in parts])
    return replace(parts[0], begin=begin, width=width, weights=weights, projections=projections)


def stacked(arrays: Sequence[Any]) -> Any:
    """(M, 1, p) of several (p,), (M, 1, q, p) of (q, p), (M, 1, 1) of numbers; as it is where all are one, or None."""
    first = arrays[0]
    if first is None or all(np.array_equal(first, each) for each in arrays):
        return first
    return np.stack([np.atleast_1d(each) for each in arrays])[:, np.newaxis]
