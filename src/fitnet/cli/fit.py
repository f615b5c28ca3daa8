"""fitnet fit: from a table to a model, judged on rows it did not see."""

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import LOSSES
from fitnet.arguments import DTYPES
from fitnet.cli.class_report import print_class_ensemble_fit, print_class_fit
from fitnet.cli.destinations import check_apart, check_file, check_model_file
from fitnet.cli.evaluation_report import print_ensemble_fit, print_fit
from fitnet.cli.fit_asked import Asked
from fitnet.cli.fit_choice import FitCommand, check_effort_stands_alone, default_effort
from fitnet.cli.fit_classes import NONE, asks_for_numbers, check_options, fit_classes
from fitnet.cli.fit_settings import TRANSFORMS, settings_from
from fitnet.cli.options import (
    Names,
    Widths,
    chosen_rule,
    is_typed,
    missing_option,
    table_options,
    transform_options,
    typed_options,
)
from fitnet.cli.output import INTERRUPTED, json_option, print_json
from fitnet.cli.over_ranks import over_ranks, ranks_option
from fitnet.cli.report import report_destination, report_option, write_report
from fitnet.errors import ArgumentValueError
from fitnet.fitting.solver_choice import AUTO

if TYPE_CHECKING:
    from fitnet.fitting.settings import Settings
    from fitnet.model.ensemble import AnyModel
    from fitnet.reports.evidence import Evidence
    from fitnet.tables import Selection

COMPRESSED = (".gz", ".bz2", ".xz")
UNTYPED = ("out", "as_json", "n_threads", "checkpoint", "resume", "report_file")  # they do not shape the model


@click.command(cls=FitCommand)
@click.argument("table")
@click.option(
    "--target", "targets", multiple=True, required=True, metavar="NAME", help="Column to predict; may be repeated."
)
@click.option("--features", type=Names(), help="Columns to predict from: a,b,c; all that are no targets unless given.")
@click.option(
    "--task",
    default="auto",
    show_default=True,
    help="regression or classification; auto: of words, and of true and false, classification.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The model's file; TABLE's name here unless given.")
@report_option
@click.option(
    "--test-fraction", type=float, default=0.2, show_default=True, help="Rows kept out, to judge by; 0: none."
)
@click.option("--effort", help="How much is tried: fast, standard, or thorough; standard unless given.")
@click.option(
    "--hidden",
    "hidden_layer_sizes",
    type=Widths(),
    help="Of each layer; 64,64, or fewer where smooth, unless given.",
)
@click.option("--activation", default="relu", show_default=True, help=f"One of {', '.join(ACTIVATIONS)}.")
@click.option("--loss", default="squared_error", show_default=True, help=f"One of {', '.join(LOSSES)}.")
@transform_options
@click.option(
    "--class-weight",
    default=NONE,
    show_default=True,
    metavar="WEIGHTS",
    help="Of classes: none, balanced (all the same say), or label=weight,label=weight; 1 where a label has none.",
)
@click.option(
    "--scaling",
    default=AUTO,
    show_default=True,
    help="auto, standard, common (inputs in one unit), or robust: by quartiles, tails clipped.",
)
@click.option(
    "--solver", default=AUTO, show_default=True, help="auto, lm, lm-bayesian, lbfgs, adam, momentum, gradient-descent."
)
@click.option("--learning-rate", type=float, help="Step size, above 0, at most 1; the solver's own unless given.")
@click.option(
    "--alpha", type=float, default=0.0, show_default="0.0; of classes chosen", help="Penalty on squared weights' sum."
)
@click.option("--batch-size", type=int, help="Rows a step; a twentieth, from 32 to 256, unless given.")
@click.option("--epochs", "max_epochs", type=int, help="Passes over the rows; by how many rows there are unless given.")
@click.option(
    "--early-stopping", is_flag=True, help="Stop when a tenth of the training rows, only watched, get no better."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the rows kept out and of the training.")
@click.option("--dtype", default=AUTO, show_default=True, help=f"One of auto, {', '.join(DTYPES)}.")
@click.option(
    "--error-bars",
    default="auto",
    show_default=True,
    help="Keep what `predict --std` and `--interval` need: auto, yes or no.",
)
@click.option("--threads", "n_threads", type=int, help="All usable cores unless given; the model is the same.")
@missing_option("refuse, drop, or impute the median", "refuse")
@table_options
@click.option("--checkpoint", type=click.Path(path_type=Path), help="Keeps training: a file, of an ensemble a folder.")
@click.option("--resume", is_flag=True, help="Go on from --checkpoint, if it is there.")
@ranks_option
@json_option
def fit(
    table: str,
    targets: tuple[str, ...],
    features: tuple[str, ...] | None,
    task: str,
    out: Path | None,
    report_file: str | None,
    test_fraction: float,
    seed: int,
    missing: str | None,
    drop_missing: bool,
    units_row: bool,
    missing_values: tuple[float, ...],
    resume: bool,
    effort: str | None,
    class_weight: str,
    as_json: bool,
    ranks: Any,
    **options: Any,
) -> None:
    """Fit networks to the columns of TABLE, a file of text, Parquet, Feather, .xlsx or FITS, or - for standard input,
    and judge them on rows they did not see.

    Several recipes are tried, as much as --effort says, and what is kept is the ensemble that predicts rows it did not
    see best. Any option of a single network, such as --hidden, --solver or --checkpoint, asks for one network in its
    place.

    A target of words, or of true and false, is classes: what is fitted gives their probabilities, and how well it does
    is said beside the majority class and logistic regression.

    With fewer than 10 rows for training one network is fitted, and so it is to a Parquet file of more than 64 MB of
    numbers, if missing values are refused: it is read in parts, in another order every epoch, and what is kept out of
    it are blocks of a fiftieth of its rows.

    Example: fitnet fit airfoil.csv --target SPL_dB

    Example of one network: fitnet fit airfoil.csv --target SPL_dB --hidden 32
    """
    from fitnet.arguments import real_number, whole_number
    from fitnet.tables import read_for_task

    whole_number("seed", seed, 0, float("inf"))
    real_number("test_fraction", test_fraction, 0, 1, high_included=False)
    rule = chosen_rule(missing, drop_missing) or "refuse"
    check_effort_stands_alone(effort)
    settings = settings_from(**options, missing=rule)
    what = table, targets, features, rule, units_row, missing_values
    read, settings = over_ranks(ranks, partial(read_for_task, task, *what, warns=not asks_for_numbers()), settings)
    files = out, report_file, options["checkpoint"]
    destination, report_to = destinations(table, *files, resume, of_ensemble=effort is not None)
    selection = read()
    check_options(selection)
    if effort is None:
        effort = default_effort(selection, test_fraction, options["n_threads"])
    kept = options["n_threads"], options["checkpoint"], resume
    asked = Asked(test_fraction, seed, *kept, rule == "impute", class_weight, typed_origin(table))
    model, facts, evidence = fitted(selection, settings, effort, options["target_transform"], asked)
    model.save(destination)
    facts["model"] = str(destination)
    print_facts(facts, as_json)
    if report_to is not None:
        write_report(model, selection.X, selection.Y, evidence, report_to, str(destination), quiet=as_json)
    if facts["stopped"] == "interrupted":
        sys.exit(INTERRUPTED)


def fitted(
    selection: "Selection", settings: "Settings", effort: str | None, target_transform: str, asked: Asked
) -> tuple["AnyModel", dict[str, Any], "Evidence"]:
    """The model, what is to be said about it, and what a report needs; without `effort` one network."""
    from fitnet.cli import fit_ensemble_rows, fit_rows

    if selection.classes is not None:
        return fit_classes(selection, settings, effort, asked)
    if effort is None:
        return fit_rows.fit_rows(selection, settings, asked)
    transform = TRANSFORMS[target_transform] if is_typed("target_transform") else AUTO
    return fit_ensemble_rows.fit_ensemble_rows(selection, effort, transform, asked)


def print_facts(facts: dict[str, Any], as_json: bool) -> None:
    """What is to be said of a fit, of an ensemble or one network, of classes or numbers."""
    if as_json:
        print_json(facts)
        return
    of_classes, of_ensemble = "classes" in facts, "members" in facts
    if of_classes:
        (print_class_ensemble_fit if of_ensemble else print_class_fit)(facts)
    else:
        (print_ensemble_fit if of_ensemble else print_fit)(facts)


def typed_origin(table: str) -> dict[str, Any]:
    """What the provenance says of the command."""
    name = Path(table).name
    return {"command": shlex.join(["fitnet", "fit", name, *typed_options(without=UNTYPED)]), "table": name}


def default_destination(table: str) -> Path:
    """The model's file where `--out` names none: the table's name in this folder."""
    if table == "-":
        raise ArgumentValueError("`out` must be given where `TABLE` is standard input.", "out", "TABLE")
    name = Path(table).name
    for suffix in COMPRESSED:
        name = name.removesuffix(suffix)
    return Path(name).with_suffix(".fitnet")


def destinations(
    table: str, out: Path | None, report_file: str | None, checkpoint: Path | None, resume: bool, *, of_ensemble: bool
) -> tuple[Path, Path | None]:
    """The model's file, and the report's where there is to be one; both can be written."""
    destination = out or default_destination(table)
    report_to = None if report_file is None else report_destination(report_file, destination)
    files = {"TABLE": Path(table), "out": destination, "checkpoint": checkpoint, "report_file": report_to}
    check_files(files, resume, of_ensemble=of_ensemble)
    return destination, report_to


def check_files(files: dict[str, Path | None], resume: bool, *, of_ensemble: bool) -> None:
    """Refuse what could not be written, or only over something else; an ensemble's checkpoint, a folder, is its own."""
    checkpoint = files["checkpoint"]
    if resume and checkpoint is None:
        raise ArgumentValueError("`resume` needs `checkpoint`, to go on from.", "resume", "checkpoint")
    check_apart(**files)
    assert files["out"] is not None
    check_model_file(files["out"])
    if files["report_file"] is not None:
        check_file("report_file", files["report_file"])
    if checkpoint is not None and not of_ensemble:
        check_file("checkpoint", checkpoint)
