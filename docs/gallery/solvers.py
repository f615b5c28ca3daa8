"""
Adam and Levenberg-Marquardt
============================

The same small network and the same rows, two solvers. Adam takes many cheap steps, Levenberg-Marquardt a few that
solve for all parameters at once: with a smooth network of this size it goes much further in the same time.
"""

import matplotlib.pyplot as plt
import numpy as np

from fitnet import Adam, Regressor

generator = np.random.default_rng(0)
X = generator.uniform(-1, 1, (500, 2))
y = np.sin(3 * X[:, 0]) * X[:, 1]

figure, axes = plt.subplots()
for name, solver, epochs in (("Adam", Adam(learning_rate=3e-3), 4000), ("Levenberg-Marquardt", "lm", 300)):
    settings = {"solver": solver, "max_epochs": epochs, "dtype": "float64", "error_bars": False}
    history = Regressor(16, activation="tanh", random_state=0, n_threads=1, **settings).fit(X, y).history_
    axes.loglog(history.seconds, np.sqrt(history.loss), label=f"{name}, {history.epochs:,} epochs")
axes.set(xlabel="seconds", ylabel="RMSE in training [std of y]")
axes.legend()
plt.show()
