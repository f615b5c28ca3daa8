"""Missing values in a table: which rows are kept, and the sentence about those that are not to be left out."""

from collections.abc import Sequence

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import MissingValuesError, TableError
from fitnet.rows import Categories
from fitnet.tables.encoded_rows import encoded_rows
from fitnet.tables.table import Table

LISTED_COUNTS = 5  # columns that a sentence counts missing values for


def complete_rows(
    table: Table,
    names: Sequence[str],
    missing: str = "refuse",
    filled: Sequence[str] = (),
    imputes: bool = False,
    categories: Categories | None = None,
) -> tuple[Array, Array]:
    """The named columns of the rows in which none of them is missing.

    Parameters
    ----------
    missing
        "refuse" refuses a table with missing values, "drop" leaves those rows out; "impute" leaves those out in which
        a value is missing in another column than those `filled`.
    filled
        Columns whose gaps stay, as NaN, with "impute".
    imputes
        Whether the sentence about missing values may advise to "impute".
    categories
        Which of the first columns hold words; a missing word among those `filled` is 0 in all of its column's.

    Returns
    -------
    values
        float64 of shape (rows kept, len(names)), or with more columns where words are encoded, finite but for gaps in
        columns `filled`.
    kept
        Which of the table's rows these are, bool of shape (n,).

    Raises
    ------
    TableError
        If a value is missing and is to be refused (a `MissingValuesError`), or no row is left, or as in
        `numeric_columns`.
    """
    values, gaps = encoded_rows(table, names, categories)
    if missing == "impute":
        if not table.part_of:
            check_some_known(table, names, gaps)
        gaps &= np.array([name not in filled for name in names])
        values = values if categories is None else categories.without_gaps(values)
    kept: Array = np.logical_not(gaps.any(axis=1))
    if kept.all():
        return values, kept
    counts = missing_counts(names, gaps.sum(axis=0))
    if missing == "refuse":
        rules = ("drop", "impute") if imputes else ("drop",)
        where = f", the first in {table.place(int(kept.argmin()))}" if table.is_joined else ""
        raise MissingValuesError(f"{table.path} has missing values in {counts}{where}", rules)
    if not kept.any() and not table.part_of:
        raise TableError(f"{table.path} has a missing value in every row, in {counts}; no row is left.")
    return values[kept], kept


def check_some_known(table: Table, names: Sequence[str], gaps: Array) -> None:
    """Refuse a column without any value, which nothing could be filled in from."""
    empty = gaps.all(axis=0)
    if empty.any():
        name = names[int(empty.argmax())]
        raise TableError(f"{table.path} has no value at all in column {name!r}; it must be left out.", name)


def missing_counts(names: Sequence[str], counts: Array) -> str:
    """How many values are missing, for the first few columns where any are."""
    found = [f"{name} ({count})" for name, count in zip(names, counts, strict=True) if count]
    shown = ", ".join(found[:LISTED_COUNTS])
    more = len(found) - LISTED_COUNTS
    return f"{shown} and {more} more" if more > 0 else shown
