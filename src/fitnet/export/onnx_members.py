"""Members: the networks of a model, those of one shape stacked, scalings folded into layers where no digits are lost.

Shapes: M members in a stack, p completed columns, K pieces, layers from k to h numbers. Arrays of a single member have
no axis for members.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from fitnet.algorithm.steps import Activate, Dense, Encode, Exponentiate, Scale, Step, Unscale
from fitnet.arguments import Array

# A division by scales of such sizes, or a product with them, can be made in a layer's weights.
SAFE_SCALE = 1e-12, 1e12
# A shift is folded into the biases if it is at most so many scales: the rounding of a row then counts so many times as
# much. The scaling of a centred column is free; others cost a node.
FOLDED_SHIFT = 2.0


@dataclass(frozen=True, eq=False)
class Pieces:
    """The pieces of columns: of which column (K,), where they begin, how wide they are, between what they stay."""

    columns: Array
    begin: Array
    width: Array
    lowest: Array
    highest: Array


@dataclass(frozen=True, eq=False)
class Layer:
    """weights (k, h) or (M, k, h), biases (h,) or (M, 1, h); the activation's name or None."""

    weights: Array
    biases: Array
    activation: str | None


@dataclass(frozen=True, eq=False)
class Member:
    """One network, or several of one shape: what is left to do to completed rows (n, p).

    Attributes
    ----------
    places, weights
        Which of the model's branches, and what they count.
    shift, scale, limit
        Of `Scale`; None where there is nothing to do: it is folded.
    pieces, pieces_weights
        Of `Encode`, and the first layer's weights for them (K, h); the others are in `layers`, for scaled values.
    layers
        From the scaled values on.
    unscale
        (2, m): scale and shift, where they are not folded.
    bounds
        (m,): of `Exponentiate`.
    """

    places: tuple[int, ...]
    weights: tuple[float, ...]
    shift: Array | None
    scale: Array | None
    limit: Array | None
    pieces: Pieces | None
    pieces_weights: Array | None
    layers: tuple[Layer, ...]
    unscale: Array | None
    bounds: Array | None

    @property
    def n_outputs(self) -> int:
        """The last layer's."""
        return int(self.layers[-1].weights.shape[-1])

    @property
    def stacked(self) -> bool:
        """Whether these are several."""
        return len(self.places) > 1


def members_of(branches: Sequence[Sequence[Step]], weights: Sequence[float]) -> list[Member]:
    """The stacks of a model, in the order of their first members."""
    alike: dict[Any, list[Member]] = {}
    for place, (branch, weight) in enumerate(zip(branches, weights, strict=True)):
        made = folded(member_of(branch, place, weight))
        alike.setdefault(shape_of(made), []).append(made)
    return [stack(each) for each in alike.values()]


def member_of(branch: Sequence[Step], place: int, weight: float) -> Member:
    """A branch's steps by what they are."""
    made = Member((place,), (weight,), None, None, None, None, None, (), None, None)
    edges: tuple[Array, ...] | None = None
    for step in branch:
        match step:
            case Encode(scaling, edges):
                made = with_scale(made, scaling)
            case Scale():
                made = with_scale(made, step)
            case Dense(weights, biases):
                layer = Layer(weights.astype(np.float64), biases.astype(np.float64), None)
                made = replace(made, layers=(*made.layers, layer))
            case Activate(name):
                made = replace(made, layers=(*made.layers[:-1], replace(made.layers[-1], activation=name)))
            case Unscale(shift, scale):
                made = replace(made, unscale=np.stack([scale, shift]))
            case Exponentiate(bounds):
                made = replace(made, bounds=bounds)
    return made if edges is None else with_pieces(made, edges)


def with_scale(member: Member, step: Scale) -> Member:
    """The same with the scaling of its inputs."""
    return replace(
        member, shift=step.shift, scale=step.scale, limit=None if step.limit is None else np.array(step.limit)
    )


def with_pieces(member: Member, edges: Sequence[Array]) -> Member:
    """The same, its first layer's weights parted into those of values and those of pieces."""
    sizes = [1 + max(0, len(each) - 1) for each in edges]
    values_at = np.cumsum([0, *sizes[:-1]])
    parts = [piece for column, each in enumerate(edges) for piece in pieces_of(column, each)]
    first, *others = member.layers
    made = replace(member, layers=(replace(first, weights=first.weights[values_at]), *others))
    if not parts:
        return made
    pieces = Pieces(*(np.array(each) for each in zip(*parts, strict=True)))
    return replace(made, pieces=pieces, pieces_weights=np.delete(first.weights, values_at, axis=0))


def pieces_of(column: int, edges: Array) -> list[tuple[int, float, float, float, float]]:
    """A column's pieces as `Pieces` has them; the first goes on below, the last above."""
    endless = float("inf")
    last = len(edges) - 2
    return [
        (column, low, high - low, -endless if t == 0 else 0.0, endless if t == last else 1.0)
        for t, (low, high) in enumerate(pairwise(edges.tolist()))
    ]


def folded(member: Member) -> Member:
    """The same, scalings in the first and the last layer where no digits are lost."""
    return with_folded_targets(with_folded_inputs(member))


def with_folded_inputs(member: Member) -> Member:
    """The division in the weights, and the shift in the biases, where they may be."""
    shift, scale = member.shift, member.scale
    if shift is None or scale is None or member.limit is not None or not is_safe(scale):
        return member
    first, *others = member.layers
    first = replace(first, weights=first.weights / scale[:, np.newaxis])
    if (np.abs(shift) <= FOLDED_SHIFT * scale).all():
        first = replace(first, biases=first.biases - shift @ first.weights)
        shift = None
    return replace(member, shift=shift, scale=None, layers=(first, *others))


def with_folded_targets(member: Member) -> Member:
    """The targets' scaling in the last layer, where it may be."""
    *others, last = member.layers
    if member.unscale is None or last.activation is not None or not is_safe(member.unscale[0]):
        return member
    scale, shift = member.unscale
    last = Layer(last.weights * scale, last.biases * scale + shift, None)
    return replace(member, unscale=None, layers=(*others, last))


def is_safe(scale: Array) -> bool:
    """Whether weights divided by, or multiplied with, it stay numbers of usual size."""
    low, high = SAFE_SCALE
    return bool(((scale >= low) & (scale <= high)).all())


def shape_of(member: Member) -> Any:
    """Equal for members that can be stacked."""
    return (
        tuple((layer.weights.shape, layer.activation) for layer in member.layers),
        tuple(each is None for each in (member.shift, member.scale, member.limit, member.unscale)),
        None if member.pieces is None else tuple(member.pieces.columns.tolist()),
        None if member.bounds is None else tuple(member.bounds.tolist()),
    )


def stack(members: Sequence[Member]) -> Member:
    """Several of one shape as one, with an axis for members before all others; what they share has none."""
    first = members[0]
    if len(members) == 1:
        return first
    layers = []
    for same in zip(*(each.layers for each in members), strict=True):
        weights, biases = (np.stack([getattr(layer, name) for layer in same]) for name in ("weights", "biases"))
        layers.append(Layer(weights, biases[:, np.newaxis], same[0].activation))
    made = replace(
        first,
        places=tuple(each.places[0] for each in members),
        weights=tuple(each.weights[0] for each in members),
        shift=stacked([each.shift for each in members]),
        scale=stacked([each.scale for each in members]),
        limit=stacked([each.limit for each in members]),
        layers=tuple(layers),
    )
    unscales = [each.unscale for each in members if each.unscale is not None]
    if unscales:
        made = replace(made, unscale=np.stack(unscales, axis=1)[:, :, np.newaxis])
    parts = [each.pieces for each in members if each.pieces is not None]
    if parts:
        begin, width = stacked([each.begin for each in parts]), stacked([each.width for each in parts])
        weights = np.stack([each.pieces_weights for each in members if each.pieces_weights is not None])
        made = replace(made, pieces=replace(parts[0], begin=begin, width=width), pieces_weights=weights)
    return made


def stacked(arrays: Sequence[Any]) -> Any:
    """(M, 1, p) of several (p,), (M, 1, 1) of numbers; as it is where all are the same, or None."""
    first = arrays[0]
    if first is None or all(np.array_equal(first, each) for each in arrays):
        return first
    return np.stack([np.atleast_1d(each) for each in arrays])[:, np.newaxis]
