"""Columns of words in the shell, from fitting to inspecting: as `Regressor` after scikit-learn's encoder."""

import json

import numpy as np
import polars as pl
import pytest
from sklearn.preprocessing import OneHotEncoder

from fitnet import load
from fitnet.fitting.splits import BlockSplit, kept_apart
from fitnet.rows import sources

FIT = ("fit", "t.csv", "--target", "y", "--hidden", "4", "--epochs", "3", "--solver", "adam", "--json")
TOLD = pytest.mark.filterwarnings("always::fitnet.errors.UnknownLevelWarning")
N = 60
generator = np.random.default_rng(3)
X = generator.integers(0, 100, N) / 10
COLOURS = generator.choice(["red", "green", "blue"], N)
Y = X + 5 * (COLOURS == "red")


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A table of 60 rows in this folder, with colours and an x."""
    monkeypatch.chdir(tmp_path)
    lines = [f"{colour},{x},{y:.1f}" for colour, x, y in zip(COLOURS, X, Y, strict=True)]
    (tmp_path / "t.csv").write_text("colour,x,y\n" + "\n".join(lines) + "\n")
    return tmp_path


def encoded(levels):
    encoder = OneHotEncoder(categories=[levels], handle_unknown="ignore", sparse_output=False)
    return np.column_stack([encoder.fit_transform(COLOURS[:, np.newaxis]), X])


def test_a_table_of_words_is_fitted_as_the_same_table_of_numbers(fitnet, table):
    answer = fitnet(*FIT)
    assert (answer.code, answer.err) == (0, "")
    model = load("t.fitnet")
    assert model.input_names == ("colour=blue", "colour=green", "colour=red", "x")
    rows = np.column_stack([encoded(["blue", "green", "red"]), Y])
    np.savetxt("n.csv", rows, delimiter=",", header="a,b,c,x,y", comments="", fmt="%.1f")
    assert fitnet("fit", "n.csv", *FIT[2:]).code == 0
    plain = load("n.fitnet")
    np.testing.assert_array_equal(model.parameters, plain.parameters)
    for name in ("evaluation", "table_sha256", "data_sha256", "baselines"):
        assert model.provenance[name] == plain.provenance[name]

    predicted = fitnet("predict", "t.fitnet", "t.csv")
    assert (predicted.err, predicted.out) == ("", fitnet("predict", "n.fitnet", "n.csv").out)
    evaluated = [json.loads(fitnet("evaluate", f"{name}.fitnet", f"{name}.csv", "--json").out) for name in "tn"]
    assert evaluated[0]["trained_on"]
    assert evaluated[0]["evaluation"] == evaluated[1]["evaluation"]
    assert fitnet("verify", "t.fitnet").code == 0


@TOLD
def test_an_unknown_level_is_told_and_lies_outside(fitnet, table):
    fitnet(*FIT)
    (table / "new.csv").write_text("x,colour,y\n1,pink,1\n2,red,7\n3,pink,3\n")
    told = "fitnet: new.csv has 'pink' (2 rows) in column 'colour', which no row of training had; to the model such a w"
    predicted = fitnet("predict", "t.fitnet", "new.csv", "--json")
    facts = json.loads(predicted.out)
    assert facts["outside"] == {"rows": 2, "column": "colour", "column_rows": 2}
    assert (
        facts["predictions"]["y"] == load("t.fitnet").predict([[0, 0, 0, 1], [0, 0, 1, 2], [0, 0, 0, 3]])[:, 0].tolist()
    )
    assert predicted.err.startswith(told)
    assert predicted.err.count("\n") == 2
    assert "2 of 3 rows outside the ranges seen in training, most in column 'colour' (2 rows)" in predicted.err
    assert fitnet("evaluate", "t.fitnet", "new.csv").err.startswith(told)


@TOLD
def test_a_level_of_rows_kept_out_alone_is_not_known(fitnet, table):
    _, kept_out = kept_apart(N, 0.2, np.random.default_rng(0))
    lines = (table / "t.csv").read_text().split("\n")
    lines[1 + int(kept_out[0])] = "pink,1,1"
    (table / "t.csv").write_text("\n".join(lines))
    answer = fitnet(*FIT)
    assert (answer.code, answer.err) == (0, "")
    assert load("t.fitnet").categories.levels[0] == ("blue", "green", "red")
    evaluated = fitnet("evaluate", "t.fitnet", "t.csv", "--json")
    assert json.loads(evaluated.out)["trained_on"]
    assert "has 'pink' (1 row)" in evaluated.err


def test_missing_words(fitnet, table):
    text = (table / "t.csv").read_text().replace("red", "NA")
    (table / "t.csv").write_text(text)
    count = int((COLOURS == "red").sum())
    refused = fitnet(*FIT)
    assert (refused.code, refused.out) == (2, "")
    assert f"t.csv has missing values in colour ({count}); --missing drop leaves" in refused.err
    assert json.loads(fitnet(*FIT, "--missing", "drop").out)["rows_left_out"] == count
    assert load("t.fitnet").categories.levels[0] == ("blue", "green")
    assert json.loads(fitnet(*FIT, "--missing", "impute").out)["rows_left_out"] == 0
    model = load("t.fitnet")
    assert model.input_names == ("colour=blue", "colour=green", "colour is missing", "x")
    assert fitnet("predict", "t.fitnet", "t.csv").err == ""
    assert json.loads(fitnet("evaluate", "t.fitnet", "t.csv", "--json").out)["trained_on"]
    inspected = json.loads(fitnet("inspect", "t.fitnet", "--json").out)["inputs"]
    assert [column["name"] for column in inspected] == ["colour", "x"]
    assert inspected[0]["levels"] == ["blue", "green", None]
    assert "blue, green, (missing)" in fitnet("inspect", "t.fitnet").out


def test_levels_are_shown_shortly_and_escaped(fitnet, table):
    names = [f"\x1b[31m{'long' * 9}{i:02}" for i in range(30)]
    rows = [f"{names[i % 30]},{x},{y}" for i, (x, y) in enumerate(zip(X, Y, strict=True))]
    (table / "t.csv").write_text("colour,x,y\n" + "\n".join(rows) + "\n")
    assert fitnet(*FIT).code == 0
    shown = fitnet("inspect", "t.fitnet").out
    assert "\x1b" not in shown
    assert "\\x1b[31mlong" in shown
    levels = load("t.fitnet").categories.levels[0]
    assert f"and {len(levels) - 12} more" in " ".join(shown.replace("│", " ").split())
    assert json.loads(fitnet("inspect", "t.fitnet", "--json").out)["inputs"][0]["levels"] == list(levels)


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum(["red", "green", "blue", "pink"])])
@pytest.mark.parametrize("file", ["p.parquet", "p.feather"])
def test_other_files_of_words_give_the_same_model(fitnet, table, kind, file):
    fitnet(*FIT)
    frame = pl.DataFrame({"colour": pl.Series(COLOURS.tolist(), dtype=kind), "x": X, "y": np.round(Y, 1)})
    frame.write_parquet(file) if file.endswith("parquet") else frame.write_ipc(file)
    assert fitnet("fit", file, *FIT[2:]).code == 0
    np.testing.assert_array_equal(load("p.fitnet").parameters, load("t.fitnet").parameters)
    assert fitnet("predict", "t.fitnet", file).out == fitnet("predict", "t.fitnet", "t.csv").out


@TOLD
def test_a_table_read_in_parts(fitnet, table, monkeypatch):
    frame = pl.DataFrame({"colour": COLOURS.tolist() * 9, "x": X.tolist() * 9, "y": np.round(Y, 1).tolist() * 9})
    frame.write_parquet("t.parquet", row_group_size=100)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1000)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 1600)
    monkeypatch.setattr("fitnet.tables.parts.CELLS_READ", 50)
    answer = fitnet("fit", "t.parquet", *FIT[2:])
    assert (answer.code, answer.err) == (0, "")
    model = load("t.fitnet")
    assert model.input_names == ("colour=blue", "colour=green", "colour=red", "x")
    found = [fitnet("predict", "t.fitnet", "t.parquet").out, fitnet("evaluate", "t.fitnet", "t.parquet", "--json").out]
    assert json.loads(found[1])["trained_on"]

    frame = frame.with_columns(colour=pl.when(pl.arange(540) % 100 == 5).then(pl.lit("pink")).otherwise("colour"))
    frame.write_parquet("new.parquet", row_group_size=100)
    strange = fitnet("predict", "t.fitnet", "new.parquet", "--json")
    assert "new.parquet has 'pink' (6 rows) in column 'colour'" in strange.err
    assert strange.err.count("'pink'") == 1
    assert json.loads(strange.out)["outside"]["rows"] == 6

    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 2**30)
    assert fitnet("predict", "t.fitnet", "t.parquet").out == found[0]
    assert json.loads(fitnet("predict", "t.fitnet", "new.parquet", "--json").out) == json.loads(strange.out)


@TOLD
def test_a_level_of_blocks_kept_out_alone_is_not_known(fitnet, table, monkeypatch):
    split = BlockSplit.of(9 * N, 0.2, np.random.default_rng(0))
    start, end = (int(each[~split.trains][0]) for each in (split.starts, split.ends))
    words = COLOURS.tolist() * 9
    words[start:end] = ["pink"] * (end - start)
    frame = pl.DataFrame({"colour": words, "x": X.tolist() * 9, "y": np.round(Y, 1).tolist() * 9})
    frame.write_parquet("t.parquet", row_group_size=100)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1000)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 1600)
    answer = fitnet("fit", "t.parquet", *FIT[2:])
    assert (answer.code, answer.err) == (0, "")
    assert load("t.fitnet").categories.levels[0] == ("blue", "green", "red")
    evaluated = fitnet("evaluate", "t.fitnet", "t.parquet", "--json")
    assert f"has 'pink' ({end - start} rows)" in evaluated.err
    assert json.loads(evaluated.out)["trained_on"]


REFUSED = [
    ("k,y\nred,2\nred,3\n7,3\n", "t.csv has '7' in column 'k', line 4, which is a number among words; a column must h"),
    ("k,y\n1,2\n2,3\nred,3\n", "t.csv has 'red' in column 'k', line 4, which is not a number."),
    (
        "k,y\n1,red\n2,blue\n",
        "`--test-fraction` is 0.2 and leaves no row of the class 'blue' for training; it must be less.",
    ),
    (
        "k,y\n" + "".join(f"w{i},1\n" for i in range(150)),
        "t.csv has 150 different words in column 'k', of which 'w100'",
    ),
    (
        "k,y\n2020-01-31,1\n",
        "t.csv has '2020-01-31' in column 'k', line 2, which is a date; make numbers of dates, such",
    ),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_refused_in_one_sentence(fitnet, table, text, sentence):
    (table / "t.csv").write_text(text)
    answer = fitnet(*FIT)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"fitnet: {sentence}")
    assert answer.err.count("\n") == 1
