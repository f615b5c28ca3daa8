"""Losses: their values by a plain formula, their gradients against central differences, and what weights mean."""

import numpy as np
import pytest

from finite_differences import numerical_gradient
from fitnet.algorithm.losses import LOSSES
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL, GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL

POINTWISE = {"squared_error": lambda residual: residual**2}
SHAPES = [(1, 1), (7, 1), (5, 3)]

each_loss = pytest.mark.parametrize("name", LOSSES)
each_shape = pytest.mark.parametrize("shape", SHAPES)
weighted_or_not = pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])


@each_loss
@each_shape
@weighted_or_not
def test_value_by_the_plain_formula(generator, name, shape, weighted):
    prediction, target, weights = draw(generator, shape, weighted)
    n, m = shape
    w = [1.0] * n if weights is None else [float(weight) for weight in weights]
    total = 0.0
    for i in range(n):
        of_row = sum(POINTWISE[name](float(prediction[i, j]) - float(target[i, j])) for j in range(m)) / m
        total += w[i] * of_row
    np.testing.assert_allclose(LOSSES[name].value(prediction, target, weights), total / sum(w), rtol=FLOAT64_RTOL)


@each_loss
@each_shape
@weighted_or_not
def test_gradient_equals_central_differences(generator, name, shape, weighted):
    prediction, target, weights = draw(generator, shape, weighted)
    differences = numerical_gradient(lambda at: LOSSES[name].value(at, target, weights), prediction)
    gradient = LOSSES[name].gradient(prediction, target, weights)
    atol = GRADIENT_ATOL_OF_LARGEST * np.abs(differences).max()
    np.testing.assert_allclose(gradient, differences, rtol=GRADIENT_RTOL, atol=atol)


@each_loss
@weighted_or_not
def test_duplicated_rows_change_nothing(generator, name, weighted):
    prediction, target, weights = draw(generator, (5, 3), weighted)
    tiled = np.tile(prediction, (4, 1)), np.tile(target, (4, 1)), None if weights is None else np.tile(weights, 4)
    assert_value(LOSSES[name].value(*tiled), LOSSES[name].value(prediction, target, weights))
    gradient = LOSSES[name].gradient(prediction, target, weights)
    assert_gradient(LOSSES[name].gradient(*tiled), np.tile(gradient, (4, 1)) / 4)


@each_loss
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


@each_loss
def test_perfect_predictions_cost_nothing(generator, name):
    prediction, _, weights = draw(generator, (5, 2), weighted=True)
    assert LOSSES[name].value(prediction, prediction, weights) == 0
    assert np.all(LOSSES[name].gradient(prediction, prediction, weights) == 0)


@each_loss
@weighted_or_not
def test_float32_gradients_stay_float32_and_values_are_floats(generator, name, weighted):
    arrays = [None if a is None else a.astype(np.float32) for a in draw(generator, (5, 2), weighted)]
    assert LOSSES[name].gradient(*arrays).dtype == np.float32
    assert type(LOSSES[name].value(*arrays)) is float


def draw(generator, shape, weighted):
    prediction, target = generator.normal(size=(2, *shape))
    return prediction, target, generator.uniform(0.1, 3, shape[0]) if weighted else None


def assert_value(value, expected):
    np.testing.assert_allclose(value, expected, rtol=FLOAT64_RTOL)


def assert_gradient(gradient, expected):
    np.testing.assert_allclose(gradient, expected, rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)
