"""What the tests of models with scalings share: a network, scalings of its columns, and rows."""

import numpy as np

from fitnet import Network, Scaling

NETWORK = Network.of_widths((2, 5, 3), activation="tanh")
PARAMETERS = np.random.default_rng(6).normal(size=NETWORK.n_parameters)
INPUTS = Scaling([2000.123, 3e-9], [0.5, 1e-9])
TARGETS = Scaling([1e5, 0, -7], [2e4, 1e-3, 1])
ROWS = INPUTS.undo(np.random.default_rng(7).normal(size=(20, 2)))
SCALINGS = {
    "inputs": {"input_scaling": INPUTS},
    "targets": {"target_scaling": TARGETS},
    "both": {"input_scaling": INPUTS, "target_scaling": TARGETS},
}
