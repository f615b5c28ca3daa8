"""fitnet evaluate: a model's errors on a table, beside the baselines of its training rows."""

import json
from pathlib import Path

import numpy as np
import pytest

from fitnet import Model, load
from fitnet.evaluation import Baselines, Errors
from fitnet.tables import read_table, select
from tolerances import FLOAT64_RTOL

NEW = "y,b,a\n1.7,1,0.5\n9,6,3.5\n2,0,2.2\n"
TRAINED_ON = "The model was trained on rows of this table: expect larger errors on others.\n"
NO_BASELINES = "The model keeps no baselines: mean and least squares were fitted to this table.\n"


@pytest.fixture
def new(waves_model):
    (waves_model.parent / "new.csv").write_text(NEW)
    return select(read_table("new.csv"), ["y"], ["a", "b"])


def without_baselines(path):
    """The same model, as one made in Python would be."""
    model = load(path)
    Model(model.network, model.parameters, model.input_names, model.output_names, {}).save(path)


def test_evaluate_as_json(fitnet, new):
    code, out, err = fitnet("evaluate", "waves.fitnet", "new.csv", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    facts = json.loads(out)
    evaluation = facts.pop("evaluation")["y"]
    assert facts == {
        "model": "waves.fitnet",
        "table": "new.csv",
        "rows": 3,
        "rows_left_out": 0,
        "trained_on": False,
        "baselines_from": "training rows",
        "outside": {"rows": 0, "column": None, "column_rows": None},
        "coverage": None,
    }
    model = load("waves.fitnet")
    baselines = Baselines.from_lists(model.provenance["baselines"], 2, 1)
    expected = {
        "network": model.predict(new.X),
        "mean": baselines.predict_mean(new.X),
        "least squares": baselines.predict_linear(new.X),
    }
    assert list(evaluation) == list(expected)
    for name, prediction in expected.items():
        errors = Errors.of(prediction, new.Y)
        for measure, value in evaluation[name].items():
            assert value == pytest.approx(float(getattr(errors, measure)[0]), rel=FLOAT64_RTOL)


def test_evaluate_in_text(fitnet, new):
    code, out, err = fitnet("evaluate", "waves.fitnet", "new.csv")
    assert (code, err) == (0, "")
    assert out.startswith("On 3 rows of new.csv")
    errors = json.loads(fitnet("evaluate", "waves.fitnet", "new.csv", "--json").out)["evaluation"]["y"]
    rows = [line for line in out.splitlines() if line.startswith("│")]
    for row, measures in zip(rows, errors.values(), strict=True):
        assert all(f" {value:.4g} " in row for value in measures.values())
    assert TRAINED_ON not in out
    assert NO_BASELINES not in out


def test_the_table_trained_on_is_recognised_by_its_numbers(fitnet, waves_model):
    table = waves_model.with_name("waves.csv")
    table.write_text(table.read_text().replace(",", ";"))
    table.rename(table.with_name("other.txt"))
    assert fitnet("evaluate", "waves.fitnet", "other.txt").out.endswith(TRAINED_ON)
    assert json.loads(fitnet("evaluate", "waves.fitnet", "other.txt", "--json").out)["trained_on"] is True


def test_baselines_are_fitted_to_the_table_where_the_model_keeps_none(fitnet, new):
    without_baselines("waves.fitnet")
    assert NO_BASELINES in fitnet("evaluate", "waves.fitnet", "new.csv").out
    facts = json.loads(fitnet("evaluate", "waves.fitnet", "new.csv", "--json").out)
    assert facts["baselines_from"] == "this table"
    assert facts["evaluation"]["y"]["mean"]["rmse"] == pytest.approx(float(np.std(new.Y)), rel=FLOAT64_RTOL)


def test_rows_outside_and_rows_left_out_are_said(fitnet, new):
    with Path("new.csv").open("a") as table:
        table.write("1,,1\n5,50,1\n")
    code, out, err = fitnet("evaluate", "waves.fitnet", "new.csv", "--drop-missing")
    assert code == 0
    assert err.splitlines() == [
        "fitnet: 1 row left out: missing values.",
        "fitnet: 1 of 4 rows outside the ranges seen in training, most in column 'b' (1 row): "
        "there the network extrapolates.",
    ]
    assert out.startswith("On 4 rows of new.csv")


def test_a_constant_target_has_no_r2(fitnet, waves_model):
    waves_model.with_name("new.csv").write_text("a,b,y\n1,1,2\n2,2,2\n")
    facts = json.loads(fitnet("evaluate", "waves.fitnet", "new.csv", "--json").out)
    assert facts["evaluation"]["y"]["network"]["r2"] is None
    assert fitnet("evaluate", "waves.fitnet", "new.csv").out.count(" - ") == 3
