"""Labels: a column of a table as the classes of its rows.

Shapes: a column (n,).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from fitnet.algorithm.classes import Label
from fitnet.arguments import counted, listed
from fitnet.errors import MissingValuesError, TableError
from fitnet.tables.columns import column_values
from fitnet.tables.table import Table, cell, first_true
from fitnet.tables.words import COUNTED, are_labels, as_numbers, as_words, check_are_words, is_missing_word, words_of

MOST_CLASSES = 1000
FEW, FEWEST_ROWS = 20, 2  # different whole numbers that may be classes, and rows of each
EXACT = 2.0**53  # whole numbers up to it are exact in float64


def holds_labels(table: Table, name: str) -> bool:
    """Whether a column can only be classes: words, or true and false."""
    words = words_of([table], name)
    if words is None:
        return table.frame[name].dtype == pl.Boolean
    return are_labels(words) or (bool(words.places) and words.are_truths)


def few_whole_numbers(table: Table, name: str) -> int | None:
    """How many different numbers a column holds, if they may be classes: whole, at most 20, each at least twice."""
    values = column_values(table, name)
    numbers, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    whole = np.array_equal(numbers, np.round(numbers))
    return len(numbers) if whole and 2 <= len(numbers) <= FEW and counts.min() >= FEWEST_ROWS else None


def label_column(table: Table, name: str) -> pl.Series:
    """A column as labels, null where one is missing: text, True and False, or whole numbers.

    Raises
    ------
    TableError
        For numbers with digits behind the point, dates, and words among numbers.
    """
    words = words_of([table], name)
    if words is not None and words.places and not words.are_truths:
        if len(words.places) <= COUNTED:
            check_are_words(words)
        text = as_words(table.frame[name])
        return text.set(is_missing_word(table, text, as_numbers(table, name, text)), None)
    values = pl.Series(name, column_values(table, name), nan_to_null=True)
    truths = table.frame[name].dtype == pl.Boolean if words is None else bool(words.places)
    if truths:
        return values.cast(pl.Boolean)
    return whole_numbers(table, name, values)


def whole_numbers(table: Table, name: str, values: pl.Series) -> pl.Series:
    """Numbers as labels, if all are whole ones."""
    broken = ((values != values.round()) | (values.abs() > EXACT)).fill_null(False)
    if broken.any():
        row = first_true(broken)
        raise TableError(
            f"{table.path} has {counted(values.drop_nulls().n_unique(), 'different number')} in column {name!r}, such "
            f"as {values[row]:.15g} in {table.place(row)}; classes are words or whole numbers, and --task regression "
            "(`Regressor`) takes numbers like these.",
            name,
            table.place(row),
        )
    return values.cast(pl.Int64)


def found_classes(path: str, name: str, labels: Sequence[Label]) -> tuple[Label, ...]:
    """The different labels of rows to train on, in order.

    Raises
    ------
    TableError
        If they are one class, more than 1,000, or so many that rows have a class of their own.
    """
    classes = sorted(set(labels))
    if len(classes) < 2:
        raise TableError(
            f"{path} holds one class, {classes[0]!r}, in column {name!r}; there must be two or more to tell apart.",
            name,
        )
    if len(classes) > MOST_CLASSES or len(classes) > max(2, len(labels) / 2):
        raise TableError(
            f"{path} holds {len(classes)} different labels in the {counted(len(labels), 'row')} of column {name!r}; "
            f"there must be at most {MOST_CLASSES} classes, with two rows each on average.",
            name,
        )
    return tuple(classes)


def codes_among(table: Table, name: str, labels: pl.Series, classes: Sequence[Label]) -> list[int | None]:
    """The places of labels among the classes, None where one is missing; a class may be text and its label a number.

    Raises
    ------
    TableError
        For a label that is none of them.
    """
    known: dict[Label, int] = {str(label): k for k, label in enumerate(classes)}
    known |= {label: k for k, label in enumerate(classes)}
    codes = {label: known.get(label, known.get(str(label))) for label in labels.drop_nulls().unique().to_list()}
    strange = [label for label, code in codes.items() if code is None]
    if strange:
        row = first_true(labels.is_in(strange).fill_null(False))
        raise TableError(
            f"{table.path} has {cell(str(labels[row]))} in column {name!r}, {table.place(row)}, which is none of the "
            f"classes that the model knows: {listed(classes)}.",
            name,
            table.place(row),
        )
    return [codes.get(label) for label in labels.to_list()]


def check_labelled(table: Table, name: str, labels: pl.Series) -> None:
    """Refuse a column in which labels are missing."""
    if labels.null_count():
        row = first_true(labels.is_null())
        raise MissingValuesError(
            f"{table.path} has no label in {counted(labels.null_count(), 'row')} of column {name!r}, the first of them "
            f"{table.place(row)}"
        )
