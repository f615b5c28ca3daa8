"""Class scores: sets of classes from a loaded ensemble, what its file holds of them, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from equal_or_refused import refusal
from forged_files import forge, stored

from fitnet import Ensemble, Model, Network, load
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.uncertainty.class_sets import class_sets

LABELS = ("apple", "pear", "quince")
SCORES = np.random.default_rng(5).uniform(0, 1, 40)
ROWS = np.random.default_rng(6).normal(size=(50, 2))
OUT_OF_ORDER = "is damaged: its scores of classes are no ascending probabilities."


def members(classes=LABELS):
    network = Network.of_widths((2, 4, 3))
    drawn = [3 * network.initial_parameters(np.random.default_rng(seed)) for seed in range(2)]
    return [Model(network, parameters, classes=classes) for parameters in drawn]


def numbers():
    return [replace(each, classes=None, output_names=("a", "b", "c")) for each in members()]


@pytest.fixture
def whole(tmp_path):
    """What the file of an ensemble with scores holds."""
    Ensemble(members(), class_scores=SCORES).save(tmp_path / "whole.fitnet")
    return stored(tmp_path / "whole.fitnet")


@pytest.mark.parametrize("coverage", [0.3, 0.9])
@pytest.mark.parametrize("never_empty", [False, True])
def test_sets_are_those_of_the_definition_also_once_loaded(tmp_path, coverage, never_empty):
    ensemble = Ensemble(members(), class_scores=SCORES)
    ensemble.save(tmp_path / "m.fitnet")
    expected = class_sets(ensemble.predict(ROWS), SCORES, coverage, never_empty)
    assert 0 < expected.mean() < 1
    for each in (ensemble, load(tmp_path / "m.fitnet")):
        sets = each.predict_set(ROWS, coverage, never_empty=never_empty)
        assert sets.dtype == bool and np.array_equal(sets, expected)
    assert np.array_equal(load(tmp_path / "m.fitnet").class_scores, np.sort(SCORES))


def test_only_a_file_with_scores_is_of_version_9(tmp_path, whole):
    Ensemble(members()).save(tmp_path / "without.fitnet")
    without = stored(tmp_path / "without.fitnet")
    assert (whole.version, without.version) == (9, 8)
    assert whole.description == without.description
    assert whole.tensors.keys() - without.tensors.keys() == {"class_scores"}
    assert refusal(forge(tmp_path / "old.fitnet", whole, version=8)) == (
        "is damaged: it does not hold an ensemble's tensors."
    )


@pytest.mark.parametrize(
    ("scores", "sentence"),
    [
        (SCORES[np.newaxis], "does not fit its layers"),
        (np.sort(SCORES).astype("float32"), "does not fit its layers"),
        (np.sort(SCORES) * np.nan, "holds numbers that are not finite"),
        (np.sort(SCORES)[::-1].copy(), OUT_OF_ORDER),
        (np.sort(SCORES) - 0.5, OUT_OF_ORDER),
        (np.sort(SCORES) + 0.5, OUT_OF_ORDER),
        (np.empty(0), OUT_OF_ORDER),
    ],
)
def test_scores_that_do_not_fit_are_refused(tmp_path, whole, scores, sentence):
    assert sentence in refusal(forge(tmp_path / "forged.fitnet", whole, class_scores=scores))


def test_scores_of_numbers_are_refused(tmp_path):
    Ensemble(numbers()).save(tmp_path / "numbers.fitnet")
    path = forge(
        tmp_path / "forged.fitnet", stored(tmp_path / "numbers.fitnet"), version=9, class_scores=np.sort(SCORES)
    )
    assert refusal(path) == "is damaged: it holds scores of classes, and its outputs are numbers."


@pytest.mark.parametrize(
    ("scores", "kind", "sentence"),
    [
        ([[0.5]], ArgumentValueError, r"has shape \(1, 1\)"),
        ([], ArgumentValueError, r"has shape \(0,\)"),
        ([0.5, 1.5], ArgumentValueError, "holds 1.5; it must hold probabilities, from 0 to 1"),
        ([-0.5, 0.5], ArgumentValueError, "holds -0.5"),
        ([0.5, np.nan], ArgumentValueError, "finite"),
        (["a"], ArgumentTypeError, "class_scores"),
    ],
)
def test_given_scores_are_checked(scores, kind, sentence):
    with pytest.raises(kind, match=sentence) as error:
        Ensemble(members(), class_scores=scores)
    assert error.value.argument == "class_scores"


def test_without_scores_or_classes_there_are_no_sets():
    with pytest.raises(ArgumentValueError, match="`predict_set` needs what rows out of fold were told of their class"):
        Ensemble(members()).predict_set(ROWS)
    with pytest.raises(ArgumentValueError, match="`predict_set` asks for sets of classes, and the model predicts"):
        Ensemble(numbers()).predict_set(ROWS)
    with pytest.raises(ArgumentValueError, match="`class_scores` is given and the ensemble predicts numbers"):
        Ensemble(numbers(), class_scores=SCORES)
    with pytest.raises(ArgumentTypeError, match="`never_empty`"):
        Ensemble(members(), class_scores=SCORES).predict_set(ROWS, never_empty="no")
