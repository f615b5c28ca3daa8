"""Members of a model as C sees them: networks of the same shape share code, and equal tables are written once.

Shapes: completed rows (p,), r projections of them, features (k,), q columns of numbers, outputs (m,).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np

from fitnet.algorithm.steps import Activate, Dense, Encode, Exponentiate, Scale, Softmax, Step, Unscale
from fitnet.arguments import Array
from fitnet.export.c_numbers import literals, wrapped


@dataclass(frozen=True)
class Layer:
    """A layer of a network: where its numbers begin among the network's, and its outputs among those of all layers."""

    inputs: int
    outputs: int
    activation: str
    weights: int
    place: int

    @property
    def biases(self) -> int:
        """Where they begin."""
        return self.weights + self.inputs * self.outputs


@dataclass(frozen=True)
class Shape:
    """All that code for a network depends on; its numbers are data.

    Attributes
    ----------
    columns
        p.
    scaled, limited, unscaled, bounded
        Whether there are such steps.
    single_logit
        Whether a single output of the last layer gives the probabilities of two classes.
    pieces
        Of every column how many it is cut into; () where none is cut.
    projected
        (r,): of every projection how many it is cut into; their features follow behind those of the columns.
    layers
        In order.
    """

    columns: int
    scaled: bool
    limited: bool
    unscaled: bool
    bounded: bool
    single_logit: bool
    pieces: tuple[int, ...]
    projected: tuple[int, ...]
    layers: tuple[Layer, ...]

    @property
    def firsts(self) -> tuple[int, ...]:
        """(p,): of every column its first feature."""
        return starts([1 + count for count in self.pieces] or [1] * self.columns)

    @property
    def edge_places(self) -> tuple[int, ...]:
        """(p,): where the edges of every column begin among those of all."""
        return starts([1 + count if count else 0 for count in self.pieces])

    @property
    def projections_firsts(self) -> tuple[int, ...]:
        """(r,): of every projection its first feature."""
        behind = self.columns + sum(self.pieces)
        return tuple(behind + start for start in starts([1 + count for count in self.projected]))

    @property
    def projections_edge_places(self) -> tuple[int, ...]:
        """(r,): where the edges of every projection begin among those of all projections."""
        return starts([1 + count if count else 0 for count in self.projected])

    @property
    def cut(self) -> bool:
        """Whether any column or projection is, so that many features are 0."""
        return any(self.pieces) or any(self.projected)

    @property
    def widest(self) -> int:
        """The numbers of the largest array between layers, features counted."""
        return max(self.layers[0].inputs, *(layer.outputs for layer in self.layers))

    @property
    def entries(self) -> int:
        """The outputs of all layers."""
        return sum(layer.outputs for layer in self.layers)


def starts(sizes: Sequence[int]) -> tuple[int, ...]:
    """Where each begins, if one lies behind the other."""
    return tuple(accumulate(sizes, initial=0))[: len(sizes)]


@dataclass
class Tables:
    """Static tables, by their names; one that is there already is not written again."""

    single: bool
    written: dict[str, str] = field(default_factory=dict)
    known: dict[tuple[str, bytes], str] = field(default_factory=dict)

    def add(self, kind: str, numbers: Array, single: bool | None = None) -> str:
        """The name of the table with these numbers: the kind and, where there are several, a number behind it."""
        key = kind, np.ascontiguousarray(numbers, np.float64).tobytes()
        if key not in self.known:
            name = f"{kind}_{1 + sum(each == kind for each, _ in self.known)}"
            self.known[key] = name
            self.written[name] = wrapped(literals(numbers, self.single if single is None else single))
        return self.known[key]


def shape_of(branch: Sequence[Step], columns: int) -> Shape:
    """What the code for a member depends on."""
    scale = next((step for step in branch if isinstance(step, Scale | Encode)), None)
    scaling = scale.scaling if isinstance(scale, Encode) else scale
    cut = tuple(max(0, len(each) - 1) for each in scale.edges) if isinstance(scale, Encode) else ()
    layers = layers_of(branch)
    return Shape(
        columns,
        scaling is not None,
        scaling is not None and scaling.limit is not None,
        any(isinstance(step, Unscale) for step in branch),
        any(isinstance(step, Exponentiate) for step in branch),
        any(isinstance(step, Softmax) for step in branch) and layers[-1].outputs == 1,
        cut[:columns] if any(cut[:columns]) else (),
        cut[columns:],
        layers,
    )


def layers_of(branch: Sequence[Step]) -> tuple[Layer, ...]:
    """The layers, each with the activation that follows it."""
    found: list[Layer] = []
    weights = place = 0
    for step, following in zip(branch, (*branch[1:], None), strict=True):
        if isinstance(step, Dense):
            inputs, outputs = step.weights.shape
            name = following.name if isinstance(following, Activate) else "identity"
            found.append(Layer(inputs, outputs, name, weights, place))
            weights, place = weights + (inputs + 1) * outputs, place + outputs
    return tuple(found)


def member_tables(branch: Sequence[Step], tables: Tables, single_parameters: bool) -> dict[str, str]:
    """Of a member, by the fields that C's structure may have, the names of its tables, and its limit."""
    found: dict[str, str] = {}
    parameters: list[Array] = []
    for step in branch:
        match step:
            case Scale():
                found |= scaling_tables(step, tables)
            case Encode(scaling, edges, projections):
                p = len(scaling.shift)
                found |= scaling_tables(scaling, tables)
                if any(map(len, edges[:p])):
                    found |= halves("edges", np.concatenate(edges[:p]), tables)
                if len(projections):
                    found |= projection_tables(step, tables)
            case Dense(weights, biases):
                parameters += [weights.ravel(), biases]
            case Unscale(shift, scale):
                found |= {"target_shift": tables.add("target_shift", shift)}
                found |= {"target_scale": tables.add("target_scale", scale)}
            case Exponentiate(bounds):
                found |= {"bounds": tables.add("bounds", bounds)}
                found |= {"least": tables.add("least", least_above(bounds, tables.single))}
    table = tables.add("parameters", np.concatenate(parameters), single_parameters)
    return found | {"parameters": table}


def scaling_tables(scaling: Scale, tables: Tables) -> dict[str, str]:
    """Those of inputs."""
    found = halves("shift", scaling.shift, tables) | {"scale": tables.add("scale", scaling.scale)}
    if scaling.limit is not None:
        found["limit"] = literals(np.array([scaling.limit]), tables.single)[0]
    return found


def projection_tables(step: Encode, tables: Tables) -> dict[str, str]:
    """Those of projections: in double in both precisions, for where pieces are narrow the sums' rounding would show."""
    edges = np.concatenate(step.edges[len(step.scaling.shift) :])
    found = {"projections": tables.add("projections", step.projections, False)}
    if edges.size:
        found["projections_edges"] = tables.add("projections_edges", edges, False)
    if tables.single:
        found["exact_shift"] = tables.add("exact_shift", step.scaling.shift, False)
        found["exact_scale"] = tables.add("exact_scale", step.scaling.scale, False)
    return found


def halves(kind: str, numbers: Array, tables: Tables) -> dict[str, str]:
    """Numbers that others near them are taken from: in single precision with what rounding leaves out."""
    found = {kind: tables.add(kind, numbers)}
    if tables.single:
        rest = numbers - numbers.astype(np.float32).astype(np.float64)
        found[f"{kind}_rest"] = tables.add(f"{kind}_rest", rest)
    return found


def least_above(bounds: Array, single: bool) -> Array:
    """The least numbers above the bounds."""
    if not single:
        return np.nextafter(bounds, np.inf)
    low = bounds.astype(np.float32)
    with np.errstate(invalid="ignore"):
        above = np.where(low > bounds, low, np.nextafter(low, np.float32(np.inf)))
    return above.astype(np.float64)
