"""The nearest of some reference rows, and how far they usually are from rows like them.

Shapes: rows Z (n, p) and references (R, p), in the same units; distances are Euclidean.
"""

from collections.abc import Iterator

import numpy as np

from fitnet.arguments import Array

NEIGHBOURS = 5  # whose mean distance is a row's, or as many as there are
MOST_REFERENCES = 1024
MOST_ENTRIES = 2**18  # of references, (R, p): 2 MB in a model's file; beyond 256 columns there are fewer rows
MOST_MEASURED = 4096  # rows that a threshold is found from
MOST_SORTED = 2**16  # rows of which distinct ones are sought
SHARE = 0.99  # of the rows: so many are no further from the others than the threshold
BLOCK = 2**16  # numbers at once: 0.5 MB an array


def representatives(X: Array, generator: "np.random.Generator") -> tuple[Array, Array]:
    """Distinct rows of X to be references, and rows, as often as X has them, to measure distances from them.

    Up to MOST_SORTED rows the order of X does not matter: they are sorted before any are drawn.
    """
    if len(X) > MOST_SORTED:
        X = X[np.sort(generator.choice(len(X), MOST_SORTED, replace=False))]
    distinct, counts = np.unique(X, axis=0, return_counts=True)
    most = min(MOST_REFERENCES, max(NEIGHBOURS + 1, MOST_ENTRIES // X.shape[1]))
    references = drawn(len(distinct), most, generator)
    measured = np.searchsorted(np.cumsum(counts), drawn(len(X), MOST_MEASURED, generator), "right")
    return distinct[references], distinct[measured]


def drawn(n: int, most: int, generator: "np.random.Generator") -> Array:
    """Places from 0 to n - 1 in rising order, at most so many."""
    return np.arange(n) if n <= most else np.sort(generator.choice(n, most, replace=False))


def blocks(n: int, references: Array) -> Iterator[slice]:
    """n rows in blocks whose distances from the references fit a cache."""
    step = max(1, BLOCK // sum(references.shape))
    return (slice(start, start + step) for start in range(0, n, step))


def squared_distances(Z: Array, references: Array) -> Array:
    """From rows (n, p) to the references: (n, R); no row's bits depend on another's."""
    squared = np.zeros((len(Z), len(references)))
    with np.errstate(over="ignore"):
        for column, reference in zip(Z.T, references.T, strict=True):
            difference = column[:, np.newaxis] - reference
            squared += np.square(difference, out=difference)
    return squared


def mean_of_nearest(squared: Array) -> Array:
    """The mean distance from the nearest references, of squared distances (n, R) from all: (n,)."""
    k = max(1, min(NEIGHBOURS, squared.shape[1] - 1))  # one fewer than all: a reference has so many others
    nearest = np.sort(np.partition(squared, k - 1, axis=1)[:, :k], axis=1)
    mean: Array = np.sqrt(nearest).mean(axis=1)
    return mean


def usual_distance(rows: Array, references: Array) -> float:
    """The mean distance from the nearest references unlike themselves that SHARE of the rows do not exceed, above 0.

    1 where no reference is unlike a row.
    """
    distances = np.empty(len(rows))
    for block in blocks(len(rows), references):
        squared = squared_distances(rows[block], references)
        distances[block] = mean_of_nearest(np.where(squared == 0, np.inf, squared))
    distances = distances[np.isfinite(distances)]
    usual = float(np.quantile(distances, SHARE, method="inverted_cdf")) if len(distances) else 0.0
    return usual if usual > 0 else 1.0
