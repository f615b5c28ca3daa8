"""Rows as users give them, where an engine's predictor does not take them as they are.

Shapes: X (n, p), outputs (n, m).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.arguments import Array, finite_cast, listed, output_matrix, real_matrix
from fitnet.errors import ArgumentTypeError
from fitnet.rows import Categories, dense, frame_of, is_sparse, row_blocks
from fitnet.rows.frame_words import encoded

if TYPE_CHECKING:
    from fitnet.model.given_columns import GivenColumns
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


def encoded_rows(argument: str, rows: Any, model: "GivenColumns", *, gaps: bool = False) -> Any:
    """Rows as numbers, (n, k): a frame's columns of words encoded; anything else, such as an array, as it is.

    With `gaps` entries of numbers may be missing, and missing words are 0 in all of their column's inputs.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For a frame with other columns, with anything but numbers in those of numbers, or with gaps; and for words that
        are not in a frame.
    """
    categories = model.categories
    if categories is None:
        return by_name(argument, rows, model.given_names, gaps=gaps)
    frame = frame_of(argument, rows)
    if frame is not None:
        values = encoded(frame, categories, gaps)
        return categories.without_gaps(values) if gaps else values
    if not is_sparse(rows) and holds_words(rows):
        raise names_needed(argument, rows, categories)
    return rows


def names_needed(argument: str, rows: Any, categories: Categories) -> ArgumentTypeError:
    """The error for rows that are no table where columns hold words."""
    return ArgumentTypeError(
        f"`{argument}` is {type(rows).__name__}; where columns hold words it must be a table with the columns "
        f"{listed(categories.names)}, such as a DataFrame.",
        argument,
    )


def holds_words(rows: Any) -> bool:
    """Whether an array, or rows in lists, are no numbers."""
    try:
        return np.asarray(rows).dtype.kind in "OUST"
    except ValueError:  # rows of different lengths, of which others tell
        return False


def rows_to_predict(members: Sequence["Model"], X: Any) -> Array:
    """X (n, p) as the members' predictors take it: of float32 or float64, in any layout; of a frame found by name.

    Whole numbers and other widths are made the widest `input_dtype`; what is float32 or float64 is not copied. The
    members, one or more, have the same inputs.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If X is anything but a matrix or a frame of real and finite numbers that every member's dtype can hold once
        they are scaled.
    """
    names = members[0].input_names
    array = real_matrix("X", by_name("X", X, names), len(names))
    if array.dtype not in (np.float32, np.float64):
        array = finite_cast("X", array, np.result_type(*(member.input_dtype for member in members)))
    for rows in row_blocks(*array.shape):
        for member in members:
            dtype = member.parameters.dtype
            if member.input_scaling is None:
                finite_cast("X", array[rows], dtype, rows.start)
            elif member.encoding is None:
                member.input_scaling.apply_block("X", array[rows], dtype, rows.start)
            else:
                member.encoding.apply_block("X", array[rows], member.input_scaling, dtype, rows.start)
    return array


def converted(
    members: Sequence["Model"], X: Any, out: Array | None, dtype: np.dtype[Any]
) -> tuple[Array, Array | None]:
    """X as `rows_to_predict` gives it, and the place for outputs of `dtype`, checked; errors name what is wrong."""
    rows = rows_to_predict(members, X)
    if out is None:
        return rows, None
    return rows, output_matrix("out", out, dtype, (len(rows), len(members[0].outputs)), rows)
