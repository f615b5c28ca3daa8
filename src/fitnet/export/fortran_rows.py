"""Rows for Fortran: what completes a row as it is given, as named constants.

Places count from 1; those of words and of gaps are of given columns or of completed ones, as `export.subject` has them.
"""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from fitnet.algorithm.steps import Impute
from fitnet.arguments import Array
from fitnet.export.fortran_text import integers, logicals, named_vector, real, reals
from fitnet.export.subject import Input, Subject


def rows_of(subject: Subject, derivatives: bool) -> tuple[dict[str, Any], list[str]]:
    """What templates ask of rows, and their constants."""
    single, inputs, places = not subject.in_double, subject.inputs, first_places(subject.inputs)
    number_places = [places[column] for column in subject.numbers]
    plain = number_places == list(range(1, len(number_places) + 1))
    told = () if subject.impute is None else subject.impute.told
    gaps = any(map(takes_gap, inputs))
    found = {
        "width": sum(map(completed_width, inputs)) + len(told),
        "words": any(column.levels is not None for column in inputs),
        "gaps": gaps,
        "missing": ", missing" if gaps else "",
        "told": len(told) > 0,
        "number_place": "i" if plain else "number_places(i)",
        "ranges": [
            *named_vector("real(wp), public", f"{subject.name}_lowest", [bound(each, True, single) for each in inputs]),
            *named_vector(
                "real(wp), public", f"{subject.name}_highest", [bound(each, False, single) for each in inputs]
            ),
        ],
    }
    lines = row_data(subject, places, single, derivatives)
    if derivatives and not plain:
        lines += integers("number_places", number_places)
    return found, lines


def completed_width(column: Input) -> int:
    """How many completed columns a given one becomes."""
    return 1 if column.levels is None else len(column.levels)


def first_places(inputs: Sequence[Input]) -> list[int]:
    """Of every given column its first completed one, from 1."""
    return list(accumulate(map(completed_width, inputs), initial=1))[:-1]


def takes_gap(column: Input) -> bool:
    """Whether NaN may be given."""
    return column.gaps or (column.levels is not None and None in column.levels)


def row_data(subject: Subject, places: Sequence[int], single: bool, derivatives: bool) -> list[str]:
    """What completes a row."""
    inputs, lines = subject.inputs, []
    words = any(column.levels is not None for column in inputs)
    gaps = any(takes_gap(column) for column in inputs)
    if words:
        lines += integers("places", places)
        lines += integers("levels", [len(column.levels or ()) for column in inputs])
    if gaps:
        lines += logicals("taken", map(takes_gap, inputs))
        lines += reals("medians", medians(subject.impute, places), single)
        if derivatives:
            lines += integers("columns", [column + 1 for column in subject.numbers])
    if gaps and words:
        known = [column.levels if column.levels is not None and None in column.levels else None for column in inputs]
        lines += integers("missing_levels", [-1 if levels is None else levels.index(None) for levels in known])
    if subject.impute is not None and subject.impute.told:
        lines += integers("told", [places.index(place + 1) + 1 for place in subject.impute.told])
    return lines


def medians(impute: Impute | None, places: Sequence[int]) -> Array:
    """Of every given column; those of words are not used."""
    if impute is None:
        return np.zeros(len(places))
    found: Array = impute.medians[np.array(places) - 1]
    return found


def bound(column: Input, low: bool, single: bool) -> str:
    """The lowest or the highest number of a column, in float32 so that it parts the same numbers."""
    if column.levels is not None:
        return real(0 if low else len(column.levels) - 1, single, "wp")
    number = column.lowest if low else column.highest
    if number is None:
        return "-huge(1.0_wp)" if low else "huge(1.0_wp)"
    if single:
        held = np.float32(number)
        if (low and held < number) or (not low and held > number):
            held = np.nextafter(held, np.float32(np.inf if low else -np.inf))
        number = float(held)
    return real(number, single, "wp")
