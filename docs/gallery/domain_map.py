"""
Where the training rows lie
===========================

Of new rows like those in training about one in a hundred has a domain score above 1; the others of that score lie
elsewhere, here also in the middle of the ring, which no column's range would tell. Ensembles keep such a domain.
"""

import matplotlib.pyplot as plt
import numpy as np

import fitnet

generator = np.random.default_rng(0)
angle, radius = generator.uniform(0, 2 * np.pi, 500), generator.normal(2, 0.15, 500)
X = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
domain = fitnet.Domain.of(X, generator)

ticks = np.linspace(-3.2, 3.2, 120)
grid = np.stack(np.meshgrid(ticks, ticks), axis=-1)
score = domain.score(grid.reshape(-1, 2)).reshape(120, 120)

figure, axes = plt.subplots(figsize=(5.4, 4.4))
filled = axes.contourf(ticks, ticks, score, levels=np.linspace(0, 7, 15), cmap="cividis_r", extend="max")
axes.contour(ticks, ticks, score, levels=[1.0], colors="C1")
axes.plot(*X.T, ".", markersize=2, color="white")
axes.set(xlabel="x1", ylabel="x2", aspect="equal", title="the line is at a score of 1")
figure.colorbar(filled, label="domain score")
plt.show()
