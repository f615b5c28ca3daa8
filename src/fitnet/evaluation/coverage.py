"""Coverage: which share of the targets lies in the intervals that their error bars give.

Shapes: prediction, std and target (n, m), in the target's unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array, matrix
from fitnet.errors import ArgumentValueError
from fitnet.evaluation.errors import FLOAT64, check_shape

LEVELS = {0.6827: 1.0, 0.95: 1.959964}  # a normal variable is within so many standard deviations with this probability


@dataclass(frozen=True, eq=False)
class Coverage:
    """How many of `rows` targets lie in the normal interval of a level: (m,) each, by level."""

    rows: int
    inside: Mapping[float, Array]

    @classmethod
    def of(cls, prediction: Any, std: Any, target: Any) -> "Coverage":
        """That of one chunk; arguments and errors as for `coverage`."""
        prediction, std, target = (
            matrix(name, values, FLOAT64)
            for name, values in (("prediction", prediction), ("std", std), ("target", target))
        )
        check_shape("prediction", prediction, target)
        check_shape("std", std, target)
        if np.any(std < 0):
            raise ArgumentValueError(f"`std` holds {std.min():g}; no standard deviation may be below 0.", "std")
        return cls.of_checked(prediction, std, target)

    @classmethod
    def of_checked(cls, prediction: Array, std: Array, target: Array) -> "Coverage":
        """That of one chunk of matrices alike; a target that is not finite lies in no interval."""
        distance = np.abs(target - prediction)
        return cls(len(target), {level: (distance <= width * std).sum(axis=0) for level, width in LEVELS.items()})

    def joined(self, other: "Coverage") -> "Coverage":
        """That of this chunk's rows and the other's."""
        return Coverage(self.rows + other.rows, {level: self.inside[level] + other.inside[level] for level in LEVELS})

    @property
    def shares(self) -> dict[float, Array]:
        """By level, 0.6827 and 0.95, which share of the targets lies in the interval: (m,) each."""
        return {level: count / self.rows for level, count in self.inside.items()}


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
    return Coverage.of(prediction, std, target).shares
