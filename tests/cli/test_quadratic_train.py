"""fitnet quadratic train: its figures in text and in JSON, what it keeps, and Ctrl-C."""

import json
import shlex

import pytest

from fitnet import load
from fitnet.engine import choose
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
