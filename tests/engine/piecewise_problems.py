"""Trainings on piecewise-linear features: what the tests of gradients and those of bits share."""

import numpy as np

from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Dense, Network
from fitnet.algorithm.optimizers import Adam
from fitnet.algorithm.scaling import Scaling
from fitnet.engine.objective import Objective

ROWS, BATCH = 151, 40
# By their number of edges: columns with and without pieces, one alone, pieces in one column of several.
COLUMNS = {"one": (5,), "several": (49, 2, 4, 3), "few": (0, 4, 2), "none": (2, 2)}


def encoding_of(edges):
    """The encoding of columns with so many edges each, from -2 to 2."""
    return PiecewiseLinear([np.linspace(-2, 2, count) ** 3 / 4 for count in edges])


def piecewise_rows(generator, edges, dtype, n=ROWS):
    """Rows as an encoding gives them, on all edges and beyond both ends too."""
    encoding = encoding_of(edges)
    X = generator.uniform(-3, 3, (n, len(edges)))
    for x, of_column in zip(X.T, encoding.edges, strict=True):
        x[: len(of_column)] = of_column
    return encoding.rows(X, Scaling(np.full(len(edges), 0.1), np.full(len(edges), 1.5)), dtype)


def network_on(rows, widths=(7,), activation="silu", outputs=2, last="identity"):
    """A network that reads these rows' features."""
    sizes = [rows.shape[1], *widths, outputs]
    names = [*[activation] * len(widths), last]
    return Network(tuple(Dense(*layer) for layer in zip(sizes[:-1], sizes[1:], names, strict=True)))


def numbers_for(generator, network, dtype):
    """Parameters, biases among them, and targets above 0."""
    start = network.initial_parameters(generator, "he", dtype)
    for b in network.biases(start):
        b[:] = generator.normal(0, 0.3, b.shape)
    return start, np.abs(generator.normal(size=(ROWS, network.n_outputs))).astype(dtype)


def objective_on(engine, generator, rows, network=None, loss=None, weights=None, l2=0.0):
    """An objective on piecewise rows, and parameters to begin with."""
    network = network_on(rows) if network is None else network
    start, Y = numbers_for(generator, network, rows.dtype)
    weights = None if weights is None else weights.astype(rows.dtype)
    return Objective(engine, network, loss or SquaredError(), rows, Y, weights, l2), start


def epochs_of(objective, start, batch_size=BATCH, count=2, validation=None, optimizer=None):
    """Losses, validation losses and parameters after epochs in drawn orders."""
    trainer = objective.engine.trainer(objective, optimizer or Adam(), start, batch_size, validation=validation)
    orders = np.stack([np.random.default_rng(i).permutation(ROWS) for i in range(count)])
    rates = np.full((count, -(-ROWS // batch_size)), 1e-2)
    losses, watched = trainer.run(rates, orders if batch_size < ROWS else None, watches=validation is not None)
    return losses, watched, trainer.parameters()
