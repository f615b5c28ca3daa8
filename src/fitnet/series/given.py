"""Series as users give them: values, columns beside them, times and groups, checked and laid one after another.

Shapes: T rows; y (T,) or (T, k); exog (T, e) or (T,); times and groups (T,).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from fitnet.arguments import Array, counted, real_matrix
from fitnet.errors import ArgumentValueError, SeriesError
from fitnet.estimators.given_data import given_targets
from fitnet.estimators.row_groups import absent
from fitnet.series.exogenous import KnownColumns, given_columns
from fitnet.series.time_steps import TimeStep, checked_times, step_of


@dataclass(frozen=True, eq=False)
class GivenSeries:
    """Series of equal columns, one after another, each in the order of time; finite, in float64.

    Attributes
    ----------
    values
        (T, k).
    exog
        (T, e), without columns where none were given.
    times
        (T,), numbers or dates; or None.
    starts
        (g + 1,): where each series begins, and T.
    labels
        (g,): the groups' values, sorted; None where there is one series only.
    step
        From row to row, of all series; None without times.
    names, exog_names
        Of the k and e columns; those of exog are () where it had none.
    one_column
        Whether y had no columns.
    order
        (T,): the rows' numbers as they were given.
    """

    values: Array
    exog: Array
    times: Array | None
    starts: Array
    labels: Array | None
    step: TimeStep | None
    names: tuple[str, ...]
    exog_names: tuple[str, ...]
    one_column: bool
    order: Array

    @property
    def series(self) -> list[slice]:
        """The rows of each series."""
        return [slice(int(a), int(b)) for a, b in pairwise(self.starts)]

    def part(self, rows: Sequence[slice]) -> "GivenSeries":
        """Those rows of each series."""
        kept = np.concatenate([np.arange(each.start, each.stop) for each in rows])
        return replace(
            self,
            values=self.values[kept],
            exog=self.exog[kept],
            times=None if self.times is None else self.times[kept],
            starts=np.cumsum([0, *(each.stop - each.start for each in rows)]),
            order=self.order[kept],
        )

    def last(self, rows: int) -> "GivenSeries":
        """The last so many rows of each series."""
        return self.part([slice(max(each.start, each.stop - rows), each.stop) for each in self.series])

    def shaped(self, answers: Array) -> Array:
        """Answers (g, ..., k) as y was: without the first axis where there is one series, the last without columns."""
        answers = answers[0] if self.labels is None else answers
        return answers[..., 0] if self.one_column else answers


def given_series(y: Any, exog: Any = None, times: Any = None, groups: Any = None) -> GivenSeries:
    """Series from what `Forecaster.fit` takes.

    A y with an index of dates, as pandas has it, brings its times.

    Raises
    ------
    SeriesError
        For a gap or infinity in y or exog, and for times that do not rise evenly; it carries the row.
    ArgumentValueError, ArgumentTypeError
        For columns of anything but numbers, and for other lengths than y's.
    """
    values, names, one_column = given_values(y)
    rows = len(values)
    times = index_of_dates(y) if times is None else times
    exog_values, exog_names = (np.empty((rows, 0)), ()) if exog is None else given_columns("exog", exog)
    if len(exog_values) != rows:
        raise ArgumentValueError(
            f"`exog` has {counted(len(exog_values), 'row')} and `y` has {rows}; they must have equally many.",
            "exog",
            "y",
        )
    refuse_gaps("y", values)
    refuse_gaps("exog", exog_values)
    times = None if times is None else checked_times(times, rows)
    labels, order, starts = (None, np.arange(rows), np.array([0, rows])) if groups is None else grouped(groups, rows)
    ordered = None if times is None else times[order]
    step = None if ordered is None else common_step(ordered, order, starts)
    return GivenSeries(
        values[order], exog_values[order], ordered, starts, labels, step, names, exog_names, one_column, order
    )


def given_values(y: Any) -> tuple[Array, tuple[str, ...], bool]:
    """The series (T, k) in float64, gaps as NaN; the names of their columns, and whether y had none."""
    array, names = given_targets("y", y, gaps=True)
    array = np.asarray(array)
    one_column = array.ndim == 1
    values = real_matrix("y", array.reshape(-1, 1) if one_column else array).astype(np.float64)
    unnamed = ["y"] if values.shape[1] == 1 else [f"y{i}" for i in range(1, values.shape[1] + 1)]
    return values, tuple(names or unnamed), one_column


def refuse_gaps(argument: str, values: Array) -> None:
    """Refuse NaN and infinity in the rows of a series, (T, k)."""
    wrong = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if len(wrong):
        row = int(wrong[0])
        entry = values[row][~np.isfinite(values[row])][0]
        what = "no value" if np.isnan(entry) else f"{entry}"
        more = f", and so in {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise SeriesError(
            f"`{argument}` has {what} at {{place}}{more}; a series must have no gaps: fill them in, or let each "
            "stretch between them be a group of its own.",
            row,
            argument,
        )


def index_of_dates(y: Any) -> Any:
    """The index of a pandas Series or frame, if it holds dates or periods; else None."""
    index = getattr(y, "index", None)
    if index is None or callable(index):
        return None
    index = index.to_timestamp() if hasattr(index, "to_timestamp") else index
    return index if np.asarray(index).dtype.kind == "M" else None


def grouped(groups: Any, rows: int) -> tuple[Array, Array, Array]:
    """The groups' values (g,), sorted; the rows' order (T,), group after group; and where each begins, (g + 1,)."""
    values = np.asarray(groups)
    if values.shape != (rows,):
        raise ArgumentValueError(
            f"`groups` has shape {values.shape}; it must have one for every row, ({rows},).", "groups"
        )
    missing = np.flatnonzero(absent(values))
    if len(missing):
        raise SeriesError("`groups` has none at {place}; every row must have its group.", int(missing[0]), "groups")
    values = values if values.dtype.kind != "O" else values.astype(str)
    labels, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return labels, np.argsort(places, kind="stable"), np.cumsum([0, *counts.tolist()])


def common_step(times: Array, numbers: Array, starts: Array) -> TimeStep | None:
    """The step that all series have; None where each has one row only."""
    steps = [
        (step, int(numbers[a])) for a, b in pairwise(starts) if (step := step_of(times[a:b], numbers[a:b])) is not None
    ]
    for step, row in steps[1:]:
        if str(step) != str(steps[0][0]):
            raise SeriesError(
                f"`times` has a step of {step} in the series from {{place}} on, and of {steps[0][0]} in the first; all "
                "series must have one step.",
                row,
                "times",
            )
    return steps[0][0] if steps else None


def refuse_leaks(given: GivenSeries, past: Sequence[int], known: KnownColumns, horizon: int) -> None:
    """Refuse a column that is the series itself, seen before its time.

    One that is known in advance must not equal a column of y in the same row, one of the past not in a later row of the
    `horizon`: lag 1 of it would be the target.

    Raises
    ------
    ArgumentValueError
        For the first such column.
    """
    for column in (*past, *known.numbers):
        shifts = range(1) if column in known.numbers else range(1, horizon + 1)
        for name, series in zip(given.names, given.values.T, strict=True):
            for shift in shifts:
                if equals_later(given, given.exog[:, column], series, shift):
                    where = "the same row" if shift == 0 else f"{counted(shift, 'row')} later"
                    raise ArgumentValueError(
                        f"`exog` has in column {known.named(column)} the values of {name!r} of {where}; a column must "
                        "not hold what is to be forecast.",
                        "exog",
                    )


def equals_later(given: GivenSeries, column: Array, series: Array, shift: int) -> bool:
    """Whether a column equals a series so many rows later, in all groups, and neither stands still."""
    pairs = [
        (column[part][: part.stop - part.start - shift], series[part][shift:])
        for part in given.series
        if part.stop - part.start > shift + 2
    ]
    return bool(pairs) and all(np.array_equal(a, b) and bool(np.ptp(b)) for a, b in pairs)
