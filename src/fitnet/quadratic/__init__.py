"""The paper's section 3: networks that find the roots of quadratics.

>>> from fitnet import quadratic
>>> model = quadratic.pretrained("largest")
>>> model.predict([[1, -3, 2]]).shape
(1, 1)
"""

from fitnet.quadratic.accuracy import Accuracy, accuracy
from fitnet.quadratic.experiment import PAPER_FIGURES, Recipe, Run, run
from fitnet.quadratic.pretrained_models import pretrained
from fitnet.quadratic.problem import Problem, Rows
from fitnet.quadratic.roots import all_roots, largest_real_root

__all__ = [
    "PAPER_FIGURES",
    "Accuracy",
    "Problem",
    "Recipe",
    "Rows",
    "Run",
    "accuracy",
    "all_roots",
    "largest_real_root",
    "pretrained",
    "run",
]
