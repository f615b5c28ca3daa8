"""Forecasts from windows, at once or step by step, and their exact derivatives.

Shapes: o origins forecast side by side, each from a window of its last L rows, (o, L, k), in the units that windows
count in; f columns known in advance, (o, steps, f); columns of the past, (o, L, e).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.rows.windows import WindowShape

Predict = Callable[[Array], Array]  # inputs (n, p) to outputs (n, h k)
Slopes = Callable[[Array], Array]  # inputs (n, p) to the outputs' derivatives (n, h k, p)


@dataclass(frozen=True, eq=False)
class Before:
    """What is known at the origins.

    Attributes
    ----------
    values
        (o, L, k): the last L rows of the windows' values.
    past
        (o, L, e): of the columns of which only the past is seen.
    known
        (o, steps, f): of those known in advance, in the rows to forecast.
    calendar
        (o, steps, c): of the rows to forecast.
    """

    values: Array
    past: Array
    known: Array
    calendar: Array


def inputs_at(shape: WindowShape, before: Before, values: Array, step: int) -> Array:
    """(o, p): the inputs of windows whose first forecast row is `step` rows after the origin.

    `values` (o, L + step, k) are those up to there, forecasts among them.
    """
    rows = values.shape[1]
    past = before.past.shape[1] + step
    parts = [
        values[:, [rows - lag for lag in shape.lags]],
        before.past[:, [past - lag for lag in shape.past_lags]],
        before.known[:, step : step + shape.horizon],
        before.calendar[:, step],
    ]
    return np.concatenate([part.reshape(len(values), -1) for part in parts], axis=1)


def direct_forecast(predict: Predict, shape: WindowShape, before: Before, steps: int) -> Array:
    """(o, steps, k): all steps from one window, of which no more than the horizon."""
    outputs = predict(inputs_at(shape, before, before.values, 0))
    k = before.values.shape[2]
    return outputs.reshape(len(outputs), -1, k)[:, :steps]


def recursive_forecast(predict: Predict, shape: WindowShape, before: Before, steps: int) -> Array:
    """(o, steps, k): each step from a window that holds the forecasts before it."""
    values = before.values
    for step in range(steps):
        outputs = predict(inputs_at(shape, before, values, step))
        values = np.concatenate([values, outputs[:, np.newaxis]], axis=1)
    return values[:, before.values.shape[1] :]


def direct_slopes(slopes: Slopes, shape: WindowShape, before: Before, steps: int) -> Array:
    """(o, steps, k, L, k): the derivatives of `direct_forecast` with respect to the window's values."""
    o, length, k = before.values.shape
    seen = len(shape.lags) * k  # the first inputs
    jacobian = slopes(inputs_at(shape, before, before.values, 0))[:, : steps * k, :seen]
    found = np.zeros((o, steps, k, length, k))
    found[:, :, :, [length - lag for lag in shape.lags]] = jacobian.reshape(o, steps, k, len(shape.lags), k)
    return found


def recursive_slopes(predict: Predict, slopes: Slopes, shape: WindowShape, before: Before, steps: int) -> Array:
    """(o, steps, k, L, k): those of `recursive_forecast`, by the chain rule from step to step.

    A step's inputs are values of the window, whose derivative is 1, and forecasts, whose derivatives are known by then.
    """
    o, length, k = before.values.shape
    values = np.concatenate([before.values, recursive_forecast(predict, shape, before, steps)], axis=1)
    chained = np.zeros((o, length + steps, k, length * k))  # of every value up to there
    chained[:, :length] = np.eye(length * k).reshape(length, k, length * k)
    for step in range(steps):
        now = length + step
        jacobian = slopes(inputs_at(shape, before, values[:, :now], step))[:, :, : len(shape.lags) * k]
        inner = chained[:, [now - lag for lag in shape.lags]].reshape(o, -1, length * k)
        chained[:, now] = jacobian @ inner
    return chained[:, length:].reshape(o, steps, k, length, k)
