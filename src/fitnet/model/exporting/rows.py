"""Rows to check exported code with, as they are given: one number a column, as `export.subject` says.

Shapes: g given columns, k encoded ones; rows (n, g), encoded (n, k).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.arguments import Array
from fitnet.export.subject import Input

if TYPE_CHECKING:
    from fitnet.model.ensemble import AnyModel

GAPS = 8  # one entry in so many is missing, where gaps are filled in


def encoded_rows(inputs: Sequence[Input], rows: Array) -> Array:
    """The rows as `predict` takes them: words encoded, gaps NaN still; of a missing word without a level all are 0."""
    columns = []
    for column, values in zip(inputs, rows.T, strict=True):
        if column.levels is None:
            columns.append(values[:, np.newaxis])
            continue
        missing = column.levels.index(None) if None in column.levels else -1
        places = np.where(np.isnan(values), missing, values)
        columns.append((places[:, np.newaxis] == np.arange(len(column.levels))).astype(float))
    return np.hstack(columns)


def drawn_rows(
    model: "AnyModel", inputs: Sequence[Input], generator: np.random.Generator, n: int, beyond: float = 1.0
) -> Array:
    """Rows (n, g) evenly over `beyond` times the ranges, around their middles; levels and, where they may be, gaps too.

    Of a number whose range is not known, that of the model's examples is taken.
    """
    examples = example_ranges(model, inputs)
    columns = []
    for column, known in zip(inputs, examples, strict=True):
        if column.levels is not None:
            values = generator.integers(0, len(column.levels), n).astype(float)
        else:
            low, high = known if column.lowest is None or column.highest is None else (column.lowest, column.highest)
            middle, half = low / 2 + high / 2, high / 2 - low / 2
            values = middle + beyond * half * generator.uniform(-1, 1, n)
        if column.gaps:
            values[generator.integers(0, GAPS, n) == 0] = np.nan
        columns.append(values)
    return np.column_stack(columns)


def example_ranges(model: "AnyModel", inputs: Sequence[Input]) -> list[tuple[float, float]]:
    """Of every given column the lowest and the highest number of the model's examples; of words (0, 0)."""
    members: Sequence[Any] = getattr(model, "members", (model,))
    examples = np.vstack([np.asarray(member.example_inputs, np.float64) for member in members])
    found, place = [], 0
    for column in inputs:
        width = 1 if column.levels is None else len(column.levels)
        values = examples[:, place]
        found.append((0.0, 0.0) if column.levels is not None else (float(values.min()), float(values.max())))
        place += width
    return found
