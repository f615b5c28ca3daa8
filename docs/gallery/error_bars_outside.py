"""
Error bars where there are no data
==================================

Among the measurements the standard deviation of a new one is little more than the noise. In the gap, and beyond the
ends, other networks would fit as well, and the error bars say so.
"""

import matplotlib.pyplot as plt
import numpy as np

from fitnet import Regressor

generator = np.random.default_rng(1)
x = np.concatenate([generator.uniform(-3, -1, 40), generator.uniform(1, 3, 40)])
y = np.sin(2 * x) + generator.normal(0, 0.1, 80)

regressor = Regressor(8, activation="tanh", random_state=0).fit(x[:, np.newaxis], y)
grid = np.linspace(-4, 4, 400)
prediction, std = regressor.predict(grid[:, np.newaxis], return_std=True)

figure, (above, below) = plt.subplots(2, 1, sharex=True, height_ratios=[2, 1])
for width, alpha in ((2, 0.15), (1, 0.25)):
    above.fill_between(grid, prediction - width * std, prediction + width * std, color="C0", alpha=alpha, linewidth=0)
above.plot(grid, prediction, label="network, one and two standard deviations")
above.plot(x, y, "o", markersize=3, color="C1", label="measured")
above.set(ylabel="y", ylim=(-3, 4))
above.legend(loc="upper center", ncols=2)
below.semilogy(grid, std, label="standard deviation")
below.axhline(regressor.model_.noise[0], color="C2", linestyle="--", linewidth=1.2, label="noise that the fit found")
below.set(xlabel="x", ylabel="std", ylim=(0.05, 20))
below.legend(loc="upper center", ncols=2)
plt.show()
