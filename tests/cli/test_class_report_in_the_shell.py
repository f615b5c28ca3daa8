"""fitnet report of classes: the rows that `fitnet fit` kept out, labels of a table, and bad input in one sentence."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_iris

from fitnet import Classifier
from fitnet.cli.mistakes import as_typed

IRIS = load_iris()
SPECIES = IRIS.target_names[IRIS.target]
FIT = ("fit", "iris.csv", "--target", "species", "--hidden", "8", "--epochs", "60", "--alpha", "0.003")
SAID = "Report:   {}, one file that any browser opens\n"


@pytest.fixture
def iris(tmp_path, monkeypatch):
    """The irises as a table in this folder."""
    monkeypatch.chdir(tmp_path)
    write("iris.csv", SPECIES)
    return tmp_path


def write(name, labels, rows=IRIS.data):
    lines = [",".join(map(str, (*row, label))) for row, label in zip(rows, labels, strict=True)]
    Path(name).write_text("a,b,c,d,species\n" + "\n".join(lines) + "\n")


def facts_in(path):
    """What the page at that path was drawn from."""
    text = re.search(r'id="payload">(.*?)</script>', Path(path).read_text(encoding="utf-8"), re.S)
    return json.loads(text[1])["facts"]


def test_the_rows_kept_out_judge_the_model_as_fit_judged_it(fitnet, iris):
    fitted = json.loads(fitnet(*FIT, "--json").out)
    assert fitnet("report", "iris.fitnet", "iris.csv") == (0, SAID.format("iris.html"), "")
    facts = facts_in("iris.html")
    assert (facts["rows"]["judged_by"], facts["rows"]["n"], facts["rows"]["training"]) == ("kept out", 30, 120)
    for by, measures in fitted["evaluation"].items():
        assert facts["scores"][by] == measures
    assert facts["rows"]["baselines_from"] == "training rows"
    assert facts["targets"][0]["name"] == "species"
    assert "<title>species from a, b, c, d</title>" in Path("iris.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("options", [("--hidden", "8", "--epochs", "60", "--alpha", "0.003"), ("--effort", "fast")])
def test_fit_writes_the_report_that_report_would(fitnet, irises, options):
    answer = fitnet("fit", "iris.csv", "--target", "species", *options, "--report", "--json")
    assert answer.code == 0
    facts = facts_in("iris.html")
    assert (facts["rows"]["judged_by"], facts["rows"]["n"]) == ("kept out", 30)
    for by, measures in json.loads(answer.out)["evaluation"].items():
        assert facts["scores"][by] == measures


def test_all_rows_are_judged_out_of_fold_where_none_was_kept_out(fitnet, irises):
    fit = ("fit", "iris.csv", "--target", "species", "--effort", "fast", "--test-fraction", "0")
    assert fitnet(*fit, "--report", "iris.html", "--json").code == 0
    rows = facts_in("iris.html")["rows"]
    assert (rows["judged_by"], rows["n"]) == ("out of fold", 150)


def test_a_model_made_in_python_needs_the_column_of_labels(fitnet, iris):
    Classifier((4,), max_epochs=20, random_state=0).fit(IRIS.data[:, :4], SPECIES).model_.save("m.fitnet")
    names = "x1,x2,x3,x4,species"
    Path("new.csv").write_text(Path("iris.csv").read_text().replace("a,b,c,d,species", names))
    answer = fitnet("report", "m.fitnet", "new.csv")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("fitnet: `--target` must name the column of labels")
    assert fitnet("report", "m.fitnet", "new.csv", "--target", "species", "-o", "r.html").code == 0
    assert facts_in("r.html")["rows"]["judged_by"] == "seen"


def test_rows_without_a_label_are_left_out_where_that_is_asked_for(fitnet, iris):
    fitnet(*FIT)
    labels = np.where(np.arange(20) % 10 == 0, "", SPECIES[40:60])
    write("gaps.csv", labels, IRIS.data[40:60] + 0.01)
    assert "line 2" in fitnet("report", "iris.fitnet", "gaps.csv", "-o", "r.html").err
    answer = fitnet("report", "iris.fitnet", "gaps.csv", "-o", "r.html", "--missing", "drop")
    assert (answer.code, answer.err) == (0, "fitnet: 2 rows left out: missing values.\n")
    assert facts_in("r.html")["rows"] | {"n": 18, "left_out": 2, "judged_by": "new"} == facts_in("r.html")["rows"]


def test_a_target_is_refused_for_a_model_of_numbers(fitnet, waves_model):
    answer = fitnet("report", "waves.fitnet", "waves.csv", "--target", "y")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "fitnet: `--target` is 'y' and the model predicts numbers; it must be left out.\n"


def test_what_is_wrong_with_a_model_names_it_as_the_shell_does():
    assert as_typed("`model` predicts numbers.", ["model"], None) == "`MODEL` predicts numbers."
