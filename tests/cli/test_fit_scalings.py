"""fitnet fit on columns that do not vary, and on targets with outliers."""

import json

import numpy as np
import pytest

from fitnet import load

QUICK = ("--hidden", "6", "--epochs", "30", "--activation", "tanh")
SAID = "The input 'P' is the same in all rows, so it has no effect on the predictions; leave it out."


@pytest.fixture
def table(tmp_path, monkeypatch, generator):
    """x varies, P never, zero is a target that never does."""
    monkeypatch.chdir(tmp_path)
    x = generator.uniform(-1, 1, 60)
    lines = [f"{value!r},101325,{float(np.sin(3 * value))!r},0.1" for value in x.tolist()]
    (tmp_path / "t.csv").write_text("\n".join(["x,P,y,zero", *lines]))
    return tmp_path


@pytest.mark.filterwarnings("default::fitnet.errors.ConstantInputWarning")
def test_columns_that_do_not_vary(fitnet, table):
    code, _, err = fitnet("fit", "t.csv", "--target", "y", "--target", "zero", *QUICK)
    assert code == 0
    assert err.count(SAID) == 1
    model = load("t.fitnet")
    X = np.array([[0.3, 101325.0], [0.3, 0.0]])
    assert np.all(model.jacobian(X)[:, :, 1] == 0)
    assert np.all(model.predict(X)[:, 1] == 0.1)
    (table / "new.csv").write_text("x,P\n0.3,101325\n0.3,101330\n")
    told = json.loads(fitnet("predict", "t.fitnet", "new.csv", "--json").out)
    assert told["outside"] == {"rows": 1, "column": "P", "column_rows": 1}
    assert told["predictions"]["y"][0] == told["predictions"]["y"][1]
    assert told["predictions"]["zero"] == [0.1, 0.1]


def test_outliers(fitnet, table):
    lines = (table / "t.csv").read_text().splitlines()
    lines[3] = "0.5,101325,1e30,0.1"
    (table / "t.csv").write_text("\n".join(lines))
    fit = ("fit", "t.csv", "--target", "y", "--features", "x", "--test-fraction", "0", *QUICK)
    assert fitnet(*fit, "--loss", "huber").code == 0
    assert load("t.fitnet").target_scaling.scale[0] < 2
    assert fitnet(*fit, "--scaling", "robust", "--dtype", "float64").code == 0
    assert load("t.fitnet").target_scaling.scale[0] < 2
    code, _, err = fitnet(*fit, "--scaling", "robus")
    assert (code, err) == (
        2,
        "fitnet: `--scaling` is 'robus'; it must be one of auto, standard, robust, common (did you mean 'robust'?).\n",
    )
