"""Refusals of solvers: one sentence each, before anything is drawn or done."""

import numpy as np
import pytest

from fitnet import LBFGS, Adam, Checkpoint, Huber, LevenbergMarquardt, Network, train
from fitnet.algorithm.optimizers import initial_state
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import ArrayRows
from fitnet.training import least_squares

X = np.linspace(-1, 1, 24).reshape(12, 2)
Y = np.linspace(0, 1, 36).reshape(12, 3)
NETWORK = Network.of_widths((2, 4, 3))  # 27 parameters
WANTED = "it must be an optimizer, such as Adam(), LevenbergMarquardt(), LBFGS(), or a sequence of them."
ROWS = {"X": ArrayRows("X", X), "Y": ArrayRows("Y", Y), "batch_size": 4}

TRAINING = [
    (
        {"solver": LevenbergMarquardt(), "loss": Huber(2.0)},
        ArgumentValueError,
        "`loss` is Huber(delta=2.0); for LevenbergMarquardt it must be SquaredError() or CrossEntropy(); LBFGS() takes "
        "others.",
    ),
    (
        {"solver": LevenbergMarquardt("bayesian"), "alpha": 0.01},
        ArgumentValueError,
        "`alpha` is 0.01; with regularization='bayesian' it must be 0, for the evidence chooses it.",
    ),
    (
        {"solver": LevenbergMarquardt(), "dtype": "float32"},
        ArgumentValueError,
        "`dtype` is float32; LevenbergMarquardt works in float64: it must be float64 or 'auto'.",
    ),
    (
        {"solver": [Adam(), LBFGS()], "dtype": np.float32},
        ArgumentValueError,
        "`dtype` is float32; LBFGS works in float64: it must be float64 or 'auto'.",
    ),
    (
        {"solver": LBFGS(), "batch_size": 4},
        ArgumentValueError,
        "`batch_size` is 4; LBFGS sees all rows in every step: leave it out.",
    ),
    (
        {"solver": [LevenbergMarquardt(), LBFGS()], "batch_size": 12},
        ArgumentValueError,
        "`batch_size` is 12; LevenbergMarquardt sees all rows in every step: leave it out.",
    ),
    (
        {"solver": [Adam(), LevenbergMarquardt()], **ROWS},
        ArgumentValueError,
        "`solver` is LevenbergMarquardt, which needs all rows in memory; rows that are read in chunks need a "
        "first-order optimizer such as Adam().",
    ),
    (
        {"solver": LevenbergMarquardt(), "checkpoint": Checkpoint("a.ckpt")},
        ArgumentTypeError,
        "`checkpoint` cannot be used with LevenbergMarquardt; it must be None.",
    ),
    (
        {"solver": (Adam(), Adam()), "checkpoint": Checkpoint("a.ckpt")},
        ArgumentTypeError,
        "`checkpoint` cannot be used with a sequence of solvers; it must be None.",
    ),
    (
        {"solver": LBFGS(), "state": initial_state(Adam(), np.zeros(27))},
        ArgumentTypeError,
        "`state` cannot be used with LBFGS; it must be None.",
    ),
    (
        {"solver": []},
        ArgumentValueError,
        "`solver` is an empty sequence; it must hold at least one solver.",
    ),
    ({"solver": "lbfgs"}, ArgumentTypeError, f"`solver` is 'lbfgs'; {WANTED}"),
    ({"solver": LBFGS}, ArgumentTypeError, f"`solver` is {LBFGS!r}; {WANTED}"),
    (
        {"solver": [Adam(), LevenbergMarquardt]},
        ArgumentTypeError,
        f"`solver[1]` is {LevenbergMarquardt!r}; {WANTED}",
    ),
    ({"solver": ["adam"]}, ArgumentTypeError, f"`solver[0]` is 'adam'; {WANTED}"),
    ({"solver": [[]]}, ArgumentTypeError, f"`solver[0]` is []; {WANTED}"),
]

SETTINGS = [
    (
        LevenbergMarquardt,
        {"regularization": "baysian"},
        ArgumentValueError,
        "`regularization` is 'baysian'; it must be one of none, bayesian (did you mean 'bayesian'?).",
    ),
    (
        LevenbergMarquardt,
        {"regularization": None},
        ArgumentValueError,
        "`regularization` is None; it must be one of none, bayesian.",
    ),
    (LevenbergMarquardt, {"damping": -1e-3}, ArgumentValueError, "`damping` is -0.001; it must be at least 0."),
    (
        LevenbergMarquardt,
        {"damping": np.inf},
        ArgumentValueError,
        "`damping` is inf; it must be finite and at least 0.",
    ),
    (LevenbergMarquardt, {"damping": "1"}, ArgumentTypeError, "`damping` is '1'; it must be a real number."),
    (
        LevenbergMarquardt,
        {"gradient_tolerance": -1},
        ArgumentValueError,
        "`gradient_tolerance` is -1; it must be at least 0.",
    ),
    (LevenbergMarquardt, {"step_tolerance": -1}, ArgumentValueError, "`step_tolerance` is -1; it must be at least 0."),
    (
        LevenbergMarquardt,
        {"loss_tolerance": np.nan},
        ArgumentValueError,
        "`loss_tolerance` is nan; it must be finite and at least 0.",
    ),
    (LevenbergMarquardt, {"max_epochs": 0}, ArgumentValueError, "`max_epochs` is 0; it must be at least 1."),
    (LBFGS, {"memory": 0}, ArgumentValueError, "`memory` is 0; it must be at least 1."),
    (LBFGS, {"memory": 2.5}, ArgumentTypeError, "`memory` is 2.5; it must be a whole number."),
    (LBFGS, {"max_epochs": 1.5}, ArgumentTypeError, "`max_epochs` is 1.5; it must be a whole number."),
    (LBFGS, {"gradient_tolerance": -1}, ArgumentValueError, "`gradient_tolerance` is -1; it must be at least 0."),
    (LBFGS, {"loss_tolerance": -1}, ArgumentValueError, "`loss_tolerance` is -1; it must be at least 0."),
    (Adam, {"max_epochs": 0}, ArgumentValueError, "`max_epochs` is 0; it must be at least 1."),
]


def refused(overrides, error):
    """The sentence with which `train` refuses these arguments, having drawn nothing."""
    generator = np.random.default_rng(0)
    arguments = {"network": NETWORK, "X": X, "Y": Y, "epochs": 2, "generator": generator, "verbose": False}
    with pytest.raises(error) as raised:
        train(**arguments | overrides)
    assert generator.bit_generator.state == np.random.default_rng(0).bit_generator.state
    return str(raised.value)


@pytest.mark.parametrize(("overrides", "error", "sentence"), TRAINING)
def test_what_solvers_cannot_use_is_refused(overrides, error, sentence):
    assert refused(overrides, error) == sentence


@pytest.mark.parametrize(("kind", "settings", "error", "sentence"), SETTINGS)
def test_wrong_setting_is_refused(kind, settings, error, sentence):
    with pytest.raises(error) as raised:
        kind(**settings)
    assert str(raised.value) == sentence


@pytest.mark.parametrize("solvers", [LevenbergMarquardt(), [Adam(), LevenbergMarquardt("bayesian")]])
def test_network_whose_matrices_memory_cannot_hold_is_refused(monkeypatch, solvers):
    monkeypatch.setattr(least_squares, "most_parameters", lambda: 26)
    assert refused({"solver": solvers}, ArgumentValueError) == (
        "`network` has 27 parameters; LevenbergMarquardt keeps matrices of 27 x 27, and this machine's memory allows "
        "at most 26; use LBFGS() or Adam()."
    )
    monkeypatch.setattr(least_squares, "most_parameters", lambda: 27)
    train(NETWORK, X, Y, epochs=2, generator=np.random.default_rng(0), solver=solvers, verbose=False)


@pytest.mark.parametrize("solver", [LevenbergMarquardt(), LBFGS(), [Adam(), LBFGS()]])
@pytest.mark.parametrize("dtype", ["auto", "float64", np.float64])
def test_they_work_in_float64(solver, dtype):
    result = train(
        NETWORK, X, Y, epochs=2, generator=np.random.default_rng(0), solver=solver, dtype=dtype, verbose=False
    )
    assert result.parameters.dtype == np.float64
