"""What tests of classes in the shell share: the irises as a table, and the command that fits an ensemble to them."""

from pathlib import Path

from sklearn.datasets import load_iris

from fitnet.fitting.plans import Effort

IRIS = load_iris()
X, SPECIES = IRIS.data, IRIS.target_names[IRIS.target]
NAMES = ("sepal", "sepal_width", "petal", "petal_width")
FIT = ("fit", "iris.csv", "--target", "species", "--effort", "fast")
SHORT = Effort(3, 2e8, 1)  # trainings as short as they can be


def write(labels, rows=slice(None)):
    """These labels with the irises' inputs, in iris.csv."""
    lines = [",".join(map(str, (*row, label))) for row, label in zip(X[rows], labels[rows], strict=True)]
    Path("iris.csv").write_text("\n".join([",".join((*NAMES, "species")), *lines]) + "\n")
