"""Refusals: a wrong setting of `train` costs nothing but one sentence that names it; what is only unusual works."""

import numpy as np
import pytest
from refused_training import NETWORK, X, Y, refused

from fitnet import Adam, GradientDescent, SquaredError, train
from fitnet.errors import FITNET_ERRORS, ArgumentTypeError, ArgumentValueError


class Callback:
    """A callback that could be called, with any `every`."""

    def __init__(self, every):
        self.every = every

    def __repr__(self):
        return "Callback()"

    def on_epoch_end(self, state):
        return None


class WithoutEvery:
    def __repr__(self):
        return "WithoutEvery()"

    def on_epoch_end(self, state):
        return None


class WithoutMethod:
    every = 1

    def __repr__(self):
        return "WithoutMethod()"


NUMBERS = [
    ({"epochs": 0}, ArgumentValueError, "`epochs` is 0; it must be at least 1."),
    ({"epochs": -1}, ArgumentValueError, "`epochs` is -1; it must be at least 1."),
    ({"epochs": 1.5}, ArgumentTypeError, "`epochs` is 1.5; it must be a whole number."),
    ({"epochs": True}, ArgumentTypeError, "`epochs` is True; it must be a whole number."),
    ({"epochs": "10"}, ArgumentTypeError, "`epochs` is '10'; it must be a whole number."),
    ({"epochs": None}, ArgumentTypeError, "`epochs` is None; it must be a whole number."),
    ({"batch_size": 0}, ArgumentValueError, "`batch_size` is 0; it must be at least 1."),
    (
        {"batch_size": 13},
        ArgumentValueError,
        "`batch_size` is 13; it must be at most the number of rows, 12.",
    ),
    ({"batch_size": 2.0}, ArgumentTypeError, "`batch_size` is 2.0; it must be a whole number."),
    ({"validation": (X, Y), "patience": 0}, ArgumentValueError, "`patience` is 0; it must be at least 1."),
    (
        {"validation": (X, Y), "patience": 2.5},
        ArgumentTypeError,
        "`patience` is 2.5; it must be a whole number.",
    ),
    ({"patience": 5}, ArgumentValueError, "`patience` needs `validation` data to watch."),
]

NAMES = [
    (
        {"initialization": "glorott"},
        ArgumentValueError,
        "`initialization` is 'glorott'; it must be one of he, glorot (did you mean 'glorot'?).",
    ),
    (
        {"initialization": "zeros"},
        ArgumentValueError,
        "`initialization` is 'zeros'; it must be one of he, glorot.",
    ),
    ({"dtype": "float16"}, ArgumentValueError, "`dtype` is 'float16'; it must be float32 or float64."),
    ({"dtype": int}, ArgumentValueError, "`dtype` is <class 'int'>; it must be float32 or float64."),
    ({"dtype": None}, ArgumentValueError, "`dtype` is None; it must be float32 or float64."),
]
KINDS = [
    (
        {"network": [2, 4, 3]},
        ArgumentTypeError,
        "`network` is [2, 4, 3]; it must be a Network, such as Network.of_widths((3, 64, 1)).",
    ),
    (
        {"generator": 0},
        ArgumentTypeError,
        "`generator` is 0; it must be a numpy.random.Generator, such as numpy.random.default_rng(0).",
    ),
    (
        {"generator": 0, "parameters": np.zeros(27)},
        ArgumentTypeError,
        "`generator` is 0; it must be a numpy.random.Generator, such as numpy.random.default_rng(0).",
    ),
    (
        {"loss": "squared_error"},
        ArgumentTypeError,
        "`loss` is 'squared_error'; it must be a loss, such as SquaredError().",
    ),
    (
        {"loss": SquaredError},
        ArgumentTypeError,
        "`loss` is <class 'fitnet.algorithm.losses.SquaredError'>; it must be a loss, such as SquaredError().",
    ),
    (
        {"loss": Adam()},
        ArgumentTypeError,
        f"`loss` is {Adam()!r}; it must be a loss, such as SquaredError().",
    ),
    (
        {"solver": "adam"},
        ArgumentTypeError,
        "`solver` is 'adam'; it must be an optimizer, such as Adam(), LevenbergMarquardt(), LBFGS(), "
        "or a sequence of them.",
    ),
    (
        {"solver": GradientDescent},
        ArgumentTypeError,
        "`solver` is <class 'fitnet.algorithm.optimizers.GradientDescent'>; "
        "it must be an optimizer, such as Adam(), LevenbergMarquardt(), LBFGS(), "
        "or a sequence of them.",
    ),
    (
        {"solver": 0.001},
        ArgumentTypeError,
        "`solver` is 0.001; it must be an optimizer, such as Adam(), LevenbergMarquardt(), LBFGS(), "
        "or a sequence of them.",
    ),
    (
        {"callbacks": 7},
        ArgumentTypeError,
        "`callbacks` is 7; it must be a callback, with `every` and `on_epoch_end`, a function, or a sequence of them.",
    ),
    (
        {"callbacks": [Callback]},
        ArgumentTypeError,
        f"`callbacks` holds {Callback!r}; every callback must be a function or an object with `every` and "
        "`on_epoch_end`.",
    ),
    (
        {"callbacks": [Callback(1), WithoutEvery()]},
        ArgumentTypeError,
        "`callbacks` holds WithoutEvery(); every callback must be a function or an object with `every` and "
        "`on_epoch_end`.",
    ),
    (
        {"callbacks": [WithoutMethod()]},
        ArgumentTypeError,
        "`callbacks` holds WithoutMethod(); every callback must be a function or an object with `every` and "
        "`on_epoch_end`.",
    ),
    ({"callbacks": [Callback(0)]}, ArgumentValueError, "`every` is 0; it must be at least 1."),
    ({"callbacks": [Callback(1.5)]}, ArgumentTypeError, "`every` is 1.5; it must be a whole number."),
]


@pytest.mark.parametrize(
    ("overrides", "error", "sentence"),
    [*NUMBERS, *NAMES, *KINDS],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_wrong_argument_is_refused_in_one_sentence(overrides, error, sentence):
    assert refused(overrides, error) == sentence


@pytest.mark.parametrize(
    ("name", "nearest"), [("referense", " (did you mean 'reference'?)"), ("gpu", ""), (None, ""), (["reference"], "")]
)
def test_unknown_engine_is_refused_with_the_known_ones(name, nearest):
    known = "auto, reference, native"
    assert refused({"engine": name}, ArgumentValueError) == f"`engine` is {name!r}; it must be one of {known}{nearest}."


@pytest.mark.parametrize("overrides", [{"epochs": 0}, {"batch_size": 13}, {"weights": np.zeros(12)}, {"loss": "mse"}])
def test_refused_training_draws_nothing_from_the_generator(overrides):
    generator = np.random.default_rng(0)
    refused({"generator": generator} | overrides, FITNET_ERRORS)
    assert generator.bit_generator.state == np.random.default_rng(0).bit_generator.state


@pytest.mark.parametrize(
    "overrides",
    [
        {"X": X[:1], "Y": Y[:1]},
        {"X": X[:1], "Y": Y[:1], "batch_size": 1, "weights": [3]},
        {"X": X.tolist(), "Y": Y.tolist()},
        {"X": (10 * X).astype(int), "Y": Y > 0.5},
        {"X": X.astype(np.float16), "Y": np.asfortranarray(Y)},
        {"X": X[::2], "Y": Y[::-2], "weights": np.arange(6)},
        {"epochs": np.int64(2), "batch_size": np.int32(12)},
        {"dtype": np.float64},
        {"dtype": np.dtype("float32")},
        {"parameters": [0.5] * 27},
        {"callbacks": (Callback(np.int64(1)),)},
    ],
    ids=lambda overrides: "-".join(overrides),
)
def test_unusual_but_right_arguments_are_accepted(overrides):
    arguments = {"network": NETWORK, "X": X, "Y": Y, "epochs": 2, "generator": np.random.default_rng(0)}
    result = train(**{**arguments, "verbose": False} | overrides)
    assert result.history.epochs == 2
    assert np.isfinite(result.parameters).all()
