"""
Are probabilities to be trusted?
================================

Where a classifier is 80 % sure of a digit, it should be right eight times out of ten. The bars tell how often it is, of
digits that its members did not see, the grey lines how far chance leads with so few; the numbers count digits.
"""

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import binom
from sklearn.datasets import load_digits

from fitnet import AutoClassifier

X, digits = load_digits(return_X_y=True)
classifier = AutoClassifier("fast", random_state=0).fit(X[:, X.std(axis=0) > 0.2], digits)
certainty = classifier.oof_probability_.max(axis=1)
right = classifier.oof_probability_.argmax(axis=1) == digits

place = np.digitize(certainty, [0.5, 0.6, 0.7, 0.8, 0.9])  # six bins
rows = np.bincount(place)
said, share = (np.bincount(place, values) / rows for values in (certainty, right))
low, high = (binom.ppf(tail, rows, said) / rows for tail in (0.025, 0.975))

figure, axes = plt.subplots()
axes.bar(said, share, 0.07, label="digits not seen")
axes.vlines(said, low, high, color="0.6", label="95 % of what chance gives")
axes.plot([0.35, 1], [0.35, 1], "--", color="C1", linewidth=1.2, label="as promised")
for x, count in zip(said, rows, strict=True):
    axes.text(x, 0.03, f"{count}", ha="center", fontsize="small", color="white")
axes.set(xlabel="probability of the likeliest digit", ylabel="share that is right", ylim=(0, 1.2))
axes.legend(loc="upper center", ncols=3)
plt.show()
