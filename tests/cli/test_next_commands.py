"""What to type next: at the end of a fit, and after a mistake."""

import json
import shlex

import click
import pytest

from fitnet.cli.mistakes import as_typed, sentence_of

FIT = ("fit", "waves.csv", "--target", "y", "--features", "a,b", "--hidden", "4", "--epochs", "3")
QUICK = pytest.mark.filterwarnings("ignore:Training ended after")


def next_commands(out):
    """The commands below "Next:"."""
    lines = out.partition("\nNext:")[2].splitlines()
    return [line.strip() for line in lines]


@pytest.mark.parametrize(
    ("options", "sure"), [(("--error-bars", "yes"), " --interval 0.9"), (("--error-bars", "no"), "")]
)
def test_a_fit_ends_with_commands_that_run(fitnet, waves, options, sure):
    out = fitnet(*FIT, *options).out
    predict, report = next_commands(out)
    assert predict == f"fitnet predict waves.fitnet NEW_TABLE{sure}"
    assert report == "fitnet report waves.fitnet waves.csv"
    for command in (predict.replace("NEW_TABLE", "waves.csv"), report):
        assert fitnet(*shlex.split(command)[1:]).code == 0


def test_names_are_quoted(fitnet, waves):
    (waves / "waves.csv").rename(waves / "my waves.csv")
    predict, report = next_commands(fitnet("fit", "my waves.csv", *FIT[2:]).out)
    assert predict.startswith("fitnet predict 'my waves.fitnet' NEW_TABLE")
    assert report == "fitnet report 'my waves.fitnet' 'my waves.csv'"


def test_a_report_that_was_written_is_not_proposed(fitnet, waves):
    assert len(next_commands(fitnet(*FIT, "--report").out)) == 1


def test_json_stays_json(fitnet, waves):
    answer = fitnet(*FIT, "--json")
    assert answer.out.count("\n") == 1
    assert json.loads(answer.out)["model"] == "waves.fitnet"
    assert "Next" not in answer.err


def test_classes_are_asked_for_sets(fitnet, irises):
    (predict, _) = next_commands(fitnet("fit", "iris.csv", "--target", "species", "--effort", "fast").out)
    assert predict == "fitnet predict iris.fitnet NEW_TABLE --set 0.9"


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("fit", "wave.csv", "--target", "y"), "wave.csv: No such file or directory; did you mean waves.csv?"),
        (("predict", "wavs.fitnet", "waves.csv"), "; did you mean waves.fitnet?"),
        (("predict", "waves.csv", "waves.fitnet"), "; the model comes first: fitnet predict waves.fitnet waves.csv"),
        (("report", "waves.csv", "waves.fitnet"), "; the model comes first: fitnet report waves.fitnet waves.csv"),
        (("fit", "waves.csv"), "; waves.csv has a, b, y, z: fitnet fit waves.csv --target z"),
        (("forecast", "waves.csv"), "; waves.csv has a, b, y, z: fitnet forecast waves.csv --target z"),
        (("fit", "gone.parquet"), "Missing option '--target'; see fitnet fit --help."),
        (("fit", "waves.csv", "--target", "y", "--hiden", "4"), "Did you mean"),
        (("fit", "waves", "--target", "y"), "waves has no extension; it must be one of "),
        (("fit", "waves", "--target", "y"), ".fts; did you mean waves.csv?"),
        (("fit", "waves.csv", "--target", "Y"), "has no column 'Y' (did you mean 'y'?)"),
        (("fit", "waves.csv", "--target", "y,z"), "; several targets are typed as --target y --target z."),
        (("fit", "waves.csv", "--target", "y,q"), "it has a, b, y, z.\n"),
        (("fit", "waves.csv", "--target", "y", "--effort", "quick"), "thorough (did you mean 'fast'?)."),
        (("predict", "--model", "waves.fitnet", "waves.csv"), "; MODEL and TABLE are typed without an option."),
        (("predict", "waves.fitnet", "waves.csv", "--ci", "0.9"), "'--ci'; --interval is meant."),
        (("forecast", "waves.csv", "--target", "y", "--plot"), "'--plot'; --picture is meant."),
        (("fit", "waves.csv", "--target", "y", "--ci"), "No such option '--ci'. Did you mean '--scaling'?"),
        (("train", "waves.csv"), "No such command 'train'; fitnet fit TABLE --target NAME is meant."),
        (("help",), "No such command 'help'; fitnet --help is meant."),
        (("quadratic", "score"), "No such command 'score'. Did you mean 'solve'?"),
        (("verify", "sub/gone.fitnet"), "; fitnet fit TABLE --target NAME makes a model."),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_a_mistake_is_answered_with_what_to_type(fitnet, waves_model, words, advice):
    code, out, err = fitnet(*words)
    assert (code, out) == (2, "")
    assert err.startswith("fitnet: ")
    assert advice in err
    assert err.count("\n") == 1


def test_many_columns_are_not_all_listed(fitnet, waves):
    (waves / "wide.csv").write_text(",".join(f"c{i}" for i in range(30)) + "\n")
    assert "c7, ...: fitnet fit wide.csv --target c29" in fitnet("fit", "wide.csv").err


def test_an_argument_is_spelt_as_its_own_command_spells_it():
    for option in ("--size", "--count"):
        command = click.Command("made", params=[click.Option([option, "n"])])
        assert as_typed("`n` is 0.", ["n"], click.Context(command)) == f"`{option}` is 0."
    assert as_typed("`n[1]` is 0.", ["n[1]"], None) == "`n[1]` is 0."


def test_memory_that_is_not_there():
    assert sentence_of(MemoryError(), None) == "There is not enough memory: none is left."
