"""Errors: how far predictions are from the truth, target by target, for rows that may come in chunks.

Shapes: prediction and target (n, m), in the target's unit and in float64.
"""

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from fitnet.arguments import Array, matrix
from fitnet.errors import ArgumentValueError

FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True, eq=False)
class Errors:
    """Measures of the residuals, one entry a target: (m,) each.

    Attributes
    ----------
    rmse
        Root of the mean squared residual, in the target's unit.
    mae
        Mean absolute residual, in the target's unit.
    r2
        1 - (sum of squared residuals) / (sum of squared deviations of the target from its mean over these rows);
        NaN where the target is the same in every row.
    max_error
        Largest absolute residual.
    """

    rmse: Array
    mae: Array
    r2: Array
    max_error: Array

    @classmethod
    def of(cls, prediction: Any, target: Any) -> "Errors":
        """The measures for `prediction` and `target`, both (n, m).

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If they are not finite matrices of the same shape.
        """
        return Residuals.of(prediction, target).errors()

    def of_target(self, j: int) -> dict[str, float | None]:
        """The measures of target j by name, as JSON can hold them: None for NaN."""
        return {name: finite_or_none(getattr(self, name)[j]) for name in MEASURES}


MEASURES = tuple(field.name for field in fields(Errors))


@dataclass(frozen=True, eq=False)
class Residuals:
    """What the errors of all rows come from, known chunk by chunk: (m,) each.

    Attributes
    ----------
    rows
        How many.
    root_mean_square, mean_absolute, largest
        Of the residuals.
    mean, spread, lowest, highest
        Of the targets; the spread is the root of their mean squared deviation from their mean.
    """

    rows: int
    root_mean_square: Array
    mean_absolute: Array
    largest: Array
    mean: Array
    spread: Array
    lowest: Array
    highest: Array

    @classmethod
    def of(cls, prediction: Any, target: Any) -> "Residuals":
        """Those of one chunk; errors as `Errors.of`."""
        prediction, target = matrix("prediction", prediction, FLOAT64), matrix("target", target, FLOAT64)
        check_shape("prediction", prediction, target)
        residual = prediction - target
        absolute, mean = np.abs(residual), target.mean(axis=0)
        return cls(
            len(target),
            root_mean_square(residual),
            absolute.mean(axis=0),
            absolute.max(axis=0),
            mean,
            root_mean_square(target - mean),
            target.min(axis=0),
            target.max(axis=0),
        )

    def joined(self, other: "Residuals") -> "Residuals":
        """Those of this chunk's rows and the other's (for the spread: Chan, Golub and LeVeque 1983)."""
        n = self.rows + other.rows
        share, others = self.rows / n, other.rows / n
        between = (other.mean - self.mean) * np.sqrt(share * others)
        return Residuals(
            n,
            np.hypot(np.sqrt(share) * self.root_mean_square, np.sqrt(others) * other.root_mean_square),
            share * self.mean_absolute + others * other.mean_absolute,
            np.maximum(self.largest, other.largest),
            share * self.mean + others * other.mean,
            np.hypot(np.hypot(np.sqrt(share) * self.spread, np.sqrt(others) * other.spread), between),
            np.minimum(self.lowest, other.lowest),
            np.maximum(self.highest, other.highest),
        )

    def errors(self) -> Errors:
        """The measures over all these rows."""
        constant = (self.lowest == self.highest) | (self.spread == 0)  # of the smallest numbers rounding is all
        deviation = np.where(constant, np.nan, self.spread)
        with np.errstate(over="ignore"):
            r2 = 1 - (self.root_mean_square / deviation) ** 2
        return Errors(self.root_mean_square, self.mean_absolute, r2, self.largest)


def check_shape(name: str, values: Array, target: Array) -> None:
    """Refuse `values` of another shape than the target's."""
    if values.shape != target.shape:
        raise ArgumentValueError(
            f"`{name}` has shape {values.shape}; it must have `target`'s, {target.shape}.", name, "target"
        )


def root_mean_square(values: Array) -> Array:
    """Of every column of values (n, k): (k,); squares are taken in units of the largest, so that none overflows."""
    largest = np.abs(values).max(axis=0)
    unit = np.where(largest > 0, largest, 1.0)
    root: Array = unit * np.sqrt(np.mean((values / unit) ** 2, axis=0))
    return root


def finite_or_none(number: Any) -> float | None:
    """A number as JSON can hold it."""
    return float(number) if np.isfinite(number) else None
