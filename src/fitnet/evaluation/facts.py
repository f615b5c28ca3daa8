"""Facts: all that is known of how well a model meets the truth; printed by the shell, computed here only.

Shapes: X (n, p) and Y (n, m), in the user's units.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from fitnet.arguments import Array, counted, matrix
from fitnet.errors import ArgumentValueError
from fitnet.evaluation.baselines import Baselines, paired_chunks
from fitnet.evaluation.coverage import LEVELS, Coverage
from fitnet.evaluation.errors import FLOAT64, MEASURES, Errors, Residuals
from fitnet.evaluation.ranges import Outside
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.given_rows import by_name
from fitnet.rows import Rows, RowSource

PREDICTED_BY = ("network", "mean", "least squares")


@dataclass(frozen=True, eq=False)
class Evaluation:
    """How well a model does on some rows, beside its baselines.

    Attributes
    ----------
    target_names
        The model's outputs.
    rows
        n.
    errors
        By what predicted the targets: "network", "mean", "least squares".
    coverage
        Of the network's error bars, or of the ensemble's intervals; None where it has none.
    outside
        The rows outside the ranges seen in training.
    own_baselines
        Whether the baselines are those of the training rows, not fitted to the rows judged.
    """

    target_names: Sequence[str]
    rows: int
    errors: Mapping[str, Errors]
    coverage: Coverage | None
    outside: Outside
    own_baselines: bool

    def errors_by_target(self) -> dict[str, dict[str, dict[str, float | None]]]:
        """The measures by target, by what predicted it and by name, as JSON can hold them: None for NaN."""
        return {
            target: {predicted_by: errors.of_target(j) for predicted_by, errors in self.errors.items()}
            for j, target in enumerate(self.target_names)
        }

    def coverage_by_target(self) -> dict[str, dict[str, float]] | None:
        """The share of rows in the interval by target and by the interval's level; None without error bars."""
        if self.coverage is None:
            return None
        shares = self.coverage.shares
        return {
            target: {str(level): float(share[j]) for level, share in shares.items()}
            for j, target in enumerate(self.target_names)
        }

    def as_dict(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        return {
            "rows": self.rows,
            "baselines_from": "training rows" if self.own_baselines else "this table",
            "outside": self.outside.as_dict(),
            "evaluation": self.errors_by_target(),
            "coverage": self.coverage_by_target(),
        }


def evaluate(model: AnyModel, X: Any, Y: Any, baselines: Baselines | None = None) -> Evaluation:
    """How well `model` meets Y (n, m) at the rows of X (n, p), beside two baselines that anyone has for free.

    Parameters
    ----------
    model
        A `Model` or an `Ensemble`.
    X, Y
        Matrices in memory, frames, whose columns are found by name, or a `RowSource` that is read once, chunk by chunk.
        X may have gaps that the model fills in, unless it is a `RowSource`.
    baselines
        Those of the training rows. None takes the ones that the model keeps or, where it keeps none, fits them to
        these rows.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError, TableError
        If X and Y are not finite matrices with equally many rows and the model's columns.
    """
    p, m = len(model.input_names), len(model.output_names)
    X = X if isinstance(X, RowSource) else model.completed(X)
    X, Y = checked("X", X, model.input_names, "x"), checked("Y", Y, model.output_names, "y")
    if X.shape[0] != Y.shape[0]:
        raise ArgumentValueError(
            f"`X` has {X.shape[0]} rows and `Y` has {Y.shape[0]}; they must have equally many.", "X", "Y"
        )
    known = baselines or Baselines.from_lists(model.provenance.get("baselines"), p, m)
    against = known or Baselines.fitted(X, Y)
    tally = reduce(Tally.joined, (Tally.of(model, against, *chunks) for chunks in paired_chunks(X, Y)))
    errors = {by: residuals.errors() for by, residuals in tally.residuals.items()}
    return Evaluation(model.output_names, X.shape[0], errors, tally.coverage, tally.outside, known is not None)


@dataclass(frozen=True, eq=False)
class Tally:
    """What is counted and summed of one chunk of rows, or of several."""

    residuals: Mapping[str, Residuals]
    coverage: Coverage | None
    outside: Outside

    @classmethod
    def of(cls, model: AnyModel, baselines: Baselines, X: Array, Y: Array) -> "Tally":
        """That of one chunk: X (n, p), Y (n, m)."""
        prediction, coverage = judged(model, X, Y)
        predictions = (prediction, baselines.predict_mean(X), baselines.predict_linear(X))
        residuals = {by: Residuals.of(each, Y) for by, each in zip(PREDICTED_BY, predictions, strict=True)}
        outside = Outside.of(X, model.input_ranges, model.input_names, model.categories)
        return cls(residuals, coverage, outside)

    def joined(self, other: "Tally") -> "Tally":
        """That of this chunk's rows and the other's."""
        residuals = {by: each.joined(other.residuals[by]) for by, each in self.residuals.items()}
        coverage = None
        if self.coverage is not None and other.coverage is not None:
            coverage = self.coverage.joined(other.coverage)
        return Tally(residuals, coverage, self.outside.joined(other.outside))


def judged(model: AnyModel, X: Array, Y: Array) -> tuple[Array, Coverage | None]:
    """The predictions, and how many of Y lie in their intervals, which are those of their transforms brought back."""
    if isinstance(model, Ensemble):
        return model.predict(X), coverage_of_intervals(model, X, Y)
    if model.error_bars is None:
        return model.predict(X), None
    transform = model.target_transform
    if transform is None:
        prediction, std = model.predict(X, return_std=True)
        return prediction, Coverage.of(prediction, std, Y)
    transforms, std = model.of_transforms.predict(X, return_std=True)
    return transform.inverse(transforms), Coverage.of_checked(transforms, std, transform.forward(Y))


def coverage_of_intervals(ensemble: Ensemble, X: Array, Y: Array) -> Coverage | None:
    """How many of Y lie in the ensemble's intervals; None where it has none, or its training rows were too few."""
    if ensemble.conformal is None or ensemble.conformal.most_coverage < max(LEVELS):
        return None
    ends = ensemble.predict_interval(X, list(LEVELS))
    inside = (ends[:, :, 0] <= Y[..., np.newaxis]) & (ends[:, :, 1] >= Y[..., np.newaxis])
    return Coverage(len(Y), dict(zip(LEVELS, inside.sum(axis=0).T, strict=True)))


def checked(name: str, rows: Any, columns: Sequence[str], numbered: str) -> Rows:
    """`rows` as a finite matrix of float64 with these columns, found by name in a frame, or the source that it is."""
    if not isinstance(rows, RowSource):
        return matrix(name, by_name(name, rows, columns, numbered), FLOAT64, len(columns))
    if rows.shape[1] != len(columns):
        raise ArgumentValueError(f"`{name}` has {counted(rows.shape[1], 'column')}; it must have {len(columns)}.", name)
    return rows


def kept_errors(model: AnyModel) -> dict[str, dict[str, dict[str, float | None]]] | None:
    """What `fitnet fit` kept of its evaluation, as `errors_by_target` gave it; None if that is not what it is."""
    kept = model.provenance.get("evaluation")
    if not isinstance(kept, Mapping) or set(kept) != set(model.output_names):
        return None
    if not all(isinstance(errors, Mapping) and set(errors) == set(PREDICTED_BY) for errors in kept.values()):
        return None
    if not all(is_measured(measures) for errors in kept.values() for measures in errors.values()):
        return None
    return {
        target: {by: {name: kept[target][by][name] for name in MEASURES} for by in PREDICTED_BY}
        for target in model.output_names
    }


def is_measured(measures: Any) -> bool:
    """Whether it holds every measure, a number or None."""
    named = isinstance(measures, Mapping) and set(measures) == set(MEASURES)
    return named and all(isinstance(value, float | None) for value in measures.values())
