"""What networks, optimizers and schedules refuse, and the one sentence they say about it."""

from functools import partial

import numpy as np
import pytest

from fitnet.algorithm.network import Dense, Network
from fitnet.algorithm.optimizers import Adam, GradientDescent, Momentum
from fitnet.algorithm.schedules import Cosine, StepDecay
from fitnet.errors import ArgumentTypeError, ArgumentValueError

ACTIVATIONS = "identity, relu, tanh, logistic, silu, gelu, softplus, leaky_relu, exponential"
RATE = "it must be above 0 and at most 1."
DECAY = "it must be at least 0 and below 1."
OPTIMIZERS = (GradientDescent, Momentum, Adam)

# the call, the error and its whole message
LAYERS = [
    (partial(Dense, 0, 1), ArgumentValueError, "`inputs` is 0; it must be at least 1."),
    (partial(Dense, -3, 1), ArgumentValueError, "`inputs` is -3; it must be at least 1."),
    (partial(Dense, 2.0, 1), ArgumentTypeError, "`inputs` is 2.0; it must be a whole number."),
    (partial(Dense, "3", 1), ArgumentTypeError, "`inputs` is '3'; it must be a whole number."),
    (partial(Dense, 3, 0), ArgumentValueError, "`outputs` is 0; it must be at least 1."),
    (partial(Dense, 3, True), ArgumentTypeError, "`outputs` is True; it must be a whole number."),
    (partial(Dense, 3, None), ArgumentTypeError, "`outputs` is None; it must be a whole number."),
    (partial(Dense, 3, float("nan")), ArgumentTypeError, "`outputs` is nan; it must be a whole number."),
    (
        partial(Dense, 3, 1, "rleu"),
        ArgumentValueError,
        f"`activation` is 'rleu'; it must be one of {ACTIVATIONS} (did you mean 'relu'?).",
    ),
    (
        partial(Dense, 3, 1, "Tanh"),
        ArgumentValueError,
        f"`activation` is 'Tanh'; it must be one of {ACTIVATIONS} (did you mean 'tanh'?).",
    ),
    (
        partial(Dense, 3, 1, "swish"),
        ArgumentValueError,
        f"`activation` is 'swish'; it must be one of {ACTIVATIONS} (did you mean 'silu'?).",
    ),
    (partial(Dense, 3, 1, None), ArgumentValueError, f"`activation` is None; it must be one of {ACTIVATIONS}."),
]
NETWORKS = [
    (partial(Network, ()), ArgumentValueError, "`layers` is empty; a network must have at least one layer."),
    (
        partial(Network, [Dense(3, 1)]),
        ArgumentTypeError,
        "`layers` is [Dense(inputs=3, outputs=1, activation='identity')]; it must be a tuple of Dense layers.",
    ),
    (partial(Network, ((3, 1),)), ArgumentTypeError, "`layers` is ((3, 1),); it must be a tuple of Dense layers."),
    (partial(Network, None), ArgumentTypeError, "`layers` is None; it must be a tuple of Dense layers."),
    (
        partial(Network, (Dense(3, 64), Dense(64, 64), Dense(32, 1))),
        ArgumentValueError,
        "Layer 2 has 64 outputs and layer 3 takes 32 inputs; they must be equal.",
    ),
]
WIDTHS = [
    (partial(Network.of_widths, (3, 0, 1)), ArgumentValueError, "`widths[1]` is 0; it must be at least 1."),
    (partial(Network.of_widths, (3, -64, 1)), ArgumentValueError, "`widths[1]` is -64; it must be at least 1."),
    (partial(Network.of_widths, (3, 2.5, 1)), ArgumentTypeError, "`widths[1]` is 2.5; it must be a whole number."),
    (partial(Network.of_widths, (3, True, 1)), ArgumentTypeError, "`widths[1]` is True; it must be a whole number."),
    (partial(Network.of_widths, (3, "64", 1)), ArgumentTypeError, "`widths[1]` is '64'; it must be a whole number."),
    (partial(Network.of_widths, (3, np.nan, 1)), ArgumentTypeError, "`widths[1]` is nan; it must be a whole number."),
    (
        partial(Network.of_widths, "3,1"),
        ArgumentTypeError,
        "`widths` is '3,1'; it must be a sequence of whole numbers.",
    ),
    (partial(Network.of_widths, 3), ArgumentTypeError, "`widths` is 3; it must be a sequence of whole numbers."),
    (
        partial(Network.of_widths, (3,)),
        ArgumentValueError,
        "`widths` has 1 entry; it must have at least two, the inputs and the outputs.",
    ),
    (
        partial(Network.of_widths, []),
        ArgumentValueError,
        "`widths` has no entries; it must have at least two, the inputs and the outputs.",
    ),
    (
        partial(Network.of_widths, (3, 4, 1), "logistics"),
        ArgumentValueError,
        f"`activation` is 'logistics'; it must be one of {ACTIVATIONS} (did you mean 'logistic'?).",
    ),
    (
        partial(Network.of_widths, (3, 4, 1), output_activation="linear"),
        ArgumentValueError,
        f"`output_activation` is 'linear'; it must be one of {ACTIVATIONS} (did you mean 'identity'?).",
    ),
]
STARTS = [
    (
        partial(Network.of_widths((3, 1)).initial_parameters, 0),
        ArgumentTypeError,
        "`generator` is 0; it must be a numpy.random.Generator, such as numpy.random.default_rng(0).",
    ),
    (
        partial(Network.of_widths((3, 1)).initial_parameters, np.random.default_rng(0), "xavier"),
        ArgumentValueError,
        "`initialization` is 'xavier'; it must be one of he, glorot (did you mean 'glorot'?).",
    ),
    (
        partial(Network.of_widths((3, 1)).initial_parameters, np.random.default_rng(0), "Glorot"),
        ArgumentValueError,
        "`initialization` is 'Glorot'; it must be one of he, glorot (did you mean 'glorot'?).",
    ),
    (
        partial(Network.of_widths((3, 1)).initial_parameters, np.random.default_rng(0), "he", "float16"),
        ArgumentValueError,
        "`dtype` is 'float16'; it must be float32 or float64.",
    ),
    (
        partial(Network.of_widths((3, 1)).initial_parameters, np.random.default_rng(0), "he", int),
        ArgumentValueError,
        "`dtype` is <class 'int'>; it must be float32 or float64.",
    ),
]
LEARNING_RATES = [
    (partial(optimizer, learning_rate=value), error, f"`learning_rate` is {shown}; {rule}")
    for optimizer in OPTIMIZERS
    for value, error, shown, rule in [
        (0, ArgumentValueError, "0", RATE),
        (0.0, ArgumentValueError, "0", RATE),
        (-0.01, ArgumentValueError, "-0.01", RATE),
        (1.5, ArgumentValueError, "1.5", RATE),
        (float("nan"), ArgumentValueError, "nan", RATE),
        (float("inf"), ArgumentValueError, "inf", RATE),
        ("fast", ArgumentTypeError, "'fast'", "it must be a real number."),
        ("0.01", ArgumentTypeError, "'0.01'", "it must be a real number."),
        (None, ArgumentTypeError, "None", "it must be a real number."),
        (True, ArgumentTypeError, "True", "it must be a real number."),
        (0.1j, ArgumentTypeError, "0.1j", "it must be a real number."),
    ]
]
MOMENTS = [
    (partial(optimizer, **{name: value}), error, f"`{name}` is {shown}; {rule}")
    for optimizer, name in [(Momentum, "momentum"), (Adam, "beta1"), (Adam, "beta2")]
    for value, error, shown, rule in [
        (1.0, ArgumentValueError, "1", DECAY),
        (1, ArgumentValueError, "1", DECAY),
        (-0.1, ArgumentValueError, "-0.1", DECAY),
        (float("nan"), ArgumentValueError, "nan", DECAY),
        ("0.9", ArgumentTypeError, "'0.9'", "it must be a real number."),
        (False, ArgumentTypeError, "False", "it must be a real number."),
    ]
]
EPSILONS = [
    (partial(Adam, epsilon=0), ArgumentValueError, "`epsilon` is 0; it must be above 0."),
    (partial(Adam, epsilon=-1e-8), ArgumentValueError, "`epsilon` is -1e-08; it must be above 0."),
    (
        partial(Adam, schedule="cosine"),
        ArgumentTypeError,
        "`schedule` is 'cosine'; it must be a schedule, such as Cosine().",
    ),
    (
        partial(Adam, learning_rate=10**400),
        ArgumentValueError,
        "`learning_rate` is inf; it must be above 0 and at most 1.",
    ),
    (partial(Adam, epsilon=float("nan")), ArgumentValueError, "`epsilon` is nan; it must be finite and above 0."),
    *(
        (partial(Adam, weight_decay=value), error, f"`weight_decay` is {shown}; {rule}")
        for value, error, shown, rule in [
            (-0.1, ArgumentValueError, "-0.1", "it must be at least 0."),
            (float("nan"), ArgumentValueError, "nan", "it must be finite and at least 0."),
            (float("inf"), ArgumentValueError, "inf", "it must be finite and at least 0."),
            ("0.1", ArgumentTypeError, "'0.1'", "it must be a real number."),
            (None, ArgumentTypeError, "None", "it must be a real number."),
            (True, ArgumentTypeError, "True", "it must be a real number."),
        ]
    ),
    *(
        (
            partial(Adam, rate, weight_decay=decay),
            ArgumentValueError,
            f"`weight_decay` is {decay:g}; times the learning rate, {rate:g}, it must be below 1, or a step would "
            "leave nothing of a weight.",
        )
        for rate, decay in [(0.5, 2), (1, 1), (1e-3, 1e4)]
    ),
    (partial(Adam, epsilon=None), ArgumentTypeError, "`epsilon` is None; it must be a real number."),
]
SCHEDULES = [
    (partial(Cosine, -0.1), ArgumentValueError, "`final_factor` is -0.1; it must be at least 0 and at most 1."),
    (partial(Cosine, 2), ArgumentValueError, "`final_factor` is 2; it must be at least 0 and at most 1."),
    (partial(Cosine, "end"), ArgumentTypeError, "`final_factor` is 'end'; it must be a real number."),
    (partial(StepDecay, 0.0), ArgumentValueError, "`decay` is 0; it must be above 0 and at most 1."),
    (partial(StepDecay, 1.5), ArgumentValueError, "`decay` is 1.5; it must be above 0 and at most 1."),
    (partial(StepDecay, None), ArgumentTypeError, "`decay` is None; it must be a real number."),
    (partial(StepDecay, 0.1, 0), ArgumentValueError, "`levels` is 0; it must be at least 1."),
    (partial(StepDecay, 0.1, 2.5), ArgumentTypeError, "`levels` is 2.5; it must be a whole number."),
    (partial(StepDecay, 0.1, True), ArgumentTypeError, "`levels` is True; it must be a whole number."),
]
REFUSALS = LAYERS + NETWORKS + WIDTHS + STARTS + LEARNING_RATES + MOMENTS + EPSILONS + SCHEDULES


@pytest.mark.parametrize(("call", "error", "message"), REFUSALS, ids=[message for _, _, message in REFUSALS])
def test_refuses(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert (caught.type, str(caught.value)) == (error, message)


@pytest.mark.parametrize(
    "call",
    [
        partial(Dense, np.int64(3), np.int32(1)),
        partial(Network.of_widths, [np.int64(3), 1]),
        partial(GradientDescent, 1.0),
        partial(GradientDescent, 1e-12),
        partial(Momentum, momentum=0),
        partial(Adam, np.float32(0.01), 0, 0.0, 1e-300),
        partial(Cosine, 0),
        partial(Cosine, 1),
        partial(StepDecay, 1, 1),
    ],
)
def test_takes_whole_numbers_of_any_kind_and_the_bounds_that_belong(call):
    call()
