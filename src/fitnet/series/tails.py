"""Tails: the last rows of series that a forecast starts from, kept from the fit or given anew.

Shapes: g series; exog of the rows to forecast (g steps, f).
"""

from typing import Any

import numpy as np

from fitnet.arguments import Array, counted, whole_number
from fitnet.errors import ArgumentValueError
from fitnet.series.calendar import calendar_columns
from fitnet.series.fitted import FittedForecast, past_needed
from fitnet.series.forecast import Before
from fitnet.series.given import GivenSeries, given_series
from fitnet.series.time_steps import TimeStep


def checked_steps(fitted: FittedForecast, steps: Any) -> int:
    """How many steps to forecast: the horizon, where None is said.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are more than the strategy gives.
    """
    settings, past_lags = fitted.settings, fitted.shape.past_lags
    count = settings.horizon if steps is None else whole_number("steps", steps)
    if not settings.recursive and count > settings.horizon:
        raise ArgumentValueError(
            f"`steps` is {count}; it must be at most the `horizon` of the fit, {settings.horizon}, or the `strategy` "
            "'recursive'.",
            "steps",
            "horizon",
            "strategy",
        )
    if settings.recursive and past_lags and count > min(past_lags):
        raise past_needed(count, past_lags)
    return count


def checked_tail(fitted: FittedForecast, tail: GivenSeries, y: Any, past_exog: Any, times: Any) -> GivenSeries:
    """The series to go on from: the `tail` of the fit, or one given, with its columns and enough rows.

    Raises
    ------
    SeriesError
        For a gap or wrong times in it.
    ArgumentValueError, ArgumentTypeError
        For other columns, too few rows, or what makes no sense without y.
    """
    if y is None:
        for name, value in (("past_exog", past_exog), ("times", times)):
            if value is not None:
                raise ArgumentValueError(
                    f"`{name}` is given without `y`; it must be None, or of the rows of `y`.", name
                )
        return tail
    given = given_series(y, past_exog, times)
    k, columns = tail.values.shape[1], tail.exog.shape[1]
    if given.values.shape[1] != k:
        raise ArgumentValueError(
            f"`y` has {counted(given.values.shape[1], 'column')}; it must have {k}, as in `fit`.", "y"
        )
    if fitted.known.past(columns) and given.exog.shape[1] != columns:
        has = "None" if past_exog is None else f"of {counted(given.exog.shape[1], 'column')}"
        raise ArgumentValueError(
            f"`past_exog` is {has}; it must hold all {columns} of `exog` in `fit`, in the rows of `y`.",
            "past_exog",
            "y",
        )
    if len(given.values) < fitted.rows_before:
        raise ArgumentValueError(
            f"`y` has {counted(len(given.values), 'row')}; a forecast needs the last {fitted.rows_before}.", "y"
        )
    fitted.settings.check_logarithm(given)
    return given


def seen_from(
    fitted: FittedForecast, tail: GivenSeries, steps: Any, exog: Any, y: Any, past_exog: Any, times: Any
) -> tuple[GivenSeries, Before, Array, int]:
    """What `Forecaster.predict` was given: the series, what is seen at their ends, their last rows, and the steps."""
    count = checked_steps(fitted, steps)
    given = checked_tail(fitted, tail, y, past_exog, times)
    ends = given.starts[1:]
    ahead = max(count, fitted.shape.horizon)
    known = fitted.known.ahead(exog, ahead, len(ends))
    calendar = np.empty((len(ends), ahead, 0))
    if fitted.settings.calendar:
        calendar_columns(fitted.settings.calendar, given.times, 0)  # refuses what has no dates
        later = times_after(given, given.step or tail.step, ahead)
        calendar = np.stack([calendar_columns(fitted.settings.calendar, each, ahead) for each in later])
    return given, *fitted.before(given, ends, known, calendar), count


def times_after(given: GivenSeries, step: TimeStep | None, steps: int) -> Array:
    """(g, steps): the times that follow each series.

    Raises
    ------
    ArgumentValueError
        Where nothing is known of times.
    """
    if given.times is None or step is None:
        raise ArgumentValueError("`times` is not given; it must be, to tell which come next.", "times")
    return np.stack([step.after(given.times[end - 1], steps) for end in given.starts[1:].tolist()])
