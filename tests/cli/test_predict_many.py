"""fitnet predict of many files: each has its answers, those that are done are kept, and what is wrong is named."""

import json

import numpy as np
import polars as pl
import pytest

from fitnet import load
from fitnet.distributed import part_files
from fitnet.distributed.part_record import NAME
from fitnet.tables import numeric_columns, read_table

X = {"first": np.array([[0.5, 1], [3.9, 6]]), "second": np.array([[2.0, 0]]), "third": np.array([[1.0, 1], [99, 2]])}
COMMAND = "predict", "waves.fitnet", "parts/*/*.parquet", "--out", "out"


@pytest.fixture
def parts(waves_model):
    """Three tables in two folders, of unlike columns: whole numbers, another order, one more."""
    folder = waves_model.parent
    for place, name, more in (("2025", "first", {}), ("2026", "second", {"more": "x"}), ("2026", "third", {})):
        (folder / "parts" / place).mkdir(parents=True, exist_ok=True)
        rows = pl.DataFrame({"b": X[name][:, 1].astype(int), "a": X[name][:, 0]})
        rows.with_columns(**{key: pl.lit(value) for key, value in more.items()}).write_parquet(
            folder / "parts" / place / f"{name}.parquet"
        )
    return folder


@pytest.fixture
def in_this_process(monkeypatch):
    """No other process is started, which takes longer than all that is done there."""

    def done_here(prepare, arguments, tasks, n_workers, share):
        do = prepare(*arguments)
        yield from ((number, do(task, lambda _: None)) for number, task in enumerate(tasks))

    monkeypatch.setattr(part_files, "done_by_workers", done_here)


PLACES = {"first": "2025/first", "second": "2026/second", "third": "2026/third"}


def check_answers(folder):
    for name, place in PLACES.items():
        found = numeric_columns(read_table(folder / "out" / f"{place}.parquet"), ["y"])
        np.testing.assert_array_equal(found, load("waves.fitnet").predict(X[name]))


def test_every_file_has_its_answers(fitnet, parts):
    code, out, err = fitnet(*COMMAND, "--workers", "2")
    assert (code, out) == (0, "5 predictions in 3 files: out\n")
    assert err == (
        "fitnet: 1 of 5 rows outside the ranges seen in training, most in column 'a' (1 row): "
        "there the network extrapolates.\n"
    )
    check_answers(parts)
    assert sorted(path.name for path in (parts / "out").iterdir()) == [NAME, "2025", "2026"]


def test_those_that_are_done_are_kept(fitnet, parts, in_this_process):
    facts = json.loads(fitnet(*COMMAND, "--json").out)
    assert facts == {
        "model": "waves.fitnet",
        "table": "parts/*/*.parquet",
        "rows": 5,
        "rows_left_out": 0,
        "outside": {"rows": 1, "column": "a", "column_rows": 1},
        "out": "out",
        "files": 3,
    }
    (parts / "out" / "2025" / "first.parquet").unlink()
    second, third = (parts / "out" / "2026" / f"{name}.parquet" for name in ("second", "third"))
    pl.DataFrame({"a": X["third"][:, 0], "b": X["third"][:, 1]}).write_parquet(
        parts / "parts" / "2026" / "third.parquet"
    )
    before = second.stat().st_ino, third.stat().st_ino
    with (parts / "out" / NAME).open("a") as record:
        record.write('{"target": "out/2025/first.parq')  # as a kill may leave it
    assert json.loads(fitnet(*COMMAND, "--json", "--resume").out) == facts
    assert second.stat().st_ino == before[0]
    assert third.stat().st_ino != before[1]
    check_answers(parts)


@pytest.mark.parametrize("change", ["model", "question", "no --resume"])
def test_what_was_made_otherwise_is_made_again(fitnet, parts, in_this_process, change):
    assert fitnet(*COMMAND).code == 0
    kept = parts / "out" / "2026" / "second.parquet"
    before = kept.stat().st_ino
    more = {"model": [], "question": ["--outside", "ignore"], "no --resume": []}[change]
    if change == "model":
        load("waves.fitnet").with_units({"a": "K"}).save("waves.fitnet")
    assert fitnet(*COMMAND, *more, *([] if change == "no --resume" else ["--resume"])).code == 0
    assert kept.stat().st_ino != before
    check_answers(parts)


def test_a_bad_file_is_named_and_the_others_stay(fitnet, parts):
    (parts / "parts" / "2026" / "third.parquet").write_bytes(b"PAR1 and nothing else")
    code, out, err = fitnet(*COMMAND)
    assert (code, out) == (2, "")
    assert err == "fitnet: parts/2026/third.parquet is not a Parquet file, or it was cut short or damaged.\n"
    assert sorted(path.name for path in (parts / "out").rglob("*.parquet")) == ["first.parquet", "second.parquet"]


def test_a_table_without_a_column_is_named(fitnet, parts, in_this_process):
    pl.DataFrame({"a": [1.0]}).write_parquet(parts / "parts" / "2026" / "third.parquet")
    code, _, err = fitnet(*COMMAND)
    assert (code, err) == (2, "fitnet: parts/2026/third.parquet has no column 'b'; it has a.\n")


def test_rows_outside_name_their_file(fitnet, parts, in_this_process):
    code, _, err = fitnet(*COMMAND, "--outside", "raise")
    assert code == 2
    assert err.startswith("fitnet: parts/2026/third.parquet: `--outside` is 'raise', and of 2 rows 1 lie outside")


def test_one_file_by_a_worker(fitnet, parts, in_this_process):
    (parts / "new.csv").write_text("a,b\n0.5,1\n3.9,6\n")
    assert fitnet("predict", "waves.fitnet", "new.csv", "--out", "out", "--workers", "1").code == 0
    found = numeric_columns(read_table(parts / "out" / "new.csv"), ["y"])
    np.testing.assert_array_equal(found, load("waves.fitnet").predict(X["first"]))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["parts/*/*.parquet"], "`--out` is not given; of several files, or with `--workers`, it must be the folder"),
        (["parts/*.none", "--out", "out"], "`TABLE` is 'parts/*.none', which is no file and matches none; it must be"),
        (["parts/*/*.parquet", "--out", "parts"], "`--out` is 'parts', where parts/2025/first.parquet is one of the"),
        (["parts/*/*.parquet", "--out", "waves.csv"], "`--out` is 'waves.csv', a file; it must be a folder."),
        (["parts/*/*.parquet", "--out", "out", "--workers", "0"], "`--workers` is 0; it must be"),
        (["*.fitnet", "--out", "out"], "waves.fitnet has the extension '.fitnet'; it must be one of .csv, .tsv"),
        (["waves.csv", "--resume"], "`--resume` is for the files of a pattern; it must be left out for one table."),
        (["parts/*/*.parquet", "--out", "out", "--std"], "`--std` needs a model with error bars"),
    ],
)
def test_what_cannot_be_is_refused(fitnet, parts, arguments, sentence):
    code, out, err = fitnet("predict", "waves.fitnet", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"fitnet: {sentence}")
    assert err.count("\n") == 1


def test_sets_of_classes_stand_in_every_file(fitnet, iris_model, in_this_process):
    rows = pl.read_csv("iris.csv").drop("species")
    for k, part in enumerate((rows[:60], rows[60:])):
        part.write_csv(f"part{k}.csv")
    fitnet("predict", "iris.fitnet", "iris.csv", "--set", "0.9", "--out", "whole.csv")
    answer = fitnet("predict", "iris.fitnet", "part*.csv", "--set", "0.9", "--out", "out")
    assert answer.out == "150 predictions in 2 files: out\n"
    assert pl.concat([pl.read_csv(f"out/part{k}.csv") for k in range(2)]).equals(pl.read_csv("whole.csv"))


def test_sets_of_numbers_are_refused_before_any_file_is_read(fitnet, parts, in_this_process):
    answer = fitnet(*COMMAND, "--set", "0.9")
    assert (answer.code, answer.out) == (2, "")
    assert "`--set`" in answer.err
    assert not (parts / "out").exists()
