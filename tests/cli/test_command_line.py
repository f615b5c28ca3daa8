"""The command line: the script, the help of every command, and the two that only look, info and verify."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import fitnet as package
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
    sentence = "fitnet: gone.fitnet: No such file or directory.\n"
    assert (finished.returncode, finished.stdout, finished.stderr) == (2, "", sentence)


COMMANDS = ["", "fit", "forecast", "predict", "evaluate", "report", "export", "inspect", "info", "verify"]
QUADRATIC = ["quadratic", "quadratic train", "quadratic solve"]


@pytest.mark.parametrize("command", [*COMMANDS, *QUADRATIC, "tune"])
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_has_an_example(fitnet, command, option):
    code, out, err = fitnet(*command.split(), option)
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: fitnet {command}".rstrip())
    assert f"Example: fitnet {command}".rstrip() in out


def test_examples_in_help_can_be_run(fitnet, model_file, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(EFFORTS, "standard", EFFORTS["fast"])
    model_file.rename("model.fitnet")
    for name in ("airfoil.csv", "new.csv"):
        Path(name).write_text("SPL_dB,angle_deg\n" + "".join(f"{i},{i % 7}\n" for i in range(20)))
    Path("air.csv").write_text("month,flights\n" + "".join(f"{i},{i % 7}\n" for i in range(40)))
    for command in (*COMMANDS, "quadratic solve"):
        example = fitnet(*command.split(), "--help").out.partition("Example: fitnet ")[2].splitlines()[0]
        assert fitnet(*shlex.split(example)).code == 0


@pytest.mark.parametrize("command", ["", "quadratic"])
def test_command_without_a_subcommand_shows_help_and_exits_2(fitnet, command):
    code, out, err = fitnet(*command.split())
    assert (code, out) == (2, "")
    assert err == fitnet(*command.split(), "--help").out


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
