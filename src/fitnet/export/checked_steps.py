"""What of a model no exported code can hold."""

from collections.abc import Iterator, Sequence

import numpy as np

from fitnet.algorithm.steps import Activate, Dense, Encode, Exponentiate, Impute, Scale, Step, Unscale
from fitnet.arguments import Array, listed
from fitnet.errors import ArgumentValueError
from fitnet.export.subject import Input

FORMULAS = frozenset(
    {"identity", "relu", "leaky_relu", "tanh", "logistic", "silu", "gelu", "softplus", "exponential"}
)  # of activations, that exporters have


def all_steps(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps, and those of members."""
    for step in steps:
        yield step
        for branch in getattr(step, "branches", ()):
            yield from all_steps(branch)


def check_activations(steps: Sequence[Step]) -> None:
    """Refuse an activation of the user's own.

    Raises
    ------
    ArgumentValueError
        If there is one.
    """
    strange = sorted({step.name for step in all_steps(steps) if isinstance(step, Activate)} - FORMULAS)
    if strange:
        raise ArgumentValueError(
            f"`model` has the activation {strange[0]!r}, for which exporters have no formula; they have those of "
            f"{listed(sorted(FORMULAS), len(FORMULAS))}.",
            "model",
        )


def check_single(steps: Sequence[Step], inputs: Sequence[Input]) -> None:
    """Refuse numbers that code in single precision could not compute with.

    Raises
    ------
    ArgumentValueError
        If float32 cannot hold one, or divide by one of those that are divided by.
    """
    for name, numbers in held_numbers(steps, inputs):
        refuse_lost(name, numbers, ~np.isfinite(in_single(numbers)))
    for name, numbers in divisors(steps):
        with np.errstate(over="ignore", divide="ignore"):
            refuse_lost(name, numbers, ~np.isfinite(1 / in_single(numbers)))


def held_numbers(steps: Sequence[Step], inputs: Sequence[Input]) -> Iterator[tuple[str, Array]]:
    """All numbers that the code has, and what they are."""
    for column in inputs:
        ends = [end for end in (column.lowest, column.highest) if end is not None]
        yield f"the range of {column.name!r}", np.array(ends)
    for step in all_steps(steps):
        match step:
            case Scale(shift, scale) | Unscale(shift, scale):
                yield "a scaling", np.concatenate([shift, scale])
            case Encode(scaling, edges, projections):
                yield "an encoding", np.concatenate([scaling.shift, scaling.scale, *edges, projections.ravel()])
            case Dense(weights, biases):
                yield "a layer", np.concatenate([weights.ravel(), biases])
            case Exponentiate(bounds):
                yield "a target's lower bound", bounds[np.isfinite(bounds)]
            case Impute(medians):
                yield "a median", medians


def divisors(steps: Sequence[Step]) -> Iterator[tuple[str, Array]]:
    """Those that the code divides by."""
    for step in all_steps(steps):
        match step:
            case Scale(_, scale):
                yield "a scaling", scale
            case Encode(scaling, edges):
                yield "a scaling", scaling.scale
                yield "an encoding", np.concatenate([np.ones(1), *(np.diff(in_single(each)) for each in edges)])


def in_single(numbers: Array) -> Array:
    """Rounded to float32."""
    with np.errstate(over="ignore", under="ignore"):
        return numbers.astype(np.float32)


def refuse_lost(name: str, numbers: Array, lost: Array) -> None:
    """Refuse if any is lost."""
    if lost.any():
        raise ArgumentValueError(
            f"`precision` is 'single' and {name} has {numbers[lost][0]:g}, with which float32 cannot compute; "
            "it must be 'double'.",
            "precision",
        )
