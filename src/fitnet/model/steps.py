"""The steps of a model, in order: see `algorithm.steps`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.encoding import LEAST_EDGES, PiecewiseLinear
from fitnet.algorithm.scaling import FLOAT64
from fitnet.algorithm.steps import (
    Activate,
    Dense,
    Encode,
    Exponentiate,
    Impute,
    Mean,
    OneHot,
    Round,
    Scale,
    Softmax,
    Step,
    Unscale,
)
from fitnet.rows import Categories, Imputation

if TYPE_CHECKING:
    from fitnet.model.ensemble import Ensemble
    from fitnet.model.model import Model


def steps_of(model: "Model | Ensemble") -> list[Step]:
    """What happens to a row, in order, from the columns that rows are given with to the outputs.

    First, where the model has them, `OneHot` and `Impute`; what follows takes completed rows X (n, p). Of a model that
    is `Scale` or `Encode`, `Round`, a `Dense` and an `Activate` for every layer, `Unscale`, `Exponentiate` and
    `Softmax`; of an ensemble a `Mean` of such, and a `Round` where its outputs are not in float64. Steps that would
    change nothing are left out.
    """
    first = steps_to_numbers(model.categories, model.imputation)
    members: Sequence[Model] | None = getattr(model, "members", None)
    if members is None:
        return [*first, *steps_of_member(model)]  # type: ignore[arg-type]
    mean = Mean(model.weights, tuple(tuple(steps_of_member(member)) for member in members))  # type: ignore[union-attr]
    return [*first, mean, *rounded(model.output_dtype)]


def steps_to_numbers(categories: Categories | None, imputation: Imputation | None) -> list[Step]:
    """What makes completed rows of the given columns."""
    steps: list[Step] = []
    if categories is not None:
        steps.append(OneHot(categories.names, categories.levels))
    if imputation is not None:
        steps.append(Impute(imputation.medians, imputation.told))
    return steps


def steps_of_member(model: "Model") -> list[Step]:
    """What a model does to completed rows X (n, p)."""
    network, parameters, scaling = model.network, model.parameters, model.input_scaling
    steps: list[Step] = []
    if scaling is not None:
        scale = Scale(scaling.shift, scaling.scale, scaling.limit)
        steps.append(scale if model.encoding is None else encode(scale, model.encoding))
    steps += rounded(parameters.dtype)
    for layer, W, b in zip(network.layers, network.weights(parameters), network.biases(parameters), strict=True):
        steps.append(Dense(W, b))
        if layer.activation != "identity":
            steps.append(Activate(layer.activation))
    if model.target_scaling is not None:
        steps.append(Unscale(model.target_scaling.shift, model.target_scaling.scale))
    if model.target_transform is not None:
        steps.append(Exponentiate(model.target_transform.bounds(network.n_outputs)))
    if model.classes is not None:
        steps.append(Softmax(tuple(model.classes)))
    return steps


def encode(scale: Scale, encoding: PiecewiseLinear) -> Encode:
    """The step of an encoding; its edges are none where there are too few for pieces."""
    edges = tuple(each if len(each) >= LEAST_EDGES else np.empty(0) for each in encoding.edges)
    none = np.empty((0, encoding.n_inputs))
    return Encode(scale, edges, none if encoding.projections is None else encoding.projections)


def rounded(dtype: np.dtype[Any]) -> list[Step]:
    """A `Round` where numbers in float64 change by it."""
    return [] if dtype == FLOAT64 else [Round(dtype.name)]
