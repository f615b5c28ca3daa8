"""Two hundred steps of the native engine against the reference engine in float64."""

from itertools import count

import numpy as np
import pytest
from parity import assert_norms_agree, draw_numbers, draw_weights
from whole_epochs import run_epochs

from fitnet.algorithm.losses import LOSSES, Huber, Poisson, SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam, GradientDescent, Momentum, initial_state
from fitnet.engine import ENGINES, Best
from fitnet.engine.passes import forward
from tolerances import PARITY_RTOL, ROUNDINGS_FROM_KINK

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")

STEPS = 200
# Float32 may put a pre-activation or a residual on the other side of a kink than float64, and then every later step
# differs by far more than a rounding. Smooth functions have no kink, and in float64 both engines round alike enough.
SMOOTH = [(name, dtype) for name in ("tanh", "logistic") for dtype in ("float32", "float64")]
KINKED = [("relu", "float64"), ("leaky_relu", "float64")]
SMOOTH_LOSSES = [(loss, dtype) for loss in (Huber(0.5), Poisson()) for dtype in ("float32", "float64")]
KINKED_LOSSES = [(LOSSES["absolute_error"], "float64"), (LOSSES["quantile"], "float64")]

each_optimizer = pytest.mark.parametrize(
    "optimizer", [GradientDescent(0.05), Momentum(0.01), Adam(1e-3)], ids=lambda o: type(o).__name__
)
each_batch = pytest.mark.parametrize(("batch_size", "shuffled"), [(50, False), (10, True), (13, True), (1, False)])


@pytest.mark.parametrize(("activation", "dtype"), SMOOTH + KINKED)
@each_optimizer
@each_batch
def test_trajectories_agree(generator, optimizer, activation, batch_size, shuffled, dtype):
    network = Network.of_widths((3, 17, 33, 2), activation)
    numbers = *draw_numbers(network, 50, 7, dtype), draw_weights("some-zero", 50, 7, dtype)
    plan = draw_plan(generator, optimizer, 50, batch_size, shuffled)
    assert_trajectories_agree(network, SquaredError(), optimizer, numbers, plan)


@pytest.mark.parametrize(("loss", "dtype"), SMOOTH_LOSSES + KINKED_LOSSES, ids=str)
@pytest.mark.parametrize(("batch_size", "shuffled"), [(50, False), (13, True)])
def test_trajectories_of_each_loss_with_a_penalty_agree(generator, loss, batch_size, shuffled, dtype):
    network = Network.of_widths((3, 17, 33, 2), "tanh", "exponential")
    numbers = *draw_numbers(network, 50, 7, dtype), draw_weights("some-zero", 50, 7, dtype)
    plan = draw_plan(generator, Adam(1e-3), 50, batch_size, shuffled)
    assert_trajectories_agree(network, loss, Adam(1e-3), numbers, plan, l2=1e-3)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
@each_optimizer
@pytest.mark.parametrize(("batch_size", "shuffled"), [(8, False), (3, True)])
def test_float32_trajectories_that_keep_clear_of_kinks_agree(generator, optimizer, activation, batch_size, shuffled):
    network = Network.of_widths((2, 4, 3, 2), activation)
    plan = draw_plan(generator, optimizer, 8, batch_size, shuffled)
    for seed in count():  # the first in which, at every step of the reference, no row comes near a kink
        parameters, X, Y = draw_numbers(network, 8, seed, "float32")
        if (
            distance_from_kinks(network, optimizer, parameters, X, Y, plan)
            > ROUNDINGS_FROM_KINK * PARITY_RTOL["float32"]
        ):
            break
    assert_trajectories_agree(network, SquaredError(), optimizer, (parameters, X, Y, None), plan)


class Watched:
    """An optimizer that keeps the parameters before each of its steps."""

    def __init__(self, optimizer):
        self.optimizer, self.n_moments, self.visited = optimizer, optimizer.n_moments, []

    def update(self, parameters, *arguments):
        self.visited.append(parameters.copy())
        self.optimizer.update(parameters, *arguments)


def distance_from_kinks(network, optimizer, parameters, X, Y, plan):
    """The smallest hidden pre-activation, beside the largest of its layer, of any row at any step."""
    watched = Watched(optimizer)
    train(ENGINES["reference"](), network, SquaredError(), watched, (parameters, X, Y, None), plan, "float64")
    smallest = np.inf
    for visited in watched.visited:
        pre_activations, _ = forward(network, visited, X.astype(float))
        smallest = min(smallest, *(np.abs(z).min() / np.abs(z).max() for z in pre_activations[:-1]))
    return smallest


def draw_plan(generator, optimizer, n, batch_size, shuffled):
    """What run_epochs takes for STEPS steps or a few more."""
    steps = -(-n // batch_size)
    epochs = -(-STEPS // steps)
    orders = generator.permuted(np.tile(np.arange(n), (epochs, 1)), axis=1) if shuffled else None
    rates = np.full((epochs, steps), optimizer.learning_rate)
    return {"batch_size": batch_size, "learning_rates": rates, "row_orders": orders}


def train(engine, network, loss, optimizer, numbers, plan, dtype, l2=0.0):
    """Parameters, state, losses and, in full batches, the best, after the plan's steps in `dtype`."""
    parameters, *data = (None if array is None else array.astype(dtype) for array in numbers)
    state = initial_state(optimizer, parameters)
    best = Best(np.inf, parameters.copy(), 0) if plan["batch_size"] == len(data[0]) else None
    losses = run_epochs(engine, network, loss, optimizer, parameters, state, *data, **plan, best=best, l2=l2)
    return parameters, state, losses, best


def assert_trajectories_agree(network, loss, optimizer, numbers, plan, l2=0.0):
    dtype = numbers[0].dtype.name
    work = network, loss, optimizer, numbers, plan
    parameters, state, losses, best = train(ENGINES["native"](2), *work, dtype, l2)
    expected, expected_state, expected_losses, expected_best = train(ENGINES["reference"](), *work, "float64", l2)
    rtol = PARITY_RTOL[dtype]
    assert_norms_agree(parameters, expected, rtol)
    assert_norms_agree(losses, expected_losses, rtol)
    for moment, expected_moment in zip(state.moments, expected_state.moments, strict=True):
        assert_norms_agree(moment, expected_moment, rtol)
    assert state.step == expected_state.step
    if best is not None:
        assert best.epoch == expected_best.epoch
        np.testing.assert_allclose(best.loss, expected_best.loss, rtol=rtol)
        assert_norms_agree(best.parameters, expected_best.parameters, rtol)
