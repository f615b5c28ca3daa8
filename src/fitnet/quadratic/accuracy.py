"""The paper's accuracy: how far off predictions are, as a share of the true value (eq. 3.2.1)."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import matrix
from fitnet.errors import ArgumentValueError


@dataclass(frozen=True)
class Accuracy:
    """The accuracy, from 0 to 1, and how many entries it leaves out because their true value is 0."""

    value: float
    excluded_entries: int


def accuracy(prediction: Any, target: Any) -> Accuracy:
    """max(0, 1 - mean of abs(prediction - target) / abs(target)) over the entries whose target is not 0.

    Parameters
    ----------
    prediction, target
        (n, m), real and finite.

    Raises
    ------
    ArgumentValueError
        If the shapes differ or every target is 0.
    """
    float64 = np.dtype(np.float64)
    target = matrix("target", target, float64)
    prediction = matrix("prediction", prediction, float64)
    if prediction.shape != target.shape:
        raise ArgumentValueError(
            f"`prediction` has shape {prediction.shape}; it must have `target`'s, {target.shape}.",
            "prediction",
            "target",
        )
    counted = target != 0
    if not counted.any():
        raise ArgumentValueError("`target` is zero everywhere; relative errors are not defined there.", "target")
    error = np.abs((prediction[counted] - target[counted]) / target[counted])
    return Accuracy(max(0.0, 1.0 - float(error.mean())), int(counted.size - counted.sum()))
