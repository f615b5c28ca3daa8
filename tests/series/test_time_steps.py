"""Time steps: what is even, what is said of what is not, and which times come next."""

from datetime import date, datetime

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression

from fitnet import Forecaster
from fitnet.errors import ArgumentTypeError, ArgumentValueError, SeriesError
from fitnet.series.time_steps import checked_times, step_of
from tolerances import FLOAT64_RTOL


def months(first, count, step=1):
    """The firsts of so many months."""
    return (np.datetime64(first, "M") + step * np.arange(count)).astype("M8[D]")


EVEN = [
    (np.arange(5.0), "1", None),
    (1700 + np.arange(9) / 12, "0.0833333", None),
    (months("2023-11", 5), "1 month", 12),
    (months("2023-11", 5, 3), "3 months", 4),
    (months("2023-11", 5, 12), "1 year", None),
    (months("2023-11", 5) + 27, "1 month", 12),
    (months("2023-12", 5) - 1, "1 month", 12),
    (np.datetime64("2024-02-27") + np.arange(5), "1 day", 7),
    (np.datetime64("2024-02-27") + 7 * np.arange(5), "1 week", 52),
    (np.datetime64("2024-02-27T22") + np.arange(5), "1 hour", 24),
    (np.datetime64("2024-02-27T22:00") + 15 * np.arange(5), "15 minutes", None),
    (np.datetime64("2024-02-27T22:00:00", "ns") + 10**9 * np.arange(5), "1 second", None),
]


@pytest.mark.parametrize(("times", "name", "season"), EVEN, ids=[f"{name}-{i}" for i, (_, name, _) in enumerate(EVEN)])
def test_even_steps_are_told_and_go_on(times, name, season):
    step = step_of(times, np.arange(len(times)))
    assert (str(step), step.season) == (name, season)
    fewer = step_of(times[:-2], np.arange(len(times)))
    later = fewer.after(times[-3], 2)
    if times.dtype.kind == "M":
        np.testing.assert_array_equal(later, times[-2:])
    else:
        np.testing.assert_allclose(later, times[-2:], rtol=FLOAT64_RTOL)


UNEVEN = [
    ([0, 1, 2, 4, 5], 3, "`times` goes from 2 to 4 at row 3, with a step of 1; {}: rows are missing between them."),
    ([0, 1, 2, 2.5, 3.5], 3, "`times` goes from 2 to 2.5 at row 3, with a step of 1; {}: a row is too many."),
    ([0, 1, 1, 2], 2, "`times` has 1 twice at row 2; times must rise from row to row."),
    ([0, 1, 0.5, 2], 2, "`times` has 0.5 after 1 at row 2; times must rise from row to row."),
    (
        ["2024-01-01", "2024-02-01", "2024-04-01", "2024-05-01"],
        2,
        "`times` goes from 2024-02-01 to 2024-04-01 at row 2, with a step of 1 month; {}: rows are missing between "
        "them.",
    ),
    (
        ["2024-01-01T00", "2024-01-01T01", "2024-01-01T02", "2024-01-01T05"],
        3,
        "`times` goes from 2024-01-01 02:00:00 to 2024-01-01 05:00:00 at row 3, with a step of 1 hour; {}: rows are "
        "missing between them.",
    ),
]


@pytest.mark.parametrize(("times", "row", "sentence"), UNEVEN)
def test_what_is_uneven_is_said_with_its_row(times, row, sentence):
    checked = checked_times(times, len(times))
    with pytest.raises(SeriesError) as caught:
        step_of(checked, np.arange(len(checked)))
    assert str(caught.value) == sentence.format("times must be evenly apart")
    assert (caught.value.row, caught.value.argument) == (row, "times")
    assert caught.value.at("line 7") == str(caught.value).replace(f"row {row}", "line 7")


def test_a_row_is_numbered_as_it_was_given():
    with pytest.raises(SeriesError, match="row 17") as caught:
        step_of(np.array([0.0, 1.0, 1.0]), np.array([4, 8, 17]))
    assert caught.value.row == 17


@pytest.mark.parametrize(
    "times",
    [
        ["2024-01-31", "2024-02-29"],
        [date(2024, 1, 31), date(2024, 2, 29)],
        [datetime(2024, 1, 31), datetime(2024, 2, 29)],
        np.array(["2024-01-31", "2024-02-29"], "M8[D]"),
    ],
    ids=["text", "dates", "datetimes", "numpy"],
)
def test_dates_may_be_given_in_many_ways(times):
    checked = checked_times(times, 2)
    assert checked.dtype.kind == "M"
    assert checked.astype("M8[D]").astype(str).tolist() == ["2024-01-31", "2024-02-29"]


@pytest.mark.parametrize(
    ("times", "error", "sentence"),
    [
        (
            ["monday", "tuesday"],
            ArgumentValueError,
            "`times` holds text, such as 'monday'; it must hold numbers or dates",
        ),
        ([1j, 2], ArgumentTypeError, "`times` holds complex128; it must hold numbers or dates."),
        ([1, 2, 3], ArgumentValueError, "`times` has shape (3,); it must have one for every row, (2,)."),
        ([1, np.nan], SeriesError, "`times` has none at row 1; every row must have its time."),
        (
            np.array(["NaT", "2024-01-01"], "M8[D]"),
            SeriesError,
            "`times` has none at row 0; every row must have its time.",
        ),
        ([object(), 2], ArgumentTypeError, "`times` holds object; it must hold numbers or dates."),
    ],
)
def test_refuses(times, error, sentence):
    with pytest.raises(error) as caught:
        checked_times(times, 2)
    assert str(caught.value).startswith(sentence)
    assert caught.value.argument == "times"


def test_a_forecaster_tells_which_times_come_next():
    y, times = np.sin(np.arange(20.0)), months("2023-01", 20)
    forecaster = Forecaster(LinearRegression(), 2, 3, backtests=0).fit(y, times=times)
    np.testing.assert_array_equal(forecaster.next_times(), months("2024-09", 3))
    grouped = forecaster.fit([*y, *y], times=[*times, *times], groups=np.repeat([0, 1], 20))
    np.testing.assert_array_equal(grouped.next_times(2), [months("2024-09", 2)] * 2)
    with pytest.raises(ArgumentValueError, match="`times` is not given; it must be, to tell which come next"):
        forecaster.fit(y).next_times()
