"""Poisson's loss of z and of the rates themselves: scikit-learn's deviance, series, and far away."""

import math

import numpy as np
import pytest
from sklearn.metrics import mean_poisson_deviance

from finite_differences import numerical_gradient
from fitnet.algorithm.losses import Poisson, PoissonOfRates
from fitnet.errors import ArgumentValueError
from tolerances import FLOAT64_RTOL, GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL, NEAR_THE_BEST_RTOL


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_poisson_is_half_scikit_learns_deviance_also_of_zero_counts(generator, weighted):
    z, weights = generator.normal(size=(30, 1)), generator.uniform(0.1, 3, 30) if weighted else None
    target = generator.poisson(1.0, (30, 1)).astype(float)
    assert (target == 0).any()
    deviance = mean_poisson_deviance(target[:, 0], np.exp(z[:, 0]), sample_weight=weights)
    for loss, at in ((Poisson(), z), (PoissonOfRates(), np.exp(z))):
        np.testing.assert_allclose(loss.value(at, target, weights), deviance / 2, rtol=FLOAT64_RTOL)
        differences = numerical_gradient(lambda at, loss=loss: loss.value(at, target, weights), at)
        atol = GRADIENT_ATOL_OF_LARGEST * np.abs(differences).max()
        np.testing.assert_allclose(loss.gradient(at, target, weights), differences, rtol=GRADIENT_RTOL, atol=atol)


@pytest.mark.parametrize(
    ("prediction", "target"), [(-1.0, 0.0), (-1.0, 2.0), (0.0, 2.0), (-1.0, -2.0), (1.0, -2.0), (np.inf, 1.0)]
)
def test_poisson_of_rates_is_not_finite_where_it_is_not_defined(prediction, target):
    assert not np.isfinite(PoissonOfRates().value(np.array([[prediction]]), np.array([[target]])))


def test_poisson_of_nothing_expected_and_nothing_seen_is_zero():
    zero, far_below = np.zeros((1, 1)), np.full((1, 1), -1e30)
    assert PoissonOfRates().value(zero, zero) == 0
    assert PoissonOfRates().gradient(zero, zero) == 1
    assert Poisson().value(far_below, zero) == 0
    assert Poisson().gradient(far_below, zero) == 0


@pytest.mark.parametrize("z", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("target", [0.0, 3.0])
def test_poisson_of_a_z_that_is_not_finite_goes_to_its_limit(z, target):
    value = Poisson().value(np.array([[z]]), np.array([[target]]))
    limit = 0.0 if (z, target) == (-np.inf, 0) else abs(z)  # NaN stays NaN
    assert value == limit or (np.isnan(value) and np.isnan(limit))


@pytest.mark.parametrize("offset", [1e-3, -1e-6, 1e-9])
def test_poisson_keeps_its_digits_near_the_best(offset):
    target = np.full((1, 1), 1e6)
    z = np.log(target) + offset
    t = float((z - np.log(target))[0, 0])
    series = sum(t**k / math.factorial(k) for k in range(2, 8))
    np.testing.assert_allclose(Poisson().value(z, target), 1e6 * series, rtol=NEAR_THE_BEST_RTOL * 1e-3 / abs(t))
    np.testing.assert_allclose(Poisson().gradient(z, target), 1e6 * (t + series), rtol=FLOAT64_RTOL)


def test_an_infinite_loss_of_weight_zero_has_no_say():
    z, target, weights = np.array([[800.0], [0.0]]), np.ones((2, 1)), np.array([0.0, 2.0])
    assert Poisson().value(z, target) == np.inf
    assert Poisson().value(z, target, weights) == 0
    assert Poisson().gradient(z, target, weights).tolist() == [[0], [0]]


def test_poisson_refuses_targets_below_zero_and_no_others():
    Poisson().check_targets(np.array([[0.0], [3.0]]))
    with pytest.raises(ArgumentValueError) as caught:
        Poisson().check_targets(np.array([[0.0, 1.0], [2.0, -0.5]]))
    assert str(caught.value) == "`Y` holds -0.5 at [1, 1]; Poisson targets must be at least 0."
