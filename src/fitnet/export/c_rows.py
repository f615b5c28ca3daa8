"""What C completes a row by: ranges, levels, medians, and which gaps are told; and names of levels and classes.

Shapes: g given columns, completed rows (p,).
"""

from itertools import accumulate
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.export.c_numbers import table
from fitnet.export.subject import Subject

MACROS = ["H", "INPUTS", "OUTPUTS", "NUMBERS", "STACK_BYTES", "OK", "OUTSIDE", "INVALID"]  # that every header has


def completed_width(subject: Subject) -> int:
    """p."""
    told = () if subject.impute is None else subject.impute.told
    return sum(1 if column.levels is None else len(column.levels) for column in subject.inputs) + len(told)


def rows_of(subject: Subject) -> dict[str, Any]:
    """What a row is completed by."""
    single, inputs, impute = not subject.in_double, subject.inputs, subject.impute
    places = [0, *accumulate(1 if each.levels is None else len(each.levels) for each in inputs)][: len(inputs)]
    low = [-np.inf if each.lowest is None else each.lowest for each in inputs]
    high = [np.inf if each.highest is None else each.highest for each in inputs]
    missing = [each.levels.index(None) if each.levels and None in each.levels else -1 for each in inputs]
    found = {
        "width": completed_width(subject),
        "levels": level_macros(subject),
        "classes": class_macros(subject),
        "lowest": table(rounded_inwards(np.array(low), single, np.inf), single),
        "highest": table(rounded_inwards(np.array(high), single, -np.inf), single),
        "numbers": subject.numbers,
        "columns": [places[number] for number in subject.numbers],
        "words": [len(each.levels or ()) for each in inputs] if len(subject.numbers) < len(inputs) else [],
        "missing": missing,
        "gaps": impute is not None,
        "gaps_allowed": [int(each.gaps or place >= 0) for each, place in zip(inputs, missing, strict=True)],
        "medians": "",
        "told": [],
    }
    if impute is not None:
        found["medians"] = table(impute.medians[places], single)
        found["told"] = [places.index(column) for column in impute.told]
    return found


def rounded_inwards(numbers: Array, single: bool, towards: float) -> Array:
    """Ends of ranges such that a number of the precision lies beyond them where it does so beyond the exact ends."""
    if not single:
        return numbers
    rounded = numbers.astype(np.float32)
    beyond = rounded < numbers if towards > 0 else rounded > numbers
    return np.where(beyond, np.nextafter(rounded, np.float32(towards)), rounded).astype(np.float64)


def level_macros(subject: Subject) -> list[tuple[str, int]]:
    """Of every level a macro, and its place; no two alike, and none like a class's."""
    found: list[tuple[str, int]] = []
    taken = {f"{subject.name.upper()}_{word}" for word in MACROS} | {macro for macro, _ in class_macros(subject)}
    for column in subject.inputs:
        for place, level in enumerate(column.level_identifiers):
            first = macro = f"{subject.name}_{column.identifier}_{level}".upper()
            number = 2
            while macro in taken:
                macro, number = f"{first}_{number}", number + 1
            taken.add(macro)
            found.append((macro, place))
    return found


def class_macros(subject: Subject) -> list[tuple[str, str]]:
    """Of every class a macro, in order, and its label as text."""
    macros = (f"{subject.name}_{code}".upper() for code in subject.class_identifiers)
    return list(zip(macros, map(str, subject.classes), strict=True))
