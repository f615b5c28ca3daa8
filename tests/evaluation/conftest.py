"""What the tests of evaluation share."""

import numpy as np
import pytest


@pytest.fixture
def rows(generator):
    """Inputs (60, 3) of very different sizes and two targets: one linear, one not."""
    X = generator.normal(size=(60, 3)) * [1, 1e3, 1e-3] + [0, 2000, 5]
    Y = np.stack([X @ [1, -2e-3, 70], X[:, 0] ** 2], axis=1) + generator.normal(size=(60, 2))
    return X, Y
