"""Models of every kind, with rows for each: what anything that walks a model's steps must give for all of them."""

from dataclasses import dataclass, replace

import numpy as np

from fitnet import CrossConformal, Dense, Domain, Ensemble, LogTransform, Model, Network, Scaling
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.model.error_bars import ErrorBars
from fitnet.rows import Categories, Imputation

LOW, HIGH = np.array([-2.0, 10.0, 0.0]), np.array([3.0, 50.0, 1e-3])
RANGES = np.stack([LOW, HIGH])
INPUTS = Scaling(LOW / 2 + HIGH / 2, (HIGH - LOW) / 3)
LIMITED = Scaling(INPUTS.shift, INPUTS.scale, limit=1.5)
TARGETS = Scaling([100.0, -1.0], [20.0, 0.5])
CATEGORIES = Categories(("x", "colour", "T"), (None, ("blue", "red", None), None))
GAPS = Imputation(np.array([0.25, 0.0, 0.0, 0.0, 2.0]), (4,))
EDGES = (np.linspace(-2, 3, 8), np.array([10.0, 12, 30, 50]), np.array([0.0, 1e-3]))
ENCODING = PiecewiseLinear(EDGES)  # the last column has no pieces
SLANTING = PiecewiseLinear(  # three projections, the last without pieces; 24 features
    (*EDGES, np.array([-2.0, -1, -0.5, 0.25, 1, 2]), np.array([-1.5, -0.2, 0.3, 1.5]), np.array([-1.0, 1])),
    np.array([[0.6, -0.8, 0], [0.5, 0.5, 0.25], [0, 0.8, 0.6]]),
)


@dataclass(frozen=True, eq=False)
class Kind:
    """A model and completed rows X (200, p), of which some lie outside the ranges."""

    model: Model | Ensemble
    X: np.ndarray


def rows(seed, low=LOW, high=HIGH, n=200):
    """Numbers within ranges and beyond them."""
    middle, half = low / 2 + high / 2, high / 2 - low / 2
    return middle + 1.3 * half * np.random.default_rng(seed).uniform(-1, 1, (n, len(low)))


def rows_of_words(seed, n=200, half=2, unknown=10):
    """x within +-half, the three levels of colour, all 0 in the first rows, T, and whether T is missing."""
    generator = np.random.default_rng(seed)
    levels, missing = np.eye(3)[generator.integers(0, 3, n)], generator.integers(0, 2, (n, 1))
    levels[:unknown] = 0
    T = np.where(missing == 1, 2.0, generator.uniform(-1, 6, (n, 1)))
    return np.hstack([generator.uniform(-half, half, (n, 1)), levels, T, missing])


def network(*widths, activations):
    """Layers of these widths, each with its activation."""
    pairs = zip(widths[:-1], widths[1:], activations, strict=True)
    return Network(tuple(Dense(*pair) for pair in pairs))


def model(seed, layers, dtype="float64", **parts):
    """A model with random parameters that keep signals' size."""
    generator = np.random.default_rng(seed)
    parameters = layers.initial_parameters(generator, "glorot", dtype)
    for biases in layers.biases(parameters):
        biases[:] = generator.normal(0, 0.5, biases.shape)
    return Model(layers, parameters, **parts)


def laplace():
    """Error bars of a network whose first input has no effect, for logarithms of one of two targets."""
    layers = Network.of_widths((3, 6, 2), "tanh")
    parts = {"input_scaling": INPUTS, "target_scaling": Scaling([1.0, -1], [0.5, 2]), "input_ranges": RANGES}
    made = model(10, layers, target_transform=LogTransform([-3.0, None]), **parts)
    parameters = made.parameters.copy()
    layers.weights(parameters)[0][0] = 0
    P = layers.n_parameters
    lower = np.tril(np.random.default_rng(11).normal(size=(P, P))) * 0.1 + 3 * np.eye(P)
    bars = ErrorBars(lower[np.tril_indices(P)], 0.35, [[0.05, 0.01], [0.01, 0.2]], 7.5)
    return replace(made, parameters=parameters, error_bars=bars)


def residuals(floors, symmetric):
    """Scores of 60 rows in three folds, for two outputs."""
    scores = np.random.default_rng(12).normal(size=(60, 2)) * [2, 0.5]
    scores = np.where(symmetric, np.abs(scores), scores)
    by_fold = np.concatenate([np.sort(scores[k::3], axis=0) for k in range(3)])
    return CrossConformal(by_fold, np.full(3, 20), np.array(floors), np.array(symmetric), np.array([0.9, 0.8]))


def encoded_ensemble():
    """Six members of two recipes and three folds, in float32, plain scores."""
    layers = network(13, 16, 8, 2, activations=("relu", "silu", "identity"))
    parts = {"encoding": ENCODING, "input_scaling": INPUTS, "target_scaling": TARGETS, "input_ranges": RANGES}
    members = [model(20 + i, layers, "float32", **parts) for i in range(6)]
    domain = Domain.of(rows(3, n=100), np.random.default_rng(4))
    conformal = residuals([np.inf, np.inf], [True, False])
    return Ensemble(members, [1, 2, 3, 1, 1, 1], (0, 1, 2, 0, 1, 2), conformal=conformal, domain=domain)


def projected_ensemble():
    """Members of which one has projections, one columns in pieces and one neither, in float32."""
    parts = {"input_scaling": INPUTS, "target_scaling": TARGETS, "input_ranges": RANGES}
    found = [
        model(60 + i, network(k, 9, 2, activations=CURVED[1:]), "float32", **parts, encoding=encoding)
        for i, (k, encoding) in enumerate([(24, SLANTING), (13, ENCODING), (3, None)])
    ]
    return Ensemble(found, [3, 2, 1])


def ensemble_of_words():
    """Members that differ in all that they may, scores of the first output normalised by their spread."""
    shared = {"categories": CATEGORIES, "imputation": GAPS, "output_names": ("flux", "mass")}
    scaling, targets = Scaling(np.zeros(6), np.full(6, 2.0)), {"target_scaling": Scaling([2.0, -1], [0.5, 0.5])}
    more = [{}, {"input_scaling": scaling}, {"target_transform": LogTransform([-3.0, None])}, targets] * 2
    layers = [Network.of_widths((6, 5, 2), name) for name in ("tanh", "silu", "softplus", "gelu")] * 2
    members = [model(30 + i, layers[i], **more[i], **shared) for i in range(8)]
    domain = Domain.of(rows_of_words(5, 60, 1.5, 0), np.random.default_rng(6), [-1, 0, 0, 0, -1, -1])
    folds, conformal = (0, 1, 2, 0, 1, 2, 0, 1), residuals([0.25, np.inf], [True, False])
    return Ensemble(members, [1, 2, 3, 4, 4, 3, 2, 1], folds, conformal=conformal, domain=domain)


TWO, THREE = ("tanh", "identity"), ("relu", "relu", "identity")
WORDS = {"categories": CATEGORIES, "imputation": GAPS}
CURVED = ("silu", "gelu", "identity")
KINDS = {
    "plain relu, float32": Kind(
        model(1, network(3, 16, 8, 1, activations=THREE), "float32"), rows(1, -np.ones(3), np.ones(3))
    ),
    "tanh": Kind(model(2, network(3, 8, 2, activations=TWO)), rows(2, -np.ones(3), np.ones(3))),
    "silu and gelu, scaled": Kind(
        model(3, network(3, 8, 6, 2, activations=CURVED), input_scaling=INPUTS, target_scaling=TARGETS), rows(3)
    ),
    "limited, float32": Kind(
        model(4, network(3, 9, 7, 2, activations=THREE), "float32", input_scaling=LIMITED, target_scaling=TARGETS),
        3 * rows(4),
    ),
    "logarithms": Kind(
        model(5, network(3, 8, 2, activations=TWO), input_scaling=INPUTS, target_transform=LogTransform([-3.0, None])),
        rows(5),
    ),
    "exponential link": Kind(
        model(6, network(3, 8, 2, activations=("softplus", "exponential")), input_scaling=INPUTS), rows(6)
    ),
    "gaps": Kind(
        model(
            7,
            network(4, 8, 2, activations=TWO),
            imputation=Imputation(np.array([0.5, 20, 5e-4]), (1,)),
            input_scaling=Scaling([*INPUTS.shift, 0], [*INPUTS.scale, 1]),
            input_ranges=np.column_stack([RANGES, [0.0, 1.0]]),
        ),
        np.column_stack([rows(7), np.random.default_rng(7).integers(0, 2, 200)]),
    ),
    "words and gaps": Kind(
        model(8, network(6, 8, 2, activations=("leaky_relu", "identity")), **WORDS), rows_of_words(8)
    ),
    "more outputs than inputs": Kind(
        model(9, network(3, 8, 10, 40, activations=("logistic", "tanh", "identity")), input_scaling=INPUTS), rows(9)
    ),
    "error bars": Kind(laplace(), rows(10)),
    "encoded, float32": Kind(
        model(11, network(13, 16, 2, activations=TWO), "float32", encoding=ENCODING, input_scaling=INPUTS), rows(11)
    ),
    "projected": Kind(model(14, network(24, 8, 2, activations=TWO), encoding=SLANTING, input_scaling=INPUTS), rows(14)),
    "ensemble, projected, float32": Kind(projected_ensemble(), rows(15)),
    "ensemble, encoded": Kind(encoded_ensemble(), rows(12)),
    "ensemble, normalised": Kind(ensemble_of_words(), rows_of_words(13)),
}


def in_double(given):
    """The same model with the same numbers in float64."""
    if isinstance(given, Ensemble):
        return replace(given, members=[in_double(member) for member in given.members])
    return replace(given, parameters=given.parameters.astype(np.float64), example_inputs=None)
