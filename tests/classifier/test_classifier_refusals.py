"""What Classifier refuses, each in one sentence that names the argument."""

import numpy as np
import pytest

from fitnet import Classifier, Regressor
from fitnet.errors import ArgumentError, ArgumentTypeError, ArgumentValueError

X = np.random.default_rng(0).normal(size=(12, 2))
WORDS = np.array(["a", "b", "c"] * 4)
QUICK = {"hidden_layer_sizes": (3,), "max_epochs": 2, "random_state": 0}
CODES = np.arange(12) % 3

LABELS = [
    (["a"] * 12, "`y` holds one class, 'a'; a classifier needs two classes or more."),
    (
        np.array(["a", "b", None] * 4, object),
        "`y` has a missing label at [2]; every row needs one, or `missing='drop'` leaves such rows out.",
    ),
    (
        np.where(CODES == 1, np.nan, CODES),
        "`y` has a missing label at [1]; every row needs one, or `missing='drop'` leaves such rows out.",
    ),
    (
        CODES + 0.25,
        "`y` holds 0.25 at [0]; a classifier needs labels, such as words or whole numbers, and Regressor takes numbers "
        "like this. Unknown label type: continuous.",
    ),
    (np.where(CODES == 1, np.inf, CODES), "`y` holds inf at [1]; labels must be finite."),
    (np.eye(3)[CODES], "`y` has shape (12, 3); it must hold one label a row, and no probabilities."),
    (np.array(["a", 1, "c"] * 4, object), "`y` holds labels of several types, 'int', 'str'; they must be of one."),
    (
        np.array(["2020-01-01", "2020-01-02"] * 6, "datetime64[D]"),
        "`y` holds datetime64[D]; it must hold labels.",
    ),
]


@pytest.mark.parametrize(("y", "sentence"), LABELS)
def test_labels_that_are_none(y, sentence):
    with pytest.raises(ArgumentError) as caught:
        Classifier(**QUICK).fit(X, y)
    assert (str(caught.value), caught.value.argument) == (sentence, "y")


WEIGHTS = [
    ("heavy", "`class_weight` is 'heavy'; it must be None, 'balanced' or a dict from labels to weights."),
    ([1, 2, 3], "`class_weight` is [1, 2, 3]; it must be None, 'balanced' or a dict from labels to weights."),
    ({"a": 0}, "`class_weight['a']` is 0; it must be above 0."),
    ({"a": -1}, "`class_weight['a']` is -1; it must be above 0."),
    ({"z": 1.0}, "`class_weight` has a weight for 'z'; it must be one of the classes, 'a', 'b', 'c'."),
]


@pytest.mark.parametrize(("class_weight", "sentence"), WEIGHTS)
def test_class_weights_that_are_none(class_weight, sentence):
    with pytest.raises(ArgumentError) as caught:
        Classifier(**QUICK, class_weight=class_weight).fit(X, WORDS)
    assert str(caught.value) == sentence


def test_a_class_without_weight():
    with pytest.raises(ArgumentValueError) as caught:
        Classifier(**QUICK).fit(X, WORDS, sample_weight=(WORDS != "b").astype(float))
    assert str(caught.value) == (
        "`sample_weight` is 0 in all rows of the class 'b'; every class needs a row that weighs more."
    )


def test_calls_of_partial_fit():
    with pytest.raises(ArgumentValueError) as caught:
        Classifier(**QUICK).partial_fit(X, WORDS)
    assert str(caught.value) == (
        "`classes` is None; the first call of partial_fit needs all labels that will ever come."
    )
    classifier = Classifier(**QUICK).partial_fit(X, WORDS, classes=["c", "a", "b"])
    with pytest.raises(ArgumentValueError) as caught:
        classifier.partial_fit(X, np.where(WORDS == "b", "z", WORDS))
    assert str(caught.value) == "`y` holds 'z' at [1]; it must be one of the classes, 'a', 'b', 'c'."
    with pytest.raises(ArgumentValueError) as caught:
        classifier.partial_fit(X, WORDS, classes=["a", "b"])
    assert str(caught.value) == "`classes` is 'a', 'b'; it must be 'a', 'b', 'c', as in the first call."


def test_a_label_that_training_never_saw_is_not_watched():
    with pytest.raises(ArgumentValueError) as caught:
        Classifier(**QUICK).fit(X, WORDS, validation_data=(X[:2], ["a", "z"]))
    assert str(caught.value) == "`validation_data` holds 'z' at [1]; it must be one of the classes, 'a', 'b', 'c'."


def test_settings_are_the_regressors():
    with pytest.raises(ArgumentTypeError, match="`loss` is no parameter of Classifier; it must be one of"):
        Classifier(loss="squared_error")
    with pytest.raises(ArgumentValueError, match="`alpha` is -1; it must be at least 0"):
        Classifier(**QUICK, alpha=-1).fit(X, WORDS)
    with pytest.raises(ArgumentValueError, match="for the evidence chooses it"):
        Classifier(**QUICK, alpha=0.1, solver="lm-bayesian").fit(X, WORDS)


def test_a_regressor_sends_classes_to_the_classifier():
    with pytest.raises(ArgumentValueError) as caught:
        Regressor(loss="cross_entropy").fit(X, X[:, 0] > 0)
    assert str(caught.value) == (
        "`loss` is the cross-entropy, which is for classes; fitnet.Classifier takes their labels."
    )
    with pytest.raises(ArgumentTypeError, match="`alpha` is 'auto'"):
        Regressor(alpha="auto").fit(X, X[:, 0])


@pytest.mark.parametrize(
    ("y", "held"), [(CODES % 2, "0, 1"), (np.where(CODES == 2, 3, CODES), "0, 1, 3"), (CODES % 4 + 1, "1, 2, 3")]
)
def test_a_warm_start_needs_the_same_classes(y, held):
    classifier = Classifier(**QUICK, warm_start=True).fit(X, CODES)
    sentence = (
        f"`y` holds the classes {held}; with warm_start=True they must be those of the fit before, 0, 1, 2. "
        "partial_fit takes rows of some of them."
    )
    with pytest.raises(ArgumentValueError) as caught:
        classifier.fit(X, y)
    assert (str(caught.value), caught.value.argument) == (sentence, "y")
