"""Losses: their values by a plain formula, their gradients against central differences, and what weights mean."""

import math

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, mean_pinball_loss

from finite_differences import numerical_gradient
from fitnet.algorithm.losses import (
    LOSSES,
    AbsoluteError,
    Huber,
    Quantile,
)
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL, GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL

POINTWISE = {
    "squared_error": lambda mu, y: (mu - y) ** 2,
    "absolute_error": lambda mu, y: abs(mu - y),
    "huber": lambda mu, y: (mu - y) ** 2 / 2 if abs(mu - y) <= 1 else abs(mu - y) - 1 / 2,
    "quantile": lambda mu, y: max(0.5 * (y - mu), (0.5 - 1) * (y - mu)),
    "poisson": lambda z, y: y * (math.log(y) - z) - y + math.exp(z),
}
OF_WHOLE_ROWS = "cross_entropy"  # see test_cross_entropy.py
SHAPES = [(1, 1), (7, 1), (5, 3)]

each_loss = pytest.mark.parametrize("name", LOSSES)
each_pointwise_loss = pytest.mark.parametrize("name", POINTWISE)
each_shape = pytest.mark.parametrize("shape", SHAPES)
weighted_or_not = pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])


def test_every_loss_is_tested():
    assert {*POINTWISE, OF_WHOLE_ROWS} == {*LOSSES}


@each_pointwise_loss
@each_shape
@weighted_or_not
def test_value_by_the_plain_formula(generator, name, shape, weighted):
    prediction, target, weights = draw(generator, shape, weighted)
    n, m = shape
    w = [1.0] * n if weights is None else [float(weight) for weight in weights]
    total = 0.0
    for i in range(n):
        of_row = sum(POINTWISE[name](float(prediction[i, j]), float(target[i, j])) for j in range(m)) / m
        total += w[i] * of_row
    np.testing.assert_allclose(LOSSES[name].value(prediction, target, weights), total / sum(w), rtol=FLOAT64_RTOL)


@each_loss
@each_shape
@weighted_or_not
def test_gradient_equals_central_differences(generator, name, shape, weighted):
    prediction, target, weights = draw(generator, shape, weighted)
    differences = numerical_gradient(lambda at: LOSSES[name].value(at, target, weights), prediction)
    assert_equals_differences(LOSSES[name].gradient(prediction, target, weights), differences)


@each_loss
@weighted_or_not
def test_duplicated_rows_change_nothing(generator, name, weighted):
    prediction, target, weights = draw(generator, (5, 3), weighted)
    tiled = np.tile(prediction, (4, 1)), np.tile(target, (4, 1)), None if weights is None else np.tile(weights, 4)
    assert_value(LOSSES[name].value(*tiled), LOSSES[name].value(prediction, target, weights))
    gradient = LOSSES[name].gradient(prediction, target, weights)
    assert_gradient(LOSSES[name].gradient(*tiled), np.tile(gradient, (4, 1)) / 4)


@each_pointwise_loss
def test_duplicated_outputs_change_nothing(generator, name):
    prediction, target, weights = draw(generator, (5, 2), weighted=True)
    doubled = np.hstack([prediction, prediction]), np.hstack([target, target]), weights
    assert_value(LOSSES[name].value(*doubled), LOSSES[name].value(prediction, target, weights))


@each_loss
def test_the_scale_of_the_weights_does_not_matter(generator, name):
    prediction, target, weights = draw(generator, (5, 3), weighted=True)
    scaled = prediction, target, 1000 * weights
    assert_value(LOSSES[name].value(*scaled), LOSSES[name].value(prediction, target, weights))
    assert_gradient(LOSSES[name].gradient(*scaled), LOSSES[name].gradient(prediction, target, weights))


@each_loss
def test_equal_weights_are_no_weights(generator, name):
    prediction, target, _ = draw(generator, (5, 3), weighted=False)
    equal = prediction, target, np.full(5, 0.3)
    assert_value(LOSSES[name].value(*equal), LOSSES[name].value(prediction, target))
    assert_gradient(LOSSES[name].gradient(*equal), LOSSES[name].gradient(prediction, target))


@each_loss
def test_a_whole_weight_is_a_repeated_row(generator, name):
    prediction, target, _ = draw(generator, (4, 2), weighted=False)
    counts = np.array([1, 3, 0, 2])
    repeated = np.repeat(prediction, counts, axis=0), np.repeat(target, counts, axis=0)
    assert_value(LOSSES[name].value(prediction, target, counts.astype(float)), LOSSES[name].value(*repeated))


@each_loss
def test_a_row_of_weight_zero_has_no_say(generator, name):
    prediction, target, weights = draw(generator, (5, 2), weighted=True)
    weights[2] = 0
    before = LOSSES[name].value(prediction, target, weights)
    assert np.all(LOSSES[name].gradient(prediction, target, weights)[2] == 0)
    target[2] += 100
    assert LOSSES[name].value(prediction, target, weights) == before


@each_pointwise_loss
def test_perfect_predictions_cost_nothing(generator, name):
    _, target, weights = draw(generator, (5, 2), weighted=True)
    z = np.log(target) if LOSSES[name].link == "exponential" else target
    assert LOSSES[name].value(z, target, weights) == 0
    assert np.all(LOSSES[name].gradient(z, target, weights) == 0)  # at a kink too


@each_loss
@weighted_or_not
def test_float32_gradients_stay_float32_and_values_are_floats(generator, name, weighted):
    arrays = [None if a is None else a.astype(np.float32) for a in draw(generator, (5, 2), weighted)]
    assert LOSSES[name].gradient(*arrays).dtype == np.float32
    assert type(LOSSES[name].value(*arrays)) is float


@weighted_or_not
@pytest.mark.parametrize("quantile", [0.05, 0.5, 0.9])
def test_quantile_is_scikit_learns_pinball_loss(generator, quantile, weighted):
    prediction, target, weights = draw(generator, (30, 3), weighted)
    expected = mean_pinball_loss(target, prediction, sample_weight=weights, alpha=quantile)
    assert_value(Quantile(quantile).value(prediction, target, weights), expected)
    differences = numerical_gradient(lambda at: Quantile(quantile).value(at, target, weights), prediction)
    assert_equals_differences(Quantile(quantile).gradient(prediction, target, weights), differences)


@weighted_or_not
def test_absolute_error_is_scikit_learns(generator, weighted):
    prediction, target, weights = draw(generator, (30, 3), weighted)
    expected = mean_absolute_error(target, prediction, sample_weight=weights)
    assert_value(AbsoluteError().value(prediction, target, weights), expected)


@pytest.mark.parametrize("delta", [0.3, 1, 2.5])
def test_huber_meets_at_delta_and_half_the_squared_error_inside(delta):
    loss = Huber(delta)
    for r, value, slope in [
        (delta, delta**2 / 2, delta),
        (-delta, delta**2 / 2, -delta),
        (-delta / 3, delta**2 / 18, -delta / 3),
        (4 * delta, 3.5 * delta**2, delta),
        (-4 * delta, 3.5 * delta**2, -delta),
    ]:
        prediction, target = np.array([[r]]), np.zeros((1, 1))
        assert_value(loss.value(prediction, target), value)
        assert_gradient(loss.gradient(prediction, target), [[slope]])


def test_huber_of_a_residual_whose_square_overflows_is_finite():
    prediction, target = np.full((1, 1), 1e30, np.float32), np.zeros((1, 1), np.float32)
    assert Huber(2).value(prediction, target) == pytest.approx(2e30)  # pytest turns a warning into an error


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Huber(0), ArgumentValueError, "`delta` is 0; it must be above 0."),
        (lambda: Huber(-1.5), ArgumentValueError, "`delta` is -1.5; it must be above 0."),
        (lambda: Huber(np.inf), ArgumentValueError, "`delta` is inf; it must be finite and above 0."),
        (lambda: Huber("1"), ArgumentTypeError, "`delta` is '1'; it must be a real number."),
        (lambda: Quantile(0), ArgumentValueError, "`quantile` is 0; it must be above 0 and below 1."),
        (lambda: Quantile(1), ArgumentValueError, "`quantile` is 1; it must be above 0 and below 1."),
        (lambda: Quantile(np.nan), ArgumentValueError, "`quantile` is nan; it must be above 0 and below 1."),
        (lambda: Quantile(True), ArgumentTypeError, "`quantile` is True; it must be a real number."),
    ],
)
def test_settings_that_make_no_loss_are_refused(make, error, message):
    with pytest.raises(error) as caught:
        make()
    assert (caught.type, str(caught.value)) == (error, message)


@pytest.mark.parametrize("loss", [Huber(np.float64(0.7)), Quantile(np.float64(0.7))], ids=repr)
def test_numpys_settings_do_not_widen_float32(loss):
    ones = np.ones((2, 1), np.float32)
    assert loss.gradient(ones, 3 * ones).dtype == np.float32
    assert loss == type(loss)(0.7)


def draw(generator, shape, weighted):
    z, target = generator.normal(size=shape), np.exp(generator.normal(size=shape))  # above 0, for Poisson's sake
    return z, target, generator.uniform(0.1, 3, shape[0]) if weighted else None


def assert_value(value, expected):
    np.testing.assert_allclose(value, expected, rtol=FLOAT64_RTOL)


def assert_gradient(gradient, expected):
    np.testing.assert_allclose(gradient, expected, rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)


def assert_equals_differences(gradient, differences):
    atol = GRADIENT_ATOL_OF_LARGEST * np.abs(differences).max()
    np.testing.assert_allclose(gradient, differences, rtol=GRADIENT_RTOL, atol=atol)
