"""Evaluation: how well predictions meet the truth, beside two baselines that anyone has for free.

Shapes: X (n, p), target and prediction (n, m), all in the user's units and in float64.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array, matrix
from fitnet.errors import ArgumentValueError
from fitnet.rows import ColumnStatistics, Rows, RowSource, row_chunks

FLOAT64 = np.dtype(np.float64)
LEVELS = {0.6827: 1.0, 0.95: 1.959964}  # a normal variable is within so many standard deviations with this probability


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
        prediction, target = matrix("prediction", prediction, FLOAT64), matrix("target", target, FLOAT64)
        if prediction.shape != target.shape:
            raise ArgumentValueError(
                f"`prediction` has shape {prediction.shape}; it must have `target`'s, {target.shape}."
            )
        residual = prediction - target
        absolute = np.abs(residual)
        spread = root_mean_square(target - target.mean(axis=0))
        constant = (target.min(axis=0) == target.max(axis=0)) | (spread == 0)  # of the smallest numbers rounding is all
        deviation = np.where(constant, np.nan, spread)
        rmse = root_mean_square(residual)
        with np.errstate(over="ignore"):
            r2 = 1 - (rmse / deviation) ** 2
        return cls(rmse, absolute.mean(axis=0), r2, absolute.max(axis=0))


@dataclass(frozen=True, eq=False)
class Baselines:
    """The mean of the training targets, and the linear least-squares fit to the training rows.

    Attributes
    ----------
    mean
        (m,): the targets' mean, which the first baseline always answers.
    centre
        (p,): the inputs' mean.
    coefficients
        (p, m): the second baseline answers mean + (X - centre) @ coefficients.
    """

    mean: Array
    centre: Array
    coefficients: Array

    @classmethod
    def fitted(cls, X: Any, Y: Any) -> "Baselines":
        """Both baselines for the rows of X (n, p) and Y (n, m); of several least-squares fits the smallest.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If X and Y are not finite matrices with equally many rows.
        """
        X, Y = (
            rows if isinstance(rows, RowSource) else matrix(name, rows, FLOAT64) for name, rows in (("X", X), ("Y", Y))
        )
        n, other = X.shape[0], Y.shape[0]
        if n != other:
            raise ArgumentValueError(f"`X` has {n} rows and `Y` has {other}; they must have equally many.")
        if isinstance(X, RowSource):
            return cls.from_statistics(joint_statistics(X, Y), X.shape[1])
        return cls.of_checked(X, Y, ColumnStatistics.of_array(X), ColumnStatistics.of_array(Y))

    @classmethod
    def of_checked(cls, X: Array, Y: Array, inputs: ColumnStatistics, targets: ColumnStatistics) -> "Baselines":
        """As `fitted`, for finite arrays of float64 whose statistics, without weights, are known."""
        scaling = Scaling.from_statistics(inputs)  # columns of one size, so that units do not decide what is singular
        coefficients = np.linalg.lstsq(scaling.apply(X), Y - targets.mean, rcond=None)[0]
        return cls(targets.mean, scaling.shift, coefficients / scaling.scale[:, np.newaxis])

    @classmethod
    def from_statistics(cls, joint: ColumnStatistics, p: int) -> "Baselines":
        """Both baselines for rows whose p inputs and m targets, side by side, have these statistics with products."""
        assert joint.products is not None
        inputs, targets = joint.of_columns(slice(p)), joint.of_columns(slice(p, None))
        scaling = Scaling.from_statistics(inputs)
        size = inputs.unit / scaling.scale
        A_A = joint.products[:p, :p] * np.outer(size, size)  # of standardised inputs, as above
        A_b = joint.products[:p, p:] * np.outer(size, targets.unit)
        coefficients = np.linalg.lstsq(A_A, A_b, rcond=None)[0]
        return cls(targets.mean, scaling.shift, coefficients / scaling.scale[:, np.newaxis])

    def predict_mean(self, X: Rows) -> Array:
        """The training mean for every row of X: (n, m)."""
        return np.tile(self.mean, (X.shape[0], 1))

    def predict_linear(self, X: Rows) -> Array:
        """The least-squares fit at every row of X (n, p): (n, m)."""
        parts = [self.mean + (chunk - self.centre) @ self.coefficients for _, chunk in row_chunks(X)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def as_lists(self) -> dict[str, Any]:
        """Numbers in lists, as a model's provenance can keep them."""
        return {"mean": self.mean.tolist(), "centre": self.centre.tolist(), "coefficients": self.coefficients.tolist()}

    @classmethod
    def from_lists(cls, lists: Any, p: int, m: int) -> "Baselines | None":
        """The baselines that `as_lists` gave, for p inputs and m targets; None if that is not what it is."""
        shapes = {"mean": (m,), "centre": (p,), "coefficients": (p, m)}
        if not isinstance(lists, Mapping):
            return None
        try:
            arrays = {name: np.asarray(lists.get(name), FLOAT64) for name in shapes}
        except (TypeError, ValueError):
            return None
        fits = all(arrays[name].shape == shape and np.isfinite(arrays[name]).all() for name, shape in shapes.items())
        return cls(**arrays) if fits else None


def compared(prediction: Array, X: Rows, Y: Array, baselines: Baselines) -> dict[str, Errors]:
    """The errors of the network's `prediction` (n, m) and of both baselines on the rows of X (n, p) and Y (n, m)."""
    return {
        "network": Errors.of(prediction, Y),
        "mean": Errors.of(baselines.predict_mean(X), Y),
        "least squares": Errors.of(baselines.predict_linear(X), Y),
    }


def coverage(prediction: Any, std: Any, target: Any) -> dict[float, Array]:
    """By level, 0.6827 and 0.95, which share of the targets lies in the normal interval of that level: (m,) each.

    Parameters
    ----------
    prediction, std, target
        (n, m) each, std 0 or more: the interval is centred on the prediction, ends included.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are not finite matrices of the same shape.
    """
    prediction, std, target = (
        matrix(name, values, FLOAT64) for name, values in (("prediction", prediction), ("std", std), ("target", target))
    )
    for name, values in (("prediction", prediction), ("std", std)):
        if values.shape != target.shape:
            raise ArgumentValueError(f"`{name}` has shape {values.shape}; it must have `target`'s, {target.shape}.")
    if np.any(std < 0):
        raise ArgumentValueError(f"`std` holds {std.min():g}; no standard deviation may be below 0.")
    distance = np.abs(target - prediction)
    return {level: np.mean(distance <= width * std, axis=0) for level, width in LEVELS.items()}


def joint_statistics(X: RowSource, Y: Rows) -> ColumnStatistics:
    """Of inputs and targets side by side, products included, for rows that stay in a file."""
    chunks = (
        np.hstack(
            [chunk, Y.read(first, first + len(chunk)) if isinstance(Y, RowSource) else Y[first : first + len(chunk)]]
        )
        for first, chunk in row_chunks(X)
    )
    return ColumnStatistics.of_parts(ColumnStatistics.of_array(chunk, products=True) for chunk in chunks)


def outside(X: Array, ranges: Array) -> Array:
    """Which entries of X (n, p) lie below ranges[0] or above ranges[1], (2, p): booleans (n, p)."""
    beyond: Array = (ranges[0] > X) | (ranges[1] < X)
    return beyond


def root_mean_square(values: Array) -> Array:
    """Of every column of values (n, k): (k,); squares are taken in units of the largest, so that none overflows."""
    largest = np.abs(values).max(axis=0)
    unit = np.where(largest > 0, largest, 1.0)
    root: Array = unit * np.sqrt(np.mean((values / unit) ** 2, axis=0))
    return root
