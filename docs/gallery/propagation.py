"""
Errors of the inputs
====================

The angles of an arm's two joints are known to 0.03 and 0.06 rad: where is its hand? The exact derivatives of the
learned position turn the angles' covariance into an ellipse; the dots are draws.
"""

import matplotlib.pyplot as plt
import numpy as np

import fitnet

generator = np.random.default_rng(0)
angles = generator.uniform(0, np.pi, (400, 2))


def hand(angles):
    """Where the hand is, (n, 2): an upper arm of length 1 and a forearm of length 0.8."""
    shoulder, elbow = angles[:, 0], angles.sum(axis=1)
    return np.column_stack([np.cos(shoulder) + 0.8 * np.cos(elbow), np.sin(shoulder) + 0.8 * np.sin(elbow)])


model = fitnet.Regressor(16, activation="tanh", random_state=0).fit(angles, hand(angles)).model_
covariance = np.diag([0.03**2, 0.06**2])
circle = np.array([np.cos(np.linspace(0, 2 * np.pi, 100)), np.sin(np.linspace(0, 2 * np.pi, 100))])

figure, axes = plt.subplots(figsize=(6, 4.2))
for place, (shoulder, elbow) in enumerate([(0.4, 0.5), (1.2, 0.9), (2.2, 1.5)]):
    draws = generator.multivariate_normal([shoulder, elbow], covariance, 500)
    axes.plot(*hand(draws).T, ".", markersize=2, color="0.6")
    centre = model.predict([[shoulder, elbow]])[0]
    S = fitnet.propagate(model, [shoulder, elbow], covariance)
    ellipse = centre[:, np.newaxis] + 2.45 * np.linalg.cholesky(S) @ circle  # 95 % of a normal distribution
    axes.plot(*ellipse, "C0", label="95 % by exact derivatives" if place == 0 else None)
    joints = np.array([[0, 0], [np.cos(shoulder), np.sin(shoulder)], centre])
    axes.plot(*joints.T, "o-", color="C1", linewidth=1, markersize=4)
axes.set(xlabel="x", ylabel="y", aspect="equal", ylim=(-0.35, 1.8))
axes.legend(loc="lower center")
plt.show()
