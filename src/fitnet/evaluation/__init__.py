"""Evaluation: how well a model meets the truth, beside two baselines that anyone has for free.

`evaluate` gives all facts at once, as an `Evaluation`; the others are its parts.
"""

from fitnet.evaluation.baselines import Baselines
from fitnet.evaluation.coverage import Coverage, coverage
from fitnet.evaluation.errors import Errors
from fitnet.evaluation.facts import PREDICTED_BY, Evaluation, evaluate, kept_errors
from fitnet.evaluation.ranges import Outside, outside_of, outside_ranges, rows_outside

__all__ = [
    "PREDICTED_BY",
    "Baselines",
    "Coverage",
    "Errors",
    "Evaluation",
    "Outside",
    "coverage",
    "evaluate",
    "kept_errors",
    "outside_of",
    "outside_ranges",
    "rows_outside",
]
