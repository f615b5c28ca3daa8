"""Structures for Fortran: what members of one kind share, and how procedures name it.

Shapes: p completed columns, q projections of them, k features, m outputs. Places count from 1, as Fortran does, and a
slice names its first and its last.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """Outputs of a layer whose weights (outputs, inputs) and biases stand in one vector of parameters.

    Attributes
    ----------
    vector
        Which one, from 1.
    first, last
        The outputs.
    weights, biases
        Their slices of the vector.
    """

    vector: int
    first: int
    last: int
    weights: str
    biases: str

    @property
    def size(self) -> int:
        """How many outputs."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Layer:
    """A layer.

    Attributes
    ----------
    inputs, outputs
        How many.
    activation
        Its name, "identity" for none.
    blocks
        Of its outputs, in order.
    units
        The slice of the activations among all units whose slopes are kept; None of the identity.
    """

    inputs: int
    outputs: int
    activation: str
    blocks: tuple[Block, ...]
    units: str | None


@dataclass(frozen=True)
class Structure:
    """What members of one kind share.

    Attributes
    ----------
    width, features
        p, k.
    pieces
        Of every input and every projection how many; None without an encoding.
    scaled, limited, unscaled
        Whether there are those steps.
    layers
        In order.
    bounded
        The outputs with a lower bound.
    slices
        Of the vector of constants, by name; none where there are no constants.
    constants, parameters
        How many there are, the latter a vector.
    units
        How many values have slopes that are kept: features, activations, exponentials, probabilities.
    bounded_units
        The slice of the exponentials.
    classes
        Of how many the outputs are the probabilities; 0 where they are numbers.
    class_units
        The slice of the probabilities, whose slopes are they themselves.
    projections
        q.
    terms
        Of the sums that are projections: the place of the projection, behind the inputs, and of the input.
    number
        Of the structure, from 1, in a module.
    kept
        Whether second derivatives are asked for, which need what goes through the units.
    """

    width: int
    features: int
    pieces: tuple[int, ...] | None
    scaled: bool
    limited: bool
    unscaled: bool
    layers: tuple[Layer, ...]
    bounded: tuple[int, ...]
    slices: tuple[tuple[str, str], ...]
    constants: int
    parameters: tuple[int, ...]
    units: int
    bounded_units: str
    classes: int
    class_units: str
    projections: int
    terms: tuple[tuple[int, int], ...]
    number: int = 0
    kept: bool = False

    @property
    def outputs(self) -> int:
        """m."""
        return self.classes or self.layers[-1].outputs

    @property
    def columns(self) -> int:
        """p + q."""
        return self.width + self.projections

    @property
    def logits(self) -> str:
        """The slice of the classes that have a logit: of two with a single one the second."""
        return f"{self.outputs - self.layers[-1].outputs + 1}:{self.outputs}"

    @property
    def slice(self) -> dict[str, str]:
        """`slices` as a dictionary."""
        return dict(self.slices)

    @property
    def changed(self) -> bool:
        """Whether features are other than the completed columns."""
        return self.scaled or self.pieces is not None

    @property
    def dummies(self) -> str:
        """The vectors that procedures take."""
        vectors = [f"p_{i + 1}" for i in range(len(self.parameters))]
        return ", ".join((["c"] if self.constants else []) + vectors)

    @property
    def linear_dummies(self) -> str:
        """Those of procedures that take slopes."""
        return self.dummies if self.linear_constants or not self.constants else self.dummies.removeprefix("c, ")

    @property
    def linear_constants(self) -> bool:
        """Whether these need the constants."""
        return self.unscaled or len(self.terms) > 0

    @property
    def d(self) -> str:
        """The slopes as an argument."""
        return ", d" if self.units else ""

    @property
    def limit(self) -> int:
        """The place of the limit."""
        return self.start("limit") + 1

    @property
    def cut(self) -> str:
        """The arguments that describe pieces."""
        names = ["edges", *(["edges_rest"] if "edges_rest" in self.slice else []), "widths"]
        return "".join(f"c({self.slice[name]}), " for name in names)

    def start(self, name: str) -> int:
        """The place before a slice of the constants."""
        return int(self.slice[name].split(":")[0]) - 1
