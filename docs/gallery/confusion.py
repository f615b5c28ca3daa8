"""
Which flowers are confused?
===========================

The 150 irises that come with scikit-learn, each told by members of an ensemble that did not see it. Setosa is told from
the two others without a mistake; these are now and then taken for each other.
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_iris

from fitnet import AutoClassifier

iris = load_iris()
species = iris.target_names[iris.target]
classifier = AutoClassifier("fast", random_state=0).fit(iris.data, species)
told = classifier.classes_[classifier.oof_probability_.argmax(axis=1)]
counts = np.array([[np.sum((species == a) & (told == b)) for b in classifier.classes_] for a in classifier.classes_])

figure, axes = plt.subplots(figsize=(5, 4))
axes.imshow(counts, cmap="Blues", vmax=75)
for (row, column), count in np.ndenumerate(counts):
    axes.text(
        column, row, count, ha="center", va="center", fontsize="x-large", color="white" if count > 40 else "black"
    )
axes.set(xlabel="told", ylabel="true", title=f"{np.mean(told == species):.1%} right")
axes.set_xticks(range(3), classifier.classes_)
axes.set_yticks(range(3), classifier.classes_)
plt.show()
