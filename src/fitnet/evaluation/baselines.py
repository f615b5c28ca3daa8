"""Baselines: two predictions that anyone has for free, of the training rows' mean and of linear least squares.

Shapes: X (n, p), Y (n, m), in the user's units and in float64.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array, matrix
from fitnet.errors import ArgumentValueError
from fitnet.evaluation.errors import FLOAT64
from fitnet.rows import ColumnStatistics, Rows, RowSource, row_chunks


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
            raise ArgumentValueError(f"`X` has {n} rows and `Y` has {other}; they must have equally many.", "X", "Y")
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

    def predict_mean(self, X: Array) -> Array:
        """The training mean for every row of X: (n, m)."""
        return np.tile(self.mean, (X.shape[0], 1))

    def predict_linear(self, X: Array) -> Array:
        """The least-squares fit at every row of X (n, p): (n, m)."""
        fit: Array = self.mean + (X - self.centre) @ self.coefficients
        return fit

    def as_lists(self) -> dict[str, Any]:
        """Numbers in lists, as a model's provenance can keep them."""
        return {"mean": self.mean.tolist(), "centre": self.centre.tolist(), "coefficients": self.coefficients.tolist()}

    @classmethod
    def from_lists(cls, lists: Any, p: int, m: int) -> "Baselines | None":
        """The baselines that `as_lists` gave, for p inputs and m targets; None if that is not what it is."""
        arrays = arrays_from(lists, {"mean": (m,), "centre": (p,), "coefficients": (p, m)})
        return None if arrays is None else cls(**arrays)


def joint_statistics(X: RowSource, Y: Rows) -> ColumnStatistics:
    """Of inputs and targets side by side, products included, for rows that stay in a file."""
    chunks = (np.hstack(pair) for pair in paired_chunks(X, Y))
    return ColumnStatistics.of_parts(ColumnStatistics.of_array(chunk, products=True) for chunk in chunks)


def paired_chunks(X: Rows, Y: Rows) -> Iterator[tuple[Array, Array]]:
    """Chunks of X with the rows of Y that belong to them."""
    for first, chunk in row_chunks(X):
        stop = first + len(chunk)
        yield chunk, Y.read(first, stop) if isinstance(Y, RowSource) else Y[first:stop]


def arrays_from(lists: Any, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array] | None:
    """Finite arrays of these shapes, float64, from lists by name as a provenance keeps them; None if they are not."""
    if not isinstance(lists, Mapping):
        return None
    try:
        arrays = {name: np.asarray(lists.get(name), FLOAT64) for name in shapes}
    except (TypeError, ValueError):
        return None
    fits = all(arrays[name].shape == shape and np.isfinite(arrays[name]).all() for name, shape in shapes.items())
    return arrays if fits else None
