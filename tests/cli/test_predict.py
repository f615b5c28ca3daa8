"""fitnet predict: the model's own numbers, one row each, from tables of any shape, into files and pipes."""

import json

import numpy as np
import pytest

from fitnet import load
from fitnet.tables import numeric_columns, read_table, write_table

ROWS = "b,more,a\n1,x,0.5\n6,,3.9\n0,y,2\n"
X = np.array([[0.5, 1], [3.9, 6], [2, 0]])


@pytest.fixture
def new(waves_model):
    """Three rows within the ranges, columns in another order, one more among them."""
    (waves_model.parent / "new.csv").write_text(ROWS)
    return waves_model.parent


def test_predictions_on_standard_output(fitnet, new):
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv")
    assert (code, err) == (0, "")
    header, *lines = out.splitlines()
    assert header == "y"
    assert [float(line) for line in lines] == load("waves.fitnet").predict(X)[:, 0].tolist()


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.txt", "out.parquet", "out.pq"])
def test_predictions_in_a_file(fitnet, new, name):
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv", "--out", name)
    assert (code, out, err) == (0, f"3 predictions: {name}\n", "")
    table = read_table(name)
    assert table.names == ("y",)
    np.testing.assert_array_equal(numeric_columns(table, ["y"]), load("waves.fitnet").predict(X))


def test_predictions_as_json(fitnet, new):
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert json.loads(out) == {
        "model": "waves.fitnet",
        "table": "new.csv",
        "rows": 3,
        "rows_left_out": 0,
        "outside": {"rows": 0, "column": None, "column_rows": None},
        "out": None,
        "predictions": {"y": load("waves.fitnet").predict(X)[:, 0].tolist()},
    }
    facts = json.loads(fitnet("predict", "waves.fitnet", "new.csv", "--out", "out.csv", "--json").out)
    assert facts["out"] == "out.csv"
    assert "predictions" not in facts


def test_derivatives(fitnet, new):
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv", "--derivatives")
    assert (code, err) == (0, "")
    header, *lines = out.splitlines()
    assert header == "y,d(y)/d(a),d(y)/d(b)"
    slopes = load("waves.fitnet").jacobian(X)[:, 0]
    assert np.array([line.split(",")[1:] for line in lines], float).tolist() == slopes.tolist()


def test_a_unit_in_a_name_stays_at_its_end(fitnet, waves):
    text = (waves / "waves.csv").read_text().replace("a,b,y,z", "a [K],b,energy [keV],z", 1)
    (waves / "units.csv").write_text(text)
    fit = ("fit", "units.csv", "--target", "energy [keV]", "--features", "a [K],b", "--hidden", "4", "--epochs", "3")
    assert fitnet(*fit, "--error-bars", "yes").code == 0
    ask = ("--std", "--interval", "0.9", "--derivatives", "--out", "out.csv")
    assert fitnet("predict", "units.fitnet", "units.csv", *ask).code == 0
    beside = [f"energy{ending} [keV]" for ending in ("", "_std", "_lower", "_upper")]
    assert read_table("out.csv").names == (*beside, "d(energy)/d(a) [keV/K]", "d(energy [keV])/d(b)")


def test_several_targets(fitnet, waves):
    fitnet("fit", "waves.csv", "--target", "z", "--target", "y", "--hidden", "4", "--epochs", "2")
    (waves / "new.csv").write_text(ROWS)
    header, *lines = fitnet("predict", "waves.fitnet", "new.csv").out.splitlines()
    assert header == "z,y"
    answers = [[float(cell) for cell in line.split(",")] for line in lines]
    assert answers == load("waves.fitnet").predict(X).tolist()


def test_parquet_in(fitnet, new):
    write_table("new.parquet", {"b": X[:, 1].copy(), "a": X[:, 0].copy()})
    assert fitnet("predict", "waves.fitnet", "new.parquet").out == fitnet("predict", "waves.fitnet", "new.csv").out


def test_rows_with_missing_values_are_left_out_and_counted(fitnet, new):
    complete = fitnet("predict", "waves.fitnet", "new.csv").out
    with (new / "new.csv").open("a") as table:
        table.write("NA,,1\n")
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv", "--drop-missing")
    assert (code, out, err) == (0, complete, "fitnet: 1 row left out: missing values.\n")


def test_rows_outside_the_ranges_are_counted(fitnet, new):
    (new / "new.csv").write_text("a,b\n1,1\n-1,2\n99,9\n100,1\n")
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv")
    assert (code, out.count("\n")) == (0, 5)
    assert err == (
        "fitnet: 3 of 4 rows outside the ranges seen in training, most in column 'a' (3 rows): "
        "there the network extrapolates.\n"
    )
    facts = json.loads(fitnet("predict", "waves.fitnet", "new.csv", "--json").out)
    assert facts["outside"] == {"rows": 3, "column": "a", "column_rows": 3}


def test_rows_outside_are_refused_blanked_or_ignored(fitnet, new):
    (new / "new.csv").write_text("a,b\n1,1\n-1,2\n99,9\n100,1\n")
    answers = load("waves.fitnet").predict([[1, 1], [-1, 2], [99, 9], [100, 1]])[:, 0].tolist()
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv", "--outside", "ignore")
    assert (code, err, [float(line) for line in out.splitlines()[1:]]) == (0, "", answers)
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv", "--outside", "nan", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["predictions"] == {"y": [answers[0], None, None, None]}
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv", "--outside", "raise")
    assert (code, out) == (2, "")
    assert err == (
        "fitnet: `--outside` is 'raise', and of 4 rows 3 lie outside the ranges seen in training, most in column 'a'; "
        "leave such rows out, or give 'nan', which answers them with NaN.\n"
    )
    code, out, err = fitnet("predict", "waves.fitnet", "new.csv", "--outside", "no")
    assert (code, out) == (2, "")
    assert err == "fitnet: `--outside` is 'no'; it must be one of warn, raise, nan, ignore.\n"


def test_a_model_without_ranges_warns_of_nothing(fitnet, model_file, tmp_path):
    (tmp_path / "new.csv").write_text("x1,x2\n1,1e9\n")
    code, out, err = fitnet("predict", model_file, tmp_path / "new.csv", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["outside"] == {"rows": None, "column": None, "column_rows": None}


def test_an_output_file_is_replaced_as_a_whole(fitnet, new):
    (new / "out.csv").write_text("old")
    assert fitnet("predict", "waves.fitnet", "new.csv", "--out", "out.csv").code == 0
    assert (new / "out.csv").read_text() == fitnet("predict", "waves.fitnet", "new.csv").out
