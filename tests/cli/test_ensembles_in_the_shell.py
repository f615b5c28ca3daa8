"""Ensembles in the shell: commands take their files as they take models', or say in a sentence what they cannot do."""

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from fitnet import Ensemble, load
from fitnet.cli.evaluation_report import MEASURES
from fitnet.tables import predict_table
from fitnet.uncertainty.conformal import CrossConformal
from fitnet.uncertainty.domain import Domain
from tolerances import FLOAT64_RTOL


@pytest.fixture
def ensemble(fitnet, waves):
    """Of two models of y and z, in the file both.fitnet beside the table."""
    for seed, hidden in ((0, "4"), (1, "5,3")):
        options = ("--hidden", hidden, "--epochs", "3", "--seed", str(seed), "--out", f"{seed}.fitnet")
        answer = fitnet("fit", "waves.csv", "--target", "y", "--target", "z", "--features", "a,b", *options)
        assert answer.code == 0, answer.err
    lines = [("relu 4", 0.5, 0.25), ("relu 5-3", 0.25, 0.75)]
    models = [load("0.fitnet"), load("1.fitnet")]
    whole = Ensemble(models, (0.25, 0.75), (0, 1), {"made": "by hand"}, leaderboard=lines).with_units({"a": "cm"})
    whole.save("both.fitnet")
    return whole


def test_predict(fitnet, ensemble):
    rows = np.genfromtxt("waves.csv", delimiter=",", skip_header=1)[:, :2]
    code, out, err = fitnet("predict", "both.fitnet", "waves.csv")
    assert (code, err) == (0, "")
    heading, *lines = out.splitlines()
    assert heading == "y,z"
    assert np.array_equal(np.array([line.split(",") for line in lines], float), ensemble.predict(rows))
    columns = predict_table(load("both.fitnet"), "waves.csv").columns
    assert np.array_equal(np.stack([*columns.values()], axis=1), ensemble.predict(rows))


@pytest.mark.parametrize(("options", "asked"), [(["--std"], "--std"), (["--interval", "0.9"], "--interval")])
def test_error_bars_are_refused(fitnet, ensemble, options, asked):
    code, out, err = fitnet("predict", "both.fitnet", "waves.csv", *options)
    assert (code, out) == (2, "")
    assert (
        err
        == f"fitnet: `{asked}` needs out-of-fold residuals, which this ensemble does not have; it must be left out.\n"
    )


@pytest.fixture
def with_intervals(ensemble):
    """The same with residuals of rows that it did not see, in intervals.fitnet."""
    residuals = np.random.default_rng(2).normal(size=(200, 2))
    spreads = np.abs(residuals) + 0.1
    whole = replace(ensemble, conformal=CrossConformal.of(residuals, np.arange(200) % 2, spreads, 0.9))
    assert np.isfinite(whole.conformal.floors).all()
    whole.save("intervals.fitnet")
    return whole


@pytest.mark.parametrize("table", ["waves.csv", "waves.parquet"])
def test_intervals_are_in_the_columns_that_models_have(fitnet, with_intervals, table, monkeypatch):
    rows = np.genfromtxt("waves.csv", delimiter=",", skip_header=1)[:, :2]
    if table.endswith("parquet"):
        pl.read_csv("waves.csv").write_parquet(table)
        monkeypatch.setattr("fitnet.rows.sources.LARGE_MAP_BYTES", 0)
    code, out, err = fitnet("predict", "intervals.fitnet", table, "--std", "--interval", "0.8")
    assert (code, err) == (0, "")
    heading, *lines = out.splitlines()
    assert heading == "y,y_std,y_lower,y_upper,z,z_std,z_lower,z_upper"
    found = np.array([line.split(",") for line in lines], float).reshape(-1, 2, 4)
    outputs, std = with_intervals.predict(rows, return_std=True)
    assert np.array_equal(found, np.dstack([outputs, std, with_intervals.predict_interval(rows, 0.8)]))


@pytest.mark.parametrize("table", ["new.csv", "new.parquet"])
def test_rows_outside_its_domain_are_told_and_blanked(fitnet, with_intervals, table, monkeypatch):
    domain = Domain.of(np.random.default_rng(0).uniform(0, 1, (300, 2)), np.random.default_rng(0))
    replace(with_intervals, domain=domain).save("domain.fitnet")
    rows = pl.DataFrame({"a": [0.5, 1.1, 0.5, 7.0], "b": [0.5, 0.5, 3.0, 0.5]})  # the second is beyond by too little
    rows.write_csv(table) if table.endswith("csv") else rows.write_parquet(table)
    monkeypatch.setattr("fitnet.rows.sources.LARGE_MAP_BYTES", 0)
    code, out, err = fitnet("predict", "domain.fitnet", table, "--interval", "0.8", "--outside", "nan")
    assert (code, err) == (0, "")
    assert [line.split(",").count("NaN") for line in out.splitlines()] == [0, 0, 0, 6, 6]
    assert fitnet("predict", "domain.fitnet", table).err == (
        "fitnet: 2 of 4 rows outside the training rows, most in column 'a' (1 row): there the network extrapolates.\n"
    )


def test_a_coverage_that_its_rows_do_not_give_is_refused(fitnet, with_intervals):
    code, out, err = fitnet("predict", "intervals.fitnet", "waves.csv", "--interval", "0.999")
    assert (code, out) == (2, "")
    assert err == "fitnet: `--interval` is 0.999; intervals from 200 rows can hold at most 0.995.\n"


def test_evaluate_counts_targets_in_intervals(fitnet, with_intervals):
    rows = np.genfromtxt("waves.csv", delimiter=",", skip_header=1)
    facts = json.loads(fitnet("evaluate", "intervals.fitnet", "waves.csv", "--json").out)
    for level in (0.6827, 0.95):
        ends = with_intervals.predict_interval(rows[:, :2], level)
        inside = (ends[..., 0] <= rows[:, 2:]) & (rows[:, 2:] <= ends[..., 1])
        assert [facts["coverage"][target][str(level)] for target in "yz"] == inside.mean(axis=0).tolist()
    few = CrossConformal.of(np.ones((10, 2)), np.arange(10) % 2)
    replace(with_intervals, conformal=few).save("few.fitnet")
    assert json.loads(fitnet("evaluate", "few.fitnet", "waves.csv", "--json").out)["coverage"] is None


def test_evaluate(fitnet, ensemble):
    rows = np.genfromtxt("waves.csv", delimiter=",", skip_header=1)
    code, out, err = fitnet("evaluate", "both.fitnet", "waves.csv", "--json")
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert facts["coverage"] is None
    rmse = np.sqrt(np.mean((ensemble.predict(rows[:, :2]) - rows[:, 2:]) ** 2, axis=0))
    for target, expected in zip("yz", rmse, strict=True):
        np.testing.assert_allclose(facts["evaluation"][target]["network"]["rmse"], expected, rtol=FLOAT64_RTOL)
    assert fitnet("evaluate", "both.fitnet", "waves.csv").code == 0


def test_verify(fitnet, ensemble):
    code, out, err = fitnet("verify", "both.fitnet")
    assert (code, err) == (0, "")
    assert out.startswith("both.fitnet is whole: 16 stored predictions of 2 networks came out again (largest ")
    facts = json.loads(fitnet("verify", "both.fitnet", "--json").out)
    assert facts["passed"]
    assert facts["architectures"] == [[[2, 4], [4, 2]], [[2, 5], [5, 3], [3, 2]]]
    assert facts["provenance"] == {"made": "by hand"}


def test_inspect(fitnet, ensemble):
    code, out, err = fitnet("inspect", "both.fitnet")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == ["model         both.fitnet", f"parameters    {ensemble.n_parameters}"]
    (member,) = (line for line in lines if "(5, 3)" in line)
    assert "0.75 │    1 │" in member
    (column,) = (line for line in lines if line.startswith("│ a "))
    assert " cm " in column
    (recipe,) = (line for line in lines if "relu 5-3" in line)
    assert recipe.split()[-2] == "0.75"
    assert lines[-1] == "made by hand"


def test_inspect_calls_an_ensemble_by_its_name(fitnet, ensemble, monkeypatch):
    measures = dict.fromkeys(MEASURES, 0.5)
    errors = {name: {"network": measures, "mean": measures} for name in ensemble.output_names}
    monkeypatch.setattr("fitnet.evaluation.kept_errors", lambda model: errors)
    table = fitnet("inspect", "both.fitnet").out.partition("On rows kept out")[2]
    assert "│ ensemble " in table and "│ mean " in table and "network" not in table


def test_inspect_as_json(fitnet, ensemble):
    facts = json.loads(fitnet("inspect", "both.fitnet", "--json").out)
    assert facts["parameters"] == ensemble.n_parameters
    assert [(member["weight"], member["fold"]) for member in facts["members"]] == [(0.25, 0), (0.75, 1)]
    assert facts["members"][0]["provenance"] == json.loads(json.dumps(ensemble.members[0].provenance))
    assert facts["leaderboard"][1] == {"recipe": "relu 5-3", "error": 0.25, "weight": 0.75}
    assert [column["name"] for column in (*facts["inputs"], *facts["targets"])] == ["a", "b", "y", "z"]
    assert facts["inputs"][0]["lowest"] == ensemble.input_ranges[0, 0]


def test_a_damaged_one_is_refused(fitnet, ensemble, waves):
    data = bytearray((waves / "both.fitnet").read_bytes())
    data[-1] ^= 1
    (waves / "both.fitnet").write_bytes(data)
    for arguments in (["predict", "both.fitnet", "waves.csv"], ["verify", "both.fitnet"], ["inspect", "both.fitnet"]):
        code, out, err = fitnet(*arguments)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith("fitnet: both.fitnet was altered or damaged")
