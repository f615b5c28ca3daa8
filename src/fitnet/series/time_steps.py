"""Times of a series: the step from row to row, what breaks it, and what times come next.

Shapes: times (T,), numbers or dates; a date is a datetime64, in nanoseconds at the finest.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError, ArgumentValueError, SeriesError

STEP_RTOL = 1e-6  # of numbers, such as years with a fraction, whose steps are rounded
SECONDS = np.timedelta64(1, "s")
SEASONS = {3600.0: 24, 86400.0: 7, 604800.0: 52}  # rows a season, by the seconds of a step
UNITS = ((604800.0, "week"), (86400.0, "day"), (3600.0, "hour"), (60.0, "minute"), (1.0, "second"))


@dataclass(frozen=True)
class TimeStep:
    """From one row to the next: so many months, or so much of what times count in.

    Attributes
    ----------
    months
        For dates on the same day of the month, or at the ends of months; else 0.
    length
        A number where times are numbers, a timedelta64 where they are dates.
    month_ends
        Whether those dates are the last days of their months, which differ.
    """

    months: int
    length: Any
    month_ends: bool = False

    @property
    def season(self) -> int | None:
        """Rows in a year of months or quarters, a week of days, a day of hours or a year of weeks; else None."""
        if self.months:
            return 12 // self.months if 12 % self.months == 0 and self.months < 12 else None
        return SEASONS.get(float(self.length / SECONDS)) if isinstance(self.length, np.timedelta64) else None

    def __str__(self) -> str:
        if self.months:
            count, unit = (self.months // 12, "year") if self.months % 12 == 0 else (self.months, "month")
            return f"{count} {unit}" + "s" * (count != 1)
        if not isinstance(self.length, np.timedelta64):
            return f"{self.length:g}"
        seconds = float(self.length / SECONDS)
        size, unit = next(((size, unit) for size, unit in UNITS if seconds % size == 0), UNITS[-1])
        return f"{seconds / size:g} {unit}" + "s" * (seconds != size)

    def after(self, last: Any, count: int) -> Array:
        """(count,): the times that follow `last`, one step apart."""
        steps = np.arange(1, count + 1)
        if not self.months:
            return np.asarray(last + steps * self.length)
        day = last.astype("M8[D]")
        month = day.astype("M8[M]")
        months = month + steps * self.months
        days = months.astype("M8[D]") + (day - month.astype("M8[D]"))
        return np.asarray(((months + 1).astype("M8[D]") - 1 if self.month_ends else days) + (last - day))


def checked_times(times: Any, rows: int) -> Array:
    """(T,) float64 or datetime64, one for every row, none missing.

    Raises
    ------
    ArgumentTypeError, ArgumentValueError
        For anything else; text must hold dates as ISO 8601 has them.
    """
    values = np.asarray(times)
    if values.dtype.kind == "O":
        values = of_objects(values)
    if values.dtype.kind in "US":
        try:
            values = values.astype("M8[ns]")
        except ValueError:
            raise ArgumentValueError(
                f"`times` holds text, such as {values.flat[0].item()!r}; it must hold numbers or dates, as 2024-05-31 "
                "or 2024-05-31T12:00.",
                "times",
            ) from None
    if values.dtype.kind not in "iufM":
        raise ArgumentTypeError(f"`times` holds {values.dtype}; it must hold numbers or dates.", "times")
    if values.shape != (rows,):
        raise ArgumentValueError(
            f"`times` has shape {values.shape}; it must have one for every row, ({rows},).", "times"
        )
    missing = np.flatnonzero(np.isnat(values) if values.dtype.kind == "M" else ~np.isfinite(values))
    if len(missing):
        raise SeriesError("`times` has none at {place}; every row must have its time.", int(missing[0]), "times")
    return values if values.dtype.kind == "M" else values.astype(np.float64)


def of_objects(values: Array) -> Array:
    """Python's dates and times as datetime64; what is none stays as it was."""
    entries = [getattr(each, "to_datetime64", lambda each=each: each)() for each in values.ravel().tolist()]
    if not all(hasattr(each, "isoformat") or isinstance(each, np.datetime64 | str) for each in entries):
        return values
    try:
        return np.array([np.datetime64(each, "us") for each in entries]).reshape(values.shape)
    except (ValueError, TypeError):
        return values


def at_month_ends(days: Array) -> Array:
    """Which days are the last of their months."""
    ends: Array = (days + 1).astype("M8[M]") != days.astype("M8[M]")
    return ends


def in_months(times: Array) -> Array | None:
    """(T,): the number of each date's month, where all have the same day and hour or end a month; else None."""
    if times.dtype.kind != "M":
        return None
    days = times.astype("M8[D]")
    months = days.astype("M8[M]")
    in_day, in_month = times - days, days - months.astype("M8[D]")
    same = np.all(in_day == in_day[0]) and (np.all(in_month == in_month[0]) or np.all(at_month_ends(days)))
    return months.astype(np.int64) if same and np.all(np.diff(months.astype(np.int64)) != 0) else None


def day_differs(times: Array) -> bool:
    """Whether dates are not all on one day of the month."""
    days = times.astype("M8[D]") - times.astype("M8[M]").astype("M8[D]")
    return bool(np.any(days != days[0]))


def step_of(times: Array, numbers: Array) -> TimeStep | None:
    """The step of the times of one series, or None of a single one; `numbers` (T,) are its rows as they were given.

    Raises
    ------
    SeriesError
        Where a time is not after the one before, or not a step after it; the step is the one that comes most often.
    """
    if len(times) < 2:
        return None
    backward = np.flatnonzero(np.diff(times) <= np.zeros(1, np.diff(times).dtype))
    if len(backward):
        place = int(backward[0])
        what = "twice" if times[place] == times[place + 1] else f"after {shown(times[place])}"
        raise SeriesError(
            f"`times` has {shown(times[place + 1])} {what} at {{place}}; times must rise from row to row.",
            int(numbers[place + 1]),
            "times",
        )
    months = in_months(times)
    counted = times if months is None else months
    steps = np.diff(counted)
    usual = most_common(steps)
    step = TimeStep(int(usual), None, day_differs(times)) if months is not None else TimeStep(0, usual)
    off = steps != usual if counted.dtype.kind != "f" else np.abs(steps - usual) > STEP_RTOL * usual
    if off.any():
        place = int(np.argmax(off))
        fault = "rows are missing between them" if steps[place] > usual else "a row is too many"
        raise SeriesError(
            f"`times` goes from {shown(times[place])} to {shown(times[place + 1])} at {{place}}, with a step "
            f"of {step}; times must be evenly apart: {fault}.",
            int(numbers[place + 1]),
            "times",
        )
    return step


def most_common(steps: Array) -> Any:
    """The step that comes most often; of numbers their median, for rounded ones are seldom the same."""
    if steps.dtype.kind == "f":
        return np.sort(steps)[len(steps) // 2]
    values, counts = np.unique(steps, return_counts=True)
    return values[np.argmax(counts)]


def shown(time: Any) -> str:
    """A time as people write it."""
    if not isinstance(time, np.datetime64):
        return f"{time:.10g}"
    return str(time.astype("M8[D]") if time == time.astype("M8[D]") else time.astype("M8[s]")).replace("T", " ")
