"""Branches for Fortran: what differs from member to member as vectors of numbers, what they share as a structure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from fitnet.algorithm.steps import Activate, Dense, Encode, Exponentiate, Scale, Softmax, Step, Unscale
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.export.fortran_structure import Block, Layer, Structure

MOST = 65_535  # numbers of a constant vector: compilers refuse more
LONGEST = 60_000  # numbers of one that may be split


@dataclass(frozen=True, eq=False)
class Branch:
    """A member: its structure, its constants and its vectors of parameters."""

    structure: Structure
    constants: Array
    parameters: tuple[Array, ...]


@dataclass(eq=False)
class Layout:
    """Numbers one after the other in vectors, and where each is; `split` where a vector may be full."""

    vectors: list[list[Array]] = field(default_factory=lambda: [[]])

    def size(self) -> int:
        """Of the last vector."""
        return sum(map(np.size, self.vectors[-1]))

    def room(self) -> int:
        """How many numbers it takes still."""
        return LONGEST - self.size()

    def add(self, numbers: Array) -> str:
        """Append the numbers; gives their slice."""
        start = self.size()
        self.vectors[-1].append(np.ravel(numbers))
        return f"{start + 1}:{start + np.size(numbers)}"

    def joined(self) -> tuple[Array, ...]:
        """The vectors that hold anything."""
        return tuple(np.concatenate(vector) for vector in self.vectors if vector)


def branch_of(steps: Sequence[Step], width: int, single: bool) -> Branch:
    """A branch of steps that take `width` completed columns; in float32 where `single`.

    Raises
    ------
    ArgumentValueError
        If no constant holds the numbers of its scalings and its encoding.
    """
    first = next((step for step in steps if isinstance(step, Scale | Encode)), None)
    scaling = first.scaling if isinstance(first, Encode) else first
    unscale = next((step for step in steps if isinstance(step, Unscale)), None)
    exponentiate = next((step for step in steps if isinstance(step, Exponentiate)), None)
    constants, parameters = Layout(), Layout()
    slices = tuple(
        (name, constants.add(numbers))
        for name, numbers in [*input_constants(first, single), *output_constants(unscale, exponentiate, single)]
    )
    check_constants(constants.size())
    pieces = tuple(max(0, len(each) - 1) for each in first.edges) if isinstance(first, Encode) else None
    projections = first.projections if isinstance(first, Encode) else np.empty((0, width))
    features = width + len(projections) + sum(pieces or ())
    layers, units = layers_of(steps, parameters, 0 if first is None else features)
    bounded = () if exponentiate is None else tuple((np.flatnonzero(np.isfinite(exponentiate.bounds)) + 1).tolist())
    classes = next((len(step.classes) for step in steps if isinstance(step, Softmax)), 0)
    all_units = units + len(bounded) + classes
    structure = Structure(
        width,
        features,
        pieces,
        first is not None,
        scaling is not None and scaling.limit is not None,
        unscale is not None,
        layers,
        bounded,
        slices,
        constants.size(),
        tuple(map(len, parameters.joined())),
        all_units,
        f"{units + 1}:{units + len(bounded)}",
        classes,
        f"{all_units - classes + 1}:{all_units}",
        len(projections),
        tuple((width + int(i) + 1, int(j) + 1) for i, j in np.argwhere(projections)),
    )
    return Branch(structure, np.concatenate([np.empty(0), *constants.joined()]), parameters.joined())


def check_constants(count: int) -> None:
    """Refuse too many; errors are those of `branch_of`."""
    if count > MOST:
        raise ArgumentValueError(
            f"`to` is 'fortran' and a network's scalings and encoding have {count:,} numbers; there they may have "
            f"{MOST:,} at most.",
            "to",
        )


def input_constants(first: Scale | Encode | None, single: bool) -> list[tuple[str, Array]]:
    """The numbers of the first step.

    In float32 what is subtracted, and what projections are made of, comes in two parts, so that no digit is lost.
    """
    if first is None:
        return []
    scaling = first.scaling if isinstance(first, Encode) else first
    projected = isinstance(first, Encode) and len(first.projections) > 0
    found = [*in_parts("shift", scaling.shift, single), *in_parts("scale", scaling.scale, single and projected)]
    if scaling.limit is not None:
        found.append(("limit", np.array([scaling.limit])))
    if isinstance(first, Encode):
        found += in_parts("edges", np.concatenate([edges[:-1] for edges in first.edges]), single)
        found.append(("widths", np.concatenate([np.diff(edges) for edges in first.edges])))
        if projected:
            found += in_parts("coefficients", first.projections[np.nonzero(first.projections)], single)
    return found


def output_constants(
    unscale: Unscale | None, exponentiate: Exponentiate | None, single: bool
) -> list[tuple[str, Array]]:
    """The numbers of the last steps."""
    found: list[tuple[str, Array]] = []
    if unscale is not None:
        found += [("target_shift", unscale.shift), ("target_scale", unscale.scale)]
    if exponentiate is not None and np.isfinite(exponentiate.bounds).any():
        bounds = exponentiate.bounds[np.isfinite(exponentiate.bounds)]
        kind = np.float32 if single else np.float64
        held = bounds.astype(kind)
        above = np.where(held > bounds, held, np.nextafter(held, kind(np.inf)))
        found += [("bounds", held), ("least", above)]
    return found


def in_parts(name: str, numbers: Array, single: bool) -> list[tuple[str, Array]]:
    """The numbers or, in float32, what it holds of them and what it leaves."""
    if not single:
        return [(name, numbers)]
    held = numbers.astype(np.float32).astype(np.float64)
    return [(name, held), (f"{name}_rest", numbers - held)]


def layers_of(steps: Sequence[Step], parameters: Layout, units: int) -> tuple[tuple[Layer, ...], int]:
    """The layers, whose parameters are added to the layout, behind so many `units`; and how many there are then."""
    found = []
    dense = [step for step in steps if isinstance(step, Dense | Activate)]
    for step, following in zip(dense, [*dense[1:], None], strict=True):
        if isinstance(step, Activate):
            continue
        n_inputs, n_outputs = step.weights.shape
        name = following.name if isinstance(following, Activate) else "identity"
        kept = None if name == "identity" else f"{units + 1}:{units + n_outputs}"
        units += 0 if kept is None else n_outputs
        found.append(Layer(n_inputs, n_outputs, name, blocks_of(step, parameters), kept))
    return tuple(found), units


def blocks_of(layer: Dense, parameters: Layout) -> tuple[Block, ...]:
    """The layer's outputs, in as few vectors as hold them."""
    found: list[Block] = []
    n_inputs, n_outputs = layer.weights.shape
    done = 0
    while done < n_outputs:
        if parameters.size() and parameters.room() < min(n_outputs, 8) * (n_inputs + 1):
            parameters.vectors.append([])
        count = max(1, min(n_outputs - done, parameters.room() // (n_inputs + 1)))
        which = slice(done, done + count)
        weights, biases = parameters.add(layer.weights[:, which]), parameters.add(layer.biases[which])
        found.append(Block(len(parameters.vectors), done + 1, done + count, weights, biases))
        done += count
    return tuple(found)
