"""What the tests of first-order training share: a short training."""

import numpy as np

from fitnet import Adam, Cosine, train

COSINE = Adam(1e-2, schedule=Cosine(0.1))


def trained(network, data, seed=0, **arguments):
    """A short training; everything random comes from `seed`."""
    settings = {"epochs": 12, "solver": COSINE, "verbose": False} | arguments
    return train(network, *data, generator=np.random.default_rng(seed), **settings)
