"""The cross-entropy: scikit-learn's log loss, central differences, far away, and rows that are no probabilities."""

import math

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import log_loss

from finite_differences import numerical_gradient
from fitnet.algorithm.cross_entropy import CrossEntropy, probabilities
from fitnet.errors import ArgumentValueError
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL, GRADIENT_ATOL_OF_LARGEST, GRADIENT_RTOL

LOSS = CrossEntropy()
weighted_or_not = pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
each_count = pytest.mark.parametrize("n_classes", [2, 3, 7])


@weighted_or_not
@each_count
def test_it_is_scikit_learns_log_loss_of_the_softmax(generator, n_classes, weighted):
    z, labels, weights = draw(generator, n_classes, weighted)
    expected = log_loss(labels, softmax(z, axis=1), sample_weight=weights, labels=range(n_classes))
    np.testing.assert_allclose(LOSS.value(z, np.eye(n_classes)[labels], weights), expected, rtol=FLOAT64_RTOL)


@weighted_or_not
def test_one_logit_is_two_of_which_one_is_zero(generator, weighted):
    z, labels, weights = draw(generator, 2, weighted)
    one, two = z[:, 1:], np.column_stack([np.zeros(len(z)), z[:, 1]])
    target, targets = labels[:, np.newaxis].astype(float), np.eye(2)[labels]
    np.testing.assert_allclose(LOSS.value(one, target, weights), LOSS.value(two, targets, weights), rtol=FLOAT64_RTOL)
    gradient = LOSS.gradient(two, targets, weights)
    assert_close(LOSS.gradient(one, target, weights), gradient[:, 1:])
    assert_close(probabilities(one), probabilities(two)[:, 1:])


@weighted_or_not
@pytest.mark.parametrize("m", [1, 2, 5])
def test_gradient_equals_central_differences_of_sure_and_unsure_targets(generator, m, weighted):
    z, _, weights = draw(generator, m, weighted)
    targets = generator.dirichlet(np.ones(max(m, 2)), len(z))[:, :m]
    differences = numerical_gradient(lambda at: LOSS.value(at, targets, weights), z)
    atol = GRADIENT_ATOL_OF_LARGEST * np.abs(differences).max()
    np.testing.assert_allclose(LOSS.gradient(z, targets, weights), differences, rtol=GRADIENT_RTOL, atol=atol)


@each_count
def test_the_same_added_to_all_logits_changes_nothing(generator, n_classes):
    z, labels, _ = draw(generator, n_classes, False)
    targets = np.eye(n_classes)[labels]
    assert LOSS.value(z + 1000, targets) == pytest.approx(LOSS.value(z, targets), rel=FLOAT64_RTOL)


@pytest.mark.parametrize(
    ("z", "y", "value"),
    [
        ([[0.0, -800.0]], [[1.0, 0.0]], 0.0),
        ([[0.0, -800.0]], [[0.0, 1.0]], 800.0),
        ([[1e300, -1e300, 0.0]], [[0.0, 0.0, 1.0]], 1e300),
        ([[0.0, -40.0]], [[1.0, 0.0]], math.log1p(math.exp(-40))),  # 4e-18, which 1 + it would lose
        ([[40.0]], [[1.0]], math.log1p(math.exp(-40))),
        ([[-800.0]], [[1.0]], 800.0),
        ([[800.0]], [[0.25]], 600.0),
    ],
)
def test_it_is_right_far_away(z, y, value):
    assert LOSS.value(np.array(z), np.array(y)) == pytest.approx(value, rel=FLOAT64_RTOL)
    assert np.isfinite(LOSS.gradient(np.array(z), np.array(y))).all()


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ([[0, 1], [2, 0]], "`Y` holds 2.0 at [1, 0]; targets of the cross-entropy are probabilities, from 0 to 1."),
        ([[0.5], [-1]], "`Y` holds -1.0 at [1, 0]; targets of the cross-entropy are probabilities, from 0 to 1."),
        ([[0, 1], [0.5, 0.25]], "`Y` has probabilities that sum to 0.75 in row 1; in every row they must sum to 1."),
    ],
)
def test_what_is_no_row_of_probabilities_is_refused(targets, message):
    with pytest.raises(ArgumentValueError) as caught:
        LOSS.check_targets(np.array(targets, float))
    assert (str(caught.value), caught.value.argument) == (message, "Y")


def test_rows_of_probabilities_are_taken(generator):
    LOSS.check_targets(generator.dirichlet(np.ones(100), 50).astype(np.float32))
    LOSS.check_targets(generator.uniform(size=(50, 1)))


def draw(generator, m, weighted):
    z, labels = generator.normal(0, 3, (40, m)), generator.integers(0, m, 40)
    return z, labels, generator.uniform(0.1, 3, 40) if weighted else None


def assert_close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)
