"""The command line: the script, the help of every command, and the two that only look, info and verify."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

import fitnet as package
from fitnet.cli import command_line
from fitnet.cli.commands import Option
from fitnet.files import container
from fitnet.fitting.plans import EFFORTS
from fitnet.model.file import FORMAT


def test_console_script():
    script = Path(sys.executable).with_name("fitnet")
    finished = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=60)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, f"fitnet {package.__version__}\n", "")


def test_console_script_prints_one_sentence_about_a_mistake():
    script = Path(sys.executable).with_name("fitnet")
    finished = subprocess.run([script, "verify", "gone.fitnet"], capture_output=True, text=True, timeout=60)
    sentence = "fitnet: gone.fitnet: No such file or directory; fitnet fit TABLE --target NAME makes a model.\n"
    assert (finished.returncode, finished.stdout, finished.stderr) == (2, "", sentence)


COMMANDS = list(command_line.commands)
QUADRATIC = ["quadratic train", "quadratic solve"]
LINES, COLUMNS = 40, 80  # of a screen

# Of commands whose examples take long, or another package, and need no more than this here.
SHORT = {
    "fit airfoil.csv --target SPL_dB --hidden 32 --out one.fitnet": ["--epochs", "2"],
    "quadratic train": ["--epochs", "2", "--triplets", "40", "--test-triplets", "20"],
    "tune": ["--trials", "2", "--epochs", "2", "--alone"],
}


def command_of(words):
    """The command that these words name."""
    found = command_line
    for word in words.split():
        found = found.commands[word]
    return found


@pytest.mark.parametrize("command", ["", *COMMANDS, *QUADRATIC])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_has_an_example(fitnet, command, option):
    code, out, err = fitnet(*command.split(), option)
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: fitnet {command}".rstrip())
    assert f"\n  fitnet {command}".rstrip() in out.partition("Example")[2]


@pytest.mark.parametrize("command", ["", *COMMANDS, *QUADRATIC])
def test_help_fits_a_screen(fitnet, command, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(COLUMNS))
    lines = fitnet(*command.split(), "--help").out.splitlines()
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= COLUMNS


@pytest.mark.parametrize("command", [*COMMANDS, *QUADRATIC])
def test_help_all_has_every_option_in_a_group(fitnet, command):
    found = command_of(command)
    shown = fitnet(*command.split(), "--help-all" if getattr(found, "folded", ()) else "--help").out
    for option in found.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert isinstance(option, Option)
            assert f"\n  {', '.join(option.opts)}" in shown
            assert f"\n{option.group}:\n" in shown


@pytest.mark.parametrize("command", ["fit", "tune", "predict", "forecast", "quadratic train"])
def test_help_says_how_many_options_it_leaves_out(fitnet, command):
    short, whole = (fitnet(*command.split(), option).out for option in ("--help", "--help-all"))
    lines = [text.partition("Most used:")[2].splitlines() for text in (short, whole)]
    begins = [{line.split()[0] for line in each if line.startswith("  -")} for each in lines]
    assert f"with {len(begins[1] - begins[0])} more options" in " ".join(short.split())


def test_the_list_of_commands_is_whole(fitnet):
    shown = fitnet("--help").out
    assert sorted(command_line.list_commands(None)) == sorted(COMMANDS)
    for name in COMMANDS:
        assert f"\n  {name} " in shown
        assert command_line.commands[name].name == name


def test_examples_in_help_can_be_run(fitnet, model_file, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(EFFORTS, "standard", EFFORTS["fast"])
    for name in ("airfoil.csv", "new.csv"):
        Path(name).write_text("SPL_dB,angle_deg\n" + "".join(f"{i},{i % 7}\n" for i in range(20)))
    Path("air.csv").write_text("month,flights\n" + "".join(f"{i},{i % 7}\n" for i in range(40)))
    for command in ("", *COMMANDS, *QUADRATIC):
        for example in command_of(command).examples:
            words = shlex.split(re.split(" [>|] ", example)[0], comments=True)
            more = next((more for begins, more in SHORT.items() if example.startswith(f"fitnet {begins}")), [])
            answer = fitnet(*words[1:], *more)
            assert answer.code == 0, (example, answer.err)


def test_fitnet_alone_greets_with_three_commands(fitnet):
    code, out, err = fitnet()
    assert (code, err) == (0, "")
    assert len(out.splitlines()) < 10
    for command in ("fit", "predict", "report"):
        assert f"\n  fitnet {command} " in out
    assert "fitnet --help" in out


def test_quadratic_without_a_subcommand_shows_help_and_exits_2(fitnet):
    code, out, err = fitnet("quadratic")
    assert (code, out) == (2, "")
    assert err == fitnet("quadratic", "--help").out


def test_python_runs_it_as_a_module():
    run = subprocess.run([sys.executable, "-m", "fitnet", "--version"], capture_output=True, text=True, timeout=60)
    assert (run.returncode, run.stdout, run.stderr) == (0, f"fitnet {package.__version__}\n", "")


def test_info(fitnet):
    code, out, err = fitnet("info")
    assert (code, err) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in out.splitlines())
    facts = json.loads(fitnet("info", "--json").out)
    assert lines == {name: str(value) for name, value in facts.items()}
    assert list(facts) == ["version", "engine", "level", "processor", "cores", "threads", "python", "numpy"]
    assert facts["version"] == package.__version__
    assert facts["cores"] >= 1


def test_verify_sound_model(fitnet, model_file):
    code, out, err = fitnet("verify", model_file)
    assert (code, err) == (0, "")
    assert out == (
        f"{model_file} is whole: 8 stored predictions of the network [(2, 4), (4, 1)] came out again "
        "(largest difference 0).\n"
    )


def test_verify_sound_model_as_json(fitnet, model_file):
    code, out, err = fitnet("verify", model_file, "--json")
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert facts.pop("allowed_difference") > 0
    assert facts == {
        "file": str(model_file),
        "passed": True,
        "rows": 8,
        "largest_difference": 0.0,
        "architecture": [[2, 4], [4, 1]],
        "provenance": {"seed": 0},
    }


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_verify_model_that_predicts_otherwise(fitnet, model_file, options):
    whole = container.read(model_file, FORMAT)
    tensors = whole.tensors | {"example_outputs": whole.tensors["example_outputs"] + 1}
    container.write(model_file, FORMAT, whole.description, tensors)
    code, out, err = fitnet("verify", model_file, *options)
    assert code == 2
    assert err.startswith(f"fitnet: {model_file} predicts otherwise than when it was saved: largest difference 1, ")
    assert (json.loads(out)["passed"] is False) if options else (out == "")
