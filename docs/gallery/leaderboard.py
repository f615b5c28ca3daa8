"""
What an ensemble is made of
===========================

``AutoRegressor`` trains several recipes, predicts rows that their members did not see, and takes those whose mean is
best. Dots are each recipe's own error, numbers its share of the ensemble, whose error is the dashed line.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_friedman1

from fitnet import AutoRegressor

X, y = make_friedman1(500, noise=1.0, random_state=0)
auto = AutoRegressor("fast", random_state=0).fit(X, y)
error = np.sqrt(np.mean((auto.oof_prediction_ - y) ** 2))

figure, axes = plt.subplots(figsize=(7, 3.4))
for place, standing in enumerate(auto.leaderboard_):
    axes.plot(standing.error, place, "o", markersize=9, color="C0" if standing.weight else "0.6")
    axes.text(standing.error + 0.04, place, f"{standing.weight:.0%}", va="center")
axes.set_yticks(range(len(auto.leaderboard_)), [standing.recipe for standing in auto.leaderboard_])
axes.axvline(error, color="C1", linestyle="--", label=f"the ensemble, {error:.2f}")
axes.set(xlabel="RMSE of rows not seen", xlim=(0.95 * error, None), ylim=(len(auto.leaderboard_) - 0.5, -0.5))
axes.legend(loc="upper right")
plt.show()
