"""Classes by the ensemble that chooses itself, in the shell: as AutoClassifier fits it, from fit to export."""

import json

import numpy as np
import pytest
from irises import FIT, IRIS, SPECIES, X, write
from sklearn.metrics import log_loss

from fitnet import AutoClassifier, Ensemble, Model, load
from fitnet.algorithm.classes import targets_of
from fitnet.engine import ENGINES
from fitnet.fitting.ensemble_progress import EnsembleProgress
from fitnet.fitting.splits import kept_apart_by_class
from fitnet.uncertainty.class_sets import class_sets
from tolerances import FLOAT64_RTOL

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")


def training_rows():
    """Which rows the shell trains on, and a generator as it is then."""
    generator = np.random.default_rng(0)
    training, kept_out = kept_apart_by_class(targets_of(IRIS.target.astype(float), 3), 0.2, generator)
    return training, kept_out, generator


@pytest.mark.parametrize("weight", [None, "balanced", {"virginica": 5.0, "setosa": 0.5}], ids=str)
def test_it_is_what_auto_classifier_fits(fitnet, irises, weight):
    typed = {None: "none", "balanced": "balanced"}.get(weight if not isinstance(weight, dict) else 0)
    answer = fitnet(*FIT, "--json", "--class-weight", typed or "virginica=5,setosa=0.5")
    assert (answer.code, answer.err) == (0, "")
    training, kept_out, generator = training_rows()
    auto = AutoClassifier("fast", class_weight=weight, random_state=generator).fit(X[training], SPECIES[training])
    model, facts = load("iris.fitnet"), json.loads(answer.out)
    assert np.array_equal(model.predict(X), auto.predict_proba(X))
    assert np.array_equal(model.predict_set(X, 0.8), auto.predict_set(X, 0.8))
    assert (model.classes, facts["class_weight"]) == (("setosa", "versicolor", "virginica"), weight)
    assert (facts["temperature"], facts["members"]) == (auto.temperature_, len(auto.model_.members))
    assert [line["error"] for line in facts["leaderboard"]] == [line.error for line in auto.leaderboard_]
    expected = log_loss(SPECIES[kept_out], auto.predict_proba(X[kept_out]))
    assert facts["evaluation"]["network"]["log_loss"] == pytest.approx(expected, rel=FLOAT64_RTOL)


def test_out_of_fold_is_told(fitnet, irises):
    facts = json.loads(fitnet(*FIT, "--json").out)
    training, _, generator = training_rows()
    auto = AutoClassifier("fast", random_state=generator).fit(X[training], SPECIES[training])
    codes, told = IRIS.target[training], facts["out_of_fold"]
    assert told["rows"] == len(training)
    assert told["evaluation"]["ensemble"]["log_loss"] == log_loss(codes, auto.oof_probability_)
    others = np.array([np.bincount(codes[auto.folds_ != k], minlength=3) for k in auto.folds_])
    shares = others / others.sum(axis=1, keepdims=True)
    assert told["evaluation"]["majority class"]["log_loss"] == pytest.approx(log_loss(codes, shares), rel=FLOAT64_RTOL)
    seen, held = auto.oof_probability_[np.arange(len(codes)), codes], []
    for k in range(3):
        unseen = auto.folds_ == k
        sets = class_sets(auto.oof_probability_[unseen], seen[~unseen], 0.9)
        held.extend(sets[np.arange(unseen.sum()), codes[unseen]])
    assert told["sets"]["held"] == np.mean(held)


def test_it_is_fitted_unless_something_else_is_asked_for(fitnet, irises):
    answer = fitnet("fit", "iris.csv", "--target", "species")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("Recipes, standard effort, 3 folds")
    for said in (
        "log loss out of fold",
        "Classes:  3: setosa, versicolor, virginica\n",
        "│ ensemble  ",
        "Sets of classes:",
    ):
        assert said in answer.out
    assert "e-1" not in answer.out  # what rounding leaves of the majority class's calibration error
    assert "\nModel:    iris.fitnet\n" in answer.out
    assert isinstance(load("iris.fitnet"), Ensemble)
    assert fitnet("fit", "iris.csv", "--target", "species", "--hidden", "4", "--epochs", "3").code == 0
    assert isinstance(load("iris.fitnet"), Model)


def test_to_few_rows_one_network_is_fitted_and_it_says_so(fitnet, irises):
    write(SPECIES, slice(46, 57))
    answer = fitnet("fit", "iris.csv", "--target", "species")
    assert (answer.code, answer.err) == (
        0,
        "fitnet: 9 rows for training are too few for an ensemble; fitting one network.\n",
    )
    refused = fitnet(*FIT)
    assert refused.code == 2 and "there are 9 rows for training; there must be at least 10" in refused.err


def test_all_commands_take_its_file(fitnet, iris_model):
    model = iris_model
    assert fitnet("verify", "iris.fitnet").code == 0
    facts = json.loads(fitnet("evaluate", "iris.fitnet", "iris.csv", "--json").out)
    assert facts["trained_on"] and facts["baselines_from"] == "training rows"
    assert facts["evaluation"]["network"]["accuracy"] == np.mean(model.predict(X).argmax(axis=1) == IRIS.target)
    text = fitnet("inspect", "iris.fitnet").out
    for said in (
        "Members",
        "Classes       3: setosa, versicolor, virginica\n",
        "On rows kept out of training",
        "Leaderb",
        "│ ensemble ",
    ):
        assert said in text
    assert "baselines" not in text and "Targets" not in text
    assert json.loads(fitnet("inspect", "iris.fitnet", "--json").out)["classes"] == list(IRIS.target_names)
    assert fitnet("export", "iris.fitnet", "--out", "iris.py").code == 0
    assert "0.1.0" in model.provenance["fitnet"] and model.provenance["target"] == "species"


def test_ctrl_c_keeps_the_folds_that_are_whole(fitnet, irises, monkeypatch):
    def show(progress, cross_fit, name, left):
        if len(cross_fit.members[name]) > 2:  # the first network of the third fold
            raise KeyboardInterrupt

    monkeypatch.setattr(EnsembleProgress, "show", show)
    answer = fitnet(*FIT)
    assert answer.code == 130
    assert answer.err == "fitnet: Interrupted: the ensemble is made of the networks of 2 of 3 folds.\n"
    assert "(interrupted)" in answer.out
    assert load("iris.fitnet").provenance["stopped"] == "interrupted"
    assert fitnet("predict", "iris.fitnet", "iris.csv", "--set", "0.8").code == 0


def test_a_checkpoint_is_gone_on_from(fitnet, irises):
    assert fitnet(*FIT, "--threads", 1).code == 0
    whole = (irises / "iris.fitnet").read_bytes()
    kept = (*FIT, "--checkpoint", "kept", "--resume")
    assert fitnet(*kept).code == 0
    sorted((irises / "kept").iterdir())[-1].unlink()
    assert fitnet(*kept).code == 0
    assert (irises / "iris.fitnet").read_bytes() == whole
    refused = fitnet(*kept, "--seed", 1)
    assert (refused.code, "begun with other rows or another seed" in refused.err) == (2, True)
    assert fitnet(*kept, "--class-weight", "balanced").code == 2


def test_words_and_gaps_are_taken(fitnet, irises):
    lines = (irises / "iris.csv").read_text().splitlines()
    kinds = ["kind", *(["a", "b", ""] * 50)]
    lines[3] = lines[3].replace("3.2", "")
    (irises / "iris.csv").write_text(
        "\n".join(f"{kind},{line}" for line, kind in zip(lines, kinds, strict=True)) + "\n"
    )
    refused = fitnet(*FIT)
    assert refused.code == 2 and "--missing impute fills gaps" in refused.err
    assert fitnet(*FIT, "--missing", "impute").code == 0
    assert load("iris.fitnet").categories.names[0] == "kind"
    assert json.loads(fitnet("evaluate", "iris.fitnet", "iris.csv", "--json").out)["rows"] == 150
