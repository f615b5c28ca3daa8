"""Bayesian regularization: the evidence tells noise from law, and how much of a network the data use."""

import numpy as np
import pytest
from exponential import NETWORK, START, TRUE, coefficients, curve, rows
from resuming import trained
from scipy.optimize import curve_fit

from fitnet import LevenbergMarquardt, Network
from tolerances import EVIDENCE_BIAS_RTOL, FLOAT64_RTOL, NOISE_RTOL

BAYESIAN = LevenbergMarquardt("bayesian")


def noisy_sine(generator, n, noise=0.2):
    X = generator.uniform(-1, 1, (n, 1))
    return X, np.sin(3 * X) + noise * generator.normal(size=(n, 1))


def test_law_and_noise_are_what_curve_fit_finds():
    X, Y = rows(2000, noise=0.1)
    # Many more iterations would go on along A exp(c), of which the penalty is on A alone, until A is 0 to rounding.
    result = trained(NETWORK, (X, Y), solver=BAYESIAN, epochs=20, parameters=START)
    expected, _ = curve_fit(curve, X[:, 0], Y[:, 0], TRUE, ftol=1e-14, xtol=1e-14)
    noise = np.sqrt(np.sum((Y[:, 0] - curve(X[:, 0], *expected)) ** 2) / (2000 - 3))
    np.testing.assert_allclose(coefficients(result.parameters), expected, rtol=EVIDENCE_BIAS_RTOL)
    assert result.history.noise[-1] == pytest.approx(noise, rel=EVIDENCE_BIAS_RTOL)
    assert result.history.effective_parameters[-1] == pytest.approx(3, rel=EVIDENCE_BIAS_RTOL)  # of 4: A and c are one


def test_noise_is_found_by_a_network_that_could_fit_some_of_it(generator):
    network = Network.of_widths((1, 20, 1), "tanh")
    result = trained(network, noisy_sine(generator, 400), solver=BAYESIAN, epochs=100)
    assert result.history.noise[-1] == pytest.approx(0.2, rel=NOISE_RTOL)
    assert 3 < result.history.effective_parameters[-1] < 20 < network.n_parameters


def test_noise_is_a_weighted_rows_noise_at_weight_one(generator):
    X, Y = noisy_sine(generator, 400, noise=0)
    weights = generator.choice([0.25, 4.0], 400)
    Y += 0.2 * generator.normal(size=(400, 1)) / np.sqrt(weights)[:, None]
    network = Network.of_widths((1, 6, 1), "tanh")
    result = trained(network, (X, Y), solver=BAYESIAN, epochs=100, weights=weights)
    assert result.history.noise[-1] == pytest.approx(0.2, rel=NOISE_RTOL)


def test_rows_of_no_weight_change_nothing(generator):
    X, Y = noisy_sine(generator, 60)
    network = Network.of_widths((1, 6, 1), "tanh")
    whole, some = (
        trained(network, data, solver=BAYESIAN, epochs=20, weights=weights)
        for data, weights in [((X, Y), np.repeat([1.0, 0], [40, 20])), ((X[:40], Y[:40]), None)]
    )
    np.testing.assert_allclose(whole.history.noise, some.history.noise, rtol=EVIDENCE_BIAS_RTOL)


def test_few_noisy_rows_are_smoothed(generator):
    X, Y = noisy_sine(generator, 30)
    network = Network.of_widths((1, 20, 1), "tanh")
    grid = np.linspace(-0.9, 0.9, 50).reshape(-1, 1)
    errors = []
    for solver in (BAYESIAN, LevenbergMarquardt()):
        result = trained(network, (X, Y), solver=solver, epochs=100, engine="reference")
        W, b = network.weights(result.parameters), network.biases(result.parameters)
        errors.append(np.mean((np.tanh(grid @ W[0] + b[0]) @ W[1] + b[1] - np.sin(3 * grid)) ** 2))
    assert errors[0] < errors[1] / 2


def test_inputs_that_do_not_matter_are_switched_off(generator):
    X = generator.uniform(-1, 1, (200, 4))
    Y = np.sin(3 * X[:, 2:3]) + 0.2 * generator.normal(size=(200, 1))
    network = Network.of_widths((4, 8, 1), "tanh")
    result = trained(network, (X, Y), solver=BAYESIAN, epochs=100)
    sizes = np.linalg.norm(network.weights(result.parameters)[0], axis=1)
    assert sizes[[0, 1, 3]].max() < 0.1 * sizes[2]


def test_last_parameters_are_kept_though_the_penalty_moves(generator):
    result = trained(Network.of_widths((1, 6, 1), "tanh"), noisy_sine(generator, 60), solver=BAYESIAN, epochs=20)
    assert result.best_epoch == result.history.epochs
    for series in ("damping", "effective_parameters", "noise"):
        assert len(getattr(result.history, series)) == result.history.epochs


def test_validation_still_chooses(generator):
    network = Network.of_widths((1, 6, 1), "tanh")
    result = trained(
        network, noisy_sine(generator, 20), solver=BAYESIAN, epochs=30, validation=noisy_sine(generator, 30)
    )
    assert result.best_epoch == np.argmin(result.history.validation_loss) + 1


def test_targets_in_other_units_have_the_same_noise_in_them(generator):
    X, Y = noisy_sine(generator, 60)
    linear = Network.of_widths((1, 1))
    one, thousand = (
        trained(linear, (X, scale * Y), solver=BAYESIAN, epochs=60, parameters=scale * np.ones(2))
        for scale in (1, 1024)
    )
    np.testing.assert_allclose(np.multiply(1024, one.history.noise), thousand.history.noise, rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(1024 * one.parameters, thousand.parameters, rtol=FLOAT64_RTOL)
