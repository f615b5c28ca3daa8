"""Ensembles in the shell: commands take their files as they take models', or say in a sentence what they cannot do."""

import json

import numpy as np
import pytest

from fitnet import Ensemble, load
from fitnet.tables import predict_table
from tolerances import FLOAT64_RTOL


@pytest.fixture
def ensemble(fitnet, waves):
    """Of two models of y and z, in the file both.fitnet beside the table."""
    for seed, hidden in ((0, "4"), (1, "5,3")):
        options = ("--hidden", hidden, "--epochs", "3", "--seed", str(seed), "--out", f"{seed}.fitnet")
        answer = fitnet("fit", "waves.csv", "--target", "y", "--target", "z", "--features", "a,b", *options)
        assert answer.code == 0, answer.err
    lines = [("relu 4", 0.5, 0.25, 1.0), ("relu 5-3", 0.25, 0.75, 2.0)]
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
    assert err == f"fitnet: `{asked}` needs error bars, which an ensemble does not have; it must be left out.\n"


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
    assert recipe.split()[-2] == "2"
    assert lines[-1] == "made by hand"


def test_inspect_as_json(fitnet, ensemble):
    facts = json.loads(fitnet("inspect", "both.fitnet", "--json").out)
    assert facts["parameters"] == ensemble.n_parameters
    assert [(member["weight"], member["fold"]) for member in facts["members"]] == [(0.25, 0), (0.75, 1)]
    assert facts["members"][0]["provenance"] == json.loads(json.dumps(ensemble.members[0].provenance))
    assert facts["leaderboard"][1] == {"recipe": "relu 5-3", "error": 0.25, "weight": 0.75, "seconds": 2.0}
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
