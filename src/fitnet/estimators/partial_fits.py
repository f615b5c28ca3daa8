"""Partial fits: one more epoch of a regressor on some rows.

Shapes: X (n, p), y (n,) or (n, m), sample_weight (n,).
"""

from typing import TYPE_CHECKING, Any

from fitnet.errors import ArgumentValueError
from fitnet.estimators.fitted_attributes import keep
from fitnet.estimators.random_state import random_generator
from fitnet.fitting.constant_columns import warn_of_constant_inputs
from fitnet.fitting.stream import Stream, one_epoch

if TYPE_CHECKING:
    from fitnet.estimators.regressor import Regressor


def learn_one_epoch(regressor: "Regressor", X: Any, y: Any, sample_weight: Any) -> None:
    """What `Regressor.partial_fit` does, in place."""
    settings = regressor._settings()
    if settings.recipe.error_bars is True:
        raise ArgumentValueError(
            "`error_bars` is True; for partial_fit, which sees some of the rows, it must be 'auto' or False.",
            "error_bars",
        )
    if regressor.communicator is not None:
        raise ArgumentValueError(
            "`communicator` is given; partial_fit learns from the rows of one process, so it must be None.",
            "communicator",
        )
    first = not hasattr(regressor, "_stream")
    rows = regressor._rows(X, y, sample_weight, reset=first)
    stream = Stream(random_generator(regressor.random_state)) if first else regressor._stream
    fitted, regressor._stream = one_epoch(settings, rows, None if first else regressor.model_, stream)
    keep(regressor, fitted, whole=False)
    if first:
        warn_of_constant_inputs(regressor.model_, rows.n)
