"""
To the top by exact curvature
=============================

A yield is learned from 150 noisy trials. Newton's method on the network, with its exact slopes and second derivatives,
finds the best settings in four steps; 78 °C and 3.2 mol/l are true.
"""

import matplotlib.pyplot as plt
import numpy as np

from fitnet import Regressor

generator = np.random.default_rng(0)
X = generator.uniform([50, 1], [100, 5], (150, 2))
t, c = (X[:, 0] - 78) / 15, X[:, 1] - 3.2
y = 90 * np.exp(-(t**2 + c**2 + 1.2 * t * c) / 2) + generator.normal(0, 2, 150)
model = Regressor(8, activation="tanh", random_state=0).fit(X, y).model_

path = [np.array([70.0, 4.0])]
for _ in range(5):
    slopes, curvature = model.jacobian(path[-1:])[0, 0], model.hessian(path[-1:])[0, 0]
    path.append(path[-1] - np.linalg.solve(curvature, slopes))
best = path[-1]

grid = np.stack(np.meshgrid(np.linspace(50, 100, 80), np.linspace(1, 5, 80)), axis=-1)
surface = model.predict(grid.reshape(-1, 2)).reshape(80, 80)
figure, axes = plt.subplots()
filled = axes.contourf(grid[..., 0], grid[..., 1], surface, levels=np.arange(0, 100, 10), cmap="cividis", extend="both")
axes.plot(*X.T, ".", markersize=3, color="white", alpha=0.6)
axes.plot(*np.array(path).T, "o-", color="C1", markersize=4, label="Newton's steps")
axes.set(
    xlabel="temperature [°C]", ylabel="concentration [mol/l]", title=f"best at {best[0]:.1f} °C and {best[1]:.2f} mol/l"
)
axes.legend(loc="upper right", labelcolor="white")
figure.colorbar(filled, label="predicted yield [%]")
plt.show()
