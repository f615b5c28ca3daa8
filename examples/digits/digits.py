"""Read handwritten digits, and see where the ensemble is least certain.

scikit-learn's 1,797 digits of 8 x 8 pixels; `AutoClassifier` learns two thirds of them and is judged by the others.

Run: python digits.py
"""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from fitnet import AutoClassifier

SHOWN = 12
pixels, labels = load_digits(return_X_y=True)
train, test, train_labels, test_labels = train_test_split(
    pixels, labels, test_size=1 / 3, random_state=0, stratify=labels
)
used = train.std(axis=0) > 0  # some pixels of the border are always empty

classifier = AutoClassifier("fast", outside="ignore", random_state=0).fit(train[:, used], train_labels)
probabilities = classifier.predict_proba(test[:, used])
predicted, certainty = classifier.classes_[probabilities.argmax(axis=1)], probabilities.max(axis=1)
right = predicted == test_labels
log_loss = -np.mean(np.log(probabilities[np.arange(len(test)), test_labels]))
print(f"{len(test)} digits it never saw: {right.mean():.1%} right, log loss {log_loss:.3f}")
print(f"it said {certainty.mean():.1%} on average")

sets = classifier.predict_set(test[:, used], coverage=0.99, never_empty=True)
held, sizes = sets[np.arange(len(test)), test_labels], sets.sum(axis=1)
print(f"sets that are to hold 99 %: {held.mean():.1%} do, and {np.mean(sizes == 1):.1%} have a single digit")

order = np.argsort(certainty)
worst = np.isin(order[:SHOWN], np.flatnonzero(~right)).sum()
print(f"of the {(~right).sum()} it has wrong, {worst} are among the {SHOWN} it is least certain of")

plt.style.use("seaborn-v0_8-colorblind")
figure, axes = plt.subplots(2, SHOWN // 2, figsize=(9, 4.2), layout="constrained")
for place, row in zip(axes.flat, order, strict=False):
    first, second = np.argsort(probabilities[row])[:-3:-1]
    place.imshow(test[row].reshape(8, 8), cmap="gray_r")
    place.set_title(f"a {test_labels[row]}" + ("" if right[row] else ", wrong"), color="C0" if right[row] else "C2")
    place.set_xlabel(f"{first}: {probabilities[row, first]:.0%}  {second}: {probabilities[row, second]:.0%}")
    place.set(xticks=[], yticks=[])
figure.suptitle(f"The {SHOWN} it is least certain of, and what it says")
figure.savefig("digits.png", dpi=90)
