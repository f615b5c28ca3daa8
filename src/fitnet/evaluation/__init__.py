"""Evaluation: how well a model meets the truth, beside two baselines that anyone has for free.

`evaluate` gives all facts at once, as an `Evaluation`, and `evaluate_classes` a `ClassEvaluation`; the others are
their parts.
"""

from fitnet.evaluation.baselines import Baselines
from fitnet.evaluation.class_baselines import ClassBaselines
from fitnet.evaluation.class_errors import ClassErrors
from fitnet.evaluation.classification import ClassEvaluation, evaluate_classes, kept_class_errors
from fitnet.evaluation.coverage import Coverage, coverage
from fitnet.evaluation.errors import Errors
from fitnet.evaluation.facts import PREDICTED_BY, Evaluation, evaluate, kept_errors
from fitnet.evaluation.ranges import Outside, outside_of, outside_ranges, rows_outside
from fitnet.evaluation.reliability import Reliability, ReliabilityBin

__all__ = [
    "PREDICTED_BY",
    "Baselines",
    "ClassBaselines",
    "ClassErrors",
    "ClassEvaluation",
    "Coverage",
    "Errors",
    "Evaluation",
    "Outside",
    "Reliability",
    "ReliabilityBin",
    "coverage",
    "evaluate",
    "evaluate_classes",
    "kept_class_errors",
    "kept_errors",
    "outside_of",
    "outside_ranges",
    "rows_outside",
]
