"""fitnet fit: which columns and rows of a table it takes, whatever their names and the table's format."""

import json
import shlex

from fitnet import load
from fitnet.tables import read_table

QUICK = ("--hidden", "4", "--epochs", 3)
FIT = ("fit", "waves.csv", "--target", "y", "--features", "a,b", *QUICK)


def test_several_targets_from_all_other_columns(fitnet, waves):
    facts = json.loads(fitnet("fit", "waves.csv", "--target", "z", "--target", "y", *QUICK, "--json").out)
    model = load("waves.fitnet")
    assert (model.input_names, model.output_names) == (("a", "b"), ("z", "y"))
    assert list(facts["evaluation"]) == ["z", "y"]


def test_features_in_the_order_given(fitnet, waves):
    fitnet("fit", "waves.csv", "--target", "y", "--features", "z, b", *QUICK)
    assert load("waves.fitnet").input_names == ("z", "b")


def test_names_with_commas_and_brackets(fitnet, waves):
    table = (waves / "waves.csv").read_text().replace("a,b,y", '"a, in [m]",b,[/y]', 1)
    (waves / "waves.csv").write_text(table)
    answer = fitnet("fit", "waves.csv", "--target", "[/y]", "--features", '"a, in [m]",b', *QUICK)
    assert (answer.code, answer.err) == (0, "")
    assert "│ [/y] " in answer.out
    model = load("waves.fitnet")
    assert model.input_names == ("a, in [m]", "b")
    assert fitnet(*shlex.split(model.provenance["command"])[1:]).code == 0
    assert "a, in [m]" in fitnet("inspect", "waves.fitnet").out


def test_missing_values_are_left_out_and_counted(fitnet, waves):
    with (waves / "waves.csv").open("a") as table:
        table.write("1,,2,3\nNA,1,2,3\n1,2,3,\n")
    facts = json.loads(fitnet(*FIT, "--drop-missing", "--json").out)
    assert (facts["rows"], facts["rows_left_out"]) == (41, 2)
    assert "2 left out (missing values)" in fitnet(*FIT, "--drop-missing").out


def test_parquet_gives_the_same_model(fitnet, waves):
    from fitnet.tables import numeric_columns, write_table

    table = read_table("waves.csv")
    write_table("waves.parquet", dict(zip(table.names, numeric_columns(table, table.names).T.copy(), strict=True)))
    fitnet(*FIT)
    from_csv = load("waves.fitnet")
    assert fitnet("fit", "waves.parquet", *FIT[2:]).code == 0
    assert load("waves.fitnet").parameters.tobytes() == from_csv.parameters.tobytes()
    assert load("waves.fitnet").provenance["table_sha256"] == from_csv.provenance["table_sha256"]
