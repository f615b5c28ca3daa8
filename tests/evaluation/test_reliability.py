"""Reliability of probabilities, boosted trees of classes, and rows that repeat with other classes."""

import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.ensemble import HistGradientBoostingClassifier

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.evaluation import Reliability, boosted_class_trees
from fitnet.evaluation.repeated_labels import RepeatedLabels
from tolerances import FACT_RTOL


def test_bins_are_those_of_scikit_learn(generator):
    confidence = generator.uniform(0.34, 1, 500)
    right = generator.random(500) < confidence
    found = Reliability.of(confidence, right, generator)
    shares, means = calibration_curve(right, confidence, n_bins=15)
    np.testing.assert_allclose([each.right for each in found.bins], shares, FACT_RTOL)
    np.testing.assert_allclose([each.said for each in found.bins], means, FACT_RTOL)
    gaps = [each.rows / 500 * abs(each.right - each.said) for each in found.bins]
    assert found.error == pytest.approx(sum(gaps), rel=FACT_RTOL)


def test_chance_is_told_from_probabilities_that_do_not_hold(generator):
    confidence = generator.uniform(0.5, 1, 2000)
    honest, sure = (generator.random(2000) < share for share in (confidence, confidence - 0.15))
    found = [Reliability.of(confidence, right, generator) for right in (honest, sure)]
    assert found[0].error < 1.5 * found[0].chance[1] < found[1].error
    inside = [[each.low <= each.right <= each.high for each in of.bins] for of in found]
    assert np.mean(inside[0]) > 0.6 > np.mean(inside[1])


def test_one_row_gives_one_bin(generator):
    found = Reliability.of(np.array([1.0]), np.array([True]), generator)
    assert (found.error, len(found.bins), found.bins[0].low, found.bins[0].high) == (0, 1, 1, 1)


@pytest.mark.parametrize(
    ("confidence", "right", "error", "sentence"),
    [
        ([], [], ArgumentValueError, r"`confidence` has shape \(0,\); it must have one probability for each"),
        ([[0.5]], [[True]], ArgumentValueError, r"`confidence` has shape \(1, 1\); it must"),
        ([0.5, 1.5], [True, True], ArgumentValueError, "`confidence` holds 1.5; every entry must be a probability"),
        ([0.5, np.nan], [True, True], ArgumentValueError, r"`confidence` holds nan at \[1\]"),
        (
            [0.5, 0.5],
            [True],
            ArgumentValueError,
            r"`right` has shape \(1,\); it must have that of `confidence`, \(2,\)",
        ),
        ([0.5, 0.5], [2, 1], ArgumentTypeError, "`right` holds int64; it must hold True or False"),
    ],
)
def test_what_is_no_probability_or_no_answer_is_refused(generator, confidence, right, error, sentence):
    with pytest.raises(error, match=sentence):
        Reliability.of(confidence, right, generator)


def test_trees_are_those_of_scikit_learn_and_classes_that_no_row_has_get_nothing(generator):
    X, codes = generator.normal(size=(60, 2)), generator.integers(0, 2, 60) * 2
    found, rows = boosted_class_trees.fitted_to(X, codes, 4, X, generator)
    theirs = HistGradientBoostingClassifier(random_state=0).fit(X, codes).predict_proba(X)
    np.testing.assert_array_equal(found[:, [0, 2]], theirs)
    assert rows == 60 and not found[:, [1, 3]].any()
    alone, _ = boosted_class_trees.fitted_to(X, np.ones(60, int), 4, X, generator)
    np.testing.assert_array_equal(alone, np.eye(4)[np.ones(60, int)])
    assert boosted_class_trees.fitted_to(X[:10], codes[:10], 4, X, generator) is None


def test_trees_out_of_fold_do_not_see_their_rows(generator):
    X, codes, folds = generator.normal(size=(90, 2)), generator.integers(0, 3, 90), np.arange(90) % 3
    places = np.flatnonzero(folds == 1)
    found, rows = boosted_class_trees.out_of_fold(X, codes, 3, folds, places, generator)
    theirs = HistGradientBoostingClassifier(random_state=0).fit(X[folds != 1], codes[folds != 1])
    np.testing.assert_array_equal(found, theirs.predict_proba(X[places]))
    assert rows == 60


def test_repeated_rows_that_no_answer_can_all_tell_right():
    X = np.array([[0.0, 1], [0, 1], [0, 1], [2, 1], [2, 1], [3, 1], [-0.0, 1]])
    assert RepeatedLabels.of(X, np.array([0, 0, 1, 1, 2, 0, 0])) == RepeatedLabels(6, 2)
    assert RepeatedLabels.of(X[4:6], np.array([0, 1])) == RepeatedLabels(0, 0)
