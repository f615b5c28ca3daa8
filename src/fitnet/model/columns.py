"""What a model knows about its columns: their names, the ranges its inputs had in training, and a few rows."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from fitnet.arguments import Array, counted, matrix
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.scaling import FLOAT64, Scaling

EXAMPLE_ROWS = 8


def column_names(argument: str, names: Sequence[str], prefix: str, count: int) -> tuple[str, ...]:
    """The names, one a column and none twice; prefix1, prefix2, ... where none are given."""
    if isinstance(names, str) or not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
        raise ArgumentTypeError(f"`{argument}` is {names!r}; it must be a sequence of names.")
    names = [str(name) for name in names]  # also from an array or a table's columns
    if not names:
        return tuple(f"{prefix}{i}" for i in range(1, count + 1))
    if len(names) != count:
        raise ArgumentValueError(f"`{argument}` has {len(names)} names; it must have {count}, one a column.")
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ArgumentValueError(f"`{argument}` has {doubled[0]!r} more than once; every column needs its own name.")
    return tuple(names)


def checked_ranges(ranges: Any, columns: int) -> Array:
    """The lowest and the highest of every input, (2, columns), as a copy that cannot be changed."""
    checked = matrix("input_ranges", ranges, FLOAT64, columns).copy()
    if len(checked) != 2:
        raise ArgumentValueError(f"`input_ranges` has {counted(len(checked), 'row')}; it must have 2, low and high.")
    if np.any(checked[0] > checked[1]):
        column = int(np.argmax(checked[0] > checked[1]))
        raise ArgumentValueError(
            f"`input_ranges` is from {checked[0, column]} to {checked[1, column]} in column {column}; "
            "no range may end below where it begins."
        )
    checked.flags.writeable = False
    return checked


def checked_examples(examples: Any, dtype: np.dtype[Any], columns: int, scaling: Scaling | None) -> Array:
    """The first rows of (k, columns) as a copy that cannot be changed; between -1 and 1, scaled, unless given."""
    if examples is None:
        examples = np.linspace(-1, 1, EXAMPLE_ROWS * columns).reshape(EXAMPLE_ROWS, columns)
        examples = examples if scaling is None else scaling.undo(examples)
    checked = matrix("example_inputs", examples, dtype, columns)[:EXAMPLE_ROWS].copy()
    checked.flags.writeable = False
    return checked
