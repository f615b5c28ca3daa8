"""
Exact derivatives and finite differences
========================================

A network's slope by its formula, and by differences of its predictions with steps of every size. Long steps cut the
curve short, short steps lose their digits; the formula has no step to choose.
"""

import matplotlib.pyplot as plt
import numpy as np

from fitnet import Regressor

generator = np.random.default_rng(0)
X = generator.uniform(-1, 1, (500, 2))
y = np.sin(3 * X[:, 0]) * X[:, 1]
model = Regressor((16,), activation="tanh", random_state=0).fit(X, y).model_

points = generator.uniform(-1, 1, (200, 2))
exact = model.jacobian(points)[:, 0, 0]
steps = np.logspace(-12, 0, 49)
errors = []
for step in steps:
    moved = np.array([step / 2, 0.0])
    slopes = (model.predict(points + moved) - model.predict(points - moved))[:, 0] / step
    errors.append(np.max(np.abs(slopes - exact)))

figure, axes = plt.subplots()
axes.loglog(steps, errors)
axes.annotate("rounding", (1e-10, 1e-4), color="C1")
axes.annotate("curvature", (3e-4, 1e-3), color="C1")
axes.set(xlabel="step of the central difference", ylabel="largest distance from the exact slope")
plt.show()
