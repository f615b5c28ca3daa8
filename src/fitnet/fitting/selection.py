"""Selection: which recipes an ensemble is made of, and with what weights, by their out-of-fold predictions alone.

Greedy forward selection with replacement (Caruana, Niculescu-Mizil, Crew and Ksikes 2004, "Ensemble selection from
libraries of models", ICML): begin with the best recipe; again and again add the one with which the mean of all chosen
so far errs least; how often each was added is its weight. Few steps and an equal chance to be chosen twice are what
keeps it from fitting the fold's noise.
Shapes: predictions (R, n, m), one a recipe; Y (n, m); weights (n,) or None.
"""

import numpy as np

from fitnet.arguments import Array

STEPS = 25
MOST_TAKEN = 0.75  # of a recipe's mean square, however much two of its members differ
GAINED = 1e-4  # of the error: what a step must gain, or the selection is over


def selected(predictions: Array, Y: Array, weights: Array | None = None, averaged_away: Array | None = None) -> Array:
    """(R,), the share of each recipe, adding up to 1; most are 0.

    Errors are mean squares, each output's in units of its variance, of the mean of a recipe's members. A prediction out
    of fold comes from one of them; the mean does not have the part `averaged_away` (R, m) of its mean square.
    """
    scale = np.sqrt(np.average((Y - np.average(Y, 0, weights)) ** 2, 0, weights))
    residuals = (predictions - Y) / np.where(scale > 0, scale, 1)
    products = np.stack([np.average((residuals * each).mean(2), 1, weights) for each in residuals])  # (R, R)
    if averaged_away is not None:
        taken = (averaged_away / np.where(scale > 0, scale, 1) ** 2).mean(1)
        own = np.diagonal(products)
        products = products - np.diag(np.minimum(taken, MOST_TAKEN * own))
    counts, best = np.zeros(len(predictions)), np.inf
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
