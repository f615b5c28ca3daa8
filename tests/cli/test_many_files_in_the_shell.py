"""One table in many files: commands that train on it or judge by it do as with one file of the same rows."""

import json

import numpy as np
import polars as pl
import pytest

from fitnet import load
from fitnet.rows import sources

N = 300
EDGES = (0, 1, 201, 201, N)
QUICK = ("--target", "y", "--hidden", "4", "--epochs", "3")
PATTERN = "parts/*.csv"


@pytest.fixture
def parts(tmp_path, monkeypatch):
    """A folder with one.csv and one.parquet, and the same rows in files below parts and stored."""
    monkeypatch.chdir(tmp_path)
    X = np.random.default_rng(0).uniform(-1, 1, (N, 2))
    frame = pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": X[:, 0] * X[:, 1]})
    frame.write_csv("one.csv")
    frame.write_parquet("one.parquet")
    for folder, write in (("parts", pl.DataFrame.write_csv), ("stored", pl.DataFrame.write_parquet)):
        (tmp_path / folder).mkdir()
        for i in range(len(EDGES) - 1):
            kind = "csv" if folder == "parts" else "parquet"
            write(frame[EDGES[i] : EDGES[i + 1]], tmp_path / folder / f"p{i}.{kind}")
    return tmp_path


def parameters(name):
    return load(name).parameters


@pytest.mark.parametrize("table", [PATTERN, "parts", "parts/", "stored/**/p*.parquet", "*/p[0-9].parquet"])
def test_the_model_is_that_of_one_file(fitnet, parts, table):
    assert fitnet("fit", "one.csv", *QUICK).code == 0
    code, out, _ = fitnet("fit", table, *QUICK, "--out", "many.fitnet", "--json")
    assert code == 0
    one, many = load("one.fitnet"), load("many.fitnet")
    np.testing.assert_array_equal(many.parameters, one.parameters)
    for name in ("table_sha256", "data_sha256"):
        assert many.provenance[name] == one.provenance[name]
    assert json.loads(out)["rows"] == N


def test_large_files_are_fitted_as_one_large_file(fitnet, parts, monkeypatch):
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1000)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 1600)
    for table, out in (("one.parquet", "one.fitnet"), ("stored", "many.fitnet")):
        assert fitnet("fit", table, *QUICK, "--out", out).code == 0
    np.testing.assert_array_equal(parameters("many.fitnet"), parameters("one.fitnet"))


@pytest.mark.parametrize(
    ("table", "name", "said"),
    [(PATTERN, "parts", PATTERN), ("parts/", "parts", "parts"), ("*/p?.parquet", None, "*/p?.parquet")],
)
def test_the_model_has_the_name_of_the_folder(fitnet, parts, table, name, said):
    code, out, _ = fitnet("fit", table, *QUICK, "--json")
    expected = f"{name or parts.name}.fitnet"
    assert (code, json.loads(out)["model"]) == (0, expected)
    assert load(expected).provenance["table"] == said


def test_its_commands_are_those_to_type(fitnet, parts):
    code, out, _ = fitnet("fit", PATTERN, *QUICK)
    assert code == 0
    assert out.endswith(f"fitnet report parts.fitnet '{PATTERN}'\n")
    assert load("parts.fitnet").provenance["command"].startswith(f"fitnet fit '{PATTERN}' --target y")


def test_a_training_is_resumed_with_the_same_rows_only(fitnet, parts):
    kept = (*QUICK, "--checkpoint", "kept", "--resume")
    assert fitnet("fit", PATTERN, *kept, "--out", "many.fitnet").code == 0
    assert fitnet("fit", "one.csv", *kept, "--out", "one.fitnet").code == 0  # equal rows are the same training
    np.testing.assert_array_equal(parameters("many.fitnet"), parameters("one.fitnet"))
    (parts / "parts" / "p0.csv").rename(parts / "parts" / "p9.csv")  # the same rows in another order
    code, _, err = fitnet("fit", PATTERN, *kept)
    assert code == 2
    assert err.startswith("fitnet: The training in kept was begun with other rows or another seed; ")


def test_a_part_is_no_place_for_a_checkpoint(fitnet, parts):
    before = (parts / "parts" / "p1.csv").read_bytes()
    code, _, err = fitnet("fit", PATTERN, *QUICK, "--checkpoint", "parts/p1.csv")
    assert (code, err) == (2, "fitnet: `--checkpoint` is 'parts/p1.csv', which is `TABLE` too; they must differ.\n")
    assert (parts / "parts" / "p1.csv").read_bytes() == before


@pytest.mark.parametrize("table", [PATTERN, "stored"])
def test_models_are_judged_by_them(fitnet, parts, table):
    assert fitnet("fit", "one.csv", *QUICK).code == 0
    one, many = (json.loads(fitnet("evaluate", "one.fitnet", each, "--json").out) for each in ("one.csv", table))
    assert many["trained_on"] is True
    assert {**many, "table": "one.csv"} == one
    code, out, _ = fitnet("report", "one.fitnet", table, "--out", "many.html")
    assert (code, out) == (0, "Report:   many.html, one file that any browser opens\n")


def test_answers_to_a_folder_are_those_to_its_files(fitnet, parts):
    assert fitnet("fit", "one.csv", *QUICK).code == 0
    (parts / "parts" / "p2.csv").unlink()  # has no rows to answer
    code, out, _ = fitnet("predict", "one.fitnet", "parts", "--out", "answers", "--workers", "1")
    assert (code, out) == (0, f"{N} predictions in 3 files: answers\n")
    assert sorted(path.name for path in (parts / "answers").glob("*.csv")) == ["p0.csv", "p1.csv", "p3.csv"]


@pytest.mark.parametrize("command", [("fit", "--target", "y"), ("predict", "one.fitnet")])
def test_a_pattern_that_the_shell_took_apart_is_told(fitnet, parts, command):
    code, out, err = fitnet(*command, "parts/p0.csv", "parts/p1.csv", "parts/p3.csv")
    assert (code, out) == (2, "")
    assert err == (
        "fitnet: There is more than one TABLE; a pattern for many files stands in quotation marks: 'parts/*.csv'.\n"
    )


def test_an_error_in_a_file_proposes_no_other(fitnet, parts):
    (parts / "parts" / "p3.csv").write_text("a,y\n1,2\n")
    code, _, err = fitnet("fit", "parts/p*.csv", *QUICK)
    assert (code, "did you mean" in err) == (2, False)


def test_no_file_is_a_sentence(fitnet, parts):
    code, out, err = fitnet("fit", "parts/q*.csv", *QUICK)
    assert (code, out) == (2, "")
    assert err == (
        "fitnet: parts/q*.csv matches no file; it must be a table's name, or a pattern such as 'parts/*.parquet'.\n"
    )
