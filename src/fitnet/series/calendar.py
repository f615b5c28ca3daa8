"""Calendar: what a date says of the season, as points on circles, so that December lies beside January.

Shapes: dates (T,); two columns, sine and cosine, for every part of the calendar that is asked for.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from fitnet.arguments import Array, one_of
from fitnet.errors import ArgumentTypeError, ArgumentValueError


def hour(times: Array) -> Array:
    """The share of the day that is over."""
    return np.asarray((times - times.astype("M8[D]")) / np.timedelta64(1, "D"))


def weekday(times: Array) -> Array:
    """The share of the week that is over, in whole days from Monday."""
    return ((times.astype("M8[D]").astype(np.int64) - 4) % 7) / 7  # 1970 began on a Thursday


def month(times: Array) -> Array:
    """The share of the year that is over, in whole months."""
    return (times.astype("M8[M]").astype(np.int64) % 12) / 12


def day_of_year(times: Array) -> Array:
    """The share of the year that is over, in whole days."""
    years = times.astype("M8[Y]")
    first, next_first = years.astype("M8[D]"), (years + 1).astype("M8[D]")
    return np.asarray((times.astype("M8[D]") - first) / (next_first - first))


PARTS: Mapping[str, Callable[[Array], Array]] = {
    "hour": hour,
    "weekday": weekday,
    "month": month,
    "day of year": day_of_year,
}


def checked_calendar(calendar: object) -> tuple[str, ...]:
    """The parts of the calendar that inputs are made of.

    Raises
    ------
    ArgumentTypeError, ArgumentValueError
        For what is no sequence of parts, or has one twice.
    """
    if isinstance(calendar, str) or not isinstance(calendar, Sequence):
        raise ArgumentTypeError(
            f"`calendar` is {calendar!r}; it must be a sequence of parts, such as ('month',).", "calendar"
        )
    parts = tuple(one_of("calendar", part, PARTS) for part in calendar)
    if len(set(parts)) < len(parts):
        raise ArgumentValueError(f"`calendar` is {calendar!r}; it must have no part twice.", "calendar")
    return parts


def calendar_names(calendar: Sequence[str]) -> tuple[str, ...]:
    """What its columns are called, such as "month sin"."""
    return tuple(f"{part} {function}" for part in calendar for function in ("sin", "cos"))


def calendar_columns(calendar: Sequence[str], times: Array | None, rows: int) -> Array:
    """(rows, c): sine and cosine of every part, for dates.

    Raises
    ------
    ArgumentValueError
        Without times, or where they are numbers.
    """
    if not calendar:
        return np.empty((rows, 0))
    if times is None or times.dtype.kind != "M":
        what = "not given" if times is None else "numbers"
        raise ArgumentValueError(
            f"`times` is {what}; it must hold dates, for `calendar` asks for them.", "times", "calendar"
        )
    angles = [2 * np.pi * PARTS[part](times) for part in calendar]
    return np.stack([function(angle) for angle in angles for function in (np.sin, np.cos)], axis=1)
