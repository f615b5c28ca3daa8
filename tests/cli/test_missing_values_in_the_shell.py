"""Missing values, units and standard input in the shell, from fitting to inspecting."""

import io
import json
import sys

import numpy as np
import pytest

from fitnet import load
from fitnet.tables import numeric_columns, read_table

FIT = ("fit", "t.csv", "--target", "y", "--hidden", "4", "--epochs", "3", "--json")


@pytest.fixture
def gaps(tmp_path, monkeypatch):
    """A table of 40 rows in this folder, units below its names, of which 10 lack a, and 1 lacks y."""
    monkeypatch.chdir(tmp_path)
    rows = [f"{'' if i % 4 == 1 else i / 10},{i % 7},{'' if i == 0 else i % 7 + i / 10:.1}" for i in range(40)]
    (tmp_path / "t.csv").write_text("a,b,y\n[m],[s],[m]\n" + "\n".join(rows) + "\n")
    return tmp_path


def test_gaps_are_imputed_from_fitting_to_inspecting(fitnet, gaps):
    answer = fitnet(*FIT, "--missing", "impute")
    assert (answer.code, answer.err) == (0, "")
    facts = json.loads(answer.out)
    assert (facts["rows"], facts["rows_left_out"]) == (39, 1)
    model = load(gaps / "t.fitnet")
    assert (model.given_names, model.units) == (("a", "b"), {"a": "m", "b": "s", "y": "m"})
    assert "--missing impute" in model.provenance["command"]

    predicted = fitnet("predict", "t.fitnet", "t.csv")
    assert predicted.code == 0
    X = numeric_columns(read_table("t.csv"), ["a", "b"])
    np.testing.assert_array_equal([float(line) for line in predicted.out.split()[1:]], model.predict(X)[:, 0])
    dropped = fitnet("predict", "t.fitnet", "t.csv", "--missing", "drop", "--json")
    assert json.loads(dropped.out)["rows_left_out"] == 10

    evaluated = json.loads(fitnet("evaluate", "t.fitnet", "t.csv", "--json").out)
    assert (evaluated["rows"], evaluated["trained_on"], evaluated["baselines_from"]) == (39, True, "training rows")
    inspected = json.loads(fitnet("inspect", "t.fitnet", "--json").out)["inputs"]
    assert [column["name"] for column in inspected] == ["a", "b", "a is missing"]
    assert inspected[0]["imputed"] == model.imputation.medians[0]
    assert "a is missing" in fitnet("inspect", "t.fitnet").out
    assert fitnet("verify", "t.fitnet").code == 0


def test_drop_has_two_spellings(fitnet, gaps):
    first = fitnet(*FIT, "--missing", "drop")
    kept = load("t.fitnet")
    second = fitnet(*FIT, "--drop-missing")
    assert json.loads(first.out)["rows_left_out"] == json.loads(second.out)["rows_left_out"] == 11
    np.testing.assert_array_equal(kept.parameters, load("t.fitnet").parameters)


def test_units_that_are_told_of(fitnet, gaps):
    text = (gaps / "t.csv").read_text().replace("[m],[s],[m]", "m,s,m")
    (gaps / "t.csv").write_text(text)
    assert fitnet(*FIT, "--missing", "drop").code == 2
    assert fitnet(*FIT, "--missing", "drop", "--units-row").code == 0
    assert load("t.fitnet").units == {"a": "m", "b": "s", "y": "m"}
    assert fitnet("predict", "t.fitnet", "t.csv", "--missing", "drop", "--units-row").code == 0
    assert fitnet("evaluate", "t.fitnet", "t.csv", "--missing", "drop", "--units-row").code == 0


@pytest.mark.filterwarnings("always")
def test_a_sentinel_is_a_line_on_standard_error(fitnet, gaps):
    with (gaps / "t.csv").open("a") as file:
        file.write("-9999,1,2\n-9999,2,3\n")
    answer = fitnet(*FIT, "--missing", "drop")
    assert answer.code == 0
    assert answer.err == (
        "fitnet: t.csv has -9999 in column 'a', 2 times, far from all other values, which are from 0.2 to 3.9; if it "
        "stands for a missing value, say so with --missing-value -9999 (`missing_values=[-9999]`).\n"
    )
    told = ("--missing", "drop", "--missing-value", "-9999", "--missing-value", "-8888")
    answer = fitnet(*FIT, *told)
    assert (answer.err, json.loads(answer.out)["rows_left_out"]) == ("", 13)
    assert "--missing-value -9999.0 --missing-value -8888.0" in load("t.fitnet").provenance["command"]
    for command in ("predict", "evaluate"):
        answer = fitnet(command, "t.fitnet", "t.csv", *told, "--json")
        assert json.loads(answer.out)["rows_left_out"] == {"predict": 12, "evaluate": 13}[command]


class Input:
    closed = False

    def __init__(self, data):
        self.buffer = io.BytesIO(data)


def test_tables_on_standard_input(fitnet, gaps, monkeypatch):
    data = (gaps / "t.csv").read_bytes()
    monkeypatch.setattr(sys, "stdin", Input(data))
    answer = fitnet("fit", "-", *FIT[2:], "--missing", "impute", "--out", "piped.fitnet")
    assert (answer.code, answer.err) == (0, "")
    assert fitnet(*FIT, "--missing", "impute").code == 0
    np.testing.assert_array_equal(load("piped.fitnet").parameters, load("t.fitnet").parameters)
    for command in ("predict", "evaluate"):
        monkeypatch.setattr(sys, "stdin", Input(data))
        from_file, piped = (fitnet(command, "t.fitnet", table, "--json") for table in ("t.csv", "-"))
        assert (piped.code, piped.err) == (0, from_file.err)
        assert json.loads(piped.out) == json.loads(from_file.out) | {"table": "-"}


def test_the_default_name_of_a_compressed_tables_model(fitnet, gaps):
    import gzip

    (gaps / "z.csv.gz").write_bytes(gzip.compress((gaps / "t.csv").read_bytes()))
    assert fitnet("fit", "z.csv.gz", *FIT[2:], "--missing", "drop").code == 0
    assert (gaps / "z.fitnet").is_file()
