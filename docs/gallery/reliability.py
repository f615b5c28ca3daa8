"""
Are probabilities to be trusted?
================================

Where a classifier is 80 % sure of a digit, it should be right eight times out of ten. The bars tell how often it is, of
digits that its members did not see, the grey lines how far chance leads with so few; the numbers count digits.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits

from fitnet import AutoClassifier
from fitnet.evaluation import Reliability

X, digits = load_digits(return_X_y=True)
classifier = AutoClassifier("fast", random_state=0).fit(X[:, X.std(axis=0) > 0.2], digits)
certainty = classifier.oof_probability_.max(axis=1)
right = classifier.oof_probability_.argmax(axis=1) == digits
bins = Reliability.of(certainty, right, np.random.default_rng(0)).bins
said, share, low, high = ([getattr(each, name) for each in bins] for name in ("said", "right", "low", "high"))

figure, axes = plt.subplots()
axes.bar(said, share, 0.04, label="digits not seen")
axes.vlines(said, low, high, color="0.6", label="95 % of what chance gives")
axes.plot([0.35, 1], [0.35, 1], "--", color="C1", linewidth=1.2, label="as promised")
for each in bins:
    axes.text(each.said, 0.03, f"{each.rows}", ha="center", fontsize="x-small", color="white")
axes.set(xlabel="probability of the likeliest digit", ylabel="share that is right", ylim=(0, 1.2))
axes.legend(loc="upper center", ncols=3)
plt.show()
