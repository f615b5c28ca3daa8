"""Parquet files too large to be read at once: the commands read them in parts and say what they say of small ones."""

import json

import numpy as np
import polars as pl
import pytest

from fitnet.evaluation import Baselines
from fitnet.rows import ArrayRows, SelectedRows, sources
from fitnet.tables import stored_columns
from fitnet.tables.parts import parquet_frame
from tolerances import BASELINE_RTOL, METRIC_RTOL

N = 1000
FIT = (
    "fit",
    "waves.parquet",
    "--target",
    "y",
    "--hidden",
    "8",
    "--epochs",
    "20",
    "--learning-rate",
    "0.03",
    "--activation",
    "tanh",
    "--out",
    "large.fitnet",
)
BRIEFLY = ("--epochs", "4")  # in place of the above, where how well it learnt is not the point


@pytest.fixture
def large(tmp_path, monkeypatch):
    """A table of 1,000 rows, y = sin a + b, which counts as large and is read in chunks of about a hundred rows."""
    monkeypatch.chdir(tmp_path)
    generator = np.random.default_rng(0)
    a, b = generator.uniform(-2, 2, N), generator.normal(size=N)
    pl.DataFrame({"a": a, "b": b, "y": np.sin(a) + b}).write_parquet("waves.parquet", row_group_size=300)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 1000)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 1600)
    return tmp_path


@pytest.fixture
def in_memory(monkeypatch):
    """A function after which the table counts as small."""
    return lambda: monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 2**30)


def test_fit_learns_and_keeps_whole_blocks_out(fitnet, large):
    code, out, err = fitnet(*FIT, "--json")
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert (facts["rows"], facts["training_rows"], facts["kept_out_rows"]) == (1000, 800, 200)
    errors = facts["evaluation"]["y"]
    assert errors["network"]["rmse"] < 0.7 * errors["least squares"]["rmse"] < 0.7 * errors["mean"]["rmse"]


def test_the_same_file_again_from_the_same_command(fitnet, large):
    for threads in (1, 2):
        assert fitnet(*FIT, *BRIEFLY, "--threads", threads).code == 0
        (large / "large.fitnet").rename(large / f"{threads}.fitnet")
    assert (large / "1.fitnet").read_bytes() == (large / "2.fitnet").read_bytes()


def test_the_file_is_read_once_before_training_and_once_an_epoch(fitnet, large, monkeypatch):
    reads = {("a", "b"): np.zeros(N, int), ("y",): np.zeros(N, int)}

    def counted(name, columns, first, rows):
        reads[columns][first : first + rows] += 1
        return parquet_frame(name, columns, first, rows)

    monkeypatch.setattr(stored_columns, "parquet_frame", counted)
    assert fitnet(*FIT, "--epochs", "1").code == 0
    # All rows once; then 800 to train on, 8 of which become examples, and 200 to judge the model and the baselines by.
    assert np.bincount(reads["a", "b"]).tolist() == [0, 0, 800 - 8 + 200, 8]
    # The digest takes the targets after the inputs: they are read once more before training.
    assert np.bincount(reads["y",]).tolist() == [0, 0, 0, 1000]


def test_predictions_and_errors_are_those_of_a_table_in_memory(fitnet, large, in_memory):
    assert fitnet(*FIT, *BRIEFLY).code == 0
    answers = []
    for _ in range(2):
        assert fitnet("predict", "large.fitnet", "waves.parquet", "--out", "out.parquet").code == 0
        evaluation = json.loads(fitnet("evaluate", "large.fitnet", "waves.parquet", "--json").out)
        answers.append((pl.read_parquet("out.parquet")["y"].to_numpy(), evaluation))
        in_memory()
    (in_parts, of_parts), (at_once, of_all) = answers
    assert np.array_equal(in_parts, at_once)
    for name, errors in of_parts.pop("evaluation")["y"].items():
        for measure, value in errors.items():
            expected = of_all["evaluation"]["y"][name][measure]
            assert value == pytest.approx(expected, rel=METRIC_RTOL), (name, measure)
    assert of_parts["rows"] == 1000
    del of_all["evaluation"]
    assert of_parts == of_all


def test_baselines_in_parts_are_least_squares(large):
    table = pl.read_parquet("waves.parquet")
    X, Y = table.select("a", "b").to_numpy(), table.select("y").to_numpy()
    whole, parts = Baselines.fitted(X, Y), Baselines.fitted(ArrayRows("X", X), ArrayRows("Y", Y))
    np.testing.assert_allclose(parts.coefficients, whole.coefficients, rtol=BASELINE_RTOL)
    np.testing.assert_allclose(parts.predict_linear(X), whole.predict_linear(X), rtol=BASELINE_RTOL, atol=BASELINE_RTOL)


@pytest.mark.parametrize(("start", "stop"), [(0, 9), (0, 1), (2, 5), (3, 4), (5, 9), (8, 9)])
def test_blocks_are_read_as_if_they_were_one(start, stop):
    array = np.arange(40.0).reshape(20, 2)
    blocks = SelectedRows(ArrayRows("X", array), np.array([1, 8, 15]), np.array([4, 12, 17]))
    expected = array[[1, 2, 3, 8, 9, 10, 11, 15, 16]]
    assert blocks.shape == (9, 2)
    assert np.array_equal(blocks.read(start, stop), expected[start:stop])


def test_missing_values_are_refused_with_their_row(fitnet, large):
    table = pl.read_parquet("waves.parquet")
    table[777, "b"] = None
    table.write_parquet("waves.parquet")
    code, _, err = fitnet(*FIT)
    assert code == 2
    assert "missing" in err
    assert "778" in err
    assert not (large / "large.fitnet").exists()
    assert fitnet(*FIT, *BRIEFLY, "--drop-missing").code == 0


def test_early_stopping_is_refused(fitnet, large):
    code, _, err = fitnet(*FIT, "--early-stopping")
    sentence = "`--early-stopping` cannot watch rows of a table so large that it is read in parts."
    assert (code, err) == (2, f"fitnet: {sentence}\n")
