"""Inputs and classes from a table: which task its target sets, and rows with the places of their classes for targets.

Shapes: Y (n, 1), the place of every row's class, as float64.
"""

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from fitnet.algorithm.classes import Label
from fitnet.arguments import one_of
from fitnet.errors import ArgumentValueError, TableWarning
from fitnet.files.patterns import Source, name_of
from fitnet.rows import Categories
from fitnet.tables.alike import files_of
from fitnet.tables.labels import check_labelled, codes_among, few_whole_numbers, found_classes, holds_labels
from fitnet.tables.labels import label_column as labels_in
from fitnet.tables.opening import read_table
from fitnet.tables.parts import parquet_kinds, parquet_rows
from fitnet.tables.selection import Selection, chosen_columns, select
from fitnet.tables.shares import Share, classes_refused
from fitnet.tables.stored_columns import large_parquet, read_selection, wanted_columns
from fitnet.tables.table import Table, checked_names
from fitnet.tables.words import TEXT

AUTO, REGRESSION, CLASSIFICATION = TASKS = ("auto", "regression", "classification")


def read_for_task(
    task: str,
    path: Source,
    targets: Sequence[str],
    features: Sequence[str] | None,
    missing: str,
    units_row: bool,
    missing_values: Sequence[float],
    *,
    warns: bool = True,
    share: Share | None = None,
) -> Selection:
    """Rows to train on: numbers for targets, or classes, as the `task` says; of many files those of a `share`.

    "auto" takes one target of words, or of true and false, for classes, and numbers for numbers; if it `warns`, a
    `fitnet.errors.TableWarning` tells of whole numbers that may be classes.

    Raises
    ------
    TableError, ArgumentValueError, ArgumentTypeError, OSError
        As `read_selection`, and as `select_classes`; if there are several targets and the task is classification.
    """
    one_of("task", task, TASKS)
    targets = checked_names("targets", targets)
    if task == CLASSIFICATION and len(targets) > 1:
        raise ArgumentValueError(
            f"`targets` holds {len(targets)} columns and `task` is 'classification'; it must be one column of labels.",
            "targets",
            "task",
        )
    wanted = wanted_columns(targets, features)
    if task == REGRESSION or len(targets) > 1 or (task == AUTO and is_stored(path, wanted, targets[0], missing_values)):
        return read_selection(path, targets, features, missing, units_row, missing_values, share=share)
    table = read_table(path, units_row, missing_values, columns=wanted, share=share)
    chosen_columns(table.path, table.names, targets, features)
    if task == CLASSIFICATION or holds_labels(table, targets[0]):
        if table.part_of:
            raise classes_refused()
        return select_classes(table, targets[0], features, missing)
    selection = select(table, targets, features, missing)
    if warns:
        warn_of_few(table, targets[0])
    return selection


def is_stored(path: Source, wanted: Sequence[str] | None, target: str, missing_values: Sequence[float]) -> bool:
    """Whether the table is one that is read in parts, with a target of numbers."""
    if missing_values or large_parquet(path, wanted) is None:
        return False
    files = files_of(path) or [name_of(path)]
    kind = parquet_kinds(next(file for file in files if parquet_rows(file, (), least=0))).get(target)
    return kind not in TEXT and kind != pl.Boolean


def warn_of_few(table: Table, name: str) -> None:
    """Say that a target's few whole numbers are taken for numbers."""
    count = few_whole_numbers(table, name)
    if count is not None:
        warnings.warn(
            f"{table.path} has {count} different whole numbers in column {name!r}, which are fitted as numbers; if "
            "they stand for classes, say so with --task classification.",
            TableWarning,
            stacklevel=3,
        )


def select_classes(
    table: Table,
    target: str,
    features: Sequence[str] | None = None,
    missing: str = "refuse",
    *,
    classes: Sequence[Label] | None = None,
    categories: Categories | None = None,
) -> Selection:
    """Inputs as `select` gives them, and classes for targets; `classes` and `categories` are those of a model there is.

    Raises
    ------
    TableError
        As `select` but for words in the target; for labels that are missing, unless `missing` leaves such rows out,
        or none of the classes; for one class, or too many; for numbers that are no whole ones.
    ArgumentValueError, ArgumentTypeError
        As `select`.
    """
    chosen_columns(table.path, table.names, [target], features)
    labels = labels_in(table, target)
    if missing == "refuse":
        check_labelled(table, target, labels)
    known = sorted(set(labels.drop_nulls().to_list())) if classes is None else classes
    codes = codes_among(table, target, labels, known)
    first = apart_from(table.missing_values, len(known))
    places = pl.Series(target, [None if code is None else code + first for code in codes], dtype=pl.Float64)
    numbered = replace(table, frame=table.frame.with_columns(places))
    found = select(numbered, [target], features, missing, trains=classes is None, categories=categories)
    units = {name: unit for name, unit in found.units.items() if name != target}
    Y = np.asarray(found.Y) - first
    if classes is None:
        classes = found_classes(table.path, target, [known[k] for k in Y[:, 0].astype(int).tolist()])
        places_of = {label: place for place, label in enumerate(classes)}
        moved = np.array([places_of.get(label, -1) for label in known], np.float64)
        Y = moved[Y.astype(int)]
    return replace(found, Y=Y, units=units, classes=tuple(classes))


def apart_from(marks: Sequence[float], count: int) -> int:
    """A first whole number from which on so many are no number of the `marks` that stand for missing values."""
    return next(
        first
        for first in range(0, (len(marks) + 1) * max(count, 1), max(count, 1))
        if not any(first <= mark < first + count for mark in marks)
    )
