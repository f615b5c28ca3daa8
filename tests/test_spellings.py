"""Spellings: another package's name leads to the one here, wherever names are taken, and leads nowhere else."""

import numpy as np
import pytest

from fitnet import Network
from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES
from fitnet.algorithm.network import INITIALIZATIONS
from fitnet.engine import choose
from fitnet.errors import ArgumentValueError
from fitnet.export.write import LANGUAGES
from fitnet.fitting.plans import EFFORTS
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.solver_choice import SOLVER_NAMES
from fitnet.spellings import NAMES, did_you_mean, plain

ENGINE_NAMES = ("auto", "native", "reference")
KINDS = {
    **{"loss": LOSSES, "solver": SOLVER_NAMES, "activation": ACTIVATIONS, "initialization": INITIALIZATIONS},
    **{"engine": ENGINE_NAMES, "to": LANGUAGES, "effort": EFFORTS},
}

SPELT = [
    ("loss", "mse", "squared_error"),
    ("loss", "mean squared error", "squared_error"),
    ("loss", "MSELoss", "squared_error"),
    ("loss", "reg:absoluteerror", "absolute_error"),
    ("loss", "mae", "absolute_error"),
    ("loss", "pinball", "quantile"),
    ("loss", "smooth_l1", "huber"),
    ("loss", "SquaredError", "squared_error"),
    ("solver", "sgd", "gradient-descent"),
    ("solver", "gradient_descent", "gradient-descent"),
    ("solver", "trainlm", "lm"),
    ("solver", "Levenberg-Marquardt", "lm"),
    ("solver", "trainbr", "lm-bayesian"),
    ("solver", "L-BFGS-B", "lbfgs"),
    ("solver", "AdamW", "adam"),
    ("activation", "sigmoid", "logistic"),
    ("activation", "tansig", "tanh"),
    ("activation", "Swish", "silu"),
    ("activation", "LeakyReLU", "leaky_relu"),
    ("activation", "linear", "identity"),
    ("activation", "sofplus", "softplus"),
    ("initialization", "xavier_uniform", "glorot"),
    ("initialization", "kaiming", "he"),
    ("engine", "cpp", "native"),
    ("effort", "quick", "fast"),
    ("effort", "best", "thorough"),
    ("to", "f90", "fortran"),
    ("to", "f95", "fortran"),
    ("to", "F2008", "fortran"),
    ("to", "py", "numpy"),
    ("to", ".py", "numpy"),
    ("to", "header", "c"),
    ("to", "h", "c"),
    ("to", "cpp", "c"),
    ("to", "C++", "c"),
    ("to", "onnxruntime", "onnx"),
]


@pytest.mark.parametrize(("argument", "given", "meant"), SPELT)
def test_another_name_leads_to_ours(argument, given, meant):
    assert did_you_mean(given, KINDS[argument]) == f" (did you mean {meant!r}?)"


@pytest.mark.parametrize("value", ["", "q", "none at all", 3, None, ["mse"]])
def test_no_hint_for_what_is_near_to_nothing(value):
    assert did_you_mean(value, LOSSES) == ""


def test_a_name_of_another_argument_is_no_hint():
    assert did_you_mean("sigmoid", LOSSES) == ""
    assert did_you_mean("xavier", ACTIVATIONS) == ""


def test_every_name_led_to_is_known_and_no_known_name_leads_away():
    assert set(NAMES) <= {name for names in KINDS.values() for name in names}
    for known in KINDS.values():
        led = [other for name in known for other in NAMES.get(name, "").split()]
        assert not {plain(name) for name in known} & set(led)
        assert all(other == plain(other) for other in led)
        assert len(led) == len(set(led))


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: Recipe(loss="mse"), "squared_error"),
        (lambda: Recipe(solver=["adam", "sgd"]), "gradient-descent"),
        (lambda: Recipe(activation="sigmoid"), "logistic"),
        (lambda: Network.of_widths((1, 1), output_activation="linear"), "identity"),
        (lambda: Network.of_widths((1, 1)).initial_parameters(np.random.default_rng(0), "xavier"), "glorot"),
        (lambda: choose("numpy", 1), "reference"),
    ],
)
def test_every_door_gives_the_hint(call, hint):
    with pytest.raises(ArgumentValueError) as refused:
        call()
    assert str(refused.value).endswith(f" (did you mean {hint!r}?).")
