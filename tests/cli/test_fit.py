"""fitnet fit: what it says, what it keeps, and that the model is the one Python would fit."""

import json
import shlex

import numpy as np
import pytest

from fitnet import Regressor, load
from fitnet.engine import choose
from fitnet.evaluation import Baselines, Errors
from fitnet.fitting.splits import kept_apart
from fitnet.tables import data_hash, read_table, select
from tolerances import FLOAT64_RTOL

QUICK = ("--hidden", "4", "--epochs", 3)
FIT = ("fit", "waves.csv", "--target", "y", "--features", "a,b", *QUICK)
KEYS = [
    "table",
    "rows",
    "rows_left_out",
    "training_rows",
    "validation_rows",
    "kept_out_rows",
    "architecture",
    "activation",
    "target_transform",
    "epochs",
    "best_epoch",
    "stopped",
    "seconds",
    "engine",
    "seed",
    "evaluation",
    "coverage",
    "model",
]
PREDICTED_BY = ["network", "mean", "least squares"]


@pytest.fixture
def training_rows(waves):
    """X, Y of the whole table, and which rows seed 0 trains on and keeps out."""
    rows = select(read_table("waves.csv"), ["y"], ["a", "b"])
    return rows.X, rows.Y, *kept_apart(40, 0.2, np.random.default_rng(0))


def test_fit_as_json(fitnet, waves):
    code, out, err = fitnet(*FIT, "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    facts = json.loads(out)
    assert list(facts) == KEYS
    assert facts.pop("seconds") > 0
    evaluation = facts.pop("evaluation")
    assert facts == {
        "table": "waves.csv",
        "rows": 40,
        "rows_left_out": 0,
        "training_rows": 32,
        "validation_rows": 0,
        "kept_out_rows": 8,
        "architecture": [[2, 4], [4, 1]],
        "activation": "relu",
        "target_transform": None,
        "epochs": 3,
        "best_epoch": facts["best_epoch"],
        "stopped": "finished",
        "engine": choose().name,
        "seed": 0,
        "coverage": None,
        "model": "waves.fitnet",
    }
    assert list(evaluation) == ["y"]
    assert list(evaluation["y"]) == PREDICTED_BY


def test_fit_in_text(fitnet, waves):
    code, out, err = fitnet(*FIT)
    assert (code, err) == (0, "")
    facts = json.loads(fitnet(*FIT, "--json").out)
    lines = out.splitlines()
    assert lines[0] == "Network:  [(2, 4), (4, 1)], relu"
    assert lines[1] == "Rows:     32 for training, 8 kept out, 0 left out (missing values)"
    assert lines[2].startswith("Training: 3 epochs in ")
    assert lines[-3] == "Model:    waves.fitnet"
    cells = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines if line.startswith("│")]
    assert [row[:2] for row in cells] == [["y", "network"], ["", "mean"], ["", "least squares"]]
    for row in cells:
        errors = facts["evaluation"]["y"][row[1]]
        assert row[2:] == [f"{errors[name]:.4g}" for name in ("rmse", "mae", "r2", "max_error")]


def test_the_model_is_the_one_python_fits(fitnet, training_rows):
    X, Y, training, _ = training_rows
    fitnet(*FIT, "--seed", 0)
    regressor = Regressor((4,), max_epochs=3, random_state=0).fit(X[training], Y[training])
    assert load("waves.fitnet").parameters.tobytes() == regressor.model_.parameters.tobytes()


def test_with_early_stopping_too(fitnet, training_rows):
    X, Y, training, _ = training_rows
    facts = json.loads(fitnet(*FIT, "--early-stopping", "--json").out)
    regressor = Regressor((4,), max_epochs=3, random_state=0, early_stopping=True).fit(X[training], Y[training])
    assert load("waves.fitnet").parameters.tobytes() == regressor.model_.parameters.tobytes()
    assert (facts["training_rows"], facts["validation_rows"], facts["kept_out_rows"]) == (29, 3, 8)
    assert "29 for training and 3 watched to stop early" in fitnet(*FIT, "--early-stopping").out


def test_errors_are_those_on_the_rows_kept_out(fitnet, training_rows):
    X, Y, training, kept_out = training_rows
    evaluation = json.loads(fitnet(*FIT, "--json").out)["evaluation"]["y"]
    baselines = Baselines.fitted(X[training], Y[training])
    expected = {
        "network": load("waves.fitnet").predict(X[kept_out]),
        "mean": np.full((8, 1), Y[training].mean()),
        "least squares": baselines.predict_linear(X[kept_out]),
    }
    for name, prediction in expected.items():
        errors = Errors.of(prediction, Y[kept_out])
        for measure, value in evaluation[name].items():
            assert value == pytest.approx(float(getattr(errors, measure)[0]), rel=FLOAT64_RTOL)


def test_what_the_model_remembers(fitnet, training_rows):
    X, Y, training, _ = training_rows
    facts = json.loads(fitnet(*FIT, "--seed", 0, "--json").out)
    origin = load("waves.fitnet").provenance
    assert origin["command"] == "fitnet fit waves.csv --target y --features a,b --seed 0 --hidden 4 --epochs 3"
    assert origin["table"] == "waves.csv"
    assert origin["table_sha256"] == data_hash(X, Y)
    assert (origin["seed"], origin["test_fraction"], origin["kept_out_rows"]) == (0, 0.2, 8)
    assert origin["evaluation"] == facts["evaluation"]
    assert origin["settings"]["activation"] == "'relu'"
    assert origin["fitnet"] and origin["numpy"] and origin["engine"]
    np.testing.assert_allclose(origin["baselines"]["mean"], Y[training].mean(axis=0), rtol=FLOAT64_RTOL)


def test_no_folder_gets_into_the_model(fitnet, waves):
    fitnet("fit", waves / "waves.csv", *FIT[2:], "--out", waves / "out.fitnet", "--checkpoint", waves / "kept")
    assert str(waves).encode() not in (waves / "out.fitnet").read_bytes()


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--seed", 7, "--test-fraction", 0.5],
        ["--target", "z", "--test-fraction", 0],
        ["--activation", "tanh", "--loss", "huber", "--solver", "momentum", "--learning-rate", 0.00123456789],
        ["--alpha", 1e-3, "--batch-size", 5, "--dtype", "float64", "--early-stopping", "--drop-missing"],
        ["--dropout", 0.25, "--activation", "tanh"],
        ["--threads", 1],
    ],
)
def test_command_in_the_model_makes_it_again(fitnet, waves, options):
    assert fitnet(*FIT, *options).code == 0
    made = (waves / "waves.fitnet").read_bytes()
    program, *words = shlex.split(load("waves.fitnet").provenance["command"])
    assert program == "fitnet"
    (waves / "waves.fitnet").unlink()
    assert fitnet(*words).code == 0
    assert (waves / "waves.fitnet").read_bytes() == made


def test_seeds_differ(fitnet, waves):
    models = []
    for seed in (0, 1):
        fitnet(*FIT, "--seed", seed)
        models.append(load("waves.fitnet"))
    assert models[0].parameters.tobytes() != models[1].parameters.tobytes()
    assert models[0].provenance["data_sha256"] != models[1].provenance["data_sha256"]


def test_nothing_kept_out_nothing_judged(fitnet, waves):
    answer = fitnet(*FIT, "--test-fraction", 0)
    assert (answer.code, answer.err) == (0, "")
    assert "│" not in answer.out
    facts = json.loads(fitnet(*FIT, "--test-fraction", 0, "--json").out)
    assert (facts["training_rows"], facts["kept_out_rows"], facts["evaluation"]) == (40, 0, None)
    assert "evaluation" not in load("waves.fitnet").provenance


def test_one_row_kept_out_has_no_r2(fitnet, waves):
    answer = fitnet(*FIT, "--test-fraction", 0.01)
    assert answer.code == 0
    facts = json.loads(fitnet(*FIT, "--test-fraction", 0.01, "--json").out)
    assert facts["kept_out_rows"] == 1
    assert {errors["r2"] for errors in facts["evaluation"]["y"].values()} == {None}


def test_a_model_that_is_there_is_replaced(fitnet, waves_model):
    before = waves_model.read_bytes()
    assert fitnet(*FIT, "--seed", 5).code == 0
    assert waves_model.read_bytes() != before
    assert sorted(path.name for path in waves_model.parent.iterdir()) == ["waves.csv", "waves.fitnet"]


def test_poisson_predicts_above_0(fitnet, waves):
    assert fitnet("fit", "waves.csv", "--target", "b", "--loss", "poisson", *QUICK).code == 0
    assert (load("waves.fitnet").predict(np.array([[-5.0, 0, 0], [9, 9, 9]])) > 0).all()
