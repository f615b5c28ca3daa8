"""Standard streams that are closed, full, without a reader, or in an encoding that lacks a name's letters."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fitnet import load
from fitnet.cli import main

FIT = ("fit", "waves.csv", "--target", "y", "--features", "a,b", "--hidden", "3", "--epochs", "2")
ANSWERS = {
    "predict": ("predict", "waves.fitnet", "waves.csv"),
    "predict --json": ("predict", "waves.fitnet", "waves.csv", "--json"),
    "evaluate": ("evaluate", "waves.fitnet", "waves.csv"),
    "inspect": ("inspect", "waves.fitnet"),
    "inspect --json": ("inspect", "waves.fitnet", "--json"),
    "verify": ("verify", "waves.fitnet"),
    "info": ("info",),
    "solve": ("quadratic", "solve", "1", "-3", "2"),
    "help": ("--help",),
    "version": ("--version",),
}
PROGRAM = Path(sys.executable).with_name("fitnet")


def exit_code(arguments):
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return ended.value.code or 0


def in_the_shell(command, **variables):
    """What a shell gives for a command, `fitnet` being this one."""
    environment = {**os.environ, "FITNET": str(PROGRAM), **variables}
    command = command.replace("fitnet ", '"$FITNET" ', 1)
    return subprocess.run(["sh", "-c", command], capture_output=True, env=environment, timeout=60, check=False)


@pytest.mark.parametrize("command", ANSWERS)
def test_answer_that_nobody_can_get_is_an_error(waves_model, monkeypatch, capsys, command):
    monkeypatch.setattr(sys, "stdout", None)
    assert exit_code(ANSWERS[command]) == 2
    assert capsys.readouterr().err == "fitnet: standard output: it is closed, so the answer is lost.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full disk to try")
@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("command", ANSWERS)
def test_full_disk_is_named(waves_model, monkeypatch, capsys, command, bare):
    raw = io.FileIO("/dev/full", "w")
    full = io.TextIOWrapper(raw if bare else io.BufferedWriter(raw), "utf-8", write_through=bare)
    with full, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", full)
        assert exit_code(ANSWERS[command]) == 2
    assert capsys.readouterr().err == "fitnet: standard output: No space left on device.\n"


@pytest.mark.parametrize("command", ANSWERS)
def test_reader_that_leaves_ends_it_quietly(waves_model, monkeypatch, capsys, command):
    reader, writer = os.pipe()
    os.close(reader)
    pipe = open(writer, "w", encoding="utf-8")  # noqa: PTH123, SIM115 (it has no path)
    with pipe, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", pipe)
        assert exit_code(ANSWERS[command]) == 141
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_head_ends_a_long_answer_quietly(waves_model, waves, unbuffered):
    """More than a pipe holds: a bare file would take what fits and say that all is well."""
    (waves / "long.csv").write_text("a,b\n" + "1.5,2\n" * 20_000)
    command = "{ fitnet predict waves.fitnet long.csv; echo $? >code; } | head -c 5"
    done = in_the_shell(command, PYTHONUNBUFFERED=unbuffered)
    assert (done.stdout[:2], done.stderr) == (b"y\n", b"")
    assert Path("code").read_text() == "141\n"


@pytest.mark.parametrize("closed", ["2>&-", "0<&- 2>&-", *(["2>/dev/full"] if Path("/dev/full").exists() else [])])
def test_model_is_fitted_without_standard_error(waves, closed):
    done = in_the_shell(f"fitnet {' '.join(FIT)} {closed}")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"waves.fitnet" in done.stdout
    assert load("waves.fitnet").input_names == ("a", "b")


def test_model_is_kept_without_standard_output(waves):
    done = in_the_shell(f"fitnet {' '.join(FIT)} 0<&- >&-")
    assert done.returncode == 2
    assert done.stderr == b"fitnet: standard output: it is closed, so the answer is lost.\n"
    assert load("waves.fitnet").input_names == ("a", "b")


def test_everything_closed_harms_no_file(waves):
    """A descriptor that is free would become the model's file, and what is printed there would be in it."""
    assert in_the_shell(f"fitnet {' '.join(FIT)} <&- >&- 2>&-").returncode == 2
    load("waves.fitnet")
    assert sorted(path.name for path in waves.iterdir()) == ["waves.csv", "waves.fitnet"]


def test_mistake_without_standard_error_is_still_a_mistake(waves, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert exit_code(("inspect", "gone.fitnet")) == 2


@pytest.fixture
def greek(waves, fitnet):
    """A model whose columns have names that are neither in ASCII nor in Latin-1."""
    (waves / "grün.csv").write_text((waves / "waves.csv").read_text().replace("a,b,y,z", "Скорость,β,λ,z"))
    answer = fitnet("fit", "grün.csv", "--target", "λ", "--hidden", "3", "--epochs", "2", "--out", "g.fitnet")
    assert answer.code == 0, answer.err
    return waves


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_names_are_escaped_where_the_encoding_lacks_letters(greek, monkeypatch, encoding):
    for command in ("evaluate g.fitnet grün.csv", "inspect g.fitnet", "predict g.fitnet grün.csv"):
        with io.TextIOWrapper(io.BytesIO(), encoding) as narrow:
            with monkeypatch.context() as patched:
                patched.setattr(sys, "stdout", narrow)
                assert exit_code(command.split()) == 0
            narrow.flush()
            assert "\\u03bb" in narrow.buffer.getvalue().decode(encoding)


def test_the_plain_locale_shows_names_escaped(greek):
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = in_the_shell("fitnet evaluate g.fitnet grün.csv", **plain)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u03bb" in done.stdout


def test_json_needs_no_letters(greek, fitnet):
    assert json.loads(fitnet("inspect", "g.fitnet", "--json").out)["targets"][0]["name"] == "λ"
