"""Columns of words: which they are, their levels, and their cells as codes.

A column holds words where none of its cells is a number, a date or a number written otherwise, or where its file calls
it categories. Shapes: a column (n,).
"""

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from fitnet.arguments import Array
from fitnet.errors import TableError, TableWarning
from fitnet.rows.categories import ABSENT, MOST_LEVELS, UNKNOWN, Categories, Levels, doubled_input, sorted_levels
from fitnet.rows.frame_words import as_text, codes_of, level_outside
from fitnet.tables.columns import MISSING, TRUTHS, is_date, not_a_number
from fitnet.tables.decimal_marks import with_decimal_points
from fitnet.tables.table import Table, cell, first_true

TEXT = (pl.String, pl.Categorical, pl.Enum)
COUNTED = 10_000  # different words of a column; where there are more no more are read
# A number with spaces, commas or a currency in it, or a unit behind it: "1,5", "12 %", "5 kg".
NUMBERISH = re.compile(r"[^\w]*\d[\d.,'\s]*(?:e[+-]?\d+)?(\D*)", re.IGNORECASE)
FEWEST_NAMES = 10  # rows, each with a word of its own
FEWEST_AMOUNTS = 3  # different numbers with one unit: 2WD and 4WD are words


@dataclass(eq=False)
class Words:
    """What cells of text a column has: the different words with the first place of each, and how many numbers."""

    name: str
    declared: bool = False  # whether the file calls them categories
    places: dict[str, tuple[Table, int]] = field(default_factory=dict)
    cells: int = 0
    number: tuple[Table, int] | None = None  # the first
    numbers: int = 0
    missing: int = 0

    @property
    def are_truths(self) -> bool:
        """Whether they are true and false, which are numbers."""
        return not self.declared and not self.numbers and all(word.lower() in TRUTHS for word in self.places)

    @property
    def are_amounts(self) -> bool:
        """Whether all are numbers, written otherwise or with a unit."""
        found = [NUMBERISH.fullmatch(word) for word in self.places]
        units = {match.group(1).strip() for match in found if match is not None}
        if self.declared or None in found or len(units) != 1:
            return False
        return not any(map(str.isalpha, units.pop())) or len(found) >= FEWEST_AMOUNTS


def words_of(tables: Iterable[Table], name: str) -> Words | None:
    """The words in a column of a table, which may come in parts; None where its cells are no text."""
    words = Words(name)
    for table in tables:
        column = table.frame[name]
        if column.dtype not in TEXT:
            return None
        words.declared = column.dtype != pl.String
        text = as_words(column)
        numbers = as_numbers(table, name, text)
        missing = is_missing_word(table, text, numbers)
        are_words = ~missing if words.declared else ~missing & numbers.is_null()
        are_numbers = ~missing & ~are_words
        words.missing += int(missing.sum())
        words.cells += int(are_words.sum())
        words.numbers += int(are_numbers.sum())
        if words.number is None and are_numbers.any():
            words.number = table, first_true(are_numbers)
        rows = are_words.arg_true()
        for row in rows.gather(text.gather(rows).arg_unique()).sort().to_list():
            words.places.setdefault(text[row], (table, row))
            if len(words.places) > COUNTED:
                return words
    return words


def is_missing_word(table: Table, text: pl.Series, numbers: pl.Series) -> pl.Series:
    """Which cells of text stand for a missing value; `numbers` are the same as numbers, null where they are none."""
    unread = numbers.is_null() & text.is_not_null()
    missing = text.is_null()
    if unread.any():
        missing |= text.str.to_lowercase().is_in(list(MISSING))
    else:
        missing |= numbers.is_nan().fill_null(False)
    if table.missing_values:
        missing |= numbers.is_in(list(table.missing_values)).fill_null(False)
    return missing


def as_numbers(table: Table, name: str, text: pl.Series) -> pl.Series:
    """Cells as numbers, null where they are none."""
    points = with_decimal_points(table, name, text) if table.decimal_comma else text
    return points.cast(pl.Float64, strict=False)


def found_levels(tables: Iterable[Table], name: str, missing: bool) -> Levels | None:
    """The levels of a column of words, a missing word as one of them if asked for; None of a column of numbers.

    Raises
    ------
    TableError
        For words among numbers or numbers among words, for dates, and for too many different words.
    """
    words = words_of(tables, name)
    if words is None or not words.places or words.are_truths:
        return None
    check_words(words)
    warn_of_names(words)
    return sorted_levels(set(words.places), missing and words.missing > 0)


def check_words(words: Words) -> None:
    """Refuse words that are dates, amounts, among numbers or too many."""
    check_are_words(words)
    if len(words.places) > MOST_LEVELS:
        word, (table, row) = list(words.places.items())[MOST_LEVELS]
        count, place = f"{len(words.places)}{' or more' * (len(words.places) > COUNTED)}", table.place(row)
        raise TableError(
            f"{table.path} has {count} different words in column {words.name!r}, of which {cell(word)} in {place} is "
            f"one too many; at most {MOST_LEVELS} become inputs: leave the column out (--features, `features`), or "
            "join rare words into one.",
            words.name,
            place,
        )


def check_are_words(words: Words) -> None:
    """Refuse dates, amounts, and words among numbers."""
    dated = None if words.declared else next((word for word in words.places if is_date(word)), None)
    if dated is None and words.number is not None and words.numbers < words.cells:
        table, row = words.number
        number, place = str(table.frame[words.name][row]), table.place(row)
        raise TableError(
            f"{table.path} has {cell(number)} in column {words.name!r}, {place}, which is a number among words; a "
            "column must hold either.",
            words.name,
            place,
        )
    if dated is not None or words.numbers or words.are_amounts:
        word = dated or next(iter(words.places))
        table, row = words.places[word]
        raise not_a_number(table, words.name, row, word)


def warn_of_names(words: Words) -> None:
    """Warn where every cell has another word, as names and numbers of samples do."""
    if words.cells == len(words.places) >= FEWEST_NAMES:
        table, _ = next(iter(words.places.values()))
        warnings.warn(
            f"{table.path} has another word in every row of column {words.name!r}, from which nothing can be learned "
            "about other rows; leave the column out (--features, `features`).",
            TableWarning,
            stacklevel=level_outside(),
        )


def found_categories(table: Table, names: Sequence[str], missing: bool) -> Categories | None:
    """The columns of words among these, with their levels; None where there are none. Errors are `found_levels`'s."""
    return categories_of(table.path, names, [found_levels([table], name, missing) for name in names])


def categories_of(path: str, names: Sequence[str], levels: Sequence[Levels | None]) -> Categories | None:
    """The categories of a file's columns with these levels; None where none holds words."""
    if all(each is None for each in levels):
        return None
    doubled = doubled_input(names, levels)
    if doubled is not None:
        raise TableError(
            f"{path} gives two inputs the name {doubled!r}, a column's own or a level's; every one must have its "
            "own name."
        )
    return Categories(tuple(names), tuple(levels))


def are_labels(words: Words | None) -> bool:
    """Whether a column of text holds words that could be the labels of classes: no numbers, dates or true and false."""
    if words is None or not words.places or words.are_truths or words.numbers or words.are_amounts:
        return False
    return words.declared or not is_date(next(iter(words.places)))


def check_target(table: Table, name: str) -> None:
    """Refuse a column of words as a target."""
    words = words_of([table], name)
    if words is not None and are_labels(words):
        word, (_, row) = next(iter(words.places.items()))
        raise TableError(
            f"{table.path} has words, such as {cell(word)} in {table.place(row)}, in column {name!r}, which is to be "
            "predicted as a number; words are predicted as classes, of one target alone (--task classification, "
            "`Classifier`).",
            name,
            table.place(row),
        )


def word_codes(table: Table, name: str, levels: Levels) -> Array:
    """(n,), whole numbers: the places of a column's cells among the levels, `UNKNOWN`, or `ABSENT` where missing."""
    column = table.frame[name]
    if column.dtype.is_numeric():
        return codes_of([as_text(value) for value in column.to_list()], levels)
    text = as_words(column)
    places = {level: place for place, level in enumerate(levels) if level is not None}
    codes = text.replace_strict(places, default=UNKNOWN, return_dtype=pl.Int64).fill_null(UNKNOWN)
    missing = is_missing_word(table, text, as_numbers(table, name, text))
    found = codes.to_numpy().astype(np.intp)
    found[(missing & (codes == UNKNOWN)).to_numpy()] = len(levels) - 1 if levels[-1] is None else ABSENT
    return found


def strange_words(table: Table, name: str, levels: Levels, codes: Array | None = None) -> Counter[str]:
    """The words of a column that are none of its levels, with how many rows have each; `codes` where they are known."""
    codes = word_codes(table, name, levels) if codes is None else codes
    rows = np.flatnonzero(codes == UNKNOWN)
    return Counter(as_words(table.frame[name].gather(rows)).to_list()) if len(rows) else Counter()


def as_words(column: pl.Series) -> pl.Series:
    """The cells as text without spaces around it."""
    return column.cast(pl.String).str.strip_chars()
