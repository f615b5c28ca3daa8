"""Description: all about a model but its parameters, as `fitnet inspect` shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import isfinite
from typing import Any

from fitnet.algorithm.classes import Label
from fitnet.algorithm.scaling import Scaling
from fitnet.algorithm.target_transform import LogTransform
from fitnet.model.columns import Column
from fitnet.model.given_columns import GivenColumns
from fitnet.model.model import Model
from fitnet.rows import Imputation

SHOWN_LEVELS, LONGEST_LEVEL = 12, 24


@dataclass(frozen=True)
class ColumnDescription:
    """A column: name and unit, what is taken from it and what it is divided by, its range, what fills its gaps.

    Of words its levels, with None for those that are missing. Of a target whose logarithm is learned, `transform` is
    "log" and `lower_bound` is taken away before; shift and scale are the logarithm's then. An input with a `limit` is
    clipped to it once it is scaled.
    """

    name: str
    unit: str | None
    shift: float | None
    scale: float | None
    lowest: float | None = None
    highest: float | None = None
    imputed: float | None = None
    transform: str | None = None
    lower_bound: float | None = None
    limit: float | None = None
    levels: list[str | None] | None = None


@dataclass(frozen=True)
class Description:
    """All about a model but its parameters.

    Attributes
    ----------
    architecture, activations
        Of the layers, from the inputs on.
    parameters
        How many.
    dtype
        What the model computes in.
    inputs, targets
        Their columns; of words the column that is given, not the inputs that stand for its levels.
    noise
        By target, its standard deviation, or that of the target's transform; None without error bars.
    effective_parameters
        How many parameters the rows determined; None without error bars.
    provenance
        Where the model comes from.
    classes
        The labels whose probabilities the targets are; None where they are numbers.
    """

    architecture: list[tuple[int, int]]
    activations: list[str]
    parameters: int
    dtype: str
    inputs: list[ColumnDescription]
    targets: list[ColumnDescription]
    noise: dict[str, float] | None
    effective_parameters: float | None
    provenance: Mapping[str, Any]
    classes: list[Label] | None = None

    @classmethod
    def of(cls, model: Model) -> "Description":
        """That of `model`."""
        noise = model.noise
        return cls(
            model.architecture,
            [layer.activation for layer in model.network.layers],
            model.network.n_parameters,
            model.parameters.dtype.name,
            input_columns(model, model.inputs, model.input_scaling),
            transformed(columns(model.outputs, model.target_scaling), model.target_transform),
            None if noise is None else dict(zip(model.output_names, noise.tolist(), strict=True)),
            None if model.error_bars is None else model.error_bars.effective_parameters,
            dict(model.provenance),
            None if model.classes is None else list(model.classes),
        )

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        error_bars = {"noise": self.noise, "effective_parameters": self.effective_parameters}
        return {
            "architecture": self.architecture,
            "activations": self.activations,
            "parameters": self.parameters,
            "dtype": self.dtype,
            **stated_columns(self.inputs, self.targets),
            **({} if self.classes is None else {"classes": self.classes}),
            "error_bars": None if self.noise is None else error_bars,
            "provenance": self.provenance,
        }


SOME_HAVE = ("imputed", "transform", "lower_bound", "limit", "levels")
OF_TARGETS = ("name", "unit", "shift", "scale", "transform", "lower_bound")  # what is known of a target's column


def stated_columns(
    inputs: Sequence[ColumnDescription], targets: Sequence[ColumnDescription]
) -> dict[str, list[dict[str, Any]]]:
    """Inputs and targets as JSON can hold them."""
    return {
        "inputs": [without_unused(asdict(column)) for column in inputs],
        "targets": [without_unused({name: getattr(column, name) for name in OF_TARGETS}) for column in targets],
    }


def without_unused(column: dict[str, Any]) -> dict[str, Any]:
    """A column's description without what only some columns have, where it has not."""
    return {name: value for name, value in column.items() if name not in SOME_HAVE or value is not None}


def levels_in_short(levels: Sequence[str | None]) -> str:
    """The first levels of a column of words, each cut where it is long, and how many more there are."""
    texts = ["(missing)" if level is None else level for level in levels[:SHOWN_LEVELS]]
    shown = ", ".join(text if len(text) <= LONGEST_LEVEL else f"{text[:LONGEST_LEVEL]}..." for text in texts)
    return f"{shown} and {len(levels) - SHOWN_LEVELS} more" if len(levels) > SHOWN_LEVELS else shown


def as_learned(name: str, transform: str, lower_bound: float) -> str:
    """A target's transform as it is written by hand: log(T), log(T - 3), log(T + 2)."""
    if lower_bound == 0:
        return f"{transform}({name})"
    return f"{transform}({name} {'-' if lower_bound > 0 else '+'} {abs(lower_bound):g})"


def transformed(described: list[ColumnDescription], transform: LogTransform | None) -> list[ColumnDescription]:
    """The targets with their transforms."""
    if transform is None:
        return described
    bounds = transform.bounds(len(described)).tolist()
    return [
        replace(column, transform="log", lower_bound=bound) if isfinite(bound) else column
        for column, bound in zip(described, bounds, strict=True)
    ]


def input_columns(model: GivenColumns, described: Sequence[Column], scaling: Scaling | None) -> list[ColumnDescription]:
    """One description a column that the model is given, and one that says where another is missing."""
    inputs = columns(described, scaling, model.imputation)
    if model.categories is None:
        return inputs
    categories = model.categories
    given = [
        inputs[place.start] if levels is None else ColumnDescription(name, None, None, None, levels=list(levels))
        for name, levels, place in zip(categories.names, categories.levels, categories.places, strict=True)
    ]
    return given + inputs[categories.columns :]


def columns(
    described: Sequence[Column], scaling: Scaling | None, imputation: Imputation | None = None
) -> list[ColumnDescription]:
    """One description a column."""
    none = [None] * len(described)
    imputed = none if imputation is None else [*imputation.medians.tolist(), *[None] * len(imputation.told)]
    shifts, scales = (none, none) if scaling is None else (scaling.shift.tolist(), scaling.scale.tolist())
    return [
        ColumnDescription(
            *(column.name, column.unit or None, shift, scale, column.low, column.high, filled),
            limit=None if scaling is None else scaling.limit,
        )
        for column, shift, scale, filled in zip(described, shifts, scales, imputed, strict=True)
    ]
