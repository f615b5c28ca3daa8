"""What a domain allows beyond the ends of the training ranges: how far beyond them new rows usually are.

Shapes: X (n, p). Of n rows up to 2 p are at an end of some range, so a new row like them is beyond one with a chance of
up to 2 p / (n + 1): by how many of the spacings that values have near that end, the rows tell about each other.
"""

import numpy as np

from fitnet.arguments import Array

NEIGHBOURS = 5  # values that the spacing at an end spans, or as many as there are
SHARE = 0.99  # of the rows: so many are within the others' ranges once those are widened


def widened_ranges(X: Array, groups: Array) -> Array:
    """The lowest and the highest value that is inside, by column: (2, p).

    Every end is moved outward by the same multiple of the spacing there, from the end to the sixth value. It is the
    smallest multiple for which SHARE of the rows lie within the ranges of the others, widened. An end of spacing 0,
    which six rows share or where there are too few, and the ends of columns in groups stay where they are.
    """
    n, p = X.shape
    excess, ends, spacings = np.zeros(n), np.empty((2, p)), np.zeros((2, p))
    k = min(NEIGHBOURS, n - 2)
    for j, column in enumerate(X.T):
        ends[:, j] = column.min(), column.max()
        if k < 1 or groups[j] >= 0:
            continue
        for side, values in enumerate((-column, column)):
            nearest = np.sort(np.partition(values, n - k - 2)[n - k - 2 :]) / 2  # of halves no difference overflows
            spacings[side, j] = nearest[-1] - nearest[1]
            of_others = nearest[-2] - nearest[0]
            if spacings[side, j] > 0 and of_others > 0:
                place = int(values.argmax())
                with np.errstate(over="ignore"):
                    excess[place] = max(excess[place], (nearest[-1] - nearest[-2]) / of_others)
    largest = float(np.finfo(np.float64).max)
    multiple = min(float(np.quantile(excess, SHARE, method="inverted_cdf")), largest)
    with np.errstate(over="ignore"):
        widened: Array = ends + [[-1], [1]] * np.minimum(2 * multiple * spacings, largest)
    return np.clip(widened, -largest, largest)
