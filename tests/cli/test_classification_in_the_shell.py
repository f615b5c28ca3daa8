"""Classes in the shell: from fitting to inspecting, on the irises and on tables with something wrong."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from fitnet import Classifier, load
from fitnet.algorithm.classes import targets_of
from fitnet.fitting.splits import kept_apart_by_class
from tolerances import CLASS_PROBABILITY_ATOL

IRIS = load_iris()
SPECIES = IRIS.target_names[IRIS.target]
NAMES = ("sepal", "sepal_width", "petal", "petal_width")
FIT = ("fit", "iris.csv", "--target", "species", "--hidden", "8", "--epochs", "60", "--alpha", "0.003")
TOLD = pytest.mark.filterwarnings("always::fitnet.errors.TableWarning")


@pytest.fixture
def iris(tmp_path, monkeypatch):
    """The irises as a table in this folder, the column of words in the middle."""
    monkeypatch.chdir(tmp_path)
    write(SPECIES)
    return tmp_path


def write(labels, name="iris.csv", more=""):
    lines = [f"{a},{b},{label},{c},{d}" for (a, b, c, d), label in zip(IRIS.data, labels, strict=True)]
    text = "sepal,sepal_width,species,petal,petal_width\n" + "\n".join(lines) + "\n" + more
    Path(name).write_text(text)


def test_words_are_fitted_as_classifier_fits_them(fitnet, iris):
    answer = fitnet(*FIT, "--json")
    assert (answer.code, answer.err) == (0, "")
    facts, model = json.loads(answer.out), load("iris.fitnet")
    training, kept_out = kept_apart_by_class(targets_of(IRIS.target.astype(float), 3), 0.2, np.random.default_rng(0))
    assert (facts["training_rows"], facts["kept_out_rows"]) == (120, 30)
    assert np.bincount(IRIS.target[kept_out]).tolist() == [10, 10, 10]
    settings = {"hidden_layer_sizes": (8,), "max_epochs": 60, "alpha": 0.003, "random_state": 0}
    classifier = Classifier(**settings).fit(IRIS.data[training], SPECIES[training])
    np.testing.assert_array_equal(model.parameters, classifier.model_.parameters)
    assert model.classes == ("setosa", "versicolor", "virginica")

    theirs = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    theirs.fit(IRIS.data[training], SPECIES[training])
    X, truth, judged = IRIS.data[kept_out], SPECIES[kept_out], facts["evaluation"]
    assert judged["network"]["log_loss"] == log_loss(truth, model.predict(X))
    assert judged["majority class"]["accuracy"] == pytest.approx(1 / 3)
    logistic = judged["logistic regression"]
    assert logistic["accuracy"] == theirs.score(X, truth)
    assert logistic["log_loss"] == pytest.approx(log_loss(truth, theirs.predict_proba(X)), abs=CLASS_PROBABILITY_ATOL)


def test_fit_says_what_it_did_and_what_is_not_beaten(fitnet, iris):
    answer = fitnet(*FIT)
    assert answer.out.startswith("Classes:  3: setosa, versicolor, virginica\n")
    assert "species on the 30 rows kept out" in answer.out
    assert "Nothing clearly beats logistic regression for species: these rows may show no more than" in answer.out
    assert "\nModel:    iris.fitnet\n" in answer.out


def test_predict_gives_labels_and_probabilities(fitnet, iris):
    fitnet(*FIT)
    model = load("iris.fitnet")
    assert fitnet("predict", "iris.fitnet", "iris.csv", "--out", "p.csv").code == 0
    frame = pl.read_csv("p.csv")
    assert frame.columns == ["species", "p(setosa)", "p(versicolor)", "p(virginica)"]
    probabilities = model.predict(IRIS.data)
    np.testing.assert_array_equal(frame.to_numpy()[:, 1:].astype(float), probabilities)
    assert frame["species"].to_list() == [model.classes[k] for k in probabilities.argmax(axis=1)]


def test_rows_outside_have_no_label_where_that_is_asked_for(fitnet, iris):
    fitnet(*FIT)
    (iris / "far.csv").write_text("sepal,sepal_width,petal,petal_width\n5,3,1.5,0.2\n50,3,1.5,0.2\n")
    told = json.loads(fitnet("predict", "iris.fitnet", "far.csv", "--outside", "nan", "--json").out)["predictions"]
    assert told["species"] == ["setosa", None]
    assert told["p(setosa)"][1] is None
    assert fitnet("predict", "iris.fitnet", "far.csv", "--outside", "nan").out.splitlines()[2].startswith('"",NaN,')


def test_evaluate_judges_the_table(fitnet, iris):
    fitnet(*FIT)
    facts = json.loads(fitnet("evaluate", "iris.fitnet", "iris.csv", "--json").out)
    predicted = load("iris.fitnet").predict(IRIS.data)
    assert facts["trained_on"] and facts["baselines_from"] == "training rows"
    assert facts["evaluation"]["network"]["accuracy"] == accuracy_score(IRIS.target, predicted.argmax(axis=1))
    assert facts["confusion"] == confusion_matrix(IRIS.target, predicted.argmax(axis=1)).tolist()
    text = fitnet("evaluate", "iris.fitnet", "iris.csv").out
    assert text.startswith("species on 150 rows of iris.csv")
    assert f"{facts['evaluation']['network']['brier']:.4g}" in text
    assert "Majority class and logistic regression are those of the model's training rows.\n" in text


def test_inspect_and_verify_know_classes(fitnet, iris):
    fitnet(*FIT)
    text = fitnet("inspect", "iris.fitnet").out
    assert "Classes       3: setosa, versicolor, virginica\n" in text
    assert "On rows kept out of training" in text and "majority class" in text
    assert "baselines" not in text
    assert json.loads(fitnet("inspect", "iris.fitnet", "--json").out)["classes"] == list(IRIS.target_names)
    assert fitnet("verify", "iris.fitnet").code == 0


@pytest.mark.parametrize(
    ("labels", "classes"),
    [(IRIS.target, (0, 1, 2)), (IRIS.target > 0, (False, True)), (np.char.add("k ", IRIS.target.astype(str)), None)],
)
def test_labels_keep_their_type(fitnet, iris, labels, classes):
    write([str(label) for label in labels.tolist()])
    answer = fitnet(*FIT, "--task", "classification")
    assert (answer.code, answer.err) == (0, "")
    model = load("iris.fitnet")
    assert model.classes == (classes or ("k 0", "k 1", "k 2"))
    assert fitnet("evaluate", "iris.fitnet", "iris.csv").code == 0
    first = fitnet("predict", "iris.fitnet", "iris.csv").out.splitlines()[1].split(",")[0]
    assert first == str(labels.tolist()[0]).lower()


@TOLD
def test_few_whole_numbers_are_numbers_of_which_a_notice_tells(fitnet, iris):
    write(IRIS.target)
    answer = fitnet(*FIT)
    assert answer.err.startswith(
        "fitnet: iris.csv has 3 different whole numbers in column 'species', which are fitted as "
    )
    assert load("iris.fitnet").classes is None
    assert fitnet(*FIT, "--task", "regression").err == ""


def test_missing_values_words_and_labels_together(fitnet, iris):
    lines = (iris / "iris.csv").read_text().splitlines()
    lines[1] = lines[1].replace("setosa", "")
    lines[2] = lines[2].replace("3.0", "")
    kinds = ["kind", *(["a", "b"] * 75)]
    (iris / "iris.csv").write_text("\n".join(f"{line},{kind}" for line, kind in zip(lines, kinds, strict=True)) + "\n")
    facts = json.loads(fitnet(*FIT, "--missing", "impute", "--json").out)
    assert (facts["rows"], facts["rows_left_out"]) == (149, 1)
    assert load("iris.fitnet").categories.names[-1] == "kind"
    assert json.loads(fitnet("evaluate", "iris.fitnet", "iris.csv", "--json").out)["trained_on"]


def test_a_model_of_python_is_told_its_column(fitnet, iris):
    Classifier((4,), max_epochs=5, random_state=0).fit(pl.DataFrame(IRIS.data, schema=NAMES), SPECIES).model_.save(
        "m.fitnet"
    )
    refused = fitnet("evaluate", "m.fitnet", "iris.csv")
    assert refused.code == 2 and refused.err.startswith("fitnet: `--target` must name the column of labels")
    assert "were fitted to this table" in fitnet("evaluate", "m.fitnet", "iris.csv", "--target", "species").out
    assert fitnet("predict", "m.fitnet", "iris.csv").out.startswith("class,p(setosa)")


REFUSED = [
    ("a,y\n1,red\n2,red\n3,red\n", (), "t.csv holds one class, 'red', in column 'y'; there must be two or more"),
    (
        "a,y\n1,red\n2,\n3,blue\n",
        (),
        "t.csv has no label in 1 row of column 'y', the first of them line 3; --missing dr",
    ),
    (
        "a,y\n1,1.5\n2,2.5\n3,1.5\n",
        ("--task", "classification"),
        "t.csv has 2 different numbers in column 'y', such as",
    ),
    (
        "a,y\n1,red\n2,blue\n",
        ("--task", "regression"),
        "t.csv has words, such as 'red' in line 2, in column 'y', which",
    ),
    (
        "a,y\n1,red\n2,blue\n3,1\n",
        ("--task", "classification"),
        "t.csv has '1' in column 'y', line 4, which is a number",
    ),
    ("a,y\n1,r\n2,b\n3,g\n", (), "t.csv holds 3 different labels in the 3 rows of column 'y'; there must be at most"),
    ("a,y\n1,red\n2,blue\n", ("--task", "both"), "`--task` is 'both'; it must be one of auto, regression, classificat"),
    ("a,b,y\n1,1,r\n2,2,b\n", ("--target", "b"), "t.csv has words, such as 'r' in line 2, in column 'y', which is to"),
    (
        "a,b,y\n1,1,r\n",
        ("--target", "b", "--task", "classification"),
        "`--target` holds 2 columns and `--task` is 'cla",
    ),
    ("a,y\n1,red\n2,blue\n", ("--loss", "huber"), "`--loss` is given and column 'y' is to be predicted as classes; it"),
    (
        "a,y\n1,red\n2,blue\n",
        ("--target-transform", "log"),
        "`--target-transform` is given and column 'y' is to be pre",
    ),
    ("a,y\n1,red\n2,blue\n", ("--smooth",), "`--smooth` is given and column 'y' is to be predicted as classes;"),
    ("a,y\n1,red\n2,blue\n", ("--error-bars", "yes"), "`--error-bars` is given and column 'y' is to be predicted as c"),
]


@pytest.mark.parametrize(("text", "options", "sentence"), REFUSED)
def test_refused_in_one_sentence(fitnet, iris, text, options, sentence):
    (iris / "t.csv").write_text(text)
    answer = fitnet("fit", "t.csv", "--target", "y", *options)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"fitnet: {sentence}")
    assert answer.err.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (
            ("evaluate",),
            "new.csv has 'rose' in column 'species', line 152, which is none of the classes that the model",
        ),
        (("evaluate", "--target", "petals"), "new.csv has no column 'petals' (did you mean 'petal'?)"),
        (
            ("predict", "--std"),
            "`--std` asks for error bars of numbers, and the model predicts classes, whose probabilit",
        ),
        (
            ("report",),
            "new.csv has 'rose' in column 'species', line 152, which is none of the classes that the model",
        ),
        (("report", "--target", "petals"), "new.csv has no column 'petals' (did you mean 'petal'?)"),
    ],
)
def test_a_model_of_classes_refuses(fitnet, iris, command, sentence):
    fitnet(*FIT)
    write(SPECIES, "new.csv", "5,3,rose,2,1\n")
    answer = fitnet(command[0], "iris.fitnet", "new.csv", *command[1:])
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"fitnet: {sentence}")
