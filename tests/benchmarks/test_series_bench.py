"""The bench of series: its data beside their definitions, and its errors."""

import numpy as np
import pytest
from benchmarks.series import Outcome, Work, fitnets, naive, table
from benchmarks.series_data import NARMA_LARGEST, airline, mackey_glass, narma, narma_floor, narma_series

import series_tolerances
import tolerances


def test_passengers_are_those_that_were_published():
    """Their sum and some of them: 112 in January 1949, 622 in July 1960, 432 at the end."""
    passengers, months = airline()
    assert (len(passengers), passengers.sum()) == (144, 40363)
    assert (passengers[0], passengers[138], passengers[-1]) == (112, 622, 432)
    assert (str(months[138]), str(months[-1])) == ("1960-07-01", "1960-12-01")


def test_narma_follows_its_equation(generator):
    y, u = narma_series(50, generator)
    assert y.max() < NARMA_LARGEST
    for t in range(9, 49):
        expected = 0.3 * y[t] + 0.05 * y[t] * y[t - 9 : t + 1].sum() + 1.5 * u[t - 9] * u[t] + 0.1
        assert y[t + 1] == pytest.approx(expected, rel=tolerances.FLOAT64_RTOL)
    assert narma(np.zeros(12))[10:].tolist() == pytest.approx([0.1, 0.1305])


def test_more_inputs_leave_less_open():
    floors = [narma_floor(lags, np.random.default_rng(0), 200) for lags in (5, 20, 40)]
    assert floors[0] > floors[1] > floors[2]


def test_mackey_glass_follows_its_equation():
    """Half the step gives nearly the same until x(t - 17) jumps, and slopes are the equation's."""
    x = mackey_glass(400)
    assert (x[0], len(x)) == (1.2, 400)
    finer = mackey_glass(400, step=0.05)
    assert np.abs(x - finer)[:17].max() < series_tolerances.RUNGE_KUTTA_ATOL
    assert np.abs(x - finer)[:100].max() < series_tolerances.AFTER_THE_JUMP_ATOL
    fine = mackey_glass(1000)
    t = np.arange(100, 900)
    mean_slope = (fine[t + 1] - fine[t - 1]) / 2
    delayed = fine[t - 17]
    slope = 0.2 * delayed / (1 + delayed**10) - 0.1 * fine[t]
    assert np.corrcoef(mean_slope, slope)[0, 1] > 0.99


def test_errors_are_in_the_units_asked_for():
    y = np.arange(10.0)
    work = Work(y, 6, "RMSE", 1.0, horizon=2, step=2, season=2)
    off = np.array([[6.0, 8.0], [8.0, 10.0]])
    assert work.error(off) == pytest.approx(np.sqrt(0.5))
    assert Work(y, 6, "ARV", 1.0, 2, step=2, unit=4.0, squared=True).error(off) == pytest.approx(0.125)
    assert [outcome.error for outcome in naive("x", work)] == pytest.approx([np.sqrt(2.5), 2.0])


def test_a_way_is_judged_and_shown():
    work = Work(np.sin(np.arange(60.0)), 40, "RMSE", 0.01, exog=None)
    outcome = fitnets("sunspots", "least squares", 0, work)
    assert outcome.error < series_tolerances.CIRCLE_ATOL
    shown = table([outcome, Outcome("sunspots", "network", 0, 1.0, 1.0)], {"sunspots": work})
    assert list(shown.columns[-1].cells) == ["yes", "no"]
