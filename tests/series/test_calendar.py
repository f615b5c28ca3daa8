"""Calendar: dates on circles, beside Python's own calendar."""

from datetime import date, datetime

import numpy as np
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.series.calendar import PARTS, calendar_columns, calendar_names, checked_calendar
from series_tolerances import CIRCLE_ATOL

DATES = [datetime(1970, 1, 1), datetime(2000, 2, 29, 18), datetime(2023, 12, 31, 6), datetime(1899, 7, 4, 23)]


def length_of_year(year):
    """In days."""
    return (date(year + 1, 1, 1) - date(year, 1, 1)).days


BY_PYTHON = {
    "hour": lambda t: t.hour / 24,
    "weekday": lambda t: t.weekday() / 7,
    "month": lambda t: (t.month - 1) / 12,
    "day of year": lambda t: (t.timetuple().tm_yday - 1) / length_of_year(t.year),
}


@pytest.mark.parametrize("unit", ["s", "ns"])
@pytest.mark.parametrize("part", PARTS)
def test_shares_are_pythons(part, unit):
    found = calendar_columns((part,), np.array(DATES, f"M8[{unit}]"), len(DATES))
    angles = 2 * np.pi * np.array([BY_PYTHON[part](each) for each in DATES])
    np.testing.assert_allclose(found, np.column_stack([np.sin(angles), np.cos(angles)]), atol=CIRCLE_ATOL)
    assert calendar_names((part,)) == (f"{part} sin", f"{part} cos")


@pytest.mark.parametrize(
    ("calendar", "error", "sentence"),
    [
        ("month", ArgumentTypeError, "`calendar` is 'month'; it must be a sequence of parts, such as ('month',)."),
        (("month", "month"), ArgumentValueError, "`calendar` is ('month', 'month'); it must have no part twice."),
        (("year",), ArgumentValueError, "`calendar` is 'year'; it must be one of hour, weekday, month, day of year."),
    ],
)
def test_refuses(calendar, error, sentence):
    with pytest.raises(error) as caught:
        checked_calendar(calendar)
    assert str(caught.value).startswith(sentence[:-1])


@pytest.mark.parametrize(("times", "what"), [(None, "not given"), (np.arange(3.0), "numbers")])
def test_needs_dates(times, what):
    with pytest.raises(ArgumentValueError) as caught:
        calendar_columns(("month",), times, 3)
    assert str(caught.value) == f"`times` is {what}; it must hold dates, for `calendar` asks for them."
