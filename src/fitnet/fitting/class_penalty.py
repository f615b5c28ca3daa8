"""The penalty that a classifier's weights have unless the user says.

Without one a network that can part the classes makes its logits as large as it is given time for, and is as sure of
rows that it gets wrong as of the others. docs/classification.md tells what was measured.
"""

from collections.abc import Sequence
from typing import Any

from fitnet.training.least_squares import LevenbergMarquardt

TIMES_ROWS = 1.5  # alpha n: every weight is normal with variance 1 / (2 alpha n) a priori


def class_penalty(solvers: Sequence[Any], n: int) -> float:
    """`alpha` for n rows; 0 where the evidence finds a penalty of its own."""
    evidence = any(isinstance(each, LevenbergMarquardt) and each.regularization == "bayesian" for each in solvers)
    return 0.0 if evidence else TIMES_ROWS / n
