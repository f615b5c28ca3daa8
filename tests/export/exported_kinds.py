"""Twenty-six kinds of models to export, 1,000 rows for each, and what the exported code must say of them.

Rows (n, g) are as given: one number a column, that of words the place of the level, NaN for a gap; a part of them lies
outside the ranges. Expected values are the model's in float64.
"""

import warnings
from dataclasses import dataclass, replace

import numpy as np
from exported_tolerances import EXPORTED_UNITS, EXPORTED_UNITS_OF_FORTY_OUTPUTS

from fitnet import Ensemble, LogTransform, Network, Scaling
from fitnet.errors import DerivativeWarning
from fitnet.model.exporting.rows import drawn_rows, encoded_rows
from fitnet.model.exporting.subject import exported_inputs, in_double
from fitnet.rows import Categories
from kinds_of_models import (
    CATEGORIES,
    CURVED,
    ENCODING,
    GAPS,
    INPUTS,
    KINDS,
    RANGES,
    TWO,
    model,
    network,
    residuals,
)

N_ROWS, BEYOND = 1000, 1.3
WORDS_ALONE = Categories(("colour", "shape"), (("blue", "red"), ("round", "square", "while", None)))


def deep():
    """Six layers, each with another activation."""
    names = ("tanh", "silu", "gelu", "softplus", "logistic", "identity")
    return model(40, network(3, 12, 12, 12, 12, 12, 2, activations=names), input_scaling=INPUTS, input_ranges=RANGES)


def strange_names():
    """Columns that are words of languages, the same but for case, or no identifiers at all."""
    names = {"input_names": ("end", "Re", "re"), "output_names": ('a "b" */ c\\', "µ (m/s)")}
    units = {"units": {"end": "K", "µ (m/s)": "m/s"}}
    return model(
        41, network(3, 8, 2, activations=CURVED[1:]), input_ranges=RANGES, input_scaling=INPUTS, **names, **units
    )


def ensemble_of_one_output():
    """24 members as `fit` makes them: encoded, in float32, of one output, scores normalised by their spread."""
    layers = network(13, 24, 12, 1, activations=("relu", "relu", "identity"))
    parts = {"encoding": ENCODING, "input_scaling": INPUTS, "target_scaling": Scaling([3.0], [2.0])}
    members = [model(50 + i, layers, "float32", **parts, input_ranges=RANGES) for i in range(24)]
    one = residuals([0.25, 0.25], [True, True])
    one = replace(one, scores=one.scores[:, :1], floors=one.floors[:1], symmetric=one.symmetric[:1], shrinkage=[0.9])
    return Ensemble(members, folds=[i % 3 for i in range(24)], conformal=one)


def ensemble_without_intervals():
    """Two members that learned logarithms, one of them limited."""
    parts = {"target_transform": LogTransform([-3.0, None]), "target_scaling": Scaling([0.5, 1], [0.7, 2])}
    scalings = INPUTS, Scaling(INPUTS.shift, INPUTS.scale, limit=1.5)
    members = [
        model(80 + i, network(3, 7, 2, activations=CURVED[1:]), input_scaling=each, **parts)
        for i, each in enumerate(scalings)
    ]
    return Ensemble(members, [1, 3])


def ensemble_of_two_classes():
    """Four members, two of which have one logit for both classes, of columns of words and gaps."""
    shared = {"categories": CATEGORIES, "imputation": GAPS, "classes": ("no", "yes")}
    members = [model(240 + i, network(6, 7, 2 - i % 2, activations=TWO), "float32", **shared) for i in range(4)]
    return Ensemble(members, [1, 2, 3, 4])


def ensemble_of_classes():
    """Three encoded members."""
    layers, parts = network(13, 8, 3, activations=TWO), {"encoding": ENCODING, "input_scaling": INPUTS}
    return Ensemble([model(96 + i, layers, **parts, classes=(7, 5, -1)) for i in range(3)])


PARTS = {"input_scaling": INPUTS, "input_ranges": RANGES}
IRIS = {"classes": ("setosa", "versicolor", 'the "third" */'), "output_names": ("p1", "p2", "p3")}
EXPORTED = {name: kind.model for name, kind in KINDS.items()} | {
    "deep": deep(),
    "strange names": strange_names(),
    "ensemble of one output": ensemble_of_one_output(),
    "ensemble without intervals": ensemble_without_intervals(),
    "straight line": model(42, network(1, 1, activations=("identity",)), input_ranges=[[-1.0], [1]]),
    "words alone": model(43, network(6, 6, 1, activations=("relu", "identity")), categories=WORDS_ALONE),
    "sixty inputs": model(44, Network.of_widths((60, 20, 1), "silu"), "float32", input_ranges=[[-1.0] * 60, [1] * 60]),
    "three classes": model(53, network(3, 8, 6, 3, activations=("tanh", "silu", "identity")), **PARTS, **IRIS),
    "two classes of one logit": model(94, network(3, 8, 1, activations=TWO), "float32", **PARTS, classes=(False, True)),
    "ensemble of three classes": ensemble_of_classes(),
    "ensemble of two classes": ensemble_of_two_classes(),
}
assert len(EXPORTED) == 26


@dataclass(frozen=True, eq=False)
class Expected:
    """Of n rows: outputs (n, m), jacobian (n, m, q), hessian (n, m, q, q), ends (n, m), and who is outside."""

    rows: np.ndarray
    outputs: np.ndarray
    jacobian: np.ndarray
    hessian: np.ndarray
    lower: np.ndarray | None
    upper: np.ndarray | None
    outside: np.ndarray


def expected(given, n=N_ROWS, dtype="float64", coverage=0.9):
    """What the model says of `n` rows that `dtype` can hold."""
    inputs, double = exported_inputs(given), in_double(given)
    rows = drawn_rows(given, inputs, np.random.default_rng(7), n, BEYOND).astype(dtype).astype(np.float64)
    X = encoded_rows(inputs, rows)
    ends = None
    if (given.conformal if isinstance(given, Ensemble) else given.error_bars) is not None:
        ends = double.predict_interval(X, coverage)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DerivativeWarning)
        hessian = double.hessian(X)
    low = np.array([-np.inf if each.lowest is None else each.lowest for each in inputs])
    high = np.array([np.inf if each.highest is None else each.highest for each in inputs])
    return Expected(
        rows,
        double.predict(X),
        double.jacobian(X),
        hessian,
        *((None, None) if ends is None else (ends[..., 0], ends[..., 1])),
        ((rows < low) | (rows > high)).any(axis=1),
    )


def units_apart(found, wanted, dtype="float64"):
    """The largest difference in units of the last place of the larger of value and scale, the entry's largest value."""
    scale = np.maximum(np.abs(wanted), np.abs(wanted).max(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(found - wanted) / (scale * np.finfo(dtype).eps)
    return float(np.where(found == wanted, 0, apart).max(initial=0))


def most_units(kind):
    """How many of these units exported code may be off, by what it gives."""
    return EXPORTED_UNITS_OF_FORTY_OUTPUTS if kind == "more outputs than inputs" else EXPORTED_UNITS
