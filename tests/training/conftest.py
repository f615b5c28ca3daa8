"""What the tests of training share: one small problem, and a place for its checkpoint."""

import numpy as np
import pytest

from fitnet import Network


@pytest.fixture
def network():
    """A network small enough that an epoch costs nothing."""
    return Network.of_widths((2, 8, 1), activation="tanh")


@pytest.fixture
def data():
    """Sixty rows X (60, 2) and targets Y (60, 1), always the same."""
    X = np.random.default_rng(1).uniform(-1, 1, (60, 2))
    return X, np.sin(3 * X[:, :1]) * X[:, 1:]


@pytest.fixture
def validation():
    """Twenty other rows of the same function with noise, so that training too long does harm."""
    draws = np.random.default_rng(2)
    X = draws.uniform(-1, 1, (20, 2))
    return X, np.sin(3 * X[:, :1]) * X[:, 1:] + draws.normal(0, 0.3, (20, 1))


@pytest.fixture
def path(tmp_path):
    """Where the checkpoint goes; there is none yet."""
    return tmp_path / "training.ckpt"
