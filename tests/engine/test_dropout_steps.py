"""Steps that drop hidden units: the same masks in every engine, exact gradients, and nothing dropped elsewhere."""

from dataclasses import replace

import numpy as np
import pytest
from parity import assert_norms_agree, draw_numbers
from piecewise_problems import COLUMNS, network_on, objective_on, piecewise_rows

from finite_differences import numerical_gradient
from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.dropout import masks
from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam, GradientDescent
from fitnet.engine import ENGINES
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentValueError
from tolerances import GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL, PARITY_RTOL

SEEDS = np.array([2**63 + 12345, 7, 0], np.uint64)
each_dtype = pytest.mark.parametrize("dtype", ["float32", "float64"])


def objective_of(engine, network, n, dtype="float64", dropout=0.3, weights=None, seed=3):
    """An objective that drops units, and parameters to begin with."""
    start, X, Y = draw_numbers(network, n, seed, dtype)
    if network.layers[0].activation == "exponential":
        start *= np.dtype(dtype).type(0.1)  # or the next layer's would overflow
    return Objective(engine, network, SquaredError(), X, Y, weights, 1e-3, dropout=dropout), start


def one_step(objective, start, seed):
    """The loss and the gradient of a step that sees all rows, from how gradient descent moves."""
    trainer = objective.engine.trainer(objective, GradientDescent(1.0), start, objective.X.shape[0])
    losses, _ = trainer.run(np.ones((1, 1)), None, seeds=np.array([seed], np.uint64))
    return losses[0], start - trainer.parameters()


@each_dtype
@pytest.mark.parametrize("width", [1, 3, 16, 17, 64, 70, 131])
def test_the_masks_are_those_of_numpy(engine, width, dtype):
    """A row that alone weighs something gives a gradient to the biases of those units that it keeps, and no others."""
    network, n = Network.of_widths((2, width, 70, 1), "logistic"), 301
    expected = masks(0.4, SEEDS[0], 0, n, (width, 70), np.dtype(dtype))
    for row in (0, 1, 95, 96, 200, 300):  # of several blocks and slots
        weights = (np.arange(n) == row).astype(dtype)
        objective, start = objective_of(engine, network, n, dtype, 0.4, weights)
        _, gradient = one_step(replace(objective, l2=0.0), start, SEEDS[0])
        for b, mask in zip(network.biases(gradient)[:2], expected, strict=True):
            np.testing.assert_array_equal(b != 0, mask[row] > 0)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@each_dtype
@pytest.mark.parametrize(("widths", "n", "batch_size"), [((3, 17, 33, 2), 50, 13), ((2, 3, 130, 5, 1), 301, 101)])
def test_trainings_agree_with_numpy(activation, dtype, widths, n, batch_size):
    network = Network.of_widths(widths, activation)
    found = {}
    for name in ENGINES:
        objective, start = objective_of(ENGINES[name](2), network, n, dtype)
        trainer = objective.engine.trainer(objective, Adam(), start, batch_size)
        orders, seeds = trainer.draw(np.random.default_rng(5), 3)
        losses, _ = trainer.run(np.full((3, -(-n // batch_size)), 1e-3), orders, seeds=seeds)
        found[name] = losses, trainer.parameters()
    for losses, parameters in found.values():
        assert_norms_agree(losses, found["reference"][0], PARITY_RTOL[dtype])
        assert_norms_agree(parameters, found["reference"][1], PARITY_RTOL[dtype])


@pytest.mark.parametrize("activation", ["relu", "silu"])
def test_encoded_rows(generator, activation):
    rows = piecewise_rows(generator, COLUMNS["several"], "float64")
    network, found = network_on(rows, (19, 70), activation), {}
    of, start = objective_on(ENGINES["reference"](), generator, rows, network, l2=0.01)
    for name in ENGINES:
        for X in (rows, rows.dense()):
            objective = replace(of, engine=ENGINES[name](), X=X, dropout=0.3)
            trainer = objective.engine.trainer(objective, Adam(), start, 40)
            orders, seeds = trainer.draw(np.random.default_rng(5), 2)
            trainer.run(np.full((2, -(-len(rows) // 40)), 1e-2), orders, seeds=seeds)
            found[name, X is rows] = trainer.parameters()
    for parameters in found.values():
        assert_norms_agree(parameters, found["reference", False], PARITY_RTOL["float64"])


@pytest.mark.parametrize("activation", [name for name in ACTIVATIONS if name not in ("relu", "leaky_relu")])
def test_the_gradient_is_that_of_differences(engine, activation):
    network = Network.of_widths((2, 5, 3, 2), activation)
    objective, start = objective_of(engine, network, 40)
    gradient = one_step(objective, start, SEEDS[0])[1]
    expected = numerical_gradient(lambda parameters: one_step(objective, parameters, SEEDS[0])[0], start)
    atol = GRADIENT_ATOL_OF_LARGEST * np.abs(expected).max()
    np.testing.assert_allclose(gradient, expected, rtol=GRADIENT_RTOL, atol=atol)
    assert np.abs(gradient - one_step(objective, start, SEEDS[1])[1]).max() > atol  # of other masks


def test_only_steps_of_run_drop_units(engine):
    objective, start = objective_of(engine, Network.of_widths((2, 9, 2), "tanh"), 60)
    validation = objective.X[:20].copy(), objective.Y[:20].copy(), None
    trainer = engine.trainer(objective, Adam(), start, 20, validation=validation)
    whole = replace(objective, dropout=0.0)
    other = engine.trainer(whole, Adam(), start, 20, validation=validation)
    assert trainer.objective() == other.objective()
    assert trainer.validation_loss() == other.validation_loss()
    assert trainer.gradient()[1].tobytes() == other.gradient()[1].tobytes()
    _, watched = trainer.run(np.full((1, 3), 1e-2), None, watches=True, seeds=SEEDS[:1])
    assert watched[0] == engine.loss(objective.network, objective.loss, trainer.parameters(), *validation)


@pytest.mark.parametrize("batch_size", [13, 50])
def test_seeds_and_orders_do_not_depend_on_how_many_are_drawn_together(engine, batch_size):
    objective, start = objective_of(engine, Network.of_widths((2, 5, 2)), 50)
    trainer = engine.trainer(objective, Adam(), start, batch_size)
    one, other = (np.random.default_rng(1) for _ in range(2))
    together, apart = trainer.draw(one, 4), [trainer.draw(other, count) for count in (1, 2, 1)]
    for drawn, parts in zip(together, zip(*apart, strict=True), strict=True):
        assert (drawn is None) == (parts[0] is None)
        assert drawn is None or drawn.tobytes() == np.concatenate(parts).tobytes()
    assert len(set(together[1].tolist())) == 4


def test_without_dropout_orders_alone_are_drawn(engine):
    objective, start = objective_of(engine, Network.of_widths((2, 5, 2)), 50, dropout=0.0)
    drawn, expected = (np.random.default_rng(1) for _ in range(2))
    orders, seeds = engine.trainer(objective, Adam(), start, 13).draw(drawn, 3)
    assert seeds is None
    np.testing.assert_array_equal(orders, [expected.permutation(50) for _ in range(3)])
    assert drawn.bit_generator.state == expected.bit_generator.state


def test_what_cannot_be_is_refused(engine):
    objective, start = objective_of(engine, Network.of_widths((2, 5, 2)), 50)
    trainer = engine.trainer(objective, Adam(), start, 50)
    for seeds in (None, [1, 2], np.array([1, 2]), SEEDS, SEEDS[::2]):
        with pytest.raises(ArgumentValueError, match=r"^`seeds`"):
            trainer.run(np.ones((2, 1)), None, seeds=seeds)
    with pytest.raises(ArgumentValueError, match=r"^`keeps_lowest` cannot be used with dropout"):
        engine.trainer(objective, Adam(), start, 50, keeps_lowest=True)
    for dropout in (1.0, -0.1, np.nan):
        with pytest.raises(ArgumentValueError, match=r"^`dropout`"):
            engine.trainer(replace(objective, dropout=dropout), Adam(), start, 50)
