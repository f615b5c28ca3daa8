"""Members: the networks of a model, those of one shape stacked, scalings folded into layers where no digits are lost.

Shapes: M members in a stack, p completed columns, layers from k to h numbers. Arrays of a single member have no axis
for members.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fitnet.algorithm.steps import Activate, Dense, Encode, Exponentiate, Scale, Step, Unscale
from fitnet.arguments import Array
from fitnet.export.onnx_pieces import Pieces, Projections, pieces, stacked, stacked_pieces

# A division by scales of such sizes, or a product with them, can be made in a layer's weights.
SAFE_SCALE = 1e-12, 1e12
# A shift is folded into the biases if it is at most so many scales: the rounding of a row then counts so many times as
# much. The scaling of a centred column is free; others cost a node.
FOLDED_SHIFT = 2.0


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
    pieces
        Of `Encode`: those of columns, and those of projections. The first layer's weights for values are in `layers`;
        those for projections' values are added to those for scaled columns, of which they are sums.
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
    pieces: tuple[Pieces, ...]
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
    made = Member((place,), (weight,), None, None, None, (), (), None, None)
    encode: Encode | None = None
    for step in branch:
        match step:
            case Encode(scaling):
                encode, made = step, with_scale(made, scaling)
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
    return made if encode is None else with_pieces(made, encode)


def with_scale(member: Member, step: Scale) -> Member:
    """The same with the scaling of its inputs."""
    return replace(
        member, shift=step.shift, scale=step.scale, limit=None if step.limit is None else np.array(step.limit)
    )


def with_pieces(member: Member, step: Encode) -> Member:
    """The same, its first layer's weights parted into those of values and those of pieces."""
    first, *others = member.layers
    own = np.split(first.weights, np.cumsum([1 + max(0, len(each) - 1) for each in step.edges])[:-1])
    values, p = np.concatenate([each[:1] for each in own]), len(step.scaling.shift)
    weights = values[:p]
    if len(step.projections):
        assert step.scaling.limit is None  # as in all models that encode
        weights = weights + step.projections.T @ values[p:]
    cut = [i for i, edges in enumerate(step.edges) if i >= p and len(edges)]
    projections = Projections(step.scaling.shift, step.scaling.scale, step.projections[[i - p for i in cut]])
    of_columns = pieces(step.edges[:p], own[:p], None)
    of_projections = pieces([step.edges[i] for i in cut], [own[i] for i in cut], projections)
    layers = (replace(first, weights=weights), *others)
    return replace(member, layers=layers, pieces=(*of_columns, *of_projections))


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
        tuple((each.projections is None, tuple(each.columns.tolist())) for each in member.pieces),
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
        pieces=tuple(stacked_pieces(same) for same in zip(*(each.pieces for each in members), strict=True)),
        layers=tuple(layers),
    )
    unscales = [each.unscale for each in members if each.unscale is not None]
    if unscales:
        made = replace(made, unscale=np.stack(unscales, axis=1)[:, :, np.newaxis])
    return made
