"""Forecast the sunspots: a year ahead, and a whole cycle ahead from three minima, with intervals.

`Forecaster` sees the twelve years before. A year ahead it is fitted to 1700 to 1920 and forecasts all years since. A
cycle ahead it learns their square roots, which scatter alike at all levels, so that no interval goes below 0.

Run: python sunspots.py
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LinearRegression

from fitnet import Forecaster

CYCLE = 11  # years
MINIMA = (1976, 1986, 1996)  # the last year that each forecast of a cycle knows
PARTS = ((1921, 1955), (1956, 2008))  # the years of a year ahead
years, numbers = np.loadtxt(Path(__file__).with_name("sunspots.csv"), delimiter=",", skiprows=1, unpack=True)


def year_ahead(estimator=None):
    """(years, forecasts) of each next year by a fit to the first years; None stands for fitnet's networks."""
    forecaster = Forecaster(estimator, lags=12, difference=0, backtests=0, effort="fast", random_state=0)
    tried = forecaster.backtest(numbers, times=years, initial=int(np.sum(years < PARTS[0][0])))
    return tried.times, tried.forecasts[:, 0]


def cycle_ahead(last):
    """(years, forecasts, lower and upper ends): eleven years from what was known in the year `last`."""
    known = years <= last
    forecaster = Forecaster(lags=12, horizon=CYCLE, strategy="recursive", difference=0, effort="fast", random_state=0)
    forecaster.fit(np.sqrt(numbers[known]), times=years[known])
    ends = np.maximum(forecaster.predict_interval(coverage=0.9), 0)  # of square roots
    return forecaster.next_times(), forecaster.predict() ** 2, ends**2


def actual(when):
    """The numbers of these years."""
    return numbers[np.searchsorted(years, when)]


def root_mean_square(errors):
    """RMSE of these errors."""
    return np.sqrt(np.mean(np.square(errors)))


when, by_networks = year_ahead()
ways = {"networks": by_networks, "a line": year_ahead(LinearRegression())[1], "the last year": actual(when - 1)}
for first, last in PARTS:
    part = (first <= when) & (when <= last)
    errors = {way: root_mean_square((forecast - actual(when))[part]) for way, forecast in ways.items()}
    print(f"a year ahead, {first} to {last}: RMSE", ", ".join(f"{way} {rmse:.1f}" for way, rmse in errors.items()))
cycles = [cycle_ahead(last) for last in MINIMA]
missed = np.concatenate([forecast - actual(then) for then, forecast, _ in cycles])
repeated = np.concatenate([actual(then - CYCLE) - actual(then) for then, _, _ in cycles])
inside = np.concatenate([(ends[:, 0] <= actual(then)) & (actual(then) <= ends[:, 1]) for then, _, ends in cycles])
print(f"a cycle ahead, from {', '.join(map(str, MINIMA))}: RMSE {root_mean_square(missed):.1f}")
print(f"the cycle before instead: RMSE {root_mean_square(repeated):.1f}")
print(f"in 90 % intervals: {inside.sum()} of {len(inside)} years")

plt.style.use("seaborn-v0_8-colorblind")
figure, (above, below) = plt.subplots(2, 1, figsize=(10, 6), sharey=True, layout="constrained")
above.plot(years, numbers, "o-", color="0.6", markersize=3, linewidth=1, label="observed")
above.plot(when, by_networks, label="forecast from the twelve years before")
above.set(xlim=(1915, 2010), ylabel="sunspot number", title="A year ahead")
below.plot(years, numbers, "o-", color="0.6", markersize=3, linewidth=1, label="observed")
for last, (then, forecast, ends) in zip(MINIMA, cycles, strict=True):
    label = "forecast of a cycle, and 90 % interval" if last == MINIMA[0] else None
    below.plot(then, forecast, "C2", label=label)
    below.fill_between(then, ends[:, 0], ends[:, 1], color="C2", alpha=0.2, linewidth=0)
    below.axvline(last + 0.5, color="0.6", linewidth=0.8, linestyle=":")
below.set(xlim=(1955, 2010), xlabel="year", ylabel="sunspot number", title="A cycle ahead, from three minima")
for axes in (above, below):
    axes.set_ylim(-5, 275)
    axes.legend(loc="upper left", ncols=2)
figure.savefig("sunspots.png", dpi=90)
