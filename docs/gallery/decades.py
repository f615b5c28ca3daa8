"""
Targets over decades
====================

A rate that grows by six powers of ten, measured to a fifth. With ``target_transform="log"`` its logarithm is learned;
predictions and intervals are in the rate's own units, and above 0.
"""

import matplotlib.pyplot as plt
import numpy as np

from fitnet import Regressor

generator = np.random.default_rng(0)
temperature = np.sort(generator.uniform(300, 1000, 80))
rate = 1e8 * np.exp(-6000 / temperature) * np.exp(generator.normal(0, 0.2, 80))
grid = np.linspace(300, 1000, 200)

figure, axes = plt.subplots()
for colour, transform, label in (("C1", None, "the rate learned as it is"), ("C0", "log", "its logarithm learned")):
    regressor = Regressor(6, activation="tanh", target_transform=transform, random_state=0)
    regressor.fit(temperature[:, np.newaxis], rate)
    axes.semilogy(grid, regressor.predict(grid[:, np.newaxis]), color=colour, label=label)
lower, upper = regressor.predict_interval(grid[:, np.newaxis], coverage=0.9).T
axes.fill_between(grid, lower, upper, alpha=0.25, linewidth=0, label="90 % interval")
axes.plot(temperature, rate, ".", color="0.55", label="measured")
axes.set(xlabel="temperature [K]", ylabel="rate [1/s]", ylim=(1e-2, 1e6))
axes.legend(loc="lower right")
plt.show()
