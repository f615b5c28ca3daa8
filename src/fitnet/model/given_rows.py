"""Rows as users give them, where an engine's predictor does not take them as they are.

Shapes: X (n, p), outputs (n, m), their derivatives (n, m, p) or (n, m, p, p).
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array, finite_cast, output_matrix, real_matrix
from fitnet.rows import dense, frame_of, is_sparse, row_blocks

if TYPE_CHECKING:
    from fitnet.model.model import Model


def by_name(argument: str, rows: Any, names: Sequence[str], numbered: str = "x", *, gaps: bool = False) -> Any:
    """`rows` in the order of the `names`, where they are a frame: a matrix (n, p). A sparse matrix is made dense.

    Anything else, such as an array, is given back as it is. `numbered` is the letter of names for want of others; with
    `gaps` entries may be missing, which are NaN.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For a frame with other columns, or with entries that are not finite numbers.
    """
    if is_sparse(rows):
        return dense(argument, rows)
    frame = frame_of(argument, rows)
    return rows if frame is None else frame.in_order(names, numbered).matrix(gaps)


def rows_to_predict(
    X: Any, names: Sequence[str], dtype: np.dtype[Any], scaling: Scaling | None, converted: np.dtype[Any]
) -> Array:
    """X (n, p) as an engine's predictor takes it: of float32 or float64, in any layout; of a frame found by `names`.

    Whole numbers and other widths are made `converted`, float32 or float64; what is float32 or float64 is not copied.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If X is anything but a matrix or a frame of real and finite numbers that `dtype` can hold once they are scaled.
    """
    array = real_matrix("X", by_name("X", X, names), len(names))
    if array.dtype not in (np.float32, np.float64):
        array = finite_cast("X", array, converted)
    for rows in row_blocks(*array.shape):
        if scaling is None:
            finite_cast("X", array[rows], dtype, rows.start)
        else:
            scaling.apply_block("X", array[rows], dtype, rows.start)
    return array


def outputs_of_converted(model: "Model", X: Any, out: Array | None) -> Array:
    """The outputs where the predictor took X or `out` not as it is: X converted, or the sentence that says why not."""
    X = model.checked_rows(X)
    if out is not None:
        out = output_matrix("out", out, model.output_dtype, (len(X), model.network.n_outputs), X)
    outputs = model._predictor(X, out)
    assert outputs is not None
    return outputs


def derivatives(model: "Model", of: Callable[[Any], Array | None], X: Any) -> Array:
    """What a predictor's `of` gives at the rows of X as they are given, with respect to the columns given."""
    rows = model.completed(X)
    found = of(rows)
    if found is None:
        found = of(model.checked_rows(rows))
        assert found is not None
    return found if model.imputation is None else model.imputation.derivatives_of_given(found, X)
