"""A training that may be killed at any moment: `python kept_training.py full-batch folder` goes on from its checkpoint.

It prints "training" when it begins.
"""

import sys
from pathlib import Path

import numpy as np
import safetensors.numpy  # noqa: F401  (loaded before training begins, so that kills strike the training)

from fitnet import Adam, Checkpoint, Cosine, CsvLogger, Momentum, Network, train

NETWORK = Network.of_widths((2, 8, 1), activation="tanh")
X = np.random.default_rng(1).uniform(-1, 1, (60, 2))
Y = np.sin(3 * X[:, :1]) * X[:, 1:]
TRAININGS = {
    "full-batch": {"solver": Adam(0.1, schedule=Cosine()), "epochs": 200, "every": 1},
    "mini-batch": {"solver": Momentum(0.05), "batch_size": 7, "epochs": 600, "every": 3},
    "validation": {"batch_size": 7, "validation": (X[::3], Y[::3]), "patience": 300, "epochs": 400, "every": 2},
}


def kept_training(name, folder=None):
    """That training, kept in the folder if there is one."""
    settings = dict(TRAININGS[name])
    every = settings.pop("every")
    if folder is not None:
        settings["checkpoint"] = Checkpoint(folder / "training.ckpt", every)
        settings["callbacks"] = [CsvLogger(folder / "log.csv", every=7)]
    generator = np.random.default_rng(0)
    return train(NETWORK, X, Y, generator=generator, resume=folder is not None, verbose=False, **settings)


if __name__ == "__main__":
    print("training", flush=True)
    kept_training(sys.argv[1], Path(sys.argv[2]))
