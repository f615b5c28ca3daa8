"""What the tests of `train`'s refusals share: arguments that are right, and the sentence for wrong ones."""

import numpy as np
import pytest

from fitnet import Network, train

X = np.linspace(-1, 1, 24).reshape(12, 2)
Y = np.linspace(0, 1, 36).reshape(12, 3)
NETWORK = Network.of_widths((2, 4, 3))  # 27 parameters


def refused(overrides, error):
    """The sentence with which `train` refuses these arguments."""
    arguments = {"network": NETWORK, "X": X, "Y": Y, "epochs": 2, "generator": np.random.default_rng(0)}
    with pytest.raises(error) as raised:
        train(**{**arguments, "verbose": False} | overrides)
    return str(raised.value)
