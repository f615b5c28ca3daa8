"""Selection: which recipes an ensemble is made of, and with what weights, by their out-of-fold predictions alone.

Greedy forward selection with replacement (Caruana, Niculescu-Mizil, Crew and Ksikes 2004, "Ensemble selection from
libraries of models", ICML): begin with the best recipe; again and again add the one with which the mean of all chosen
so far errs least; how often each was added is its weight. Few steps, an equal chance to be chosen twice, and a little
that is added to each recipe's own mean square, the more the fewer the rows, keep it from fitting the folds' noise.
Shapes: predictions (R, n, m), one a recipe; Y (n, m); weights (n,) or None.
"""

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation.comparison import certainty

STEPS = 25
MOST_TAKEN = 0.75  # of a recipe's mean square, however much two of its members differ
GAINED = 1e-4  # of the error: what a step must gain, or the selection is over
CHANCE = 0.5  # over the root of n: of the best mean square, what is added to all, so that recipes nearly as good share


def selected(
    predictions: Array,
    Y: Array,
    weights: Array | None = None,
    averaged_away: Array | None = None,
    rosy: Array | None = None,
) -> Array:
    """(R,), the share of each recipe, adding up to 1; most are 0.

    Errors are mean squares, each output's in units of its variance, of the mean of a recipe's members. Those out of
    fold are of one or two members: the mean of all does not have the part `averaged_away` (R, m) of their mean square.
    Residuals count by `rosy` (R,), for those of members that were watched on the fold are so much too small.
    """
    residuals, scale = scaled_residuals(predictions, Y, weights, rosy)
    products = np.stack([np.average((residuals * each).mean(2), 1, weights) for each in residuals])  # (R, R)
    own = np.diagonal(products)
    added = np.full(len(own), CHANCE / np.sqrt(len(Y)) * own.min())
    if averaged_away is not None:
        added = added - np.minimum((averaged_away / scale**2).mean(1), MOST_TAKEN * own)
    return greedy(products + np.diag(added))


def greedy(products: Array) -> Array:
    """(R,): the shares by which a greedy choice weighs recipes, by the mean products (R, R) of their residuals."""
    counts, best = np.zeros(len(products)), np.inf
    found = counts
    for step in range(1, STEPS + 1):
        # the mean square of (sum of the chosen + each) / step, from the products of residuals alone
        crossed = products @ counts
        errors = (counts @ crossed + 2 * crossed + np.diagonal(products)) / step**2
        counts = counts.copy()
        counts[int(np.argmin(errors))] += 1
        if errors.min() < best * (1 - GAINED):
            best, found = float(errors.min()), counts
    return np.asarray(found / found.sum())


def drawn_towards(
    simplest: int,
    shares: Array,
    most: float,
    predictions: Array,
    Y: Array,
    weights: Array | None = None,
    rosy: Array | None = None,
) -> Array:
    """(R,): the shares, drawn towards the `simplest` recipe the more the gain over it may be chance.

    That recipe gets `most` of all where out-of-fold squares of the shares' mean are no smaller than its own, nothing
    where they are smaller by two standard errors of the mean difference, row by row (`comparison.certainty`).
    """
    residuals, _ = scaled_residuals(predictions, Y, weights, rosy)
    squares = (np.tensordot(shares, residuals, 1) ** 2).mean(1, keepdims=True)
    certain = float(certainty(squares, (residuals[simplest] ** 2).mean(1, keepdims=True), weights)[0])
    to_simplest = most * (1 - certain)
    drawn = (1 - to_simplest) * shares
    drawn[simplest] += to_simplest
    return np.asarray(drawn)


def scaled_residuals(predictions: Array, Y: Array, weights: Array | None, rosy: Array | None) -> tuple[Array, Array]:
    """The residuals (R, n, m) in units of each output's standard deviation, which is the second, (m,)."""
    scale = np.sqrt(np.average((Y - np.average(Y, 0, weights)) ** 2, 0, weights))
    scale = np.where(scale > 0, scale, 1)
    residuals = (predictions - Y) / scale
    if rosy is not None:
        residuals = residuals * rosy[:, np.newaxis, np.newaxis]
    return residuals, scale
