"""Watching: how much too small errors out of fold are, for every member is as it was when it did best on its fold.

Shapes: curves, one a member, (epochs,): the loss on its fold after every epoch.
"""

from collections.abc import Sequence

import numpy as np

from fitnet.arguments import Array

OWN_SHARE = 0.5  # of what a member gains by its own epoch: what is its own and no chance, about, on six tables
FEW_ROWS = 100  # of which three quarters are taken for chance in selection, of fewer more


def taken_for_chance(n: int) -> float:
    """The share of what selection on n rows seems to gain that is none: half of it, up to all where n is small."""
    return 1 - OWN_SHARE * n / (n + FEW_ROWS)


def rosiness(curves: Sequence[Array], chance: float = OWN_SHARE) -> float:
    """The root mean square error of a recipe's members on rows they were not watched on, over that out of fold.

    Every curve counts in units of its lowest loss. The epoch at which the median of the other folds' curves is lowest
    is chosen without a look at the fold; what the loss there is above the fold's lowest is what choosing gained, and
    this share of the median over the folds is taken for `chance`. Medians, for a row that a network misses by far
    throws the curve of its fold about. 1 where nothing was watched, or all was learned.
    """
    if len(curves) == 1 or any(len(curve) == 0 for curve in curves):
        return 1.0
    last = max(len(curve) for curve in curves)
    whole = np.stack([np.pad(curve, (0, last - len(curve)), "edge") for curve in curves])
    lowest = whole.min(1, keepdims=True)
    if not lowest.min() > 0:
        return 1.0
    whole = whole / lowest
    folds = range(len(whole))
    gained = [whole[k, np.argmin(np.median(np.delete(whole, k, 0), axis=0))] for k in folds]
    return 1 + chance * float(np.sqrt(np.median(gained)) - 1)
