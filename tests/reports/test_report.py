"""`fitnet.report`: what it takes and refuses, where the file goes, and that the same input gives the same bytes."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from small_reports import opened, rows_for, small_model, small_report

import fitnet
from fitnet import AutoRegressor, Regressor
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.loading import load

FILES = Path(__file__).parents[1] / "model" / "files"
OF_CLASSES = FILES / "version-8.fitnet"
OLD_FILES = sorted(set(FILES.glob("*.fitnet")) - {OF_CLASSES})


def test_report_of_a_model_is_written_and_shown(generator, tmp_path):
    model = small_model(generator)
    X, Y = rows_for(model, generator)
    report = fitnet.report(model, X, Y, path=tmp_path / "a.html", title="Wind & waves")
    assert (tmp_path / "a.html").read_text(encoding="utf-8") == report.html
    assert "<title>Wind &amp; waves</title>" in report.html
    assert report.facts["rows"]["n"] == len(X)
    assert report.verdict[0]["sentence"] in repr(report)
    assert report._repr_html_().startswith("<iframe")


def test_the_same_input_gives_the_same_bytes(generator, tmp_path):
    model = small_model(generator)
    X, Y = rows_for(model, generator)
    model.save(tmp_path / "a.fitnet")
    first = fitnet.report(model, X, Y).html
    assert fitnet.report(model, X, Y).html == first
    program = (
        "import sys, numpy, fitnet; rows = numpy.load(sys.argv[2]); "
        "fitnet.report(fitnet.load(sys.argv[1]), rows[:, :3], rows[:, 3:], path=sys.argv[3])"
    )
    np.save(tmp_path / "rows.npy", np.hstack([X, Y]))
    arguments = [str(tmp_path / name) for name in ("a.fitnet", "rows.npy", "b.html")]
    subprocess.run([sys.executable, "-c", program, *arguments], check=True, timeout=300)
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == first


def test_columns_of_a_frame_are_found_by_name(generator):
    model = small_model(generator, names=("speed", "angle", "chord"), targets=("SPL",))
    X, Y = rows_for(model, generator)
    frame = pl.DataFrame({"chord": X[:, 2], "speed": X[:, 0], "angle": X[:, 1]})
    by_name = fitnet.report(model, frame, pl.DataFrame({"SPL": Y[:, 0]}))
    assert by_name.html == fitnet.report(model, X, Y[:, 0]).html


def test_an_estimator_gives_its_history(page, generator, tmp_path):
    X = generator.normal(size=(80, 2))
    y = X[:, 0] - X[:, 1] ** 2
    estimator = Regressor((4,), max_epochs=20, early_stopping=True, random_state=0).fit(X[:60], y[:60])
    report = fitnet.report(estimator, X[60:], y[60:])
    assert report.facts["training"]["epoch"][-1] == estimator.n_epochs_
    assert report.facts["training"]["best_epoch"] == estimator.best_epoch_
    opened(page, report, tmp_path)
    assert page.locator("#training svg.drawing").count() >= 1


@pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")
def test_an_ensemble_is_judged_by_predictions_out_of_fold(page, generator, tmp_path):
    X = generator.normal(size=(90, 2))
    y = X[:, 0] - X[:, 1] ** 2 + generator.normal(scale=0.1, size=90)
    estimator = AutoRegressor(effort="fast", random_state=0).fit(X, y)
    report = fitnet.report(estimator, X, y)
    assert report.facts["rows"]["judged_by"] == "out of fold"
    error = np.sqrt(np.mean((estimator.oof_prediction_ - y) ** 2))
    found = report.facts["targets"][0]["errors"]["network"]["rmse"]
    assert found == pytest.approx(error, rel=1e-12)  # the same sum
    opened(page, report, tmp_path)
    assert "networks that did not see it" in page.locator("#errors").text_content()


def test_words_and_gaps(page, generator, tmp_path):
    kinds = generator.choice(["steel", "<b>copper</b>", "\N{GREEK SMALL LETTER ALPHA}-iron"], 80)
    heat = np.where(generator.random(80) < 0.1, np.nan, generator.normal(size=80))
    frame = pl.DataFrame({"kind": kinds, "heat": heat})
    frame = frame.with_columns(pl.col("heat").fill_nan(None), pl.col("kind").cast(pl.Categorical))
    y = np.where(kinds == "steel", 1.0, 2.0) + np.nan_to_num(heat)
    estimator = Regressor((4,), max_epochs=30, missing="impute", random_state=0).fit(frame, y)
    report = fitnet.report(estimator.model_, frame, y)
    opened(page, report, tmp_path)
    assert page.evaluate("document.querySelectorAll('main b').length") == 0
    assert "copper" in page.locator("#identity").text_content()


def test_one_row(page, generator, tmp_path):
    model = small_model(generator)
    X, Y = rows_for(model, generator, n=1)
    opened(page, fitnet.report(model, X, Y), tmp_path)
    assert page.locator("#worst tbody tr").count() == 1


def test_a_constant_target_and_a_constant_input(page, generator, tmp_path):
    model = small_model(generator)
    X, _ = rows_for(model, generator)
    X[:, 1] = 0.5
    opened(page, fitnet.report(model, X, np.full(len(X), 7.0)), tmp_path)
    assert page.locator("#parity svg.drawing").count() == 1


@pytest.mark.parametrize("path", OLD_FILES, ids=lambda path: path.stem)
def test_models_of_old_files_which_may_lack_ranges(page, generator, tmp_path, path):
    model = load(path)
    width = len(model.input_names) if model.imputation is None else model.imputation.given
    X = generator.normal(size=(30, width))
    opened(page, fitnet.report(model, X, model.predict(X)), tmp_path)
    assert page.locator("#profiler input[type=range]").count() > 0


def test_a_model_without_names_or_ranges(page, generator, tmp_path):
    model = replace(small_model(generator), input_names=(), output_names=(), input_ranges=None)
    X, Y = rows_for(model, generator)
    opened(page, fitnet.report(model, X, Y), tmp_path)
    assert page.locator("#domain").count() == 0
    assert "y1 from x1, x2, x3" in page.title()


def bad_inputs():
    """Names of bad input, what goes wrong with it, and the argument that the error names."""
    X, Y = np.zeros((4, 3)), np.zeros((4, 1))
    gap = Y.copy()
    gap[2] = np.nan
    return {
        "other rows": ((X, Y[:3]), {}, ArgumentValueError, "X"),
        "no rows": ((X[:0], Y[:0]), {}, ArgumentValueError, "X"),
        "other columns": ((X[:, :2], Y), {}, ArgumentValueError, "X"),
        "two targets": ((X, np.zeros((4, 2))), {}, ArgumentValueError, "y"),
        "missing target": ((X, gap), {}, ArgumentValueError, "y"),
        "words": ((X, np.array(["a"] * 4)), {}, ArgumentTypeError, "y"),
        "title": ((X, Y), {"title": 3}, ArgumentTypeError, "title"),
        "seed": ((X, Y), {"seed": -1}, ArgumentValueError, "seed"),
    }


@pytest.mark.parametrize("name", bad_inputs())
def test_bad_input_is_refused_in_a_sentence(generator, name):
    rows, options, kind, argument = bad_inputs()[name]
    with pytest.raises(kind) as raised:
        fitnet.report(small_model(generator), *rows, **options)
    assert raised.value.argument == argument
    assert f"`{argument}`" in str(raised.value) and str(raised.value).endswith(".")


@pytest.mark.parametrize("model", [None, 3, "model.fitnet", Regressor])
def test_what_is_no_model_is_refused(model):
    with pytest.raises(ArgumentTypeError, match=re.escape("it must be a Model, an Ensemble or a fitted estimator")):
        fitnet.report(model, [[1.0]], [1.0])


def test_an_estimator_that_was_not_fitted_is_refused():
    with pytest.raises(ArgumentValueError, match="was not fitted"):
        fitnet.report(Regressor(), [[1.0]], [1.0])


def test_what_cannot_be_written_says_where(generator, tmp_path):
    model = small_model(generator)
    rows = rows_for(model, generator)
    with pytest.raises(OSError) as raised:
        fitnet.report(model, *rows, path=tmp_path / "gone" / "a.html")
    assert raised.value.filename == str(tmp_path / "gone" / "a.html")


def test_a_file_that_was_there_is_replaced_as_a_whole(generator, tmp_path):
    path = tmp_path / "a.html"
    path.write_text("before")
    report = small_report(generator)
    report.save(path)
    assert path.read_bytes() == report.html.encode()
    assert list(tmp_path.iterdir()) == [path]


def test_lone_surrogates_in_names_do_not_stop_the_file(generator, tmp_path):
    report = small_report(generator, names=("a\ud800", "b", "c"))
    report.save(tmp_path / "a.html")
    assert "a?" in (tmp_path / "a.html").read_text(encoding="utf-8")
