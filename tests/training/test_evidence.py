"""The evidence's estimates against MacKay's formulas, by whole inverses and eigenvalues."""

import numpy as np
import pytest

from fitnet.training.evidence import update
from tolerances import DEGENERATE_EVIDENCE_RTOL, EVIDENCE_RTOL, FLOAT64_RTOL


@pytest.fixture
def curvature(generator):
    """J^T J (9, 9) of a Jacobian (30, 9)."""
    J = generator.normal(size=(30, 9)) * np.geomspace(0.01, 3, 9)
    return J.T @ J


@pytest.mark.parametrize("decay", [1e-6, 0.1, 50.0])
def test_gamma_of_weights_alone_counts_eigenvalues_above_the_decay(engine, curvature, generator, decay):
    weights = generator.normal(size=9)
    found = update(engine, curvature, 7.0, weights, np.ones(9), 30, decay)
    eigenvalues = np.linalg.eigvalsh(curvature)
    gamma = np.sum(eigenvalues / (eigenvalues + decay))
    variance = 7 / (30 - gamma)
    expected = gamma, np.sqrt(variance), variance * gamma / (weights @ weights)
    assert (found.effective_parameters, found.noise, found.decay) == pytest.approx(expected, rel=EVIDENCE_RTOL)


@pytest.mark.parametrize("decay", [1e-6, 0.1, 50.0])
def test_biases_are_free_and_every_one_counts(engine, curvature, generator, decay):
    parameters, is_weight = generator.normal(size=9), np.array([1.0, 1, 0, 1, 1, 0, 1, 0, 1])
    found = update(engine, curvature, 7.0, parameters, is_weight, 30, decay)
    trace = np.sum(is_weight * np.diagonal(np.linalg.inv(curvature + decay * np.diag(is_weight))))
    gamma = 9 - decay * trace
    variance = 7 / (30 - gamma)
    expected = gamma, np.sqrt(variance), variance * (gamma - 3) / np.sum(is_weight * parameters**2)
    assert (found.effective_parameters, found.noise, found.decay) == pytest.approx(expected, rel=EVIDENCE_RTOL)


def test_biases_that_the_data_do_not_tell_apart_count_as_one(engine, curvature, generator):
    places = [*range(9), 8, 8]  # the last three columns of the Jacobian are the same, and belong to biases
    is_weight = np.repeat([1.0, 0], [8, 3])
    parameters = generator.normal(size=11)
    twins = update(engine, curvature[np.ix_(places, places)], 7.0, parameters, is_weight, 30, 0.1)
    alone = update(engine, curvature, 7.0, parameters[:9], is_weight[:9], 30, 0.1)
    found, expected = ((one.effective_parameters, one.noise, one.decay) for one in (twins, alone))
    assert found == pytest.approx(expected, rel=DEGENERATE_EVIDENCE_RTOL)


def test_network_that_could_pass_through_every_target_still_has_noise(engine, curvature):
    found = update(engine, curvature, 7.0, np.ones(9), np.ones(9), 5, 1e-6)
    assert found.effective_parameters > 5
    assert found.noise == pytest.approx(np.sqrt(7), rel=FLOAT64_RTOL)


def test_weights_of_zero_leave_the_decay(engine, curvature):
    assert update(engine, curvature, 7.0, np.zeros(9), np.ones(9), 30, 0.3).decay == 0.3


def test_exact_fit_leaves_a_decay_above_zero(engine, curvature):
    assert 0 < update(engine, curvature, 0.0, np.ones(9), np.ones(9), 30, 0.3).decay < 1e-6 * curvature.max()


@pytest.mark.parametrize("entry", [np.nan, -1.0])
def test_matrix_that_is_no_curvature_gives_nothing(engine, curvature, entry):
    curvature[4, 4] = entry
    assert update(engine, curvature, 7.0, np.ones(9), np.ones(9), 30, 0.1) is None


def test_nothing_given_is_changed(engine, curvature):
    before = curvature.copy()
    update(engine, curvature, 7.0, np.ones(9), np.ones(9), 30, 0.1)
    np.testing.assert_array_equal(curvature, before)
