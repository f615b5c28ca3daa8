"""Decoupled weight decay in every engine: AdamW's steps, on weights and never on biases, for dense and encoded rows."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from drawn_networks import assert_close
from parity import assert_norms_agree, draw_numbers, draw_weights
from piecewise_problems import BATCH, COLUMNS, epochs_of, network_on, objective_on, piecewise_rows

from fitnet import Cosine, train
from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam
from fitnet.engine import ENGINES
from fitnet.engine.objective import Objective
from tolerances import (
    LOSS_RTOL,
    OPTIMIZER_RTOL,
    PARITY_RTOL,
    PREDICTION_ATOL_OF_LARGEST,
    TRAJECTORY_ATOL_OF_LARGEST,
)

ADAM = Adam(1e-3, beta1=0.8, beta2=0.95, epsilon=1e-6, weight_decay=0.3)
WIDTHS = [(1, 1), (3, 17, 33, 2), (5, 70, 60, 3)]  # the last: several stretches of parameters
N = 50

each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])
each_widths = pytest.mark.parametrize("widths", WIDTHS, ids=str)
needs_native = pytest.mark.skipif("native" not in ENGINES, reason="the native engine was not built")


def weight_places(widths):
    """(P,): whether a parameter is a weight, by the layout alone: each layer's weights, then its biases."""
    return np.concatenate([[True] * (p * m) + [False] * m for p, m in pairwise(widths)])


def adamw(adam, parameters, gradients, rates, decays):
    """Loshchilov and Hutter's algorithm 2 in PyTorch's order, in float64; `decays` (P,) is 0 where nothing does."""
    theta = parameters.astype(float)
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    for t, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        theta = theta - rate * decays * theta
        m = adam.beta1 * m + (1 - adam.beta1) * gradient
        v = adam.beta2 * v + (1 - adam.beta2) * gradient**2
        theta = theta - rate * (m / (1 - adam.beta1**t)) / (np.sqrt(v / (1 - adam.beta2**t)) + adam.epsilon)
    return theta


def dense(engine, widths, dtype, batch_size=N, l2=0.0, optimizer=ADAM, weighting="plain"):
    """A trainer on dense rows, its objective and its start, biases too."""
    network = Network.of_widths(widths, "tanh")
    start, X, Y = draw_numbers(network, N, 3, dtype)
    objective = Objective(engine, network, SquaredError(), X, Y, draw_weights(weighting, N, 3, dtype), l2)
    return engine.trainer(objective, optimizer, start, batch_size), objective, start


@each_dtype
@each_widths
@pytest.mark.parametrize("steps", [1, 12])
def test_steps_are_those_of_adamw(engine, generator, steps, widths, dtype):
    trainer, _, start = dense(engine, widths, dtype)
    gradients = generator.normal(size=(steps, start.size)).astype(dtype)
    rates = generator.uniform(1e-3, 0.3, steps)
    for gradient, rate in zip(gradients, rates, strict=True):
        trainer.apply(gradient, float(rate))
    expected = adamw(ADAM, start, gradients, rates, 0.3 * weight_places(widths))
    assert_close(trainer.parameters(), expected, TRAJECTORY_ATOL_OF_LARGEST[dtype])


@each_widths
@pytest.mark.parametrize("encoded", [False, True], ids=["dense", "encoded"])
def test_without_a_gradient_weights_shrink_by_the_product_and_biases_stay(engine, generator, encoded, widths):
    trainer, objective, start = dense(engine, widths, "float64")
    if encoded:
        rows = piecewise_rows(generator, COLUMNS["several"], "float64")
        objective, start = objective_on(engine, generator, rows, network_on(rows, widths[1:-1]))
        trainer = engine.trainer(objective, ADAM, start, BATCH)
        widths = [rows.shape[1], *widths[1:-1], 2]
    rates = [0.1, 0.5, 1e-3, 1.0]
    for rate in rates:
        trainer.apply(np.zeros_like(start), rate)
    of_weights, found = weight_places(widths), trainer.parameters()
    assert found[~of_weights].tobytes() == start[~of_weights].tobytes()
    kept = (1 - 0.03) * (1 - 0.15) * (1 - 3e-4) * (1 - 0.3)
    np.testing.assert_allclose(found[of_weights], kept * start[of_weights], rtol=OPTIMIZER_RTOL)


@each_dtype
@pytest.mark.parametrize("l2", [0.0, 1e-2])
def test_the_objective_has_the_penalty_but_not_the_decay(engine, dtype, l2):
    trainer, objective, _ = dense(engine, WIDTHS[1], dtype, l2=l2)
    plain, *_ = dense(engine, WIDTHS[1], dtype, l2=l2, optimizer=replace(ADAM, weight_decay=0))
    value, gradient = trainer.gradient()
    plain_value, plain_gradient = plain.gradient()
    assert value == plain_value
    assert gradient.tobytes() == plain_gradient.tobytes()
    trainer.run(np.full((3, 1), 0.01), None)
    assert trainer.objective() == pytest.approx(objective.value(trainer.parameters()), rel=LOSS_RTOL[dtype])


@each_dtype
def test_penalty_and_decay_are_both_applied(engine, dtype):
    trainer, _, start = dense(engine, WIDTHS[1], dtype, l2=0.05)
    gradients = []
    for _ in range(3):
        gradients.append(trainer.gradient()[1])
        trainer.apply(gradients[-1], 0.01)
    of_weights = weight_places(WIDTHS[1])
    expected = adamw(ADAM, start, gradients, [0.01] * 3, 0.3 * of_weights)
    assert_close(trainer.parameters(), expected, TRAJECTORY_ATOL_OF_LARGEST[dtype])
    bare, *_ = dense(engine, WIDTHS[1], dtype)
    of_penalty = 2 * 0.05 * start * of_weights
    assert_close(gradients[0] - bare.gradient()[1].astype(float), of_penalty, PREDICTION_ATOL_OF_LARGEST[dtype])


def test_a_batch_that_weighs_nothing_decays_nothing(engine):
    network = Network.of_widths((3, 4, 2))
    start, X, Y = draw_numbers(network, 8, 3, "float64")
    weights = np.repeat([1.0, 0.0], 4)
    ends = []
    for rows in (4, 8):
        objective = Objective(engine, network, SquaredError(), X[:rows], Y[:rows], weights[:rows], 0.0)
        trainer = engine.trainer(objective, ADAM, start, 4)
        trainer.run(np.full((1, rows // 4), 0.1), None)
        ends.append(trainer.parameters())
    np.testing.assert_allclose(*ends, rtol=OPTIMIZER_RTOL)


def test_train_scales_the_decay_by_the_schedule(engine, generator):
    """A network of one layer, whose gradient is known, beside AdamW by hand at rates of half a cosine."""
    n, p, m, epochs = 20, 3, 2, 12
    X, Y = generator.normal(size=(n, p)), generator.normal(size=(n, m))
    start, adam = generator.normal(size=(p + 1) * m), Adam(0.1, schedule=Cosine(), weight_decay=2)
    settings = {"generator": generator, "dtype": "float64", "engine": engine.name, "verbose": False, "keep": "last"}
    found = train(Network.of_widths((p, m)), X, Y, epochs=epochs, solver=adam, parameters=start, **settings)
    A, theta = np.hstack([X, np.ones((n, 1))]), start.copy()
    rates = 0.05 * (1 + np.cos(np.pi * np.arange(epochs) / epochs))
    gradients = []
    for _ in range(epochs):
        theta = adamw(adam, start, gradients, rates[: len(gradients)], 2.0 * weight_places((p, m)))
        gradients.append((2 / (n * m) * A.T @ (A @ theta.reshape(p + 1, m) - Y)).ravel())
    expected = adamw(adam, start, gradients, rates, 2.0 * weight_places((p, m)))
    assert_close(found.parameters, expected, TRAJECTORY_ATOL_OF_LARGEST["float64"])


@needs_native
@each_dtype
@each_widths
@pytest.mark.parametrize("batch_size", [N, 13, 1])
@pytest.mark.parametrize("weighting", ["plain", "some-zero"])
def test_the_engines_agree(generator, weighting, batch_size, widths, dtype):
    rates = generator.uniform(1e-3, 3e-3, (2, -(-N // batch_size)))
    orders = np.stack([generator.permutation(N) for _ in rates]) if batch_size < N else None
    ends = []
    for name, of_type in (("native", dtype), ("reference", "float64")):
        trainer, *_ = dense(ENGINES[name](), widths, of_type, batch_size, 1e-3, weighting=weighting)
        trainer.run(rates, orders)
        ends.append(trainer.parameters())
    assert_norms_agree(*ends, PARITY_RTOL[dtype])


@needs_native
@each_dtype
@pytest.mark.parametrize("widths", [(7,), (70, 33)], ids=str)
@pytest.mark.parametrize("edges", COLUMNS.values(), ids=COLUMNS)
def test_the_engines_agree_on_encoded_rows_on_any_number_of_threads(generator, edges, widths, dtype):
    rows = piecewise_rows(generator, edges, dtype)
    of, start = objective_on(ENGINES["native"](1), generator, rows, network_on(rows, widths), l2=1e-3)
    expected = replace(of, engine=ENGINES["reference"](), X=of.X.dense().astype(float), Y=of.Y.astype(float))
    losses, _, parameters = epochs_of(of, start, optimizer=ADAM)
    expected_losses, _, expected_parameters = epochs_of(expected, start.astype(float), optimizer=ADAM)
    assert_norms_agree(losses, expected_losses, PARITY_RTOL[dtype])
    assert_norms_agree(parameters, expected_parameters, PARITY_RTOL[dtype])
    for n_threads in (2, 3, 4):
        several = epochs_of(replace(of, engine=ENGINES["native"](n_threads)), start, optimizer=ADAM)
        assert several[2].tobytes() == parameters.tobytes()


@needs_native
@each_dtype
@each_widths
def test_the_number_of_threads_changes_no_bit(widths, dtype):
    ends = set()
    for n_threads in (1, 2, 3, 4):
        trainer, *_ = dense(ENGINES["native"](n_threads), widths, dtype, 40)
        trainer.run(np.full((3, 2), 0.01), None)
        ends.add(trainer.parameters().tobytes())
        other, *_ = dense(ENGINES["native"](n_threads), widths, dtype, 40, optimizer=replace(ADAM, weight_decay=0))
        other.run(np.full((3, 2), 0.01), None)
        assert other.parameters().tobytes() not in ends
    assert len(ends) == 1
