"""`fitnet.report` of models of classes: labels of any type, evidence, bad input, and facts against scikit-learn's."""

import numpy as np
import polars as pl
import pytest
from class_models import ensemble_of_classes, model_of_classes, rows_for
from sklearn.datasets import load_iris
from sklearn.metrics import accuracy_score, brier_score_loss, confusion_matrix, log_loss

import fitnet
from fitnet import AutoClassifier, Classifier
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.evaluation.class_errors import row_losses
from fitnet.model.loading import load
from fitnet.reports.given_labels import codes_given
from tolerances import FACT_RTOL

IRIS = load_iris()
SPECIES = IRIS.target_names[IRIS.target].astype(str)
LABELS = {
    "text": ("ash", "birch", "cedar"),
    "whole numbers from 1": (1, 2, 3),
    "numbers": (0.5, 1.5, 2.5),
    "true and false": (False, True),
}


@pytest.mark.parametrize("kind", LABELS)
def test_labels_of_any_type_in_any_container_say_the_same(generator, kind):
    model = model_of_classes(generator, LABELS[kind])
    X, labels = rows_for(model, generator, 60)
    codes = [[LABELS[kind].index(each)] for each in labels]
    frame = pl.DataFrame({"y": labels})
    for given in (labels, tuple(labels), np.array(labels), np.array(labels, object)[:, None], frame["y"], frame):
        np.testing.assert_array_equal(codes_given(model.classes, given), codes)
    facts = fitnet.report(model, X, labels).facts
    assert facts["scores"]["network"]["accuracy"] == np.mean(model.predict(X).argmax(axis=1) == np.ravel(codes))
    assert facts["classes"]["names"] == [str(each) for each in LABELS[kind]]


def test_facts_are_those_of_scikit_learn(generator):
    model = ensemble_of_classes(generator)
    X, labels = rows_for(model, generator, 200)
    facts, p = fitnet.report(model, X, labels).facts, model.predict(X)
    said = np.array(model.classes)[p.argmax(axis=1)]
    own = facts["scores"]["network"]
    assert own["accuracy"] == accuracy_score(labels, said)
    assert own["log_loss"] == pytest.approx(log_loss(labels, p, labels=model.classes), rel=FACT_RTOL)
    assert own["brier"] == pytest.approx(brier_score_loss(labels, p, labels=model.classes), rel=FACT_RTOL)
    matrix = confusion_matrix(labels, said, labels=model.classes)
    np.testing.assert_array_equal(facts["confusion"]["matrix"], matrix)
    pair = facts["confusion"]["pairs"][0]
    assert pair["rows"] == (matrix - np.diag(matrix.diagonal())).max() == matrix[pair["is"], pair["said"]]
    codes = np.array([model.classes.index(each) for each in labels])
    truths = p[np.arange(200), codes]
    bars = np.histogram(truths, 20, (0, 1))[0]
    np.testing.assert_array_equal(np.add(facts["truths"]["right"], facts["truths"]["wrong"]), bars)
    assert [row["row"] - 1 for row in facts["worst_rows"]] == np.argsort(truths)[:10].tolist()
    by_class = facts["classes"]["by_class"]
    np.testing.assert_array_equal([each["right"] for each in by_class], matrix.diagonal())
    np.testing.assert_array_equal([each["said"] for each in by_class], matrix.sum(axis=0))


def test_differences_are_paired_and_have_their_standard_errors(generator):
    model = model_of_classes(generator)
    X, labels = rows_for(model, generator, 200)
    report = fitnet.report(model, X, labels)
    codes, folds = np.array([model.classes.index(each) for each in labels]), np.arange(200) % 5
    shares = np.array([np.bincount(codes[folds != fold], minlength=3) for fold in folds])
    losses = row_losses(model.predict(X), codes) - row_losses(shares / shares.sum(axis=1, keepdims=True), codes)
    found = report.facts["compared"]["majority class"]["log_loss"]
    assert found["difference"] == pytest.approx(losses.mean(), rel=FACT_RTOL)
    assert found["error"] == pytest.approx(losses.std(ddof=1) / np.sqrt(200), rel=FACT_RTOL)
    assert found["clear"] == -1


def test_importance_is_measured_in_log_loss(generator):
    model = model_of_classes(generator)
    parameters = model.parameters.copy()
    model.network.weights(parameters)[0][1] = 0  # the second input has no effect
    model = fitnet.Model(model.network, parameters, classes=model.classes)
    X, labels = rows_for(model, generator, 300)
    found = {
        each["input"]: each["increase"] for each in fitnet.report(model, X, labels).facts["targets"][0]["importance"]
    }
    assert found["x2"] == 0 < min(found["x1"], found["x3"])


def test_a_classifier_that_was_kept_from_rows_is_judged_by_them_and_one_that_was_not_says_so():
    classifier = Classifier((8,), max_epochs=60, random_state=0).fit(IRIS.data[::2], SPECIES[::2])
    new, seen = (fitnet.report(classifier, IRIS.data[part::2], SPECIES[part::2]) for part in (1, 0))
    assert new.facts["rows"]["judged_by"] == "new" and new.facts["training"]["epoch"][-1] == classifier.n_epochs_
    assert seen.facts["rows"]["judged_by"] == "seen" and seen.facts["compared"] is None
    assert "Keep some rows out" in seen.verdict[-1]["sentence"]


@pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")
def test_an_ensemble_is_judged_by_probabilities_out_of_fold():
    classifier = AutoClassifier("fast", random_state=0).fit(IRIS.data, SPECIES)
    report = fitnet.report(classifier, IRIS.data, SPECIES)
    facts = report.facts
    assert facts["rows"]["judged_by"] == "out of fold" and facts["rows"]["baselines_from"] == "other folds"
    loss = log_loss(SPECIES, classifier.oof_probability_)
    assert facts["scores"]["network"]["log_loss"] == pytest.approx(loss, rel=FACT_RTOL)
    assert set(facts["scores"]) == {"network", "majority class", "logistic regression", "boosted trees"}
    assert facts["learning_curve"]["rows"][-1] == 120
    assert "each predicted by networks that were not trained on it" in report.verdict[0]["sentence"]
    other = fitnet.report(classifier.model_, IRIS.data, SPECIES)
    assert other.facts["rows"]["judged_by"] == "seen"


def test_rows_with_the_same_inputs_and_other_classes_are_said(generator):
    model = model_of_classes(generator)
    X, labels = rows_for(model, generator, 40)
    X[10:13] = X[10]
    labels[10:13] = ["ash", "ash", "cedar"]
    report = fitnet.report(model, X, labels)
    assert report.facts["repeats"] == {"rows": 3, "apart": 1}
    assert any("1 of them has another class" in each["sentence"] for each in report.verdict)


def test_one_row_and_a_class_without_rows(generator):
    model = model_of_classes(generator)
    X, labels = rows_for(model, generator, 1)
    facts = fitnet.report(model, X, labels).facts
    assert facts["rows"]["n"] == 1 and len(facts["worst_rows"]) == 1
    some = np.array(labels * 30)
    assert fitnet.report(model, generator.normal(size=(30, 3)), some).facts["classes"]["by_class"][0]["said"] >= 0


def bad_inputs():
    """Names of bad input, what goes wrong with it, what the sentence says, and the argument that it names."""
    X, y = np.zeros((4, 3)), ["ash", "birch", "cedar", "ash"]
    return {
        "a class never seen": (
            (X, [*y[:3], "oak"]),
            ArgumentValueError,
            "holds 'oak' at [3]; it must hold labels",
            "y",
        ),
        "codes for labels": ((X, [0, 1, 2, 0]), ArgumentValueError, "holds 0 at [0]", "y"),
        "no label": ((X, ["ash", None, "cedar", "ash"]), ArgumentValueError, "missing label at [1]", "y"),
        "not a number": ((X, np.array([np.nan, 1, 2, 1])), ArgumentValueError, "missing label at [0]", "y"),
        "probabilities": ((X, np.full((4, 3), 1 / 3)), ArgumentValueError, "no probabilities", "y"),
        "one text": ((X, "ash"), ArgumentTypeError, "one label a row", "y"),
        "nothing": ((X, None), ArgumentTypeError, "one label a row", "y"),
        "a number": ((X, 3), ArgumentTypeError, "one label a row", "y"),
        "lists of lists": ((X, [[1, 2], [1]]), ArgumentValueError, "holds [1, 2] at [0]", "y"),
        "lists for labels": (
            (X, np.array([["ash"], [[]], ["ash"], ["ash"]], object)),
            ArgumentValueError,
            "holds [] at",
            "y",
        ),
        "other rows": ((X, y[:3]), ArgumentValueError, "equally many", "X"),
        "no rows": ((X[:0], []), ArgumentValueError, "no rows", "X"),
        "other columns": ((X[:, :2], y), ArgumentValueError, "column", "X"),
    }


@pytest.mark.parametrize("name", bad_inputs())
def test_bad_input_is_refused_in_a_sentence(generator, name):
    rows, kind, said, argument = bad_inputs()[name]
    with pytest.raises(kind) as raised:
        fitnet.report(model_of_classes(generator), *rows)
    assert raised.value.argument == argument
    sentence = str(raised.value)
    assert f"`{argument}`" in sentence and said in sentence and sentence.endswith(".")


def test_a_file_of_classes_gives_the_same_bytes_again(generator, tmp_path):
    model = ensemble_of_classes(generator)
    X, labels = rows_for(model, generator)
    model.save(tmp_path / "a.fitnet")
    assert fitnet.report(load(tmp_path / "a.fitnet"), X, labels).html == fitnet.report(model, X, labels).html
