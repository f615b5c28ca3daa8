"""fitnet report, and fit --report: where the file goes, what is said, and bad input in one sentence."""

import json
import os

import pytest

from fitnet.engine import ENGINES

SAID = "Report:   {}, one file that any browser opens\n"


def test_report_goes_beside_the_model(fitnet, waves_model):
    code, out, err = fitnet("report", "waves.fitnet", "waves.csv")
    assert (code, out, err) == (0, SAID.format("waves.html"), "")
    html = (waves_model.parent / "waves.html").read_text(encoding="utf-8")
    assert "rows that were kept out of training" in html
    assert "fitnet.load(&#39;waves.fitnet&#39;)" in html
    assert "fitnet fit waves.csv --target y --features a,b --hidden 4 --epochs 3" in html


def test_report_goes_where_it_is_told(fitnet, waves_model):
    (waves_model.parent / "new.csv").write_text("y,b,a\n1.7,1,0.5\n9,6,3.5\n2,0,2.2\n")
    code, out, err = fitnet("report", "waves.fitnet", "new.csv", "-o", "out.html", "--title", "Waves <2>")
    assert (code, out, err) == (0, SAID.format("out.html"), "")
    html = (waves_model.parent / "out.html").read_text(encoding="utf-8")
    assert "<title>Waves &lt;2&gt;</title>" in html
    assert "rows of a table that the model was not trained on" in html


def test_fit_writes_a_report_too(fitnet, waves):
    options = ("--target", "y", "--features", "a,b", "--hidden", "4", "--epochs", "3")
    code, out, err = fitnet("fit", "waves.csv", *options, "--report")
    assert (code, err) == (0, "")
    assert SAID.format("waves.html") in out
    first = (waves / "waves.html").read_text(encoding="utf-8")
    assert 'id="training"' in first
    assert "--report" not in first  # it does not shape the model, so it is no part of the command that makes it again
    code, out, _ = fitnet("fit", "waves.csv", *options, "--report", "b.html", "--json")
    assert (code, json.loads(out)["model"]) == (0, "waves.fitnet")
    assert (waves / "b.html").read_text(encoding="utf-8") == first


@pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")
def test_fit_of_an_ensemble_without_rows_kept_out_reports_out_of_fold(fitnet, waves):
    options = ("--target", "y", "--features", "a,b", "--effort", "fast", "--test-fraction", "0")
    code, _, err = fitnet("fit", "waves.csv", *options, "--report")
    assert (code, err) == (0, "")
    assert "each predicted by networks that did not see it" in (waves / "waves.html").read_text(encoding="utf-8")


def test_rows_left_out_are_said(fitnet, waves_model):
    (waves_model.parent / "gaps.csv").write_text("y,b,a\n1.7,1,0.5\n9,6,\n,0,2.2\n2,0,2.2\n")
    code, out, err = fitnet("report", "waves.fitnet", "gaps.csv", "--missing", "drop")
    assert (code, out, err) == (0, SAID.format("waves.html"), "fitnet: 2 rows left out: missing values.\n")
    assert "2 rows with missing values are left out" in (waves_model.parent / "waves.html").read_text(encoding="utf-8")


BAD = {
    "no target": ("b,a\n1,0.5\n", (), "'y'"),
    "no rows": ("y,b,a\n", (), "no rows"),
    "target with a gap": ("y,b,a\n1,2,3\n,1,0.5\n", (), "--missing drop"),
    "names that are equal once trimmed": ("y,b,a, a\n1,2,3,4\n", (), "a"),
    "another ending": ("y,b,a\n1,2,3\n", ("-o", "report.pdf"), "a report's name must end in .html"),
    "a folder": ("y,b,a\n1,2,3\n", ("-o", "folder.html"), "a folder; it must be a file"),
    "no such folder": ("y,b,a\n1,2,3\n", ("-o", "gone/a.html"), "gone/a.html"),
    "the table itself": ("y,b,a\n1,2,3\n", ("-o", "new.html"), "they must differ"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_sentence(fitnet, waves_model, name):
    text, options, said = BAD[name]
    folder = waves_model.parent
    (folder / "folder.html").mkdir()
    table = "new.html" if name == "the table itself" else "new.csv"
    (folder / table).write_text(text)
    code, out, err = fitnet("report", "waves.fitnet", table, *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("fitnet: ") and said in err
    assert not (folder / "waves.html").exists()


def test_a_report_that_would_be_the_table_is_refused_before_the_fit(fitnet, waves):
    code, out, err = fitnet("fit", "waves.csv", "--target", "y", "--hidden", "4", "--report", "waves.csv")
    assert (code, out) == (2, "")
    assert err == "fitnet: `--report` is 'waves.csv'; a report's name must end in .html.\n"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="anybody may write anywhere as root")
def test_a_folder_that_cannot_be_written(fitnet, waves_model):
    folder = waves_model.parent / "closed"
    folder.mkdir(mode=0o500)
    code, out, err = fitnet("report", "waves.fitnet", "waves.csv", "-o", folder / "a.html")
    assert (code, out) == (2, "")
    assert err == f"fitnet: {folder / 'a.html'}: Permission denied.\n"
