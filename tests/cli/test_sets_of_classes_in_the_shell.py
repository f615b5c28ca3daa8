"""Sets of classes and weights of classes in the shell: columns of labels, and what is refused in one sentence."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from irises import FIT, IRIS, NAMES, SPECIES, X, write

from fitnet import load
from fitnet.engine import ENGINES
from fitnet.tables import predict_table

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")


def test_sets_are_in_a_column_of_labels(fitnet, iris_model):
    model = iris_model
    for more, sets in (
        ((), model.predict_set(X, 0.8)),
        (("--never-empty",), model.predict_set(X, 0.8, never_empty=True)),
    ):
        expected = ["|".join(np.array(model.classes)[each]) for each in sets]
        for file, read in (("p.csv", pl.read_csv), ("p.parquet", pl.read_parquet)):
            assert fitnet("predict", "iris.fitnet", "iris.csv", "--set", "0.8", "--out", file, *more).code == 0
            frame = read(file)
            assert frame.columns == ["species", "species_set", "p(setosa)", "p(versicolor)", "p(virginica)"]
            assert frame["species_set"].fill_null("").to_list() == expected
        told = json.loads(fitnet("predict", "iris.fitnet", "iris.csv", "--set", "0.8", "--json", *more).out)
        assert told["predictions"]["species_set"] == [np.array(model.classes)[each].tolist() for each in sets]


def test_rows_outside_have_no_set_where_that_is_asked_for(fitnet, iris_model):
    Path("far.csv").write_text(",".join(NAMES) + "\n5,3,1.5,0.2\n500,3,1.5,0.2\n")
    options = ("--set", "0.9", "--never-empty", "--outside", "nan", "--json")
    told = json.loads(fitnet("predict", "iris.fitnet", "far.csv", *options).out)["predictions"]
    assert told["species_set"] == [["setosa"], None]


@pytest.mark.parametrize(("labels", "written"), [(IRIS.target > 0, ("false", "true")), (IRIS.target, ("0", "1", "2"))])
def test_sets_of_other_labels_are_written_as_the_labels_are(fitnet, irises, labels, written):
    write(labels.astype(str))
    assert fitnet(*FIT, "--task", "classification").code == 0
    model = load("iris.fitnet")
    found = predict_table(model, "iris.csv", set_coverage=0.95)
    sets = model.predict_set(X, 0.95)
    assert found.columns["species_set"].tolist() == ["|".join(np.array(written)[each]) for each in sets]
    assert found.as_lists()["species_set"] == [np.array(model.classes)[each].tolist() for each in sets]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--set", "0.999"), "`--set` is 0.999; 120 rows out of fold tell of 0.991736 at most."),
        (("--set", "90"), "`--set` is 90; it must be above 0 and below 1 (did you mean 0.9?)."),
        (("--never-empty",), "`--never-empty` is given without `--set`, whose sets it is of; it must be left out."),
        (("--interval", "0.9"), "`--interval` asks for error bars of numbers, and the model predicts classes, whose"),
    ],
)
def test_sets_that_cannot_be_are_refused(fitnet, iris_model, options, sentence):
    answer = fitnet("predict", "iris.fitnet", "iris.csv", *options)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert answer.err.startswith(f"fitnet: {sentence}")


def test_a_label_with_the_separator_is_refused(fitnet, irises):
    write(np.where(IRIS.target == 0, "a|b", SPECIES))
    assert fitnet(*FIT).code == 0
    assert fitnet("predict", "iris.fitnet", "iris.csv").code == 0
    assert fitnet("predict", "iris.fitnet", "iris.csv", "--set", "0.9").err == (
        "fitnet: `--set` joins labels by '|', and there is one in the label 'a|b'; leave it out.\n"
    )


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (
            "species",
            "`--set` needs what rows out of fold were told of their class, and this model keeps none of it",
        ),
        (
            "petal",
            "`--set` asks for sets of classes, and the model predicts numbers, whose intervals say as much;",
        ),
    ],
)
def test_a_model_without_sets_refuses(fitnet, irises, target, said):
    assert fitnet("fit", "iris.csv", "--target", target, "--hidden", "3", "--epochs", "2").code == 0
    answer = fitnet("predict", "iris.fitnet", "iris.csv", "--set", "0.9")
    assert (answer.code, answer.out) == (2, "") and answer.err.startswith(f"fitnet: {said}")


PAIRS = "it must be none, balanced, or labels, each once, with their weights, such as rare=5,other=0.5."


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ("balance", f"`--class-weight` is 'balance'; {PAIRS}"),
        ("virginica=lots", f"`--class-weight` is 'virginica=lots'; {PAIRS}"),
        ("setosa=1,setosa=2", f"`--class-weight` is 'setosa=1,setosa=2'; {PAIRS}"),
        ("=2", f"`--class-weight` is '=2'; {PAIRS}"),
        ("", f"`--class-weight` is ''; {PAIRS}"),
        (
            "rose=2",
            "`--class-weight` has a weight for 'rose'; it must be one of the classes, 'setosa', 'versicolor'",
        ),
        ("setosa=0", "`--class-weight` is 0; it must be above 0."),
        ("setosa=nan", "`--class-weight` is nan; it must be"),
    ],
)
def test_weights_that_cannot_be_are_refused(fitnet, irises, weights, sentence):
    answer = fitnet(*FIT, "--class-weight", weights)
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert answer.err.startswith(f"fitnet: {sentence}")


def test_weights_are_of_classes_alone_and_are_told(fitnet, irises):
    refused = fitnet("fit", "iris.csv", "--target", "petal", "--class-weight", "balanced")
    assert (refused.code, refused.err) == (
        2,
        "fitnet: `--class-weight` is given and column 'petal' is to be predicted as numbers; it must be left out, or "
        "`--task` must be classification.\n",
    )
    told = fitnet(*FIT, "--class-weight", "balanced")
    assert "Classes were weighted in training" in told.out and "Nothing clearly" not in told.out
    assert "--class-weight balanced" in load("iris.fitnet").provenance["command"]
    assert "Classes were weighted in training" in fitnet("evaluate", "iris.fitnet", "iris.csv").out


def test_weights_of_whole_numbers_and_truths_find_their_labels(fitnet, irises):
    for labels, weights, kept in (
        (IRIS.target, "2=3", "{2: 3.0}"),
        (IRIS.target > 0, "true=3,false=2", "{True: 3.0, False: 2.0}"),
    ):
        write(labels.astype(str))
        options = ("--task", "classification", "--hidden", "3", "--epochs", "2", "--class-weight", weights)
        assert fitnet("fit", "iris.csv", "--target", "species", *options).code == 0
        assert load("iris.fitnet").provenance["settings"]["class_weight"] == kept
