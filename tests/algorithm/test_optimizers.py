"""Optimizers: Adam against the textbook and scikit-learn, the others against their closed forms."""

import math

import numpy as np
import pytest
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer

from fitnet.algorithm.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum, initial_state
from tolerances import OPTIMIZER_RTOL

STEPS = 50
ADAMS = [Adam(), Adam(beta1=0.5, beta2=0.9), Adam(epsilon=0.1), Adam(beta1=0.0, beta2=0.0)]

each_optimizer = pytest.mark.parametrize("optimizer", [kind() for kind in OPTIMIZERS.values()], ids=OPTIMIZERS)


@pytest.mark.parametrize("adam", ADAMS, ids=lambda adam: f"{adam.beta1}-{adam.beta2}-{adam.epsilon}")
def test_adam_takes_the_textbooks_steps(generator, adam):
    start, gradients, rates = trajectory(generator)
    expected = [
        textbook_adam(adam, float(start[i]), [float(g) for g in gradients[:, i]], rates) for i in range(start.size)
    ]
    np.testing.assert_allclose(walk(adam, start, gradients, rates), np.transpose(expected), rtol=OPTIMIZER_RTOL)


def test_adam_takes_scikit_learns_steps(generator):
    start, gradients, _ = trajectory(generator)
    adam = Adam(epsilon=1e-300)  # the two add epsilon in different places, so it must not count
    theirs = start.copy()
    optimizer = AdamOptimizer([theirs], adam.learning_rate, adam.beta1, adam.beta2, adam.epsilon)
    expected = []
    for gradient in gradients:
        optimizer.update_params([theirs], [gradient])
        expected.append(theirs.copy())
    ours = walk(adam, start, gradients, [adam.learning_rate] * STEPS)
    np.testing.assert_allclose(ours, expected, rtol=OPTIMIZER_RTOL)


@pytest.mark.parametrize("weight_decay", [0.0, 0.3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_decay_takes_its_share_of_every_weight_in_place(generator, weight_decay, dtype):
    weights = [generator.normal(size=shape).astype(dtype) for shape in ((2, 3), (3, 1))]
    expected = [W * W.dtype.type(1 - 0.25 * weight_decay) for W in weights]
    Adam(weight_decay=weight_decay).decay(weights, 0.25)
    for W, of_W in zip(weights, expected, strict=True):
        assert W.dtype == dtype
        assert W.tobytes() == of_W.tobytes()


def test_adams_first_step_is_the_learning_rate_against_the_gradients_sign():
    adam = Adam(epsilon=1e-300)
    steps = walk(adam, np.zeros(4), np.array([[1e-6, -1e-3, 5.0, -1e6]]), [0.01])
    np.testing.assert_allclose(steps[0], [-0.01, 0.01, -0.01, 0.01], rtol=OPTIMIZER_RTOL)


def test_adam_stays_where_the_gradient_is_zero():
    assert np.all(walk(Adam(), np.ones(3), np.zeros((5, 3)), [0.1] * 5) == 1)


@pytest.mark.parametrize("factor", [0.0, 0.5, 0.9])
def test_momentum_under_a_constant_gradient_has_a_closed_form(factor):
    start, gradient, rate = np.array([1.0, -2.0]), np.array([0.3, 5.0]), 0.01
    k = np.arange(1, STEPS + 1)[:, np.newaxis]
    # v_k = g (1 - f^k) / (1 - f), and the position is the sum of the velocities
    travelled = (k - factor * (1 - factor**k) / (1 - factor)) / (1 - factor)
    positions = walk(Momentum(momentum=factor), start, np.tile(gradient, (STEPS, 1)), [rate] * STEPS)
    np.testing.assert_allclose(positions, start - rate * gradient * travelled, rtol=OPTIMIZER_RTOL)


def test_gradient_descent_goes_down_the_gradient_by_the_rate(generator):
    start, gradients, rates = trajectory(generator)
    travelled = np.cumsum(np.array(rates)[:, np.newaxis] * gradients, axis=0)
    np.testing.assert_allclose(walk(GradientDescent(), start, gradients, rates), start - travelled, rtol=OPTIMIZER_RTOL)


def test_gradient_descent_on_a_parabola_contracts_geometrically():
    optimizer, parameters, curvature, rate = GradientDescent(), np.array([3.0, -1.0]), np.array([0.5, 2.0]), 0.1
    state = initial_state(optimizer, parameters)
    expected = parameters * (1 - rate * curvature) ** STEPS
    for _ in range(STEPS):
        optimizer.update(parameters, curvature * parameters, state, rate)
    np.testing.assert_allclose(parameters, expected, rtol=OPTIMIZER_RTOL)


@each_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_state_starts_at_zero_in_the_parameters_dtype(optimizer, dtype):
    state = initial_state(optimizer, np.ones(7, dtype))
    assert state.step == 0
    assert state.moments.shape == (optimizer.n_moments, 7)
    assert state.moments.dtype == dtype
    assert np.all(state.moments == 0)


@each_optimizer
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_parameters_and_state_change_in_place_and_the_gradient_does_not(generator, optimizer, dtype):
    parameters, gradient = generator.normal(size=(2, 7)).astype(dtype)
    gradient.flags.writeable = False
    state = initial_state(optimizer, parameters)
    moments, before = state.moments, parameters.copy()
    for _ in range(3):
        assert optimizer.update(parameters, gradient, state, 0.01) is None
    assert state.step == 3
    assert state.moments is moments
    assert np.all(moments != 0)
    assert np.all(parameters != before)
    assert parameters.dtype == moments.dtype == dtype


def test_adams_moments_are_computed_in_float32_to_the_last_bit(generator):
    start, gradients, rates = (np.float32(array) for array in trajectory(generator))
    adam = Adam()
    state = initial_state(adam, start)
    m = v = np.zeros(start.size, np.float32)
    for gradient, rate in zip(gradients, rates, strict=True):
        adam.update(start, gradient, state, float(rate))
        m = np.float32(0.9) * m + np.float32(1 - 0.9) * gradient
        v = np.float32(0.999) * v + np.float32(1 - 0.999) * (gradient * gradient)
    assert m.dtype == v.dtype == np.float32
    assert state.moments.tobytes() == np.stack([m, v]).tobytes()


@pytest.mark.parametrize("optimizer", [GradientDescent(), Momentum()], ids=["gradient-descent", "momentum"])
def test_plain_steps_are_computed_in_float32_to_the_last_bit(generator, optimizer):
    start, gradients, rates = (np.float32(array) for array in trajectory(generator))
    factor = np.float32(optimizer.momentum if isinstance(optimizer, Momentum) else 0)
    velocity, position, expected = np.zeros_like(start), start, []
    for gradient, rate in zip(gradients, rates, strict=True):
        velocity = factor * velocity + gradient
        position = position - rate * velocity
        expected.append(position)
    positions = walk(optimizer, start, gradients, [float(rate) for rate in rates])
    assert positions.dtype == np.float32
    assert positions.tobytes() == np.array(expected).tobytes()


@each_optimizer
def test_the_rate_comes_with_the_step_and_not_from_the_configuration(generator, optimizer):
    start, gradients, _ = trajectory(generator)
    assert np.all(walk(optimizer, start, gradients[:5], [0.0] * 5) == start)


def textbook_adam(adam, theta, gradients, rates):
    """Kingma and Ba's algorithm 1 for one parameter, in plain Python: its value after every step."""
    m = v = 0.0
    thetas = []
    for t, (g, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        m = adam.beta1 * m + (1 - adam.beta1) * g
        v = adam.beta2 * v + (1 - adam.beta2) * g**2
        m_hat = m / (1 - adam.beta1**t)
        v_hat = v / (1 - adam.beta2**t)
        theta = theta - rate * m_hat / (math.sqrt(v_hat) + adam.epsilon)
        thetas.append(theta)
    return thetas


def trajectory(generator):
    """A start (P,), gradients (STEPS, P) from tiny to large, and a rate a step."""
    sizes = np.logspace(-4, 2, 9)
    start = generator.uniform(1, 2, 9)
    return start, sizes * generator.normal(size=(STEPS, 9)), generator.uniform(1e-4, 1e-2, STEPS).tolist()


def walk(optimizer, start, gradients, rates):
    """The parameters after every step, (steps, P)."""
    parameters = start.copy()
    state = initial_state(optimizer, parameters)
    positions = []
    for gradient, rate in zip(gradients, rates, strict=True):
        optimizer.update(parameters, gradient, state, rate)
        positions.append(parameters.copy())
    return np.array(positions)
