"""What the tests of ensembles share: members that differ in all that they may, rows of numbers, words and gaps."""

import numpy as np

from fitnet import Ensemble, LogTransform, Model, Network, Scaling
from fitnet.rows import Categories, Imputation

NAMES, OUTPUTS, UNITS = ("T", "p"), ("flux", "mass"), {"T": "K", "mass": "kg"}
WEIGHTS, FOLDS = (0.1, 0.2, 0.3, 0.4), (0, 1, 1, 0)
LEADERBOARD = (("tanh 5", 0.5, 0.6, 1.5), ("silu 4-3", 0.25, 0.4, 2.0))
ROWS = np.random.default_rng(3).uniform(-1, 1, (7, 2))
WIDTHS = ((2, 5, 2), (2, 4, 3, 2), (2, 3, 2), (2, 2))
MORE = (
    {"input_scaling": Scaling([0.5, 1], [2, 3]), "target_scaling": Scaling([100, -1], [20, 0.5])},
    {"target_transform": LogTransform([-3.0, None])},
    {},
    {"target_scaling": Scaling([90, 0], [10, 1]), "input_ranges": [[-1, -2], [2, 1]]},
)


def member(i, widths=None, dtype="float64", **parts):
    """Model i: of these widths, with parameters that the number gives."""
    network = Network.of_widths(widths or WIDTHS[i], "silu" if i % 2 else "tanh")
    parameters = np.random.default_rng(i).normal(size=network.n_parameters).astype(dtype)
    names = {"input_names": NAMES, "output_names": OUTPUTS, "units": UNITS}
    return Model(network, parameters, **({} if "categories" in parts else names) | parts)


MEMBERS = [member(i, **more) for i, more in enumerate(MORE)]


def ensemble(**changes):
    given = {"members": MEMBERS, "weights": WEIGHTS, "folds": FOLDS, "provenance": {"seed": 3}}
    return Ensemble(**given | {"leaderboard": LEADERBOARD} | changes)


CATEGORIES = Categories(("x", "colour", "T"), (None, ("blue", "red", None), None))
GAPS = Imputation(np.array([0.25, 0.5, 0.0, 0.0, 2.0]), (4,))
OF_WORDS = {"categories": CATEGORIES, "imputation": GAPS}
FRAME = {"T": [1.0, np.nan, 3.0], "colour": ["red", "blue", None], "x": [np.nan, 0.5, -1.0]}


def ensemble_of_words(**changes):
    """Of numbers and words, whose gaps are filled in and told."""
    shared = {"output_names": OUTPUTS, "units": {"x": "m"}}
    members = [
        member(0, (6, 4, 2), target_transform=LogTransform(0.0), **OF_WORDS, **shared),
        member(1, (6, 3, 2), "float32", input_scaling=Scaling(np.zeros(6), np.full(6, 2.0)), **OF_WORDS, **shared),
    ]
    return Ensemble(**{"members": members, "weights": (0.25, 0.75)} | changes)
