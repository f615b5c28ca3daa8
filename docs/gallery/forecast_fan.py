"""
A forecast and its fan
======================

Ten years of months with a trend and a season, of which the last two are kept out. The intervals come from forecasts of
earlier months, and widen with the months ahead as their errors did.
"""

import matplotlib.pyplot as plt
import numpy as np

from fitnet import Forecaster

generator = np.random.default_rng(0)
months = np.arange("2016-01", "2026-01", dtype="M8[M]")
t = np.arange(len(months))
swings = np.cumsum(generator.normal(0, 1.5, len(t)))
sales = 100 + t + 20 * np.sin(2 * np.pi * t / 12) + 8 * np.sin(2 * np.pi * t / 6) + swings

forecaster = Forecaster(lags=12, horizon=24, strategy="recursive", effort="fast", random_state=0)
forecaster.fit(sales[:-24], times=months[:-24])
later = forecaster.next_times()

figure, axes = plt.subplots()
axes.plot(months[48:], sales[48:], "o-", color="0.55", markersize=3, linewidth=1, label="sales")
for coverage, alpha in ((0.9, 0.15), (0.5, 0.3)):
    lower, upper = forecaster.predict_interval(coverage=coverage).T
    label = f"{100 * coverage:.0f} % interval"
    axes.fill_between(later, lower, upper, color="C0", alpha=alpha, linewidth=0, label=label)
axes.plot(later, forecaster.predict(), "C0", label="forecast")
axes.set(ylabel="sales")
axes.legend(loc="upper left")
plt.show()
