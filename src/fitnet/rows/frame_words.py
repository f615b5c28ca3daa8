"""Frames with columns of words: their levels, and their rows encoded.

A column holds words where its dtype says so: "category" of pandas, Categorical and Enum of polars, dictionaries of
Arrow. In rows for a model that knows the column's levels text and other entries are words too.
Shapes: a column (n,), encoded rows (n, k).
"""

import math
import sys
import warnings
from collections import Counter
from collections.abc import Mapping
from numbers import Integral
from typing import Any

import numpy as np

from fitnet.arguments import Array, counted, refuse_masked
from fitnet.errors import ArgumentValueError, UnknownLevelWarning
from fitnet.rows.categories import ABSENT, MOST_LEVELS, UNKNOWN, Categories, Levels, doubled_input, sorted_levels
from fitnet.rows.frame_columns import GAPS_ADVICE, MISSING, Role, check_finite, holds_categories, numbers, shortened
from fitnet.rows.frames import Frame, check_lengths
from fitnet.rows.memory import check_fits
from fitnet.rows.opening import offers

NAMED = 3  # levels that a warning names
Texts = list[str | None]


def found_categories(frame: Frame, missing: bool, text: bool = False) -> Categories | None:
    """The levels of a frame's columns of words, a missing word as one of them if asked for; None without such columns.

    Columns of words are those whose dtype says so and, if asked for, those of `text` that are not all numbers.

    Raises
    ------
    ArgumentValueError
        For a column with more than 100 levels, or with none.
    """
    levels = tuple(
        found_levels(frame.argument, name, texts(frame.argument, frame.table[name], name), missing)
        if holds_categories(frame.table[name]) or (text and holds_words(frame.table[name]))
        else None
        for name in frame.names
    )
    if all(each is None for each in levels):
        return None
    doubled = doubled_input(frame.names, levels)
    if doubled is not None:
        raise ArgumentValueError(
            f"`{frame.argument}` gives two inputs the name {doubled!r}, a column's own or a level's; every one must "
            "have its own name.",
            frame.argument,
        )
    return Categories(frame.names, levels)


def found_levels(argument: str, name: str, entries: Texts, missing: bool) -> Levels:
    """The levels that a column's entries have."""
    there = set(entries)
    gaps = None in there
    words = {text for text in there if text is not None}
    if not entries:
        raise ArgumentValueError(f"`{argument}` has no rows; it must have at least one.", argument)
    if not words:
        raise ArgumentValueError(f"`{argument}` has no value in column {name!r}; it must be left out.", argument)
    if len(words) > MOST_LEVELS:
        raise ArgumentValueError(
            f"`{argument}` has {len(words)} categories in column {name!r}; it must have at most {MOST_LEVELS}: rare "
            "ones can be joined into one, and OneHotEncoder(max_categories=...) in a Pipeline does so.",
            argument,
        )
    return sorted_levels(words, missing and gaps)


def encoded(frame: Frame, categories: Categories, gaps: bool = False, role: Role = "inputs") -> Array:
    """The rows of a frame that has exactly these columns, (n, k), finite but for gaps, if there may be any.

    An `UnknownLevelWarning` tells of words of no known level, which are 0 in all of their column's; `role` is as for
    `numbers`.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For other columns than these, for numbers that are none, and for gaps.
    """
    frame = frame.in_order(categories.names)
    columns: list[Array] = []
    for name, levels in zip(categories.names, categories.levels, strict=True):
        column = frame.table[name]
        if levels is None:
            columns.append(numbers(frame.argument, column, name, role))
            continue
        entries = texts(frame.argument, column, name)
        codes = codes_of(entries, levels)
        if not gaps:
            check_there(frame.argument, name, codes, role)
        strange = Counter(entries[row] or "" for row in np.flatnonzero(codes == UNKNOWN).tolist())
        warn_of_unknown(f"`{frame.argument}`", name, strange)
        columns.append(codes)
    check_lengths(frame.argument, columns)
    check_fits(
        frame.argument,
        8 * len(columns[0]) * categories.columns,
        f"has columns of words, and with a column for each of their levels, {categories.columns} in all,",
        "it must have fewer rows, or fewer levels",
    )
    rows = categories.encoded(columns)
    if gaps:
        check_finite(frame.argument, rows, categories.input_names, gaps, role)
    else:
        places = categories.number_places
        check_finite(frame.argument, rows[:, places], categories.number_names, role=role)
    return rows


def texts(argument: str, column: Any, name: str) -> Texts:
    """The entries of a column as text, None where they are missing."""
    refuse_masked(argument, column, f" in column {name!r}")
    if offers(column, "to_pylist"):  # of pyarrow, whose dictionaries NumPy would give without their gaps
        column = np.array([*column.to_pylist(), None], object)[:-1]
    values = np.asarray(column, dtype=object)
    if values.ndim != 1:
        raise ArgumentValueError(
            f"`{argument}` has {values.ndim} dimensions in column {name!r}; it must have one category a row.", argument
        )
    return [value if type(value) is str else as_text(value) for value in values.tolist()]


def as_text(value: Any) -> str | None:
    """An entry as text, 1 and 1.0 alike; None where it is missing."""
    if value is None or type(value).__name__ in MISSING:
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, Integral) and not isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return None if math.isnan(value) else repr(int(value) if value.is_integer() else float(value))
    return str(value)


def holds_words(column: Any) -> bool:
    """Whether the entries of a column that are there are text, and not all of it numbers."""
    if getattr(getattr(column, "dtype", None), "kind", "O") not in "OUTS":
        return False
    entries = [entry for entry in np.asarray(column, dtype=object).ravel().tolist() if as_text(entry) is not None]
    return all(isinstance(entry, str) for entry in entries) and not all(is_number(entry) for entry in entries)


def is_number(entry: str) -> bool:
    """Whether Python reads the text as a number."""
    try:
        float(entry)
    except ValueError:
        return False
    return True


def codes_of(entries: Texts, levels: Levels) -> Array:
    """(n,), whole numbers: the places of the entries among the levels."""
    places: dict[str | None, int] = {level: place for place, level in enumerate(levels)}
    places.setdefault(None, ABSENT)
    return np.array([places.get(entry, UNKNOWN) for entry in entries], np.intp)


def check_there(argument: str, name: str, codes: Array, role: Role) -> None:
    """Refuse words that are missing where nothing is to be filled in."""
    absent = np.flatnonzero(codes == ABSENT)
    if len(absent):
        raise ArgumentValueError(
            f"`{argument}` has no value in column {name!r}, row {absent[0]}; every row must have a word there: "
            f"{GAPS_ADVICE[role]}.",
            argument,
        )


def warn_of_unknown(where: str, name: str, strange: Mapping[str, int]) -> None:
    """Warn, where this package was called, of a column's levels that training did not have, and in how many rows."""
    if not strange:
        return
    first = sorted(strange, key=lambda level: (-strange[level], level))[:NAMED]
    named = ", ".join(f"{shortened(level)} ({counted(strange[level], 'row')})" for level in first)
    more = f" and {len(strange) - len(first)} more" if len(strange) > len(first) else ""
    warnings.warn(
        f"{where} has {named}{more} in column {name!r}, which no row of training had; to the model such a word is "
        "none of the levels it knows, and outside its domain.",
        UnknownLevelWarning,
        stacklevel=level_outside(),
    )


def level_outside() -> int:
    """How far above the function that calls this the first one is that does not belong to this package."""
    level, place = 1, sys._getframe(1)
    while place.f_back is not None and place.f_globals.get("__name__", "").startswith("fitnet."):
        level, place = level + 1, place.f_back
    return level
