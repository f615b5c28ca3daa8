"""fitnet fit: an ensemble, or one network where one of its options is given or the rows allow no more."""

import json
import sys

import polars as pl
import pytest

from fitnet import Ensemble, Model, load
from fitnet.algorithm.memory import gigabytes
from fitnet.cli import command_line, fit_ensemble_rows, fit_rows
from fitnet.cli.commands import NETWORK, group_of
from fitnet.engine import ENGINES
from fitnet.fitting import ensemble_rows
from fitnet.fitting.plans import EFFORTS
from fitnet.rows import sources

FIT = ("fit", "waves.csv", "--target", "y")
ALONE = "; fitting one network.\n"
OF_ONE = [
    ("--hidden", "4"),
    ("--activation", "relu"),
    ("--loss", "huber"),
    ("--target-lower-bound", "-5", "--target-transform", "log"),
    ("--scaling", "auto"),
    ("--solver", "lm"),
    ("--learning-rate", "0.01"),
    ("--alpha", "0"),
    ("--dropout", "0"),
    ("--batch-size", "8"),
    ("--epochs", "3"),
    ("--early-stopping",),
    ("--dtype", "auto"),
    ("--error-bars", "auto"),
    ("--checkpoint", "kept"),
    ("--resume", "--checkpoint", "kept"),
]


@pytest.fixture
def chosen(monkeypatch):
    """A list that gets the effort of the ensemble that would be fitted, None for one network; nothing is fitted."""
    efforts = []

    def ensemble(selection, effort, *_):
        efforts.append(effort)
        sys.exit(0)

    def network(*_):
        efforts.append(None)
        sys.exit(0)

    monkeypatch.setattr(fit_ensemble_rows, "fit_ensemble_rows", ensemble)
    monkeypatch.setattr(fit_rows, "fit_rows", network)
    return efforts


@pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")
def test_an_ensemble_is_fitted_unless_something_else_is_asked_for(fitnet, waves, monkeypatch):
    monkeypatch.setitem(EFFORTS, "standard", EFFORTS["fast"])
    code, out, err = fitnet(*FIT)
    assert (code, err) == (0, "")
    assert out.startswith("Recipes, standard effort, 5 folds")
    ensemble = load("waves.fitnet")
    assert isinstance(ensemble, Ensemble)
    assert ensemble.provenance["settings"]["effort"] == "'standard'"
    assert ensemble.provenance["command"] == "fitnet fit waves.csv --target y"


@pytest.mark.parametrize("options", OF_ONE, ids=lambda options: options[0])
def test_an_option_of_a_single_network_asks_for_one(fitnet, waves, chosen, options):
    assert fitnet(*FIT, *options) == (0, "", "")
    assert chosen == [None]


def test_every_option_that_is_not_of_both_was_tried():
    """A new option of `fit` stands in another group of its help or in the list above."""
    options = {option.opts[0] for option in command_line.commands["fit"].params if group_of(option) == NETWORK}
    assert options == {words[0] for words in OF_ONE} | {"--ranks"}  # which needs mpi4py: tests/distributed


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--target", "z"),
        ("--features", "a"),
        ("--out", "m.fitnet"),
        ("--seed", "3"),
        ("--test-fraction", "0.1"),
        ("--threads", "1"),
        ("--missing", "drop"),
        ("--drop-missing",),
        ("--missing-value", "-9999"),
        ("--target-transform", "none"),
        ("--smooth",),
        ("--json",),
    ],
    ids=lambda options: options[0] if options else "none",
)
def test_options_of_both_leave_the_ensemble(fitnet, waves, chosen, options):
    assert fitnet(*FIT, *options) == (0, "", "")
    assert chosen == ["standard"]


@pytest.mark.parametrize(
    ("rows", "options", "why"),
    [
        (None, ("--hidden", "4"), "beside --hidden"),
        (11, (), "and 9 rows for training are too few for an ensemble"),
    ],
)
def test_one_network_is_not_asked_to_be_smooth(fitnet, waves, chosen, rows, options, why):
    if rows is not None:
        few(waves, rows)
    code, _, err = fitnet(*FIT, "--smooth", *options)
    assert (code, chosen) == (2, [])
    assert err == (
        f"fitnet: `--smooth` is given {why}, so that one network would be fitted; it must be left out: of one network "
        "--activation tanh says it.\n"
    )


def test_the_effort_is_the_users(fitnet, waves, chosen):
    fitnet(*FIT, "--effort", "thorough")
    assert chosen == ["thorough"]


def few(folder, rows):
    """The first rows of the table alone."""
    lines = (folder / "waves.csv").read_text().splitlines(keepends=True)
    (folder / "waves.csv").write_text("".join(lines[: rows + 1]))


def test_to_few_rows_one_network_is_fitted_and_it_says_so(fitnet, waves):
    few(waves, 11)
    code, out, err = fitnet(*FIT)
    assert (code, err) == (0, f"fitnet: 9 rows for training are too few for an ensemble{ALONE}")
    assert out.startswith("Network:  ")
    assert isinstance(load("waves.fitnet"), Model)
    assert json.loads(fitnet(*FIT, "--json").out)["training_rows"] == 9


@pytest.mark.parametrize(
    ("rows", "options", "effort"),
    [
        (12, (), "standard"),
        (11, (), None),
        (10, ("--test-fraction", "0"), "standard"),
        (12, ("--seed", "1"), "standard"),
    ],
)
def test_ten_rows_for_training_are_enough(fitnet, waves, chosen, rows, options, effort):
    few(waves, rows)
    assert fitnet(*FIT, *options).code == 0
    assert chosen == [effort]


def test_one_row_is_one_row(fitnet, waves, chosen):
    few(waves, 1)
    err = fitnet(*FIT, "--test-fraction", "0").err
    assert err == f"fitnet: 1 row for training is too few for an ensemble{ALONE}"


def test_where_no_row_is_left_that_alone_is_said(fitnet, waves, chosen):
    few(waves, 1)
    code, _, err = fitnet(*FIT)
    assert (code, chosen) == (2, [])
    assert err == "fitnet: `--test-fraction` is 0.2 and keeps out all of 1 row; one must be left for training.\n"


def test_to_rows_that_stay_in_a_file_one_network_is_fitted(fitnet, waves, chosen, monkeypatch):
    pl.read_csv("waves.csv").write_parquet("waves.parquet")
    assert fitnet("fit", "waves.parquet", "--target", "y").err == ""
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    err = fitnet("fit", "waves.parquet", "--target", "y").err
    assert err == f"fitnet: The table is so large that it is read in parts, too large for an ensemble{ALONE}"
    assert fitnet("fit", "waves.parquet", "--target", "y", "--epochs", "2").err == ""
    assert chosen == ["standard", None, None]


def test_where_memory_is_short_one_network_is_fitted(fitnet, waves, chosen, monkeypatch):
    # 32 rows of 3 columns in 48 pieces, in 4 bytes: three numbers each, and features of the 4 rows of one of 8 folds
    needed = 4 * 3 * (32 * 3 + 4 * 49) if "native" in ENGINES else 4 * 32 * 3 * 49
    for memory, said in ((2 * needed - 1, True), (2 * needed, False), (None, False)):
        monkeypatch.setattr(ensemble_rows, "machine_memory", lambda memory=memory: memory)
        err = fitnet(*FIT, "--features", "a,b,z", "--threads", "1").err
        assert err.startswith("fitnet: An ensemble of networks for 32 rows takes ") == said
        assert err.endswith(f"in training and this machine has {gigabytes(memory or 0)}{ALONE}") == said
    assert chosen == [None, "standard", "standard"]


def test_the_help_tells_the_options_apart(fitnet):
    both, _, rest = fitnet("fit", "--help-all").out.partition(f"\n{NETWORK}:\n")
    network = rest.partition("\n\n")[0]
    assert "\n  --effort" in both and "\n  --seed" in both
    short = fitnet("fit", "--help").out
    for option, *_ in OF_ONE:
        assert f"\n  {option} " in f"\n{network}"
        assert f"\n  {option} " not in both + short
