"""Rows as a network sees them: scaled and in the dtype that is computed in."""

from typing import Any

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import finite_cast
from fitnet.model.model import Model
from fitnet.model.stored_rows import ScaledRows
from fitnet.rows import CheckedRows, Rows, RowSource, row_blocks


def as_seen(model: Model, dtype: Any, X: Rows, Y: Rows) -> tuple[Rows, Rows]:
    """Inputs and targets as the model's network sees them: scaled, in `dtype`, finite there."""
    return scaled("X", X, model.input_scaling, dtype), scaled("y", Y, model.target_scaling, dtype)


def scaled(name: str, rows: Rows, scaling: Scaling | None, dtype: Any) -> Rows:
    """Rows that were checked, as the network sees them; those that stay in a file are scaled when they are read."""
    if isinstance(rows, RowSource):
        return ScaledRows(rows, scaling, dtype)
    if scaling is None:
        return finite_cast(name, rows, dtype)
    values = np.empty(rows.shape, dtype)
    for block in row_blocks(*rows.shape):
        values[block] = scaling.apply_block(name, rows[block], dtype, block.start)
    return values


def trusted(rows: Rows) -> Rows | CheckedRows:
    """What `train` does not check again."""
    return rows if isinstance(rows, RowSource) else CheckedRows(rows)
