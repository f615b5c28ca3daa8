"""
A fit with its interval
=======================

Sixty noisy measurements of a curve, and a small smooth network through them. Its error bars give the band in which
nine of ten new measurements are to lie.
"""

import matplotlib.pyplot as plt
import numpy as np

from fitnet import Regressor

generator = np.random.default_rng(0)
x = np.sort(generator.uniform(0, 10, 60))
y = np.exp(-x / 5) * np.sin(2 * x) + generator.normal(0, 0.1, 60)

regressor = Regressor(10, activation="tanh", random_state=0).fit(x[:, np.newaxis], y)
grid = np.linspace(0, 10, 300)
lower, upper = regressor.predict_interval(grid[:, np.newaxis], coverage=0.9).T

figure, axes = plt.subplots()
axes.fill_between(grid, lower, upper, alpha=0.25, linewidth=0, label="90 % interval")
axes.plot(grid, regressor.predict(grid[:, np.newaxis]), label="network")
axes.plot(x, y, "o", markersize=4, color="C1", label="measured")
axes.plot(grid, np.exp(-grid / 5) * np.sin(2 * grid), "--", color="C2", linewidth=1.2, label="the curve they come from")
axes.set(xlabel="x", ylabel="y")
axes.legend(ncols=2)
plt.show()
