"""What the command line refuses: one sentence, exit code 2, and nothing else said, shown or written."""

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

SOLVE = ("quadratic", "solve")
TRAIN = ("quadratic", "train", "--epochs", "2", "--triplets", "40", "--test-triplets", "20")

NOT_A_MODEL = "is not a fitnet model file, or it was cut short or damaged."
FLOAT32 = "it must be at least -3.40282e+38 and at most 3.40282e+38."
NO_MODEL = "No such file or directory; fitnet fit TABLE --target NAME makes a model."
NOT_WHOLE = "is not a list of whole numbers such as 64,64."

# what is typed, and the whole of standard error after "fitnet: "
REFUSALS = [
    (["frobnicate"], "No such command 'frobnicate'; see fitnet --help."),
    (["--frob"], "No such option '--frob'; see fitnet --help."),
    (["quadratic", "sovle"], "No such command 'sovle'. Did you mean 'solve'?"),
    (["info", "a.fitnet"], "Got unexpected extra argument (a.fitnet); fitnet inspect MODEL shows what is in a model."),
    (["info", "x"], "Got unexpected extra argument (x); see fitnet info --help."),
    ([*SOLVE], "Missing argument 'A'; see fitnet quadratic solve --help."),
    ([*SOLVE, "1", "2"], "Missing argument 'C'; see fitnet quadratic solve --help."),
    ([*SOLVE, "1", "2", "3", "4"], "Got unexpected extra argument (4); see fitnet quadratic solve --help."),
    ([*SOLVE, "1", "-3", "2", "--frob"], "Got unexpected extra argument (--frob); see fitnet quadratic solve --help."),
    ([*SOLVE, "1", "two", "2"], "Invalid value for 'B': 'two' is not a valid float."),
    ([*SOLVE, "nan", "1", "2"], f"`A` is nan; {FLOAT32}"),
    ([*SOLVE, "1", "inf", "2"], f"`B` is inf; {FLOAT32}"),
    ([*SOLVE, "1", "2", "-inf"], f"`C` is -inf; {FLOAT32}"),
    ([*SOLVE, "1", "2", "1e999"], f"`C` is inf; {FLOAT32}"),
    (
        [*SOLVE, "1", "2", "1e39"],
        f"`C` is 1e+39; {FLOAT32}",
    ),
    (
        [*SOLVE, "1", "-3", "2", "--roots", "larges"],
        "`--roots` is 'larges'; it must be one of largest, all (did you mean 'largest'?).",
    ),
    ([*SOLVE, "1", "-3", "2", "--roots"], "Option '--roots' requires an argument."),
    ([*TRAIN, "--zyx", "1"], "No such option '--zyx'; see fitnet quadratic train --help."),
    ([*TRAIN, "extra"], "Got unexpected extra argument (extra); see fitnet quadratic train --help."),
    ([*TRAIN, "--json=yes"], "Option '--json' does not take a value."),
    ([*TRAIN, "--roots", "al"], "`--roots` is 'al'; it must be one of largest, all (did you mean 'all'?)."),
    ([*TRAIN, "--epochs", "0"], "`--epochs` is 0; it must be at least 1."),
    ([*TRAIN, "--epochs", "-1"], "`--epochs` is -1; it must be at least 1."),
    ([*TRAIN, "--epochs", "1.5"], "Invalid value for '--epochs': '1.5' is not a valid integer."),
    ([*TRAIN, "--epochs", "many"], "Invalid value for '--epochs': 'many' is not a valid integer."),
    ([*TRAIN, "--epochs", "0", "--out", "kept-clean"], "`--epochs` is 0; it must be at least 1."),
    ([*TRAIN, "--triplets", "0"], "`--triplets` is 0; it must be at least 1."),
    ([*TRAIN, "--test-triplets", "0"], "`--test-triplets` is 0; it must be at least 1."),
    (
        [*TRAIN, "--range", "-1", "1"],
        "`--test-triplets` is 20; it must be at most half of the 18 different triplets of whole numbers "
        "in [-1, 1], so that enough are left for training.",
    ),
    ([*TRAIN, "--range", "5", "8"], "`--triplets` is 40, and none of those drawn has a root to find."),
    ([*TRAIN, "--batch-size", "0"], "`--batch-size` is 0; it must be at least 1."),
    (
        [*TRAIN, "--roots", "all", "--batch-size", "41"],
        "`--batch-size` is 41; it must be at most the number of rows, 40.",
    ),
    ([*TRAIN, "--learning-rate", "0"], "`--learning-rate` is 0; it must be above 0 and at most 1."),
    ([*TRAIN, "--learning-rate", "-1"], "`--learning-rate` is -1; it must be above 0 and at most 1."),
    ([*TRAIN, "--learning-rate", "2"], "`--learning-rate` is 2; it must be above 0 and at most 1."),
    ([*TRAIN, "--learning-rate", "nan"], "`--learning-rate` is nan; it must be above 0 and at most 1."),
    ([*TRAIN, "--learning-rate", "fast"], "Invalid value for '--learning-rate': 'fast' is not a valid float."),
    (
        [*TRAIN, "--solver", "adm"],
        "`--solver` is 'adm'; it must be one of adam, momentum, gradient-descent, lm, lm-bayesian, lbfgs "
        "(did you mean 'adam'?).",
    ),
    (
        [*TRAIN, "--solver", "lm", "--learning-rate", "0.1"],
        "`--solver` is 'lm', which has neither a learning rate nor a schedule.",
    ),
    (
        [*TRAIN, "--solver", "lm", "--batch-size", "8"],
        "`--batch-size` is 8; LevenbergMarquardt sees all rows in every step: leave it out.",
    ),
    (
        [*TRAIN, "--solver", "lm", "--dtype", "float32"],
        "`--dtype` is float32; LevenbergMarquardt works in float64: it must be float64 or 'auto'.",
    ),
    (
        [*TRAIN, "--schedule", "cos"],
        "`--schedule` is 'cos'; it must be one of constant, cosine, step (did you mean 'cosine'?).",
    ),
    (
        [*TRAIN, "--activation", "rleu"],
        "`--activation` is 'rleu'; it must be one of identity, relu, tanh, logistic, silu, gelu, softplus, leaky_relu, "
        "exponential (did you mean 'relu'?).",
    ),
    ([*TRAIN, "--initialization", "zero"], "`--initialization` is 'zero'; it must be one of he, glorot."),
    ([*TRAIN, "--dtype", "float16"], "`--dtype` is 'float16'; it must be float32 or float64."),
    ([*TRAIN, "--dtype", "flaot32"], "`--dtype` is 'flaot32'; it must be float32 or float64."),
    ([*TRAIN, "--engine", "warp"], "`--engine` is 'warp'; it must be one of auto, reference, native."),
    ([*TRAIN, "--threads", "0"], "`--threads` is 0; it must be at least 1."),
    ([*TRAIN, "--threads", "2000"], "`--threads` is 2000; it must be at most 1024."),
    ([*TRAIN, "--threads", "two"], "Invalid value for '--threads': 'two' is not a valid integer."),
    ([*TRAIN, "--numbers", "hole"], "`--numbers` is 'hole'; it must be one of whole, real (did you mean 'whole'?)."),
    ([*TRAIN, "--hidden", "0"], "`--hidden` is 0; it must be at least 1."),
    ([*TRAIN, "--hidden", "-3"], "`--hidden` is -3; it must be at least 1."),
    ([*TRAIN, "--hidden", ""], f"Invalid value for '--hidden': '' {NOT_WHOLE}"),
    ([*TRAIN, "--hidden", "a,b"], f"Invalid value for '--hidden': 'a,b' {NOT_WHOLE}"),
    ([*TRAIN, "--hidden", "64,,64"], f"Invalid value for '--hidden': '64,,64' {NOT_WHOLE}"),
    ([*TRAIN, "--range", "5", "5"], "`low` and `high` are 5 and 5; low must be below high."),
    ([*TRAIN, "--range", "5", "-5"], "`low` and `high` are 5 and -5; low must be below high."),
    ([*TRAIN, "--range", "0.5", "3"], "`low` and `high` are 0.5 and 3; for whole numbers they must be whole."),
    ([*TRAIN, "--range", "nan", "3"], "`low` is nan; it must be at least -1e+06 and at most 1e+06."),
    ([*TRAIN, "--range", "3"], "Option '--range' requires 2 arguments."),
    ([*TRAIN, "--seed", "-1"], "`--seed` is -1; it must be at least 0."),
    ([*TRAIN, "--seed", "1.5"], "Invalid value for '--seed': '1.5' is not a valid integer."),
    ([*TRAIN, "--seeds", "0"], "`--seeds` is 0; it must be at least 1."),
    ([*TRAIN, "--out", "file"], "`--out` is 'file', a file; it must be a folder."),
    ([*TRAIN, "--out", "file/below"], "file/below: Not a directory."),
    ([*TRAIN, "--out", "/proc/fitnet"], "/proc/fitnet: No such file or directory."),
    ([*TRAIN, "--out", "/dev/null/below"], "/dev/null/below: Not a directory."),
    (["verify"], "Missing argument 'FILE'; see fitnet verify --help."),
    (["fit", "t.csv", "--inputs", "a"], "No such option '--inputs'; --features is meant."),
    (["verify", "good.fitnet", "--inputs", "a"], "No such option '--inputs'; see fitnet verify --help."),
    (
        ["fit", "t.csv", "--target", "y", "--jacobian"],
        "No such option '--jacobian'; derivatives are given by fitnet predict --derivatives, in a report, and in "
        "the code of fitnet export.",
    ),
    (["predict", "good.fitnet", "t.csv", "--slopes"], "No such option '--slopes'; --derivatives is meant."),
    (["verify", "good.fitnet", "--frob"], "No such option '--frob'; see fitnet verify --help."),
    (
        ["verify", "missing.fitnet"],
        f"missing.fitnet: {NO_MODEL}",
    ),
    (["verify", "folder"], "folder: Is a directory."),
    (["verify", "text.fitnet"], f"text.fitnet {NOT_A_MODEL}"),
    (["verify", "file"], f"file {NOT_A_MODEL}"),
    (["verify", "truncated.fitnet"], f"truncated.fitnet {NOT_A_MODEL}"),
    (
        ["verify", "altered.fitnet"],
        "altered.fitnet was altered or damaged after it was written: its checksum does not match.",
    ),
    (
        ["verify", "newer.fitnet"],
        "newer.fitnet was written by a newer fitnet (format 11; this one reads up to 10): upgrade fitnet to read it.",
    ),
    (["verify", "foreign.fitnet"], "foreign.fitnet is a safetensors file, but not a fitnet model."),
]


@pytest.fixture
def folder(tmp_path, model_file, monkeypatch):
    """The folder the commands run in, with files that are no good in every way."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.fitnet").write_text("Dear model file, you are a letter.\n")
    data = model_file.read_bytes()
    (tmp_path / "truncated.fitnet").write_bytes(data[:-10])
    (tmp_path / "altered.fitnet").write_bytes(data[:-10] + bytes([data[-10] ^ 1]) + data[-9:])
    with safe_open(model_file, "np") as stored:
        tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 (it is not a dict)
        save_file(tensors, tmp_path / "newer.fitnet", stored.metadata() | {"format_version": "11"})
    save_file({"weight": np.ones(3)}, tmp_path / "foreign.fitnet", {"format": "pt"})
    return tmp_path


def files_in(folder):
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def assert_refused(answer, sentence):
    code, out, err = answer
    assert err == f"fitnet: {sentence}\n"
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(("arguments", "sentence"), REFUSALS, ids=[" ".join(row[0]) for row in REFUSALS])
def test_refused_in_one_sentence(fitnet, folder, arguments, sentence):
    before = files_in(folder)
    assert_refused(fitnet(*arguments), sentence)
    assert files_in(folder) == before


@pytest.mark.parametrize("arguments", [["0", "1e30"], ["-1e308", "1e308", "--numbers", "real"]])
def test_range_too_wide_to_draw_from_is_refused(fitnet, arguments):
    code, out, err = fitnet(*TRAIN, "--range", *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("fitnet: ")


@pytest.mark.parametrize("options", [[], ["--json"], ["--batch-size", "8"]])
def test_divergence_names_the_epoch_and_a_remedy(fitnet, folder, options):
    """Numbers grow beyond float32 before they are caught: nothing of that may reach standard error."""
    answer = fitnet(*TRAIN, "--epochs", "40", "--solver", "gradient-descent", "--learning-rate", "1", *options)
    epoch = answer.err.partition("in epoch ")[2].partition(";")[0]
    assert 1 <= int(epoch) <= 40
    assert_refused(
        answer,
        f"Training diverged: the loss is not finite in epoch {epoch}; "
        "try a learning rate below 1, or scale inputs and targets to about 1.",
    )
