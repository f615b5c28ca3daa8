"""What the tests of ensembles share: members that differ in all that they may, rows of numbers, words and gaps."""

import numpy as np

from fitnet import Ensemble, LogTransform, Model, Network, Scaling
from fitnet.rows import Categories, Imputation
from fitnet.uncertainty.conformal import CrossConformal
from fitnet.uncertainty.domain import Domain

NAMES, OUTPUTS, UNITS = ("T", "p"), ("flux", "mass"), {"T": "K", "mass": "kg"}
WEIGHTS, FOLDS = (0.1, 0.2, 0.3, 0.4), (0, 1, 1, 0)
LEADERBOARD = (("tanh 5", 0.5, 0.6), ("silu 4-3", 0.25, 0.4))
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


RESIDUALS = np.random.default_rng(11).normal(size=(24, 2)) * [1, 0.5] + [0, 0.1]
SCORES = np.where([True, False], np.abs(RESIDUALS), RESIDUALS)  # of the first output normalised and symmetric
CONFORMAL = CrossConformal(
    np.concatenate([np.sort(SCORES[k::2], axis=0) for k in range(2)]),
    np.array([12, 12]),
    np.array([0.25, np.inf]),
    np.array([True, False]),
    np.array([0.9, 0.75]),
)
DOMAIN = Domain.of(np.random.default_rng(12).uniform(-1, 1, (30, 2)), np.random.default_rng(0))


def with_residuals(**changes):
    """The same with what tells of new targets, and where the training inputs lay."""
    return ensemble(**{"conformal": CONFORMAL, "domain": DOMAIN} | changes)


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


def domain_of_words():
    """That of 30 rows of its inputs: x, three levels, T, and whether T is missing."""
    generator = np.random.default_rng(13)
    levels, missing = np.eye(3)[generator.integers(0, 3, 30)], generator.integers(0, 2, (30, 1))
    X = np.hstack([generator.uniform(-1, 1, (30, 1)), levels, generator.uniform(0, 4, (30, 1)), missing])
    return Domain.of(X, generator, [-1, 0, 0, 0, -1, -1])
