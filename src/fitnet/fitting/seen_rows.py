"""Rows as a network sees them: scaled and in the dtype that is computed in."""

from dataclasses import replace
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array, finite_cast
from fitnet.model.model import Model
from fitnet.model.stored_rows import ScaledRows
from fitnet.rows import CheckedRows, Inputs, PiecewiseRows, Rows, RowSource, features_of, row_blocks


def as_seen(
    model: Model, dtype: Any, X: Inputs, Y: Rows, farthest: float | None = None, silent: Array | None = None
) -> tuple[Inputs, Rows]:
    """Inputs and targets as the model's network sees them: scaled, in `dtype`, finite there.

    Targets further off than `farthest` are moved there; the inputs that `silent` (p,) says it is to learn nothing of
    are 0.
    """
    targets = scaled("y", Y, model.target_scaling, dtype, farthest)
    if isinstance(X, PiecewiseRows) and model.input_scaling is None:
        inputs: Inputs = X.astype(dtype)
    else:
        inputs = scaled("X", features_of(X), model.input_scaling, dtype)
    if silent is not None and silent.any():
        return without(inputs, silent), targets
    return inputs, targets


def scaled(name: str, rows: Rows, scaling: Scaling | None, dtype: Any, farthest: float | None = None) -> Rows:
    """Rows that were checked, as the network sees them; those that stay in a file are scaled when they are read."""
    if isinstance(rows, RowSource):
        return ScaledRows(rows, scaling, dtype, farthest=farthest)
    if scaling is None:
        return finite_cast(name, rows, dtype)
    values = np.empty(rows.shape, dtype)
    for block in row_blocks(*rows.shape):
        values[block] = scaling.within(farthest, name, rows[block], dtype, block.start)
    return values


def without(rows: Inputs, silent: Array) -> Inputs:
    """Scaled rows with 0 in the columns of `silent` (k,); the user's own array stays as it is."""
    if isinstance(rows, PiecewiseRows):
        if not np.delete(silent, rows.values_at).any():
            return rows.without(silent)
        rows = rows.dense()
    if isinstance(rows, ScaledRows):
        return replace(rows, silent=silent)
    return np.where(silent, rows.dtype.type(0), np.asarray(rows))


def trusted(rows: Inputs) -> Rows | CheckedRows:
    """What `train` does not check again."""
    return rows if isinstance(rows, RowSource) else CheckedRows(rows)
