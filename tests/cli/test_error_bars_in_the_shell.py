"""Error bars in the shell: kept by fit, told by inspect and evaluate, a column of predict."""

import json
import warnings

import numpy as np
import pytest

from fitnet import load
from fitnet.evaluation import coverage
from fitnet.tables import numeric_columns, read_table

FIT = ("fit", "waves.csv", "--target", "y", "--target", "z", "--features", "a,b", "--hidden", "3", "--epochs", "3")
SMOOTH = (*FIT, "--activation", "tanh")


@pytest.fixture
def smooth(fitnet, waves):
    """What `fit` says of a smooth model of two targets, as JSON."""
    answer = fitnet(*SMOOTH, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out)


def test_fit_tells_the_coverage_of_rows_kept_out(fitnet, smooth):
    assert list(smooth["coverage"]) == ["y", "z"]
    assert all(list(shares) == ["0.6827", "0.95"] for shares in smooth["coverage"].values())
    model = load("waves.fitnet")
    assert model.provenance["coverage"] == smooth["coverage"]
    lines = fitnet(*SMOOTH).out.splitlines()
    told = smooth["coverage"]["z"]
    shares = [
        f"{told[level]:.1%} of rows in the {name} interval" for level, name in (("0.6827", "68%"), ("0.95", "95%"))
    ]
    assert f"Error bars of z: {', '.join(shares)}" in lines


def test_evaluate_tells_the_coverage_of_the_table(fitnet, smooth):
    facts = json.loads(fitnet("evaluate", "waves.fitnet", "waves.csv", "--json").out)
    table = read_table("waves.csv")
    expected = coverage(
        *load("waves.fitnet").predict(numeric_columns(table, ["a", "b"]), return_std=True),
        numeric_columns(table, ["y", "z"]),
    )
    for j, name in enumerate("yz"):
        assert facts["coverage"][name] == {"0.6827": expected[0.6827][j], "0.95": expected[0.95][j]}
    assert "Error bars of y: " in fitnet("evaluate", "waves.fitnet", "waves.csv").out


def test_inspect_tells_noise_and_effective_parameters(fitnet, smooth):
    model = load("waves.fitnet")
    facts = json.loads(fitnet("inspect", "waves.fitnet", "--json").out)
    effective = model.error_bars.effective_parameters
    assert facts["error_bars"] == {
        "noise": {"y": model.noise[0], "z": model.noise[1]},
        "effective_parameters": effective,
    }
    out = fitnet("inspect", "waves.fitnet").out
    assert f"\nNoise of z: {model.noise[1]:.6g}\n" in out
    assert f"\nEffective parameters: {effective:.1f}\n" in out


def test_predict_adds_a_column_behind_each_target(fitnet, smooth):
    header, *lines = fitnet("predict", "waves.fitnet", "waves.csv", "--std").out.splitlines()
    assert header == "y,y_std,z,z_std"
    cells = np.array([[float(cell) for cell in line.split(",")] for line in lines])
    predicted, std = load("waves.fitnet").predict(numeric_columns(read_table("waves.csv"), ["a", "b"]), return_std=True)
    np.testing.assert_array_equal(cells[:, ::2], predicted)
    np.testing.assert_array_equal(cells[:, 1::2], std)
    told = json.loads(fitnet("predict", "waves.fitnet", "waves.csv", "--std", "--json").out)
    assert list(told["predictions"]) == ["y", "y_std", "z", "z_std"]
    assert fitnet("predict", "waves.fitnet", "waves.csv").out.startswith("y,z\n")


def test_error_bars_are_kept_as_asked(fitnet, waves):
    for choice, activation, kept in (("no", "tanh", False), ("yes", "relu", True), ("auto", "relu", False)):
        assert fitnet(*FIT, "--activation", activation, "--error-bars", choice).code == 0
        assert (load("waves.fitnet").error_bars is not None) == kept
    assert "--error-bars auto" in load("waves.fitnet").provenance["command"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((*FIT, "--error-bars", "y"), "`--error-bars` is 'y'; it must be one of auto, yes, no."),
        (
            (*FIT, "--error-bars", "yes", "--loss", "huber", "--out", "two.fitnet"),
            "`--error-bars` is True and `--loss` is Huber(delta=1.0); error bars are for SquaredError(), normal noise.",
        ),
        (
            ("predict", "waves.fitnet", "waves.csv", "--std"),
            "`--std` needs a model with error bars; fit it with `--loss squared_error --error-bars yes`, which adds "
            "less than 1 MB to the model and less than a second to the fit.",
        ),
    ],
)
def test_refused_in_one_sentence(fitnet, waves_model, arguments, sentence):
    code, out, err = fitnet(*arguments)
    assert (code, out, err) == (2, "", f"fitnet: {sentence}\n")


def test_a_target_with_the_columns_name_is_refused(fitnet, waves):
    table = waves / "waves.csv"
    table.write_text(table.read_text().replace("a,b,y,z", "a,b,y,y_std"))
    arguments = [argument if argument != "z" else "y_std" for argument in SMOOTH]
    assert fitnet(*arguments).code == 0
    code, _, err = fitnet("predict", "waves.fitnet", "waves.csv", "--std")
    assert (code, err) == (2, "fitnet: `--std` needs the column 'y_std', which is a target's own name.\n")


@pytest.mark.filterwarnings("default::fitnet.errors.ErrorBarsWarning")
def test_a_network_through_every_target_is_warned_of_in_one_sentence(fitnet, tmp_path):
    table, model = tmp_path / "few.csv", tmp_path / "few.fitnet"
    table.write_text("x,y\n" + "".join(f"{i},{i * 7 % 5}\n" for i in range(10)))
    options = ("--activation", "tanh", "--solver", "lm", "--hidden", "6", "--error-bars", "yes", "--out", model)
    answer = fitnet("fit", table, "--target", "y", *options)
    assert answer.code == 0
    assert answer.err == (
        "fitnet: The network passes through all 8 targets, so the error bars are too small: the noise cannot be told; "
        "fit more rows, fewer neurons, or solver='lm-bayesian'.\n"
    )


def test_other_warnings_are_shown_as_they_would_be(fitnet, model_file, monkeypatch):
    def warn(**_):
        warnings.warn("odd", RuntimeWarning, stacklevel=1)

    monkeypatch.setattr("fitnet.cli.model_files.verify.callback", warn)
    with pytest.warns(RuntimeWarning, match="odd"):
        assert fitnet("verify", model_file).err == ""
