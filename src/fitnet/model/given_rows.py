"""Rows as users give them, where an engine's predictor does not take them as they are."""

from typing import Any

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array, finite_cast, real_matrix
from fitnet.rows import row_blocks


def rows_to_predict(
    X: Any, columns: int, dtype: np.dtype[Any], scaling: Scaling | None, converted: np.dtype[Any]
) -> Array:
    """X (n, columns) as an engine's predictor takes it: of float32 or float64, in any layout.

    Whole numbers and other widths are made `converted`, float32 or float64; what is float32 or float64 is not copied.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If X is anything but a matrix of real and finite numbers that `dtype` can hold once they are scaled.
    """
    array = real_matrix("X", X, columns)
    if array.dtype not in (np.float32, np.float64):
        array = finite_cast("X", array, converted)
    for rows in row_blocks(*array.shape):
        if scaling is None:
            finite_cast("X", array[rows], dtype, rows.start)
        else:
            scaling.apply_block("X", array[rows], dtype, rows.start)
    return array
