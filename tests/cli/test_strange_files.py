"""Files that are odd as files: links in a circle, names that are no text, holes of gigabytes."""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

FIT = ("fit", "waves.csv", "--target", "y", "--features", "a,b", "--hidden", "3", "--epochs", "2")
CIRCLE = ": Too many levels of symbolic links.\n"


@pytest.fixture
def circles(waves_model, waves):
    """Links that lead to each other, by every kind of name."""
    for name in ("c.fitnet", "c.csv", "c.parquet", "c"):
        (waves / name).symlink_to(f"other-{name}")
        (waves / f"other-{name}").symlink_to(name)
    return waves


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("inspect", "c.fitnet"), "c.fitnet"),
        (("verify", "c.fitnet"), "c.fitnet"),
        (("predict", "c.fitnet", "waves.csv"), "c.fitnet"),
        (("predict", "waves.fitnet", "c.csv"), "c.csv"),
        (("predict", "waves.fitnet", "c.parquet"), "c.parquet"),
        (("predict", "waves.fitnet", "waves.csv", "--out", "c.csv"), "c.csv"),
        (("evaluate", "waves.fitnet", "c.parquet"), "c.parquet"),
        (("fit", "c.csv", "--target", "y"), "c.csv"),
        ((*FIT, "--out", "c.fitnet"), "c.fitnet"),
        ((*FIT, "--checkpoint", "c"), "c"),
        (("quadratic", "train", "--epochs", "2", "--triplets", "40", "--test-triplets", "20", "--out", "c"), "c"),
    ],
)
def test_links_in_a_circle_are_refused_and_stay(fitnet, circles, arguments, name):
    answer = fitnet(*arguments)
    assert (answer.code, answer.out, answer.err) == (2, "", f"fitnet: {name}{CIRCLE}")
    assert all((circles / link).is_symlink() for link in ("c.fitnet", "c.csv", "c.parquet", "c"))


@pytest.fixture
def unreadable(waves_model, waves):
    """The name of a table that is not UTF-8, as Python has it; without its extension."""
    name = os.fsdecode(b"t\xff")
    try:
        Path(f"{name}.csv").write_text(Path("waves.csv").read_text())
    except OSError:
        pytest.skip("this file system takes UTF-8 alone")
    pl.read_csv("waves.csv").write_parquet("sound.parquet")
    Path("sound.parquet").rename(f"{name}.parquet")
    return name


def test_name_that_is_no_text(fitnet, unreadable):
    for command in ("predict", "evaluate"):
        answer = fitnet(command, "waves.fitnet", f"{unreadable}.parquet")
        assert (answer.code, answer.out) == (2, "")
        assert answer.err == (
            r"fitnet: t\udcff.parquet has a name that is not UTF-8 text, under which a Parquet file cannot be opened; "
            "rename it.\n"
        )
        answer = fitnet(command, "waves.fitnet", f"{unreadable}.csv")
        assert (answer.code, answer.err) == (0, "")


def test_model_of_a_table_whose_name_is_no_text(fitnet, unreadable):
    answer = fitnet("fit", f"{unreadable}.csv", "--target", "y", "--hidden", "3", "--epochs", "2")
    assert (answer.code, answer.err) == (0, "")
    assert r"t\udcff.fitnet" in answer.out
    assert r"t\udcff.csv" in fitnet("inspect", f"{unreadable}.fitnet").out


def test_plain_locale_reads_parquet_under_any_name(waves_model, waves):
    pl.read_csv("waves.csv").write_parquet("größer.parquet")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [Path(sys.executable).with_name("fitnet"), "evaluate", "waves.fitnet", "größer.parquet"]
    done = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


NOT_A_MODEL = "is not a fitnet model file, or it was cut short or damaged."


@pytest.mark.parametrize("begins", [b"", b"\x10" + bytes(7), (2**33).to_bytes(8, "little")])
def test_ten_gigabytes_of_nothing_are_no_model(fitnet, waves, begins):
    with open("hole.fitnet", "wb") as file:  # noqa: PTH123
        file.write(begins)
        file.truncate(10 * 2**30)
    for command in (("inspect", "hole.fitnet"), ("verify", "hole.fitnet"), ("predict", "hole.fitnet", "waves.csv")):
        assert fitnet(*command).err == f"fitnet: hole.fitnet {NOT_A_MODEL}\n"


def test_model_that_was_stretched_is_damaged(fitnet, waves_model):
    os.truncate(waves_model, 10 * 2**30)
    assert fitnet("inspect", "waves.fitnet").err == f"fitnet: waves.fitnet {NOT_A_MODEL}\n"


def test_model_larger_than_memory_says_how_large(fitnet, waves_model, monkeypatch):
    def exhausted(*arguments, **options):
        raise MemoryError

    monkeypatch.setattr("safetensors.safe_open", exhausted)
    os.truncate(waves_model, 10**10)
    answer = fitnet("inspect", "waves.fitnet")
    assert answer.err == "fitnet: waves.fitnet needs more memory than there is: it takes 10 GB.\n"
    assert answer.code == 2
