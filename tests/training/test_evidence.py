"""The evidence's estimates against MacKay's formulas, by whole inverses and eigenvalues."""

import numpy as np
import pytest

from fitnet.training.evidence import STIFFEST, update
from tolerances import DEGENERATE_EVIDENCE_RTOL, EVIDENCE_RTOL, FLOAT64_RTOL


@pytest.fixture
def curvature(generator):
    """J^T J (9, 9) of a Jacobian (30, 9)."""
    J = generator.normal(size=(30, 9)) * np.geomspace(0.01, 3, 9)
    return J.T @ J


WEIGHTS = np.ones(9, int)  # all of them, in one group


def estimate(found):
    """The numbers of an `Evidence` in one row."""
    return np.append(found.decay, [found.effective_parameters, found.noise])


@pytest.mark.parametrize("decay", [1e-6, 0.1, 50.0])
def test_gamma_of_weights_alone_counts_eigenvalues_above_the_decay(engine, curvature, generator, decay):
    weights = generator.normal(size=9)
    found = update(engine, curvature, 7.0, weights, WEIGHTS, 30, np.full(9, decay))
    eigenvalues = np.linalg.eigvalsh(curvature)
    gamma = np.sum(eigenvalues / (eigenvalues + decay))
    variance = 7 / (30 - gamma)
    expected = np.append(np.full(9, variance * gamma / (weights @ weights)), [gamma, np.sqrt(variance)])
    assert estimate(found) == pytest.approx(expected, rel=EVIDENCE_RTOL)


@pytest.mark.parametrize("decay", [1e-6, 0.1, 50.0])
def test_biases_are_free_and_every_one_counts(engine, curvature, generator, decay):
    parameters, is_weight = generator.normal(size=9), np.array([1, 1, 0, 1, 1, 0, 1, 0, 1])
    found = update(engine, curvature, 7.0, parameters, is_weight, 30, np.full(9, decay))
    trace = np.sum(is_weight * np.diagonal(np.linalg.inv(curvature + decay * np.diag(is_weight))))
    gamma = 9 - decay * trace
    variance = 7 / (30 - gamma)
    expected = variance * (gamma - 3) / np.sum(is_weight * parameters**2) * is_weight
    assert estimate(found) == pytest.approx(np.append(expected, [gamma, np.sqrt(variance)]), rel=EVIDENCE_RTOL)


def test_every_group_of_weights_has_its_decay_or_all_weights(engine, curvature, generator):
    parameters, groups = generator.normal(size=9), np.array([2, 1, 0, 1, 2, 0, 1, 0, 3])
    prior = np.array([0, 0.01, 0.3, 5.0])[groups]
    found = update(engine, curvature, 7.0, parameters, groups, 30, prior)
    determined = 1 - prior * np.diagonal(np.linalg.inv(curvature + np.diag(prior)))
    variance = 7 / (30 - determined.sum())
    expected = np.zeros(9)
    for group in (1, 2, 3):
        ours, weights = groups == group, groups > 0
        expected[ours] = max(
            variance * determined[some].sum() / np.sum(parameters[some] ** 2) for some in (ours, weights)
        )
    assert estimate(found) == pytest.approx(
        np.append(expected, [determined.sum(), np.sqrt(variance)]), rel=EVIDENCE_RTOL
    )


def test_group_that_fades_keeps_a_decay_that_can_be_computed_with(engine, curvature):
    groups, parameters = np.repeat([1, 2], [5, 4]), np.repeat([1, 1e-150], [5, 4])
    decay = update(engine, curvature, 7.0, parameters, groups, 30, np.ones(9)).decay
    assert (decay[5:] == STIFFEST * curvature.max()).all()
    assert (decay[:5] < curvature.max()).all()


def test_biases_that_the_data_do_not_tell_apart_count_as_one(engine, curvature, generator):
    places = [*range(9), 8, 8]  # the last three columns of the Jacobian are the same, and belong to biases
    is_weight = np.repeat([1, 0], [8, 3])
    parameters = generator.normal(size=11)
    twins = update(engine, curvature[np.ix_(places, places)], 7.0, parameters, is_weight, 30, np.full(11, 0.1))
    alone = update(engine, curvature, 7.0, parameters[:9], is_weight[:9], 30, np.full(9, 0.1))
    both = np.delete(estimate(twins), [9, 10])  # but for the decay of the two that were added
    assert both == pytest.approx(estimate(alone), rel=DEGENERATE_EVIDENCE_RTOL)


def test_network_that_could_pass_through_every_target_still_has_noise(engine, curvature):
    found = update(engine, curvature, 7.0, np.ones(9), WEIGHTS, 5, np.full(9, 1e-6))
    assert found.effective_parameters > 5
    assert found.noise == pytest.approx(np.sqrt(7), rel=FLOAT64_RTOL)


def test_weights_of_zero_leave_the_decay(engine, curvature):
    assert (update(engine, curvature, 7.0, np.zeros(9), WEIGHTS, 30, np.full(9, 0.3)).decay == 0.3).all()


def test_exact_fit_leaves_a_decay_above_zero(engine, curvature):
    decay = update(engine, curvature, 0.0, np.ones(9), WEIGHTS, 30, np.full(9, 0.3)).decay
    assert (decay > 0).all()
    assert (decay < 1e-6 * curvature.max()).all()


@pytest.mark.parametrize("entry", [np.nan, -1.0])
def test_matrix_that_is_no_curvature_gives_nothing(engine, curvature, entry):
    curvature[4, 4] = entry
    assert update(engine, curvature, 7.0, np.ones(9), WEIGHTS, 30, np.full(9, 0.1)) is None


def test_nothing_given_is_changed(engine, curvature):
    given = curvature, np.arange(9.0), WEIGHTS, np.full(9, 0.1)
    before = [np.copy(one) for one in given]
    update(engine, given[0], 7.0, given[1], given[2], 30, given[3])
    for now, then in zip(given, before, strict=True):
        np.testing.assert_array_equal(now, then)
