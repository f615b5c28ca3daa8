"""Which rows a model did not see, by what its provenance and its members tell."""

import numpy as np
import pytest
from click.testing import CliRunner

import fitnet
from fitnet.cli import command_line
from fitnet.engine import ENGINES
from fitnet.evaluation.known_rows import share_known
from fitnet.fitting.unseen_rows import KEPT_OUT, NEW, OUT_OF_FOLD, SEEN, unseen_rows
from fitnet.rows import ArrayRows
from fitnet.tables import read_selection

BY_ENSEMBLES = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """A file of 120 rows, one input with gaps and one of words; and the numbers in it as arrays."""
    generator = np.random.default_rng(1)
    a, b, word = generator.normal(size=120), generator.normal(size=120), generator.choice(["u", "v"], 120)
    lines = [f"{'' if i % 9 == 0 else a[i]},{b[i]},{word[i]},{a[i] + 2 * b[i] + (word[i] == 'u')}" for i in range(120)]
    path = tmp_path_factory.mktemp("unseen") / "table.csv"
    path.write_text("\n".join(["a,b,w,y", *lines]) + "\n")
    return path


@pytest.fixture(scope="module")
def ensemble():
    """A small ensemble with its rows."""
    if "native" not in ENGINES:
        pytest.skip("ensembles take minutes with the reference engine")
    generator = np.random.default_rng(2)
    X = generator.normal(size=(150, 2))
    y = X[:, 0] * X[:, 1] + 0.1 * generator.normal(size=150)
    return fitnet.AutoRegressor("fast", random_state=0).fit(X, y), X, y


def fitted_in_the_shell(table, *options):
    out = table.with_name(f"{'-'.join(options).strip('-') or 'model'}.fitnet")
    result = CliRunner().invoke(
        command_line, ["fit", str(table), "--target", "y", "--missing", "impute", "--out", str(out), *options]
    )
    assert result.exit_code == 0, result.output
    model = fitnet.load(out)
    rows = read_selection(
        str(table), model.output_names, missing="impute", features=model.given_names, categories=model.categories,
        trains=False,
    )  # fmt: skip
    return model, rows.X, rows.Y


@pytest.mark.parametrize(
    "options",
    [
        ("--epochs", "2"),
        pytest.param(("--effort", "fast"), marks=BY_ENSEMBLES),
        ("--epochs", "2", "--early-stopping"),
    ],
)
def test_rows_that_the_shell_kept_out_are_drawn_again(table, options):
    model, X, Y = fitted_in_the_shell(table, *options)
    found = unseen_rows(model, X, Y)
    assert found.judged_by == KEPT_OUT
    assert len(found.judged) == model.provenance["kept_out_rows"] == 24
    assert sorted([*found.judged, *found.training]) == list(range(120))
    evaluation = fitnet.evaluation.evaluate(model, X[found.judged], Y[found.judged]).errors_by_target()
    assert evaluation == model.provenance["evaluation"]


def test_the_training_rows_of_the_whole_table_are_seen(table):
    model, X, Y = fitted_in_the_shell(table, "--epochs", "2", "--test-fraction", "0")
    assert unseen_rows(model, X, Y).judged_by == SEEN
    model, X, Y = fitted_in_the_shell(table, "--epochs", "2", "--seed", "3")
    found = unseen_rows(model, X, Y)
    assert unseen_rows(model, X[found.training], Y[found.training]).judged_by == SEEN
    assert unseen_rows(model, X[found.judged], Y[found.judged]).judged_by == NEW


def test_a_changed_table_is_new_or_seen_by_the_rows_that_the_model_keeps(table):
    model, X, Y = fitted_in_the_shell(table, "--epochs", "2", "--seed", "4")
    assert unseen_rows(model, X + 1e-3, Y).judged_by == NEW
    assert unseen_rows(model, X[::-1], Y[::-1]).judged_by == SEEN  # most were in training; which ones is not known


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_an_estimator_was_fitted_to_is_seen(dtype, generator):
    X, y = generator.normal(size=(50, 2)).astype(dtype), generator.normal(size=50)
    model = fitnet.Regressor((2,), max_epochs=1, random_state=0).fit(X, y).model_
    X, Y = X.astype("float64"), y[:, np.newaxis]
    assert unseen_rows(model, X, Y).judged_by == SEEN
    assert unseen_rows(model, ArrayRows("X", X), ArrayRows("Y", Y)).judged_by == SEEN
    assert unseen_rows(model, generator.normal(size=(50, 2)), Y).judged_by == NEW


def test_predictions_out_of_fold_judge_their_own_rows_alone(ensemble):
    regressor, X, y = ensemble
    Y, oof = y[:, np.newaxis], regressor.oof_prediction_[:, np.newaxis]
    found = unseen_rows(regressor.model_, X, Y, oof, regressor.folds_)
    assert found.judged_by == OUT_OF_FOLD
    assert found.judged.tolist() == np.flatnonzero(np.isfinite(oof[:, 0])).tolist()
    assert unseen_rows(regressor.model_, X[::-1], Y[::-1], oof, regressor.folds_).judged_by == SEEN
    assert unseen_rows(regressor.model_, X[::-1] + 0.5, Y, oof, regressor.folds_).judged_by == NEW
    assert unseen_rows(regressor.model_, X[:20], Y[:20], oof, regressor.folds_).judged_by == SEEN


def test_the_share_of_known_rows(ensemble, generator):
    regressor, X, _ = ensemble
    new = generator.normal(size=(150, 2))
    assert share_known(regressor.model_, X) == 1
    assert share_known(regressor.model_, X[70:90]) == 1
    assert share_known(regressor.model_, new) == 0
    assert abs(share_known(regressor.model_, np.concatenate([X, new])) - 0.5) < 0.01
