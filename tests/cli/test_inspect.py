"""fitnet inspect: what a model file holds, for people and for programs."""

import json

import numpy as np
import pytest

from fitnet import Model, load
from fitnet.model.error_bars import ErrorBars


def test_inspect_as_json(fitnet, waves_model):
    code, out, err = fitnet("inspect", "waves.fitnet", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    model, facts = load(waves_model), json.loads(out)
    inputs = [
        {
            "name": name,
            "unit": None,
            "shift": model.input_scaling.shift[i],
            "scale": model.input_scaling.scale[i],
            "lowest": model.input_ranges[0, i],
            "highest": model.input_ranges[1, i],
        }
        for i, name in enumerate("ab")
    ]
    assert facts == {
        "model": "waves.fitnet",
        "architecture": [[2, 4], [4, 1]],
        "activations": ["relu", "identity"],
        "parameters": 17,
        "dtype": "float32",
        "inputs": inputs,
        "targets": [
            {
                "name": "y",
                "unit": None,
                "shift": model.target_scaling.shift[0],
                "scale": model.target_scaling.scale[0],
            }
        ],
        "error_bars": None,
        "provenance": model.provenance,
    }


def test_inspect_in_text(fitnet, waves_model):
    code, out, err = fitnet("inspect", "waves.fitnet")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:5] == [
        "model         waves.fitnet",
        "architecture  [(2, 4), (4, 1)]",
        "activations   relu, identity",
        "parameters    17",
        "dtype         float32",
    ]
    model = load(waves_model)
    (row,) = (line for line in lines if line.startswith("│ a "))
    assert all(f" {number:.6g} " in row for number in (*model.input_ranges[:, 0], model.input_scaling.scale[0]))
    fields = dict(line.split(maxsplit=1) for line in lines[5:] if line[0].islower())
    assert fields["command"] == model.provenance["command"]
    assert fields["settings.solver"] == model.provenance["settings"]["solver"]
    assert "On rows kept out of training" in out
    assert "baselines" not in out


def test_a_model_without_scalings_shows_names_alone(fitnet, model_file):
    code, out, err = fitnet("inspect", model_file)
    assert (code, err) == (0, "")
    assert "shift" not in out
    assert "lowest" not in out
    assert "│ x1 " in out
    assert "seed 0" in out
    facts = json.loads(fitnet("inspect", model_file, "--json").out)
    nothing = dict.fromkeys(("unit", "shift", "scale", "lowest", "highest"))
    assert facts["inputs"][0] == {"name": "x1"} | nothing


def test_units_are_shown(fitnet, model_file):
    bars = ErrorBars(np.eye(17)[np.tril_indices(17)], 1.0, [[0.25]], 3)
    model = load(model_file)
    assert " unit " not in fitnet("inspect", model_file).out
    Model(model.network, model.parameters, units={"x1": "[m]", "y1": "m/s"}, error_bars=bars).save(model_file)
    code, out, err = fitnet("inspect", model_file)
    assert (code, err) == (0, "")
    rows = [line.strip("│").split("│") for line in out.splitlines() if line.startswith("│")]
    assert [[cell.strip() for cell in row] for row in rows] == [["x1", "[m]"], ["x2", ""], ["y1", "m/s"]]
    assert " unit " in out
    assert "Noise of y1: 0.5 m/s" in out
    facts = json.loads(fitnet("inspect", model_file, "--json").out)
    assert [column["unit"] for column in (*facts["inputs"], *facts["targets"])] == ["[m]", None, "m/s"]


def test_targets_and_baselines_come_in_the_order_of_fit(fitnet, waves):
    fitted = fitnet("fit", "waves.csv", "--target", "z", "--target", "a", "--hidden", "4", "--epochs", "2").out
    tables = [
        [line for line in out.splitlines() if "network" in line or "mean" in line or "least" in line]
        for out in (fitted, fitnet("inspect", "waves.fitnet").out.partition("On rows kept out")[2])
    ]
    assert tables[0] == tables[1]
    assert len(tables[0]) == 6


ALMOST = {"y1": {name: {"rmse": 1.0, "mae": 1.0, "r2": None} for name in ("network", "mean", "least squares")}}


@pytest.mark.parametrize(
    "provenance",
    [
        {},
        {"evaluation": "good"},
        {"evaluation": ALMOST},
        {"evaluation": {"y1": 1}},
        {"evaluation": {}, "a": {"b": [1, "[red]"]}},
    ],
)
def test_any_provenance_is_shown(fitnet, model_file, provenance):
    model = load(model_file)
    Model(model.network, model.parameters, provenance=provenance).save(model_file)
    code, out, err = fitnet("inspect", model_file)
    assert (code, err) == (0, "")
    assert ("[red]" in out) == ("a" in provenance)
