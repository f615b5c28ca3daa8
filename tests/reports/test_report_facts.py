"""The facts of a report, against the parts that others compute, and for tables that hardly tell anything."""

import json

import numpy as np
import pytest

import fitnet
from fitnet.engine import ENGINES
from fitnet.evaluation import Baselines, Errors, outside_of
from fitnet.fitting.out_of_fold import means_of_other_folds
from fitnet.fitting.unseen_rows import unseen_rows
from fitnet.reports.facts import report_facts
from fitnet.reports.given_rows import given_rows
from fitnet.reports.judged_rows import JudgedRows
from fitnet.rows import ArrayRows
from tolerances import FLOAT64_RTOL

KEYS = {"rows", "inputs", "targets", "together", "outside", "learning_curve", "training", "sample"}
TARGET_KEYS = {
    "name", "unit", "place", "spread", "errors", "ratios", "coverage", "worst_rows", "worst_region", "importance",
    "noise", "rmse_without_copies", "error_by_size",
}  # fmt: skip


def told(model, X, Y, **options):
    facts = report_facts(model, *given_rows(model, X, Y), **options).as_dict()
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert set(facts) == KEYS
    assert all(set(target) == TARGET_KEYS for target in facts["targets"])
    return facts


@pytest.fixture(scope="module")
def regressor():
    """A network of two inputs, with error bars, fitted to 150 rows."""
    generator = np.random.default_rng(3)
    X = generator.uniform(-1, 1, (150, 2))
    y = X[:, 0] ** 2 + X[:, 1] + 0.1 * generator.normal(size=150)
    return fitnet.Regressor((6,), "tanh", max_epochs=20, early_stopping=True, random_state=0).fit(X, y)


@pytest.fixture(scope="module")
def ensemble():
    """An ensemble and its rows, one column of which holds words."""
    if "native" not in ENGINES:
        pytest.skip("ensembles take minutes with the reference engine")
    pandas = pytest.importorskip("pandas")
    generator = np.random.default_rng(4)
    X = pandas.DataFrame({"a": generator.normal(size=240), "w": generator.choice(["u", "v", "x"], 240)})
    y = pandas.DataFrame({"t": X["a"] ** 2 + 2 * (X["w"] == "u") + 0.1 * generator.normal(size=240)})
    return fitnet.AutoRegressor("fast", random_state=0).fit(X, y), X, y


def test_facts_of_new_rows(regressor, generator):
    X = generator.uniform(-1, 1.5, (200, 2))
    y = X[:, 0] ** 2 + X[:, 1]
    facts = told(regressor.model_, X, y, history=regressor.history_, best_epoch=regressor.best_epoch_)
    target = facts["targets"][0]
    assert (facts["rows"]["judged_by"], facts["rows"]["n"], facts["rows"]["sampled"]) == ("new", 200, None)
    prediction = regressor.predict(X)[:, np.newaxis]
    assert target["errors"]["network"] == Errors.of(prediction, y[:, np.newaxis]).of_target(0)
    assert target["errors"]["boosted trees"] is None
    assert facts["outside"]["rows"] == outside_of(regressor.model_, X).rows > 0
    ends = regressor.predict_interval(X, 0.9)
    share = next(each["share"] for each in target["coverage"] if each["level"] == 0.9)
    assert share == ((ends[:, 0] <= y) & (y <= ends[:, 1])).mean()
    residuals = np.abs(prediction[:, 0] - y)
    assert [row["row"] for row in target["worst_rows"]] == (np.argsort(-residuals)[:10] + 1).tolist()
    assert target["worst_rows"][0]["inputs"] == dict(zip(("x1", "x2"), X[residuals.argmax()].tolist(), strict=True))
    quarters = residuals[np.argsort(prediction[:, 0])].reshape(4, 50)
    found = [target["error_by_size"][name] for name in ("low", "high")]
    np.testing.assert_allclose(found, np.sqrt((quarters[[0, 3]] ** 2).mean(axis=1)), rtol=FLOAT64_RTOL)
    assert facts["training"]["best_epoch"] == regressor.best_epoch_
    assert len(facts["training"]["loss"]) == len(facts["training"]["epoch"])
    assert facts["learning_curve"] is None


def test_baselines_of_a_new_table_are_not_fitted_to_the_row_they_predict(regressor, generator):
    X, y = generator.uniform(-1, 1, (100, 2)), generator.normal(size=100)
    facts = told(regressor.model_, X, y)
    expected = np.empty((100, 1))
    for k in range(5):
        others = np.arange(100) % 5 != k
        expected[~others] = Baselines.fitted(X[others], y[others, np.newaxis]).predict_linear(X[~others])
    found = facts["targets"][0]["errors"]["least squares"]["rmse"]
    np.testing.assert_allclose(found, Errors.of(expected, y[:, np.newaxis]).rmse[0], rtol=FLOAT64_RTOL)
    assert facts["rows"]["baselines_from"] == "other rows of this table"


def test_facts_out_of_fold(ensemble):
    regressor, X, y = ensemble
    facts = told(regressor.model_, X, y, oof_prediction=regressor.oof_prediction_, folds=regressor.folds_)
    target, Y = facts["targets"][0], y.to_numpy()
    assert facts["rows"]["judged_by"] == "out of fold"
    oof = regressor.oof_prediction_.reshape(-1, 1)
    assert target["errors"]["network"] == Errors.of(oof, Y).of_target(0)
    means = means_of_other_folds(Y, regressor.folds_)
    np.testing.assert_allclose(target["errors"]["mean"]["rmse"], Errors.of(means, Y).rmse[0], rtol=FLOAT64_RTOL)
    assert target["ratios"]["mean"]["high"] < 0.5
    assert set(target["ratios"]) == {"mean", "least squares", "boosted trees"}
    assert all(abs(each["share"] - each["level"]) < 0.15 for each in target["coverage"])
    assert [each["input"] for each in facts["targets"][0]["importance"]] in (["a", "w"], ["w", "a"])
    assert facts["inputs"][1] == {"name": "w", "unit": "", "levels": ["u", "v", "x"]}
    assert {row[1] for row in facts["sample"]["inputs"]} == {"u", "v", "x"}
    assert len(facts["learning_curve"]["rmse"]) == len(facts["learning_curve"]["rows"])


def test_rows_out_of_fold_are_predicted_by_the_members_that_did_not_see_them(ensemble, generator):
    regressor, X, y = ensemble
    rows, oof, folds = regressor.model_.encoded(X), regressor.oof_prediction_.reshape(-1, 1), regressor.folds_
    unseen = unseen_rows(regressor.model_, rows, y.to_numpy(), oof, folds)
    judged = JudgedRows.of_table(regressor.model_, rows, y.to_numpy(), unseen, oof, generator)
    expected = regressor.model_.fold_predictions(rows)[folds, np.arange(240)]
    np.testing.assert_allclose(judged.predict(rows), expected, rtol=FLOAT64_RTOL)
    some = np.array([3, 100, 239])
    np.testing.assert_allclose(judged.predict(rows[some], some), expected[some], rtol=FLOAT64_RTOL)


def test_rows_that_were_seen_judge_nothing(ensemble):
    regressor, X, y = ensemble
    facts = told(regressor.model_, X, y)
    target = facts["targets"][0]
    assert facts["rows"]["judged_by"] == "seen"
    for name in ("ratios", "coverage", "worst_region", "error_by_size"):
        assert target[name] is None
    assert facts["sample"]["lower"] is None


def test_the_same_input_gives_the_same_facts(ensemble):
    regressor, X, y = ensemble
    given = {"oof_prediction": regressor.oof_prediction_, "folds": regressor.folds_}
    assert told(regressor.model_, X, y, **given) == told(regressor.model_, X, y, **given)


def test_many_rows_are_sampled_also_from_a_file(regressor, generator, monkeypatch):
    monkeypatch.setattr("fitnet.reports.judged_rows.MOST_JUDGED", 50)
    X, y = generator.uniform(-1, 1, (200, 2)), generator.normal(size=(200, 1))
    facts = told(regressor.model_, X, y, numbers=np.arange(200) + 1000)
    assert (facts["rows"]["n"], facts["rows"]["sampled"]) == (50, {"of": 200})
    assert min(facts["sample"]["rows"]) >= 1000
    rows = np.array(facts["sample"]["rows"]) - 1000
    np.testing.assert_allclose(np.array(facts["sample"]["inputs"]), X[rows], rtol=1e-5)  # six digits are written
    in_file = told(regressor.model_, ArrayRows("X", X), ArrayRows("Y", y), numbers=np.arange(200) + 1000)
    assert in_file == facts


def test_one_row_and_a_constant_target(regressor):
    facts = told(regressor.model_, [[5.0, 6.0]], [1.0])
    assert facts["rows"]["n"] == 1
    assert facts["targets"][0]["ratios"]["mean"] == {"ratio": None, "low": None, "high": None}
    facts = told(regressor.model_, np.linspace(-1, 1, 100).reshape(50, 2), np.ones(50))
    assert facts["targets"][0]["errors"]["network"]["r2"] is None
    assert facts["targets"][0]["spread"] == 0


def test_many_targets_and_inputs(generator):
    X = generator.normal(size=(120, 40))
    Y = X @ generator.normal(size=(40, 30))
    model = fitnet.Regressor((4,), max_epochs=1, random_state=0).fit(X[:60], Y[:60]).model_
    facts = told(model, X[60:], Y[60:])
    errors = Errors.of(model.predict(X[60:]), Y[60:]).rmse / Y[60:].std(axis=0)
    assert [target["place"] for target in facts["targets"]] == np.argsort(-errors)[:12].tolist()
    assert (facts["together"]["targets"], facts["together"]["shown"]) == (30, 12)
    assert len(facts["sample"]["input_names"]) == 12
    assert np.shape(facts["sample"]["targets"]) == (60, 12)
    assert len(facts["targets"][0]["importance"]) == 40
    assert len(facts["targets"][0]["worst_rows"][0]["inputs"]) == 12


def test_trees_are_fitted_to_as_many_targets_as_do_not_take_too_long(tmp_path, generator, monkeypatch):
    from click.testing import CliRunner

    from fitnet.cli import command_line

    monkeypatch.setattr("fitnet.reports.comparison.MOST_COLUMNS", 2)
    table = generator.normal(size=(100, 4))
    np.savetxt(tmp_path / "t.csv", table, delimiter=",", header="a,b,y,z", comments="", fmt="%.17g")
    command = ["fit", str(tmp_path / "t.csv"), "--target", "y", "--target", "z", "--epochs", "1"]
    assert CliRunner().invoke(command_line, [*command, "--out", str(tmp_path / "t.fitnet")]).exit_code == 0
    facts = told(fitnet.load(tmp_path / "t.fitnet"), table[:, :2], table[:, 2:])
    assert [target["errors"]["boosted trees"] is None for target in facts["targets"]] == [False, True]
    assert [target["ratios"]["boosted trees"]["ratio"] is None for target in facts["targets"]] == [False, True]
    assert facts["together"]["ratios"]["boosted trees"]["ratio"] is None
    assert facts["together"]["ratios"]["mean"]["ratio"] is not None


def test_rows_with_the_inputs_of_training_rows_are_counted(tmp_path, generator):
    from click.testing import CliRunner

    from fitnet.cli import command_line

    X = np.tile(generator.normal(size=(60, 2)), (2, 1))
    table = np.column_stack([X, X[:, 0] + generator.normal(size=120)])
    np.savetxt(tmp_path / "t.csv", table, delimiter=",", header="a,b,y", comments="", fmt="%.17g")
    command = ["fit", str(tmp_path / "t.csv"), "--target", "y", "--epochs", "2", "--out", str(tmp_path / "t.fitnet")]
    assert CliRunner().invoke(command_line, command).exit_code == 0
    facts = told(fitnet.load(tmp_path / "t.fitnet"), X, table[:, 2])
    assert facts["rows"]["judged_by"] == "kept out"
    assert 12 <= facts["rows"]["copies"] < facts["rows"]["n"] == 24
    assert facts["targets"][0]["noise"]["from"] == "equal inputs"
    assert facts["targets"][0]["rmse_without_copies"] is not None


@pytest.mark.parametrize(
    ("X", "Y", "argument"),
    [
        (np.ones((3, 2)), np.ones(2), "X"),
        (np.ones((3, 1)), np.ones(3), "X"),
        (np.ones((2, 2)), [np.nan, 1], "y"),
    ],
)
def test_what_is_no_table_is_refused(regressor, X, Y, argument):
    with pytest.raises(fitnet.errors.ArgumentError) as error:
        given_rows(regressor.model_, X, Y)
    assert error.value.argument == argument
