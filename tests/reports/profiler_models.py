"""Models whose predictions, slopes and optima are known, for the tests of the profiler and of the contour."""

import numpy as np

from fitnet import Ensemble, Model, Network
from fitnet.rows import Categories, Imputation
from fitnet.uncertainty.domain import Domain

RANGES = [[-1.0, -1.0], [1.0, 1.0]]


def linear(slopes, offsets=0.0, **parts):
    """y = x slopes + offsets: slopes (p, m), offsets (m,) or one for all."""
    slopes = np.asarray(slopes, float)
    parameters = np.concatenate([slopes.ravel(), np.broadcast_to(offsets, slopes.shape[1])])
    return Model(Network.of_widths(slopes.shape), parameters, **parts)


def tent(**parts):
    """y = 5 - |x1 - 0.3| - 2 |x2 + 0.5|, of kinks alone; its largest value is 5."""
    first, shift = [[1, -1, 0, 0], [0, 0, 1, -1]], [-0.3, 0.3, 0.5, -0.5]
    parameters = np.concatenate([np.ravel(first), shift, [-1, -1, -2, -2], [5]]).astype(float)
    return Model(Network.of_widths((2, 4, 1)), parameters, **{"input_ranges": RANGES} | parts)


def hill(**parts):
    """A smooth hill across the axes, highest where x1 + x2 = 0.4 and x1 - x2 = -0.2, that is at (0.1, 0.3)."""
    first = [[1, 1, 1, 1], [1, 1, -1, -1]]
    shift = [-0.4 + 1, -0.4 - 1, 0.2 + 1, 0.2 - 1]
    parameters = np.concatenate([np.ravel(first), shift, [1, -1, 1, -1], [0]]).astype(float)
    return Model(Network.of_widths((2, 4, 1), "tanh"), parameters, **{"input_ranges": RANGES} | parts)


def slope_with_domain():
    """y = x1 + x2, with a domain whose rows lie along the diagonal where x1 + x2 is about 0."""
    along = np.linspace(-1, 1, 200)
    rows = np.stack([along, -along], axis=1) + np.random.default_rng(5).normal(0, 0.05, (200, 2))
    ranges = [rows.min(axis=0), rows.max(axis=0)]
    domain = Domain.of(rows, np.random.default_rng(0))
    return Ensemble([linear([[1.0], [1.0]], input_ranges=ranges)], domain=domain), rows


def of_words():
    """y = x + colour + T / 2, colour being 0, 2 or 1 for blue, green or red."""
    categories = Categories(("x", "colour", "T"), (None, ("blue", "green", "red"), None))
    ranges = [[-1, 0, 0, 0, 10], [1, 1, 1, 1, 20]]
    return linear([[1], [0], [2], [1], [0.5]], categories=categories, input_ranges=ranges, units={"T": "K", "y1": "V"})


def with_gaps():
    """y = x1 + 10 x2, where 0.25 is filled in for x2, and 3 more where it is missing."""
    gaps = Imputation(np.array([0.0, 0.25]), (1,))
    ranges = [[-1, -1, 0], [1, 1, 1]]
    return linear([[1], [10], [3]], imputation=gaps, input_ranges=ranges)


def rows_of(model, n=60, seed=1):
    """Rows X (n, p) spread over the model's ranges, of words one level each, and the model's own targets (n, m)."""
    low, high = model.input_ranges
    X = np.random.default_rng(seed).uniform(low, high, (n, len(low)))
    if model.categories is not None:
        for levels, place in zip(model.categories.levels, model.categories.places, strict=True):
            if levels is not None:
                X[:, place] = np.eye(len(levels))[np.arange(n) % len(levels)]
    return X, np.asarray(model.steps() and walked(model, X))


def walked(model, X):
    """The outputs (n, m) of a linear or small network for completed rows X (n, p)."""
    parts = {"categories": None, "imputation": None, "input_names": ()}
    plain = Model(model.network, model.parameters, **parts)
    return plain.predict(X)
