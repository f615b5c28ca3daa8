"""The command line: what every command answers, in text and in JSON, and what it leaves on the disk."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import fitnet as package
from fitnet import load
from fitnet.engine import choose
from fitnet.files import container
from fitnet.model.file import FORMAT
from fitnet.quadratic import Problem, experiment, figures

TINY = ("--epochs", 3, "--triplets", 60, "--test-triplets", 30)
TRAIN = ("quadratic", "train", *TINY)
TRAIN_KEYS = [
    "roots",
    "architecture",
    "epochs",
    "seed",
    "train_rows",
    "test_rows",
    "train_accuracy",
    "test_accuracy",
    "excluded_entries",
    "train_loss",
    "test_loss",
    "seconds",
    "engine",
    "model",
]
MEAN_KEYS = ["train_accuracy", "test_accuracy", "excluded_entries", "train_loss", "test_loss", "seconds"]
PICTURES = ["true-and-predicted.png", "loss.png", "parity.png"]


def test_console_script():
    script = Path(sys.executable).with_name("fitnet")
    finished = subprocess.run([script, "--version"], capture_output=True, text=True, timeout=60)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, f"fitnet {package.__version__}\n", "")


def test_console_script_prints_one_sentence_about_a_mistake():
    script = Path(sys.executable).with_name("fitnet")
    finished = subprocess.run([script, "verify", "gone.fitnet"], capture_output=True, text=True, timeout=60)
    sentence = "fitnet: gone.fitnet: No such file or directory.\n"
    assert (finished.returncode, finished.stdout, finished.stderr) == (2, "", sentence)


COMMANDS = ["", "fit", "predict", "evaluate", "inspect", "info", "verify"]
QUADRATIC = ["quadratic", "quadratic train", "quadratic solve"]


@pytest.mark.parametrize("command", COMMANDS + QUADRATIC)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_has_an_example(fitnet, command, option):
    code, out, err = fitnet(*command.split(), option)
    assert (code, err) == (0, "")
    assert out.startswith(f"Usage: fitnet {command}".rstrip())
    assert f"Example: fitnet {command}".rstrip() in out


def test_examples_in_help_can_be_run(fitnet, model_file, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    model_file.rename("model.fitnet")
    for name in ("airfoil.csv", "new.csv"):
        Path(name).write_text("SPL_dB,angle_deg\n" + "".join(f"{i},{i % 7}\n" for i in range(20)))
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


@pytest.mark.parametrize(("roots", "paper"), [("largest", ("~94%", "~91%")), ("all", ("~88%", "~83%"))])
def test_train_prints_its_figures_beside_the_papers(fitnet, roots, paper):
    code, out, err = fitnet(*TRAIN, "--roots", roots)
    facts = json.loads(fitnet(*TRAIN, "--roots", roots, "--json").out)
    assert (code, err) == (0, "")
    assert str([tuple(layer) for layer in facts["architecture"]]) in out
    rows = {line.split("│")[1].strip(): line for line in out.splitlines() if line.startswith("│")}
    assert list(rows) == ["seed 0", "paper"]
    assert f"{facts['train_rows']} + {facts['test_rows']}" in rows["seed 0"]
    assert f"{facts['test_accuracy']:.1%}" in rows["seed 0"]
    assert all(figure in rows["paper"] for figure in paper)
    assert "--out" in out.splitlines()[-1]


def test_train_on_several_seeds_prints_mean_and_deviation(fitnet):
    code, out, err = fitnet(*TRAIN, "--seeds", 3, "--seed", 5)
    rows = [line.split("│")[1].strip() for line in out.splitlines() if line.startswith("│")]
    assert (code, err) == (0, "")
    assert rows == ["seed 5", "seed 6", "seed 7", "mean", "spread (SD)", "paper"]


@pytest.mark.parametrize("roots", ["largest", "all"])
def test_train_as_json(fitnet, roots):
    code, out, err = fitnet(*TRAIN, "--json", "--roots", roots, "--seed", 2)
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    facts = json.loads(out)
    assert list(facts) == TRAIN_KEYS
    run = experiment.run(
        experiment.Recipe(problem=Problem(roots), epochs=3, triplets=60, test_triplets=30), 2, verbose=False
    )
    assert facts.pop("seconds") > 0
    assert facts == {
        "roots": roots,
        "architecture": [list(layer) for layer in run.model.architecture],
        "epochs": 3,
        "seed": 2,
        "train_rows": len(run.training.triplets),
        "test_rows": len(run.test.triplets),
        "train_accuracy": run.train_accuracy.value,
        "test_accuracy": run.test_accuracy.value,
        "excluded_entries": run.test_accuracy.excluded_entries,
        "train_loss": run.train_loss,
        "test_loss": run.test_loss,
        "engine": choose().name,
        "model": None,
    }


def test_train_on_several_seeds_as_json(fitnet):
    code, out, err = fitnet(*TRAIN, "--seeds", 2, "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert list(answer) == ["runs", "mean"]
    assert [list(run) for run in answer["runs"]] == [TRAIN_KEYS] * 2
    assert [run["seed"] for run in answer["runs"]] == [0, 1]
    assert list(answer["mean"]) == MEAN_KEYS
    for key in MEAN_KEYS:
        assert answer["mean"][key] == pytest.approx((answer["runs"][0][key] + answer["runs"][1][key]) / 2)
    alone = json.loads(fitnet(*TRAIN, "--seed", 1, "--json").out)
    assert answer["runs"][1] | {"seconds": 0} == alone | {"seconds": 0}


def test_one_of_several_seeds_is_still_a_list(fitnet):
    answer = json.loads(fitnet(*TRAIN, "--seeds", 1, "--json").out)
    assert [list(run) for run in answer["runs"]] == [TRAIN_KEYS]


def test_out_keeps_models_and_pictures(fitnet, tmp_path):
    folder = tmp_path / "made" / "here"
    code, out, err = fitnet(*TRAIN, "--roots", "all", "--seeds", 2, "--out", folder)
    models = [folder / f"all-seed{seed}.fitnet" for seed in (0, 1)]
    pictures = [folder / f"all-{name}" for name in PICTURES]
    assert (code, err) == (0, "")
    assert sorted(folder.iterdir()) == sorted(models + pictures)
    assert [load(path).provenance["seed"] for path in models] == [0, 1]
    for path in pictures:
        assert path.read_bytes().startswith(b"\x89PNG")
    for path in models + pictures:
        assert f" {path}\n" in out


def test_out_is_named_in_json(fitnet, tmp_path):
    facts = json.loads(fitnet(*TRAIN, "--out", tmp_path, "--json").out)
    assert facts["model"] == str(tmp_path / "largest-seed0.fitnet")
    assert fitnet("verify", facts["model"]).code == 0


@pytest.fixture
def no_pictures(monkeypatch):
    """Pictures take longer than a tiny training."""
    monkeypatch.setattr(figures, "save_figures", lambda run, folder: [])


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--roots", "all", "--seed", 7],
        ["--batch-size", 16, "--solver", "momentum", "--learning-rate", 0.00012345678, "--schedule", "cosine"],
        ["--hidden", "7,5", "--activation", "tanh", "--initialization", "glorot", "--dtype", "float64"],
        ["--range", -5, 5, "--zero-a"],
        ["--range", -3.14159265, 2.718281828, "--numbers", "real"],
    ],
)
def test_command_in_the_model_makes_it_again(fitnet, tmp_path, options):
    made = load(json.loads(fitnet(*TRAIN, *options, "--out", tmp_path / "first", "--json").out)["model"])
    program, *words = shlex.split(made.provenance["command"])
    assert program == "fitnet"
    again = load(json.loads(fitnet(*words, "--out", tmp_path / "again", "--json").out)["model"])
    assert again.parameters.tobytes() == made.parameters.tobytes()
    assert again.parameters.dtype == made.parameters.dtype
    assert again.provenance == made.provenance


@pytest.mark.usefixtures("no_pictures")
def test_command_in_the_second_seeds_model_makes_it_again(fitnet, tmp_path):
    fitnet(*TRAIN, "--seeds", 2, "--out", tmp_path / "first")
    made = load(tmp_path / "first" / "largest-seed1.fitnet")
    again = load(
        json.loads(fitnet(*shlex.split(made.provenance["command"])[1:], "--out", tmp_path, "--json").out)["model"]
    )
    assert again.parameters.tobytes() == made.parameters.tobytes()


@pytest.mark.parametrize(
    ("arguments", "exact"),
    [
        ((1, -3, 2), [2]),
        ((-1, 3, -2), [2]),
        ((-2, -4, 6), [1]),
        ((1, 0, 0), [0]),
        ((1, 0, 1), [None]),
        ((0, 0, 1), [None]),
        ((0, 2, -8), [4]),
        (("1e0", "-3.0", "+2"), [2]),
        ((1, -3, 2, "--roots", "all"), [2, 0, 1, 0]),
        (("--roots", "all", -1, 2, -5), [1, 2, 1, -2]),
        ((0, 0, 1, "--roots", "all"), [None] * 4),
    ],
)
def test_solve(fitnet, arguments, exact):
    code, out, err = fitnet("quadratic", "solve", *arguments, "--json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    answer = json.loads(out)
    keys = ["triplet", "roots", "outputs", "prediction", "exact", "relative_error", "outside_training"]
    assert list(answer) == keys
    assert answer["exact"] == exact
    assert len(answer["outputs"]) == len(answer["prediction"]) == len(exact)
    for predicted, true, error in zip(answer["prediction"], exact, answer["relative_error"], strict=True):
        expected = abs((predicted - true) / true) if true else None
        assert error == (expected if expected is None else pytest.approx(expected))


def test_solve_in_text(fitnet):
    code, out, err = fitnet("quadratic", "solve", 1, -3, 2)
    answer = json.loads(fitnet("quadratic", "solve", 1, -3, 2, "--json").out)
    assert (code, err) == (0, "")
    assert out.splitlines()[0].strip() == "1 x^2 + -3 x + 2 = 0"
    (row,) = (line for line in out.splitlines() if line.startswith("│"))
    cells = [cell.strip() for cell in row.strip("│").split("│")]
    assert cells == [
        "largest real root",
        f"{answer['prediction'][0]:.6g}",
        "2",
        f"{answer['relative_error'][0]:.2%}",
    ]
    assert "Outside" not in out


@pytest.mark.parametrize(
    ("arguments", "cell"),
    [((1, 0, 1), "no real root"), ((0, 0, 1, "--roots", "all"), "no root"), ((1, 0, 0), "0")],
)
def test_solve_in_text_without_a_root_or_a_relative_error(fitnet, arguments, cell):
    rows = [line for line in fitnet("quadratic", "solve", *arguments).out.splitlines() if line.startswith("│")]
    for row in rows:
        *_, exact, error = (part.strip() for part in row.strip("│").split("│"))
        assert (exact, error) == (cell, "-")


def test_solve_says_when_it_is_outside_training(fitnet):
    reasons = json.loads(fitnet("quadratic", "solve", 1, 70, 2.5, "--json").out)["outside_training"]
    assert len(reasons) == 2
    out = fitnet("quadratic", "solve", 1, 70, 2.5).out
    assert "Outside what the model was trained on: " + "; ".join(reasons) + "." in " ".join(out.splitlines())
    assert json.loads(fitnet("quadratic", "solve", 1, -3, 2, "--json").out)["outside_training"] == []


@pytest.fixture
def ctrl_c_in_epoch_2(monkeypatch):
    """The user presses Ctrl-C once the second epoch is done."""

    def on_epoch_end(curve, state):
        if state.epoch == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(experiment.UnseenLossCurve, "on_epoch_end", on_epoch_end)


@pytest.mark.usefixtures("ctrl_c_in_epoch_2")
def test_interrupted_training_prints_what_it_has_and_exits_130(fitnet, tmp_path):
    code, out, err = fitnet(*TRAIN, "--seeds", 3, "--out", tmp_path)
    assert code == 130
    assert err.startswith("Interrupted: ")
    assert err.count("\n") == 1
    assert "seed 0" in out
    assert "seed 1" not in out
    assert load(tmp_path / "largest-seed0.fitnet").provenance["epochs"] == 2
    assert {path.suffix for path in tmp_path.iterdir()} == {".fitnet", ".png"}


@pytest.mark.usefixtures("ctrl_c_in_epoch_2")
@pytest.mark.parametrize("options", [[], ["--seeds", 2]])
def test_interrupted_training_prints_json_and_exits_130(fitnet, options):
    code, out, _ = fitnet(*TRAIN, "--json", *options)
    assert code == 130
    answer = json.loads(out)
    assert (answer["runs"][0] if options else answer)["epochs"] == 2


def test_interrupt_outside_training_exits_130(fitnet, monkeypatch):
    def press_ctrl_c(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(Problem, "draw", press_ctrl_c)
    code, out, err = fitnet(*TRAIN)
    assert (code, out, err.strip()) == (130, "", "fitnet: Interrupted.")
