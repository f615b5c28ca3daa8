"""Facts of classes: measures against scikit-learn's, baselines, and what is clearly beaten."""

import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss, confusion_matrix, log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fitnet import Model, Network
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.evaluation import ClassBaselines, ClassErrors, evaluate_classes
from fitnet.evaluation.class_errors import calibration_error
from tolerances import CLASS_PROBABILITY_ATOL, FLOAT64_RTOL

LABELS = ("ash", "elm", "oak", "yew")


def drawn(generator, n, n_classes):
    """Probabilities and codes that have something to do with each other."""
    probabilities = generator.dirichlet(np.ones(n_classes), n)
    codes = np.array([generator.choice(n_classes, p=row) for row in probabilities])
    return probabilities, codes


def linear_model(generator, n_classes, provenance=None):
    """A model of classes that is linear in three inputs."""
    outputs = 1 if n_classes == 2 else n_classes
    network = Network.of_widths((3, outputs))
    parameters = generator.normal(size=network.n_parameters)
    return Model(network, parameters, classes=LABELS[:n_classes], provenance=provenance or {})


@pytest.mark.parametrize("n_classes", [2, 4])
def test_measures_are_those_of_scikit_learn(generator, n_classes):
    probabilities, codes = drawn(generator, 300, n_classes)
    errors = ClassErrors.of(probabilities, codes)
    everyone = np.arange(n_classes)
    truth = codes if n_classes == 2 else np.eye(n_classes)[codes]
    given = probabilities[:, 1] if n_classes == 2 else probabilities
    assert errors.accuracy == accuracy_score(codes, probabilities.argmax(axis=1))
    assert errors.log_loss == pytest.approx(log_loss(codes, probabilities, labels=everyone), rel=FLOAT64_RTOL)
    assert errors.brier == pytest.approx(brier_score_loss(truth, given), rel=FLOAT64_RTOL)


def test_a_sure_mistake_has_a_finite_log_loss():
    probabilities, codes = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([1, 0])
    errors = ClassErrors.of(probabilities, codes)
    assert errors.log_loss == pytest.approx(log_loss(codes, probabilities), rel=FLOAT64_RTOL)


def test_the_calibration_error_bin_by_bin(generator):
    probabilities, codes = drawn(generator, 500, 4)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == codes
    expected = 0.0
    for k in range(15):
        inside = (confidence > k / 15) & (confidence <= (k + 1) / 15)
        if inside.any():
            expected += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    assert calibration_error(confidence, right) == pytest.approx(expected, rel=FLOAT64_RTOL)


@pytest.mark.parametrize(("confidence", "right", "error"), [([0.5, 0.5], [True, False], 0), ([1, 1], [1, 0], 0.5)])
def test_the_calibration_error_by_hand(confidence, right, error):
    assert calibration_error(np.array(confidence), np.array(right)) == error


@pytest.mark.parametrize("n_classes", [2, 4])
def test_baselines_are_shares_and_logistic_regression(generator, n_classes):
    X = generator.normal(size=(200, 3)) * [1, 1e3, 1e-3] + [0, 2000, 5]
    codes = (np.digitize(X[:, 0] + generator.normal(size=200), [-1, 0, 1]) * n_classes // 4).astype(int)
    baselines = ClassBaselines.fitted(X, codes, n_classes)
    np.testing.assert_array_equal(baselines.predict_shares(X)[0], np.bincount(codes) / 200)
    theirs = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(X, codes)
    difference = baselines.predict_logistic(X) - theirs.predict_proba(X)
    assert np.abs(difference).max() < CLASS_PROBABILITY_ATOL
    again = ClassBaselines.from_lists(json.loads(json.dumps(baselines.as_lists())), 3, n_classes)
    np.testing.assert_array_equal(again.predict_logistic(X), baselines.predict_logistic(X))


@pytest.mark.parametrize("codes", [[0, 2] * 10, [2] * 20])
def test_a_class_that_no_row_has_is_not_expected(generator, codes):
    X = generator.normal(size=(20, 3))
    probabilities = ClassBaselines.fitted(X, np.array(codes), 3).predict_logistic(X)
    assert probabilities[:, 1].max() < FLOAT64_RTOL
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=FLOAT64_RTOL)


@pytest.mark.parametrize("lists", [None, {}, {"mean": [0.0]}, {"shares": ["a"]}])
def test_other_baselines_are_none(lists):
    assert ClassBaselines.from_lists(lists, 3, 2) is None


def test_an_evaluation_has_all_facts(generator):
    model = linear_model(generator, 4)
    X = generator.normal(size=(100, 3))
    probabilities = model.predict(X)
    codes = np.array([generator.choice(4, p=row) for row in probabilities])
    evaluation = evaluate_classes(model, X, codes)
    assert evaluation.errors["network"] == ClassErrors.of(probabilities, codes)
    np.testing.assert_array_equal(evaluation.confusion, confusion_matrix(codes, probabilities.argmax(axis=1)))
    assert (evaluation.rows, evaluation.classes, evaluation.own_baselines) == (100, LABELS, False)
    facts = json.loads(json.dumps(evaluation.as_dict()))
    assert facts["baselines_from"] == "this table"
    assert "majority class" not in facts["unbeaten"]


def test_the_models_own_baselines_come_first(generator):
    X = generator.normal(size=(100, 3))
    own = ClassBaselines.fitted(X, np.array([0] * 90 + [1] * 10), 2)
    model = linear_model(generator, 2, {"baselines": own.as_lists()})
    evaluation = evaluate_classes(model, X[:10], np.array([1] * 10))
    assert evaluation.own_baselines
    assert evaluation.errors["majority class"].accuracy == 0
    assert evaluation.errors["majority class"].log_loss == pytest.approx(-np.log(0.1), rel=FLOAT64_RTOL)


def test_what_says_nothing_beats_nothing(generator):
    X, codes = generator.normal(size=(100, 3)), generator.integers(0, 2, 100)
    assert evaluate_classes(linear_model(generator, 2), X, codes).unbeaten == ["majority class", "logistic regression"]


def test_the_classes_confused_most(generator):
    model = linear_model(generator, 4)
    X = generator.normal(size=(80, 3))
    codes = model.predict(X).argmax(axis=1)
    codes[codes == 3] = 1
    labels, counts = evaluate_classes(model, X, codes).confused_most(2)
    assert labels == ["elm", "yew"]
    assert counts[1][0] == 0 and counts[0][1] > 0


@pytest.mark.parametrize(
    ("codes", "error", "sentence"),
    [
        ([0.0, 1.0], ArgumentTypeError, "`codes` holds float64; it must hold whole numbers."),
        ([0], ArgumentValueError, r"`codes` has shape \(1,\); it must have one a row, \(2,\)."),
        ([0, 2], ArgumentValueError, "`codes` holds 2; it must hold places from 0 to 1."),
    ],
)
def test_codes_are_checked(generator, codes, error, sentence):
    with pytest.raises(error, match=sentence):
        evaluate_classes(linear_model(generator, 2), np.zeros((2, 3)), codes)


def test_a_model_of_numbers_is_refused(generator):
    network = Network.of_widths((3, 1))
    with pytest.raises(ArgumentValueError, match=r"`model` predicts numbers; it must predict classes."):
        evaluate_classes(Model(network, generator.normal(size=4)), np.zeros((2, 3)), [0, 1])
