"""The inputs of a model that runs in a page: the columns as users give them, with ranges and where to begin.

Shapes: completed rows X (n, p), the numbers that the networks take.
"""

from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.model.columns import Column
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.model import Model

AROUND = 2.0  # standard deviations on either side, where nothing but a scaling tells of a range


def live_inputs(model: AnyModel, rows: Array | None) -> list[dict[str, Any]]:
    """One dict an input, in the order of `given_names`.

    Parameters
    ----------
    rows
        Completed rows X (n, p), float64, whose medians and most frequent levels are the start; None takes the middle of
        the ranges.

    Returns
    -------
    list
        Of each "name", "unit", "kind" ("number" or "words"), "columns" (its places among the p numbers), "start". Of
        numbers "low" and "high", "known_range" (whether they are those of the training), and where gaps are filled in
        "median" and "told" (the place of the number that tells of a gap, or None). Of words "levels", of which the last
        may be None, a missing word; the start is the place of a level.
    """
    low, high, known = ranges_of(model, rows)
    start = low / 2 + high / 2 if rows is None or len(rows) == 0 else np.median(rows, axis=0)
    inputs, categories = [], model.categories
    for place, name in enumerate(model.given_names):
        columns, levels = [place], None
        if categories is not None:
            at, levels = categories.places[place], categories.levels[place]
            columns = list(range(at.start, at.stop))
        if levels is None:
            numbers = {"low": low[columns[0]], "high": high[columns[0]], "start": start[columns[0]]}
            own: dict[str, Any] = {key: float(value) for key, value in numbers.items()}
            own |= {"known_range": known} | of_gaps(model, columns[0])
        else:
            own = {"levels": list(levels), "start": most_frequent(rows, columns)}
        unit = model.units.get(name, "")
        kind = "number" if levels is None else "words"
        inputs.append({"name": name, "unit": unit, "kind": kind, "columns": columns} | own)
    return inputs


def of_gaps(model: AnyModel, column: int) -> dict[str, Any]:
    """What is filled in for gaps of this column, and where that is told."""
    imputation = model.imputation
    if imputation is None:
        return {}
    told = imputation.given + imputation.told.index(column) if column in imputation.told else None
    return {"median": float(imputation.medians[column]), "told": told}


def most_frequent(rows: Array | None, columns: list[int]) -> int:
    """Which of the columns is 1 most often; the first without rows."""
    return 0 if rows is None or len(rows) == 0 else int(rows[:, columns].sum(axis=0).argmax())


def ranges_of(model: AnyModel, rows: Array | None) -> tuple[Array, Array, bool]:
    """The lowest and the highest of every number (p,), and whether they are those of the training.

    A model that does not know them has those of the rows or, without any, what its scaling or its examples tell.
    """
    columns: tuple[Column, ...] = model.inputs
    known = model.input_ranges
    if known is not None:
        return known[0], known[1], True
    if rows is not None and len(rows):
        return rows.min(axis=0), rows.max(axis=0), False
    first: Model = model.members[0] if isinstance(model, Ensemble) else model
    scaling = first.input_scaling
    if scaling is not None:
        return scaling.shift - AROUND * scaling.scale, scaling.shift + AROUND * scaling.scale, False
    return np.full(len(columns), -1.0), np.ones(len(columns)), False
