"""Learning curve of classes: the log loss of a small network against the rows it is fitted to, on rows not seen.

As `learning_curve`, but that no rows are watched, for a penalty stops what stopping early would. Shapes: X (n, p),
codes (n,) of K classes.
"""

import warnings

import numpy as np

from fitnet.algorithm.classes import class_probabilities, targets_of
from fitnet.arguments import Array
from fitnet.engine.compute import Compute
from fitnet.evaluation.class_errors import row_losses
from fitnet.fitting.class_plans import ClassShapes
from fitnet.fitting.learning_curve import FEWEST_JUDGED, STEPS, WIDTHS, LearningCurve, curve_of, subset_sizes
from fitnet.fitting.member_training import cross_fitted
from fitnet.fitting.training_rows import TrainingRows

PENALTY = 0.5  # alpha n, as of the first network that an ensemble tries


def class_learning_curve(
    X: Array,
    codes: Array,
    X_judged: Array,
    codes_judged: Array,
    n_classes: int,
    generator: np.random.Generator,
    compute: Compute,
) -> LearningCurve | None:
    """That of nested subsets of X, all in memory and whole, judged by other rows; None where there are too few."""
    sizes, repeats = subset_sizes(X)
    if len(sizes) < 2 or len(X_judged) < FEWEST_JUDGED:
        return None
    Y, Y_judged = (targets_of(each.astype(np.float64), n_classes) for each in (codes, codes_judged))

    def errors_of(places: Array) -> Array | None:
        rows = TrainingRows(np.concatenate([X[places], X_judged]), np.concatenate([Y[places], Y_judged]))
        folds = np.repeat([1, 0], [len(places), len(X_judged)])
        candidate = ClassShapes(len(places), X.shape[1]).network("silu", WIDTHS, PENALTY, steps=STEPS)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cut-off training: steps are few on purpose
            member = cross_fitted(candidate, rows, folds, 0, generator, compute)
        if member is None:
            return None
        return np.array([row_losses(class_probabilities(member.prediction), codes_judged).mean()])

    return curve_of(len(X), sizes, repeats, generator, errors_of)
