"""
Quantiles of lopsided noise
===========================

Where noise grows and has a long tail, a mean says little. The quantile loss learns the values below which a tenth, half
and nine tenths of the measurements lie.
"""

import matplotlib.pyplot as plt
import numpy as np

from fitnet import Quantile, Regressor

generator = np.random.default_rng(0)
x = generator.uniform(0, 1, 1000)
y = np.sin(4 * x) + x * generator.exponential(0.7, 1000)
grid = np.linspace(0, 1, 200)

figure, axes = plt.subplots()
axes.plot(x, y, ".", markersize=3, color="0.6", alpha=0.6)
for share, colour in ((0.9, "C1"), (0.5, "C0"), (0.1, "C2")):
    regressor = Regressor(32, activation="tanh", loss=Quantile(share), max_epochs=400, random_state=0)
    regressor.fit(x[:, np.newaxis], y)
    below = np.mean(y < regressor.predict(x[:, np.newaxis]))
    axes.plot(
        grid, regressor.predict(grid[:, np.newaxis]), color=colour, label=f"{share:.0%}; below it lie {below:.1%}"
    )
    axes.plot(grid, np.sin(4 * grid) - 0.7 * grid * np.log(1 - share), "--", color=colour, linewidth=1)
axes.set(xlabel="x", ylabel="y", ylim=(-1.5, 4), title="learned, and true (dashed)")
axes.legend(loc="upper left")
plt.show()
