"""The subject: all that an exporter needs to know of a model, as data.

Shapes: g given columns, q of which hold numbers; outputs (m,); c rows to check with. Rows as they are given have one
number a column: that of a column of words is the place of its level, from 0; a gap is NaN. All in float64.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from fitnet.algorithm.classes import Label
from fitnet.algorithm.steps import Impute, Mean, OneHot, Softmax, Step
from fitnet.arguments import Array
from fitnet.export.names import distinct

DERIVATIVES = ("none", "jacobian", "hessian")
PRECISIONS = ("single", "double")


@dataclass(frozen=True)
class Input:
    """A given column.

    Attributes
    ----------
    name, identifier, unit
        As users know it, as code may, and "" where there is no unit.
    lowest, highest
        Beyond which a row lies outside; None of words, and where they are not known.
    levels
        Of a column of words, the last of which may be None, a missing word; else None.
    level_identifiers
        One a level, for code.
    gaps
        Whether NaN is taken: for a missing word the level None or, where there is none, no level at all.
    """

    name: str
    identifier: str
    unit: str
    lowest: float | None
    highest: float | None
    levels: tuple[str | None, ...] | None
    level_identifiers: tuple[str, ...]
    gaps: bool


@dataclass(frozen=True)
class Output:
    """An output: its name as users know it, as code may, and its unit or ""."""

    name: str
    identifier: str
    unit: str


@dataclass(frozen=True, eq=False)
class ConformalInterval:
    """[y + lower u, y + upper u]: u is 1 where the floor is infinite, else sqrt(spread^2 + floor^2).

    Attributes
    ----------
    lower, upper, floors
        (m,).
    groups
        Of members, each with their places in `Mean.branches` and their weights, which sum to 1. The spread of an output
        is the plain mean over groups of the weighted standard deviation of its members' outputs around their mean.
    """

    lower: Array
    upper: Array
    floors: Array
    groups: tuple[tuple[tuple[int, ...], tuple[float, ...]], ...]

    @property
    def normalised(self) -> bool:
        """Whether any output needs spreads."""
        return bool((self.floors < float("inf")).any())


@dataclass(frozen=True, eq=False)
class LaplaceInterval:
    """t -+ multiple s, of one network: s^2 = scale^2 (variance |L^-1 g|^2 + noise), and t before `Exponentiate`.

    g (P,) are the slopes, with respect to the parameters (layer by layer: weights (inputs, outputs), row by row, then
    biases), of an output before `Unscale`. Where the noise is 0, s is.

    Attributes
    ----------
    multiple, variance
        Numbers.
    factor
        (P (P + 1) / 2,): the lower triangle of L, row by row.
    noise, scale
        (m,).
    unused
        Inputs of the first layer that count as 0 in g.
    """

    multiple: float
    variance: float
    factor: Array
    noise: Array
    scale: Array
    unused: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Checks:
    """Rows, and what the model, computed in float64, says of them.

    Attributes
    ----------
    rows
        (c, g): as given.
    outputs
        (c, m).
    jacobian, hessian
        (c, m, q), (c, m, q, q), with respect to the columns of numbers; or None where they are not asked for.
    lower, upper
        (c, m): the interval's ends, or None where there is none.
    outside
        (c,): whether a number lies beyond its range.
    """

    rows: Array
    outputs: Array
    jacobian: Array | None
    hessian: Array | None
    lower: Array | None
    upper: Array | None
    outside: Array


@dataclass(frozen=True, eq=False)
class Subject:
    """A model to export.

    Attributes
    ----------
    name
        What everything in the exported code begins with: an identifier in every language, in small letters.
    inputs, outputs
        (g,), (m,).
    steps
        From the given columns to the outputs; all activations are among `algorithm.activations`.
    interval
        What its ends are made of, or None.
    coverage
        The share of new targets that they are to hold.
    lines
        What the model is and where it comes from, for a comment: lines that can be printed.
    checks
        For the self-test.
    derivatives, precision
        What is asked for: one of DERIVATIVES, one of PRECISIONS.
    by_name
        Whether a graph takes an input a column, in place of one matrix.
    file
        What the file is called, for comments; "" where that is after `name`.
    """

    name: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    steps: tuple[Step, ...]
    interval: ConformalInterval | LaplaceInterval | None
    coverage: float
    lines: tuple[str, ...]
    checks: Checks
    derivatives: str
    precision: str
    by_name: bool
    file: str = ""

    def file_with(self, ending: str) -> str:
        """The file's name, which has this ending unless the user gave another."""
        return self.file or f"{self.name}{ending}"

    @property
    def numbers(self) -> tuple[int, ...]:
        """(q,): the places of the columns of numbers, which derivatives are with respect to."""
        return tuple(place for place, column in enumerate(self.inputs) if column.levels is None)

    @property
    def wants_jacobian(self) -> bool:
        """Whether first derivatives are asked for."""
        return self.derivatives != "none"

    @property
    def wants_hessian(self) -> bool:
        """Whether second derivatives are."""
        return self.derivatives == "hessian"

    @property
    def in_double(self) -> bool:
        """Whether the code computes in double precision."""
        return self.precision == "double"

    @cached_property
    def one_hot(self) -> OneHot | None:
        """The step that takes words, or None."""
        return next((step for step in self.steps if isinstance(step, OneHot)), None)

    @cached_property
    def impute(self) -> Impute | None:
        """The step that fills gaps, or None; its columns are those behind `one_hot`."""
        return next((step for step in self.steps if isinstance(step, Impute)), None)

    @cached_property
    def weights(self) -> Sequence[float]:
        """(M,): of the branches."""
        mean = self.mean
        return [1.0] if mean is None else mean.weights.tolist()

    @cached_property
    def branches(self) -> tuple[tuple[Step, ...], ...]:
        """(M,): of every member the steps from completed rows to outputs; of a single network one."""
        mean = self.mean
        rest = tuple(step for step in self.steps if not isinstance(step, OneHot | Impute))
        return (rest,) if mean is None else mean.branches

    @property
    def mean(self) -> Mean | None:
        """The step that takes the mean of members, or None."""
        return next((step for step in self.steps if isinstance(step, Mean)), None)

    @cached_property
    def classes(self) -> tuple[Label, ...]:
        """(K,): the labels whose probabilities the outputs are; () where outputs are numbers."""
        return next((step.classes for step in self.branches[0] if isinstance(step, Softmax)), ())

    @property
    def class_identifiers(self) -> tuple[str, ...]:
        """(K,): one a label, for code: `class_setosa`."""
        return distinct(f"class {label}" for label in self.classes)
