"""Classifier: labels of any type, their probabilities, weights of rows and classes, and scikit-learn's logistic
regression where there is no hidden layer."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.utils.class_weight import compute_class_weight

from fitnet import Classifier, load
from tolerances import CLASS_PROBABILITY_ATOL, FLOAT64_RTOL

QUICK = {"hidden_layer_sizes": (8,), "max_epochs": 100, "alpha": 1e-3, "random_state": 0, "n_threads": 1}
LABELS = {
    "words": np.array(["a", "bb", "ccc"]),
    "objects": np.array(["a", "bb", "ccc"], object),
    "whole numbers": np.array([-3, 5, 70]),
    "whole floats": np.array([0.0, 1.0, 7.0]),
    "bool": np.array([False, True]),
    "two words": np.array(["no", "yes"]),
}


def clouds(n_classes, n=150, seed=0):
    """Points around the corners of a triangle, close enough to overlap, and the codes of their classes."""
    generator = np.random.default_rng(seed)
    codes = np.arange(n) % n_classes
    middles = np.array([[0.0, 0], [2, 0], [0, 2]])
    return middles[codes] + generator.normal(size=(n, 2)), codes


@pytest.mark.parametrize("kind", LABELS)
def test_labels_come_back_as_they_were_given(kind, tmp_path):
    labels = LABELS[kind]
    X, codes = clouds(len(labels))
    classifier = Classifier(**QUICK).fit(X, labels[codes])
    assert classifier.classes_.tolist() == labels.tolist()
    predicted = classifier.predict(X)
    assert predicted.dtype == labels.dtype
    assert accuracy_score(labels[codes], predicted) == classifier.score(X, labels[codes]) > 0.7
    classifier.model_.save(tmp_path / "m.fitnet")
    model = load(tmp_path / "m.fitnet")
    assert list(model.classes) == labels.tolist()
    assert np.array_equal(model.predict(X), classifier.predict_proba(X))


@pytest.mark.parametrize("n_classes", [2, 3])
def test_probabilities_logarithms_and_logits_say_the_same(n_classes):
    X, codes = clouds(n_classes)
    classifier = Classifier(**QUICK).fit(X, codes)
    p = classifier.predict_proba(X)
    assert (p.shape, p.dtype) == ((150, n_classes), np.float64)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(np.exp(classifier.predict_log_proba(X)), p, rtol=FLOAT64_RTOL)
    z = classifier.decision_function(X)
    assert z.shape == ((150,) if n_classes == 2 else (150, n_classes))
    assert np.array_equal(z > 0 if n_classes == 2 else z.argmax(axis=1), p.argmax(axis=1))
    assert np.isfinite(classifier.predict_log_proba(1e6 * X)).all()


@pytest.mark.parametrize("solver", ["lbfgs", "lm"])
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_without_a_hidden_layer_it_is_logistic_regression(engine, n_classes, weighted, solver):
    X, codes = clouds(n_classes)
    C, weights = 0.7, np.random.default_rng(1).uniform(0.5, 2, 150) if weighted else None
    oracle = LogisticRegression(C=C, tol=1e-12, max_iter=5000).fit(X, codes, weights)
    total = 150 if weights is None else weights.sum()
    linear = Classifier(
        (), solver=solver, alpha=1 / (2 * C * total), scale_inputs=False, max_epochs=500, engine=engine.name
    )
    found = linear.fit(X, codes, weights).predict_proba(X)
    np.testing.assert_allclose(found, oracle.predict_proba(X), rtol=0, atol=CLASS_PROBABILITY_ATOL)


def test_the_evidence_finds_a_penalty_for_classes(engine):
    X, codes = clouds(3)
    noise = np.random.default_rng(5).normal(size=(150, 6))
    classifier = Classifier((), solver="lm-bayesian", max_epochs=100, engine=engine.name).fit(np.c_[X, noise], codes)
    W = classifier.model_.network.weights(classifier.model_.parameters)[0]
    assert np.abs(W[2:]).max() < 0.3 * np.abs(W[:2]).max()  # inputs that matter not are switched off
    assert 2 < classifier.history_.effective_parameters[-1] < 20
    assert classifier.history_.noise == []  # that of classes is known


def test_class_weights_are_weights_of_rows():
    X, codes = clouds(3)
    words = LABELS["words"][codes]
    of_class = {"a": 2.0, "ccc": 0.5}
    rows = np.array([of_class.get(word, 1.0) for word in words])
    by_class = Classifier(**QUICK, class_weight=of_class).fit(X, words)
    assert np.array_equal(by_class.predict_proba(X), Classifier(**QUICK).fit(X, words, rows).predict_proba(X))
    both = Classifier(**QUICK, class_weight=of_class).fit(X, words, rows)
    assert np.array_equal(both.predict_proba(X), Classifier(**QUICK).fit(X, words, rows**2).predict_proba(X))


def test_balanced_is_what_scikit_learn_calls_so():
    X, codes = clouds(3)
    X, codes = X[codes < 2 + (np.arange(150) % 5 == 0)], codes[codes < 2 + (np.arange(150) % 5 == 0)]
    rows = compute_class_weight("balanced", classes=np.arange(3), y=codes)[codes]
    balanced = Classifier(**QUICK, class_weight="balanced").fit(X, codes)
    assert np.array_equal(balanced.predict_proba(X), Classifier(**QUICK).fit(X, codes, rows).predict_proba(X))


def test_rows_that_weigh_nothing_are_as_good_as_left_out():
    X, codes = clouds(3)
    weights = (np.arange(150) % 4 > 0).astype(float)
    left_out = Classifier(**QUICK).fit(X[weights > 0], codes[weights > 0], weights[weights > 0])
    assert np.array_equal(Classifier(**QUICK).fit(X, codes, weights).predict_proba(X), left_out.predict_proba(X))


def test_the_number_of_threads_changes_no_bit():
    X, codes = clouds(3, 300)
    settings = QUICK | {"hidden_layer_sizes": (32, 32), "max_epochs": 5}
    one, three = (Classifier(**settings | {"n_threads": n}).fit(X, codes).predict_proba(X) for n in (1, 3))
    assert np.array_equal(one, three)


def test_early_stopping_watches_every_class_in_proportion():
    X, codes = clouds(3, 200)
    settings = QUICK | {"max_epochs": 400}
    classifier = Classifier(**settings | {"alpha": 0.0}, early_stopping=True, patience=5).fit(X, codes)
    assert classifier.stopped_ == "early"
    assert len(classifier.history_.validation_loss) == classifier.n_epochs_
    given = Classifier(**settings, patience=5).fit(X, codes, validation_data=(X[:30], codes[:30]))
    assert len(given.history_.validation_loss) == given.n_epochs_


def test_calls_of_partial_fit_learn_classes_that_come_later():
    X, codes = clouds(3, 300)
    words, order = LABELS["words"], np.argsort(np.arange(300) % 3, kind="stable")
    classifier = Classifier(**QUICK | {"hidden_layer_sizes": (16,)})
    classifier.partial_fit(X[order][:150], words[codes[order]][:150], classes=words)  # no "ccc" yet
    assert classifier.predict_proba(X).shape == (300, 3)
    for _ in range(40):
        classifier.partial_fit(X, words[codes])
    assert classifier.score(X, words[codes]) > 0.7
    fitted = Classifier(**QUICK).fit(X, words[codes])
    assert fitted.partial_fit(X, words[codes]).n_epochs_ == 1


def test_a_warm_start_goes_on():
    X, codes = clouds(3)
    classifier = Classifier(**QUICK | {"max_epochs": 3}, warm_start=True).fit(X, codes)
    before = classifier.history_.loss[-1]
    assert classifier.fit(X, codes).history_.loss[0] < before


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_frames_and_their_columns_of_labels(frame):
    X, codes = clouds(3)
    table = frame({"a": X[:, 0], "b": X[:, 1], "kind": LABELS["words"][codes]})
    classifier = Classifier(**QUICK).fit(table[["a", "b"]], table["kind"])
    assert classifier.feature_names_in_.tolist() == ["a", "b"]
    assert classifier.model_.output_names == ("a", "bb", "ccc")
    plain = Classifier(**QUICK).fit(X, LABELS["words"][codes])
    assert np.array_equal(classifier.predict_proba(table[["b", "a"]]), plain.predict_proba(X))


def test_categories_for_labels():
    X, codes = clouds(3)
    series = pd.Series(pd.Categorical(LABELS["words"][codes], categories=["ccc", "bb", "a", "never"]))
    assert Classifier(**QUICK).fit(X, series).classes_.tolist() == ["a", "bb", "ccc"]


@pytest.mark.parametrize("none", [None, np.nan], ids=str)
def test_rows_without_a_label_may_be_dropped(none):
    X, codes = clouds(3)
    words = LABELS["objects"][codes]
    words[::10] = none
    dropping = Classifier(**QUICK, missing="drop").fit(X, words)
    kept = np.arange(150) % 10 > 0
    assert np.array_equal(dropping.predict_proba(X), Classifier(**QUICK).fit(X[kept], words[kept]).predict_proba(X))


def test_gaps_of_inputs_may_be_imputed():
    X, codes = clouds(3)
    X[::7, 0] = np.nan
    classifier = Classifier(**QUICK, missing="impute").fit(X, codes)
    assert classifier.predict_proba(X).shape == (150, 3)


def test_in_a_grid_and_across_folds():
    X, codes = clouds(3)
    search = GridSearchCV(Classifier(**QUICK), {"alpha": [0.0, 10.0]}, scoring="neg_log_loss", cv=3).fit(X, codes)
    assert search.best_params_ == {"alpha": 0.0}
    assert cross_val_predict(Classifier(**QUICK), X, codes, method="predict_proba").shape == (150, 3)


def test_derivatives_are_the_models():
    X, codes = clouds(3)
    classifier = Classifier(**QUICK | {"activation": "tanh"}).fit(X, codes)
    assert np.array_equal(classifier.jacobian(X), classifier.model_.jacobian(X))
    assert classifier.hessian(X).shape == (150, 3, 2, 2)
    np.testing.assert_allclose(classifier.jacobian(X).sum(axis=1), 0, atol=1e-12)  # what one class gains others lose
