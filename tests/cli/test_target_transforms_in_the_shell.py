"""Targets whose logarithm is learned, in the shell: fit, predict, evaluate, inspect."""

import csv
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from fitnet import LogTransform, load
from fitnet.rows import sources
from tolerances import SHORT_FIT_OF_DECADES

FIT = ("fit", "t.csv", "--target", "flux", "--features", "x", "--hidden", "6", "--activation", "tanh", "--epochs", "60")


@pytest.fixture
def table(tmp_path, monkeypatch):
    """x and flux, positive over decades, with noise of 10 %; wave is neither."""
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    x = generator.uniform(-1, 1, 120)
    flux = np.exp(6 * x + 0.1 * generator.normal(size=120))
    rows = zip(x.tolist(), flux.tolist(), np.sin(3 * x).tolist(), strict=True)
    (tmp_path / "t.csv").write_text("\n".join(["x,flux,wave", *(f"{a!r},{b!r},{c!r}" for a, b, c in rows)]))
    return tmp_path


def test_log(fitnet, table):
    code, out, err = fitnet(*FIT, "--target-transform", "log")
    assert (code, err) == (0, "")
    assert "tanh, targets by LogTransform(lower_bound=0.0)" in out
    model = load("t.fitnet")
    assert model.target_transform == LogTransform()
    assert "--target-transform log" in model.provenance["command"]
    answers = json.loads(fitnet("predict", "t.fitnet", "t.csv", "--std", "--interval", "0.9", "--json").out)[
        "predictions"
    ]
    assert list(answers) == ["flux", "flux_std", "flux_lower", "flux_upper"]
    X = np.loadtxt("t.csv", delimiter=",", skiprows=1)[:, :1]
    expected = (*model.predict(X, return_std=True), *np.moveaxis(model.predict_interval(X, 0.9), 2, 0))
    for found, wanted in zip(answers.values(), expected, strict=True):
        assert found == wanted[:, 0].tolist()
    assert min(answers["flux_lower"]) > 0
    told = json.loads(fitnet("evaluate", "t.fitnet", "t.csv", "--json").out)
    inside = np.mean(
        [low <= y <= high for y, low, high in zip(column("flux"), *map(list, ends(model, X)), strict=True)]
    )
    assert told["coverage"]["flux"]["0.95"] == pytest.approx(inside)


def column(name):
    with Path("t.csv").open() as file:
        return [float(row[name]) for row in csv.DictReader(file)]


def ends(model, X):
    return model.predict_interval(X, 0.95)[:, 0].T


def test_inspect(fitnet, table):
    assert fitnet(*FIT, "--target", "wave", "--target-transform", "log", "--target-lower-bound", "-2").code == 0
    shown = fitnet("inspect", "t.fitnet").out
    assert "Noise of log(flux + 2): " in shown
    facts = json.loads(fitnet("inspect", "t.fitnet", "--json").out)
    assert [(each["transform"], each["lower_bound"]) for each in facts["targets"]] == [("log", -2.0)] * 2
    assert "│ log " in shown


def test_one_bound_a_target(fitnet, table):
    bounds = ("--target-lower-bound", "0", "--target-lower-bound", "-1.5")
    code, out, _ = fitnet(*FIT, "--target", "wave", "--target-transform", "log", *bounds, "--json")
    assert code == 0
    assert json.loads(out)["target_transform"] == "LogTransform(lower_bound=(0.0, -1.5))"
    assert load("t.fitnet").target_transform == LogTransform((0, -1.5))


def test_auto(fitnet, table):
    code, out, _ = fitnet(*FIT, "--target", "wave", "--target-transform", "auto", "--json")
    assert code == 0
    assert json.loads(out)["target_transform"] == "LogTransform(lower_bound=(0.0, None))"
    assert load("t.fitnet").provenance["target_transform"] == "LogTransform(lower_bound=(0.0, None))"
    code, out, _ = fitnet(
        "fit", "t.csv", "--target", "wave", "--epochs", "3", "--target-transform", "auto", "--json", "--out", "w.fitnet"
    )
    assert json.loads(out)["target_transform"] is None
    assert load("w.fitnet").provenance["target_transform"] == "None"


def test_another_transform_does_not_go_on(fitnet, table):
    kept = ("--checkpoint", "a.ckpt", "--resume")
    assert fitnet(*FIT, "--target-transform", "log", *kept).code == 0
    assert fitnet(*FIT, "--target-transform", "log", *kept).code == 0
    assert fitnet(*FIT, *kept).code == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ("--target", "wave", "--target-transform", "log"),
            "`--target-transform` is 'log' and column 'wave' holds {lowest:g}; its targets must be above 0, the lower "
            "bound.",
        ),
        (
            ("--target-transform", "logs"),
            "`--target-transform` is 'logs'; it must be one of none, log, auto (did you mean 'log'?).",
        ),
        (
            ("--target-lower-bound", "3"),
            "`--target-lower-bound` is given and `--target-transform` is 'none'; it must be 'log'.",
        ),
        (
            ("--target-transform", "log", "--target-lower-bound", "0", "--target-lower-bound", "0"),
            "`--target-transform` has 2 lower bounds; it must have 1, one a target, or a single number for all.",
        ),
        (
            ("--target-transform", "log", "--target-lower-bound", "nan"),
            "`--target-lower-bound` is nan; it must be finite.",
        ),
    ],
)
def test_refusals(fitnet, table, options, sentence):
    code, out, err = fitnet(*FIT, *options)
    assert (code, out) == (2, "")
    assert err == f"fitnet: {sentence.format(lowest=min(column('wave')))}\n"
    assert not (table / "t.fitnet").exists()


def test_refused_intervals(fitnet, table):
    assert fitnet(*FIT, "--error-bars", "no").code == 0
    code, _, err = fitnet("predict", "t.fitnet", "t.csv", "--interval", "0.9")
    assert code == 2
    assert err.startswith("fitnet: `--interval` needs a model with error bars; fit it with")
    assert fitnet(*FIT).code == 0
    code, _, err = fitnet("predict", "t.fitnet", "t.csv", "--interval", "1")
    assert (code, err) == (2, "fitnet: `--interval` is 1; it must be above 0 and below 1.\n")


@pytest.mark.parametrize("name", ["log", "auto"])
def test_a_table_that_is_read_in_parts(fitnet, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    x = generator.uniform(-1, 1, 1000)
    flux = np.exp(6 * x + 0.1 * generator.normal(size=1000))
    pl.DataFrame({"x": x, "flux": flux}).write_parquet("t.parquet", row_group_size=300)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1000)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 1600)
    fit = ("fit", "t.parquet", "--target", "flux", "--hidden", "6", "--activation", "tanh", "--epochs", "20")
    code, out, err = fitnet(*fit, "--learning-rate", "0.03", "--target-transform", name, "--json")
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert (facts["target_transform"], facts["training_rows"]) == ("LogTransform(lower_bound=0.0)", 800)
    assert load("t.fitnet").target_scaling.scale[0] < 10
    answers = json.loads(fitnet("predict", "t.fitnet", "t.parquet", "--json").out)["predictions"]["flux"]
    assert min(answers) > 0
    assert np.median(np.abs(np.log(answers / flux))) < SHORT_FIT_OF_DECADES
    if name == "log":
        code, _, err = fitnet(*fit, "--target-transform", "log", "--target-lower-bound", "0.1")
        assert code == 2
        assert err.startswith("fitnet: `--target-transform` is 'log' and column 'flux' holds 0.00")
