"""Models with projections of columns, in what may go wrong beside those of `kinds_of_models`, and rows on edges."""

import numpy as np

from fitnet import Ensemble, Scaling
from fitnet.algorithm.encoding import PiecewiseLinear
from kinds_of_models import CATEGORIES, EDGES, GAPS, INPUTS, RANGES, model, network, residuals

NONE = np.empty(0)
EMPTY = [NONE] * 3
RISING = np.array([-2.0, -0.5, 0.25, 1.0])
FAR = Scaling([1e5 + 1 / 300, 30.0, 5e-4], [1.0, 10.0, 3e-4])  # a shift that float32 rounds by a five-hundredth
CURVED = ("silu", "identity")


def projected(seed, edges, coefficients, outputs=2, scaling=INPUTS, dtype="float64", **parts):
    """A model with an encoding of these edges, of columns and behind them of projections."""
    encoding = PiecewiseLinear(edges, coefficients)
    layers = network(encoding.n_features, 6, outputs, activations=CURVED)
    return model(seed, layers, dtype, encoding=encoding, input_scaling=scaling, **parts)


def drawn(seed, q):
    """Coefficients (q, 3), of which the last projection's first is 0."""
    coefficients = np.random.default_rng(seed).normal(0, 0.6, (q, 3))
    coefficients[-1, 0] = 0
    return coefficients


def of_one_shape(outputs=2):
    """Four members with projections of their own; one also scales in its own way, and one has other edges."""
    scalings = [Scaling(INPUTS.shift + INPUTS.scale / 5, INPUTS.scale * 0.8), INPUTS, INPUTS, INPUTS]
    edges = [RISING, RISING + 0.25, RISING, RISING]
    members = [
        projected(10 + i, (*EDGES, edges[i], NONE, RISING), drawn(i, 3), outputs, scalings[i], input_ranges=RANGES)
        for i in range(4)
    ]
    return Ensemble(members, [1, 2, 3, 4])


def of_mixed_members():
    """Members that have pieces of other projections, or of columns in their place, with intervals."""
    ends = [(*EDGES, RISING, NONE), (*EDGES, NONE, RISING), (RISING, NONE, *EMPTY), (*EMPTY, RISING, NONE)]
    members = [projected(20 + i, each, drawn(7, 2), dtype="float32") for i, each in enumerate(ends)]
    members.append(model(30, network(3, 6, 2, activations=CURVED), "float32", input_scaling=INPUTS))
    return Ensemble(members, folds=(0, 1, 2, 0, 1), conformal=residuals([0.25, np.inf], [True, False]))


def of_words():
    """Projections of levels, of a number that may be missing, and of whether it is."""
    coefficients = [[0.5, 1, -1, 0, 0.25, 2], [0.5, 0, 0, 0, -0.5, 0]]
    scaling = Scaling(np.zeros(6), np.full(6, 2.0))
    edges = (RISING, *[NONE] * 5, RISING, RISING)
    return projected(40, edges, coefficients, scaling=scaling, categories=CATEGORIES, imputation=GAPS)


PROJECTED = {
    "one projection, without pieces": projected(1, (*EMPTY, NONE), [[0.5, -1, 0]]),
    "columns in pieces, no projection": projected(2, (*EDGES, NONE, NONE), drawn(2, 2)),
    "projections in pieces, no column": projected(3, (*EMPTY, RISING, RISING / 2), drawn(3, 2)),
    "more projections than inputs": projected(4, (*EDGES, *[RISING] * 4, NONE, *[RISING * 2] * 3), drawn(4, 8)),
    "more outputs than inputs": projected(5, (*EDGES, RISING, NONE, RISING), drawn(5, 3), 7),
    "no coefficient but 0": projected(6, (*EDGES, RISING, RISING), np.zeros((2, 3))),
    "a far column": projected(7, (*EMPTY, RISING, RISING), [[0.5, 0.5, 0], [-1, 0, 0.25]], scaling=FAR),
    "words and gaps": of_words(),
    "classes": projected(8, (*EDGES, RISING), [[0.5, -1, 0]], 3, classes=("a", "b", "c")),
    "members of one shape": of_one_shape(),
    "members of one shape, more outputs than inputs": of_one_shape(5),
    "mixed members": of_mixed_members(),
}


def on_edges():
    """A model that is linear between edges, rows whose projection lies on one, and rows a little below."""
    rows = INPUTS.shift + INPUTS.scale * np.random.default_rng(5).uniform(-1, 1, (20, 3))
    coefficients, z = np.array([0.6, -0.7, 0.3]), (rows - INPUTS.shift) / INPUTS.scale
    u = coefficients[0] * z[:, 0] + coefficients[1] * z[:, 1] + coefficients[2] * z[:, 2]
    edges = np.sort([u.min() - 1, *u, u.max() + 1])
    encoding = PiecewiseLinear((*EMPTY, edges), [coefficients])
    line = network(encoding.n_features, 2, activations=("identity",))
    given = model(50, line, encoding=encoding, input_scaling=INPUTS)
    return given, rows, rows - 1e-6 * INPUTS.scale * coefficients
