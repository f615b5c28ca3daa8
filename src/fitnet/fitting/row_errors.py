"""Errors out of fold, by which candidates race: of numbers in units of their spread, of classes the log loss.

Shapes: predictions (k, m) of the k rows `seen`, which are row numbers; a model of classes predicts their logits.
"""

from collections.abc import Callable

import numpy as np

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.arguments import Array
from fitnet.fitting.training_rows import TrainingRows

Judge = Callable[[Array, Array, TrainingRows], float]


def standard_error(predictions: Array, seen: Array, rows: TrainingRows) -> float:
    """The root mean squared error, every output in units of its spread over all rows."""
    Y, scale = np.asarray(rows.Y)[seen], rows.targets().deviation
    squares = (((predictions - Y) / np.where(scale > 0, scale, 1)) ** 2).mean(1)
    return float(np.sqrt(squares.mean()))


def log_loss(predictions: Array, seen: Array, rows: TrainingRows) -> float:
    """The cross-entropy of logits, the mean over rows by their weights."""
    weights = None if rows.weights is None else rows.weights[seen]
    return CrossEntropy().value(predictions, np.asarray(rows.Y)[seen], weights)
