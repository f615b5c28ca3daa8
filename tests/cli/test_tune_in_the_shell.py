"""fitnet tune: the best model is that of the command it prints, a sweep goes on, and what is wrong is one sentence."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from fitnet import load
from fitnet.errors import ArgumentValueError

optuna = pytest.importorskip("optuna")
QUICK = ("--solver", "adam", "--hidden", "4", "--epochs", 5, "--trials", 3)
TUNE = ("tune", "waves.csv", "--target", "y", "--features", "a,b", *QUICK)


def facts_of(fitnet, *arguments):
    """What a command says as JSON."""
    answer = fitnet(*arguments, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


@pytest.mark.parametrize(
    "options",
    [
        QUICK,
        ("--trials", 3, "--epochs", 5, "--no-early-stopping", "--activation", "tanh", "--seed", 3),
        (*QUICK, "--early-stopping", "--batch-size", 8, "--test-fraction", 0.3),
        ("--trials", 2, "--epochs", 5, "--solver", "lm", "--target", "z"),
    ],
)
def test_the_printed_command_gives_the_model_byte_for_byte(fitnet, waves, options):
    command = ("tune", "waves.csv", "--target", "y", "--features", "a,b", *options, "--alone")
    facts = facts_of(fitnet, *command, "--out", "best.fitnet")
    program, *again = shlex.split(facts["command"])
    assert program == "fitnet"
    assert fitnet(*again, "--out", "again.fitnet").code == 0
    assert Path("best.fitnet").read_bytes() == Path("again.fitnet").read_bytes()
    assert load("best.fitnet").provenance["command"] == facts["command"]


def test_the_best_is_judged_on_rows_that_no_trial_saw_beside_others(fitnet, waves):
    facts = facts_of(fitnet, *TUNE)
    judged = facts["evaluation"]["y"]
    assert list(judged) == ["tuned network", "one network, unasked", "mean", "least squares"]

    assert judged["tuned network"] == load("waves.fitnet").provenance["evaluation"]["y"]["network"]
    assert (facts["kept_out_rows"], facts["rows"]) == (8, 40)
    assert facts["best"]["loss"] == min(trial["loss"] for trial in facts["made"] if trial["loss"] is not None)
    said = fitnet(*TUNE)
    for word in ("Trials:   3 complete", "tuned network", "unasked", "fitnet fit waves.csv", "waves.fitnet"):
        assert word in said.out


def test_an_ensemble_is_beside_it_where_nothing_asks_for_one_network(fitnet, waves):
    facts = facts_of(fitnet, *TUNE[:6], "--hidden", 4, "--trials", 1)
    assert "ensemble, fast" in facts["evaluation"]["y"]


def test_an_ensemble_of_classes_is_beside_it_too(fitnet, irises):
    facts = facts_of(fitnet, "tune", "iris.csv", "--target", "species", "--hidden", 4, "--trials", 1)
    assert facts["evaluation"]["ensemble, fast"]["accuracy"] > 0.8


def test_what_cannot_be_compared_with_is_said(fitnet, waves, monkeypatch):
    def refuse(effort):
        if effort is not None:
            raise ArgumentValueError("`effort` is refused.", "effort")

    monkeypatch.setattr(sys.modules["fitnet.cli.fit"], "check_effort_stands_alone", refuse)
    answer = fitnet(*TUNE[:6], "--hidden", 4, "--trials", 1)
    assert answer.code == 0
    assert "fitnet: There is no 'ensemble, fast' to compare with. `effort` is refused." in answer.err
    assert "tuned network" in answer.out


@pytest.mark.parametrize("storage", ["sweep.db", "sweep.journal"])
def test_a_sweep_goes_on_and_is_as_one_that_never_ended(fitnet, waves, storage):
    whole = facts_of(fitnet, *TUNE, "--alone")
    first = facts_of(fitnet, *TUNE, "--alone", "--storage", storage, "--trials", 1)
    assert first["trials"]["complete"] == 1
    resumed = facts_of(fitnet, *TUNE, "--alone", "--storage", storage)
    assert resumed == whole
    assert facts_of(fitnet, *TUNE, "--alone", "--storage", storage) == whole


def test_ctrl_c_keeps_the_best_so_far(fitnet, waves, monkeypatch):
    from fitnet.tuning import sweep

    inner = sweep.tried

    def press(settings, rows, seed, callbacks):
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(1)
        return inner(settings, rows, seed, callbacks)

    made = []
    monkeypatch.setattr(sweep, "tried", press)
    code, out, _ = fitnet(*TUNE, "--storage", "s.db")
    assert code == 130
    assert "2 complete, 1 failed (interrupted; 3 were asked for)" in out
    assert load("waves.fitnet").provenance["stopped"] == "finished"
    made = [1, 1]
    code, out, err = fitnet(*TUNE, "--out", "none.fitnet")
    assert (code, out) == (130, "")
    assert err.endswith("fitnet: Interrupted before a trial was complete: there is nothing to keep.\n")
    assert not Path("none.fitnet").exists()


def test_other_commands_are_as_they_were(fitnet, waves):
    before = fitnet("fit", "-h")
    assert fitnet(*TUNE, "--alone").code == 0
    assert fitnet("fit", "-h") == before
    assert before.code == 0


def test_classes(fitnet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines = "".join(f"{i / 10},{i % 7},{'high' if i % 7 > 3 else 'low'}\n" for i in range(60))
    Path("kinds.csv").write_text("a,b,kind\n" + lines)
    facts = facts_of(fitnet, "tune", "kinds.csv", "--target", "kind", "--epochs", 5, "--trials", 2)
    assert list(facts["evaluation"])[:2] == ["tuned network", "one network, unasked"]
    assert "logistic regression" in facts["evaluation"]
    _, *again = shlex.split(facts["command"])
    assert fitnet(*again, "--out", "again.fitnet").code == 0
    assert Path("kinds.fitnet").read_bytes() == Path("again.fitnet").read_bytes()
    said = fitnet("tune", "kinds.csv", "--target", "kind", "--epochs", 5, "--trials", 2, "--alone").out
    assert "log loss" in said


def test_pictures_are_where_they_are_asked_for(fitnet, waves):
    facts = facts_of(fitnet, *TUNE, "--alone", "--pictures", "shown")
    assert facts["pictures"] == [str(path) for path in (Path("shown/history.png"), Path("shown/settings.png"))]
    assert all(Path(path).stat().st_size for path in facts["pictures"])


REFUSALS = [
    (("--trials", 0), "`--trials` is 0; it must be at least 1."),
    (("--storage", "sweep.txt"), "`--storage` is 'sweep.txt'; it must be a file whose name ends in .db,"),
    (("--storage", "waves.csv"), "`--storage` is 'waves.csv', which is `TABLE` too; they must differ."),
    (("--out", "best.pkl"), "`--out` is 'best.pkl'; a model file's name must end in .fitnet."),
    (("--pictures", "waves.csv"), "`--pictures` is 'waves.csv', a file; it must be a folder."),
    (("--sampler", "grid"), "`--sampler` is 'grid'; it must be one of tpe, random."),
    (("--pruner", "sha"), "`--pruner` is 'sha'; it must be one of median, none."),
    (("--solver", "auto"), "`--solver` is 'auto'; it must be one of adam,"),
    (("--alpha", -1), "`--alpha` is -1; it must be at least 0."),
    (("--test-fraction", 0.9), "`TABLE` leaves 4 rows for training; a sweep needs at least 10."),
    (("--target", "c"), "waves.csv has no column 'c'"),
]


@pytest.mark.parametrize(("options", "sentence"), REFUSALS)
def test_what_is_wrong_is_one_sentence(fitnet, waves, options, sentence):
    code, out, err = fitnet(*TUNE, *options)
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith(f"fitnet: {sentence}")
    assert not Path("waves.fitnet").exists()


def test_another_table_is_refused(fitnet, waves):
    assert fitnet(*TUNE, "--alone", "--storage", "s.db").code == 0
    waves.joinpath("waves.csv").write_text(waves.joinpath("waves.csv").read_text() + "9,9,9,9\n")
    code, _, err = fitnet(*TUNE, "--storage", "s.db")
    assert code == 2
    assert err.startswith("fitnet: `--storage` s.db holds a study 'fitnet' that is of another table")


def test_words_for_a_target_of_numbers_are_refused(fitnet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("words.csv").write_text("a,y\n" + "".join(f"{i},w{i % 3}\n" for i in range(30)))
    code, _, err = fitnet("tune", "words.csv", "--target", "y", "--task", "regression", "--trials", 1)
    assert code == 2
    assert "'y'" in err


def test_without_optuna_it_says_how_to_get_it(fitnet, waves, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    code, out, err = fitnet(*TUNE)
    assert (code, out) == (2, "")
    assert err == "fitnet: fitnet tune needs the package optuna; install it with: pip install 'fitnet[optuna]'.\n"


def test_nothing_of_it_is_loaded_by_other_commands(waves):
    program = (
        "import sys; from fitnet.cli import command_line as run; "
        "run.main(['fit', 'waves.csv', '--target', 'y', '--epochs', '1'], standalone_mode=False); "
        "print([name for name in sys.modules if name.startswith(('optuna', 'sqlalchemy'))])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.endswith("[]\n")


def test_standard_input_is_refused(fitnet):
    code, _, err = fitnet("tune", "-", "--target", "y", "--out", "x.fitnet")
    assert (code, err) == (2, "fitnet: `TABLE` is standard input; it must be a file.\n")


def test_examples_of_the_help_can_be_run(fitnet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("airfoil.csv").write_text("SPL_dB,angle_deg\n" + "".join(f"{i},{i % 7}\n" for i in range(20)))
    examples = [line.strip() for line in fitnet("tune", "--help").out.splitlines() if "fitnet tune airfoil" in line]
    assert len(examples) == 2
    for example in examples:
        words = shlex.split(example.partition("fitnet ")[2])
        assert fitnet(*words, "--trials", 1, "--epochs", 2, "--alone").code == 0
