"""fitnet fit: from a table to a model, judged on rows it did not see."""

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fitnet.cli import choices
from fitnet.cli.commands import NETWORK, ROWS, RUN, Command, option
from fitnet.cli.completion_values import column, columns
from fitnet.cli.destinations import check_apart, check_default, check_file, check_model_file, default_destination
from fitnet.cli.fit_asked import Asked
from fitnet.cli.fit_choice import check_effort_stands_alone, default_effort
from fitnet.cli.fit_classes import BALANCED, NONE, asks_for_numbers, check_options, fit_classes
from fitnet.cli.fit_options import network_options
from fitnet.cli.fit_report import print_facts, print_next
from fitnet.cli.options import (
    Names,
    chosen_rule,
    is_typed,
    missing_option,
    seed_option,
    table_argument,
    table_options,
    test_fraction_option,
    threads_option,
    transform_options,
    typed_options,
)
from fitnet.cli.output import INTERRUPTED, json_option
from fitnet.cli.over_ranks import over_ranks
from fitnet.cli.report import report_destination, report_option, write_report
from fitnet.errors import ArgumentValueError
from fitnet.files.patterns import short_name, stands_for_files

if TYPE_CHECKING:
    from fitnet.fitting.settings import Settings
    from fitnet.model.ensemble import AnyModel
    from fitnet.reports.evidence import Evidence
    from fitnet.tables import Selection

UNTYPED = ("out", "as_json", "n_threads", "checkpoint", "resume", "report_file")  # they do not shape the model


@click.command(
    cls=Command,
    folded=(NETWORK, RUN),
    examples=(
        "fitnet fit airfoil.csv --target SPL_dB --report",
        "fitnet fit airfoil.csv --target SPL_dB --hidden 32 --out one.fitnet",
    ),
)
@table_argument
@option(
    *("--target", "targets"),
    multiple=True,
    required=True,
    metavar="NAME",
    help="Column to predict; repeatable.",
    shell_complete=column,
)
@option("--features", type=Names(), help="Columns to predict from: a,b,c; else all others.", shell_complete=columns)
@option(
    *("-o", "--out"),
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The model; else TABLE's name with .fitnet.",
)
@report_option
@option("--effort", metavar="HOW", help="fast, standard, or thorough; standard unless given.", choices=choices.EFFORTS)
@option("--smooth", is_flag=True, help="Networks without kinks or steps only: for derivatives.")
@option(
    "--task",
    default="auto",
    show_default=True,
    metavar="KIND",
    help="regression or classification; auto: words are classes.",
    choices=choices.TASKS,
    group=ROWS,
)
@test_fraction_option("Rows kept out, to judge by; 0: none.")
@missing_option("refuse, drop, or impute the median", "refuse", *choices.MISSING_RULES)
@table_options
@transform_options(ROWS, NETWORK)
@option(
    "--class-weight",
    default=NONE,
    show_default=True,
    metavar="WEIGHTS",
    help="Of classes: none, balanced, or label=weight,label=weight.",
    choices=(NONE, BALANCED),
    group=ROWS,
)
@seed_option("Of rows kept out, of training.")
@network_options
@threads_option("All usable cores unless given; the model is the same.")
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
    smooth: bool,
    class_weight: str,
    as_json: bool,
    ranks: Any,
    **options: Any,
) -> None:
    """Fit networks to columns of a table, and judge them on rows that they did not see. TABLE is a file of text (CSV
    and the like), Parquet, Feather, .xlsx or FITS, or - for standard input.

    Several recipes are tried, as much as --effort says, and what is kept is the ensemble that predicts rows it did not
    see best. Any option of one network, such as --hidden, --solver or --checkpoint, asks for one network in its place.

    A target of words, or of true and false, is classes: what is fitted gives their probabilities, and how well it does
    is said beside the majority class and logistic regression.

    With fewer than 10 rows for training one network is fitted, and so it is to a Parquet file of more than 64 MB of
    numbers, if missing values are refused: it is read in parts, in another order every epoch, and what is kept out of
    it are blocks of a fiftieth of its rows.

    A folder, or a pattern in quotation marks such as 'parts/*.parquet', stands for many files, all CSV or all Parquet:
    one table with their rows in the order of the files' paths.
    """
    from fitnet.arguments import fraction_below_one, whole_number
    from fitnet.cli.fit_settings import settings_from
    from fitnet.tables import read_for_task

    whole_number("seed", seed, 0, float("inf"))
    fraction_below_one("test_fraction", test_fraction, low_included=True)
    rule = chosen_rule(missing, drop_missing) or "refuse"
    check_effort_stands_alone(effort)
    settings = settings_from(**options, missing=rule)
    what = table, targets, features, rule, units_row, missing_values
    read, settings = over_ranks(ranks, partial(read_for_task, task, *what, warns=not asks_for_numbers()), settings)
    files = out, report_file, options["checkpoint"]
    destination, report_to = destinations(table, *files, resume, of_ensemble=effort is not None)
    selection = read()
    check_default(destination, selection.target_names, is_named=out is not None)
    check_options(selection)
    if effort is None:
        effort = default_effort(selection, test_fraction, options["n_threads"], smooth)
    kept = options["n_threads"], options["checkpoint"], resume
    asked = Asked(test_fraction, seed, *kept, rule == "impute", smooth, class_weight, typed_origin(table))
    model, facts, evidence = fitted(selection, settings, effort, options["target_transform"], asked)
    model.save(destination)
    facts["model"] = str(destination)
    print_facts(facts, as_json)
    if report_to is not None:
        write_report(model, selection.X, selection.Y, evidence, report_to, str(destination), quiet=as_json)
    if not as_json:
        print_next(model, str(destination), table, reported=report_to is not None)
    if facts["stopped"] == "interrupted":
        sys.exit(INTERRUPTED)


def fitted(
    selection: "Selection", settings: "Settings", effort: str | None, target_transform: str, asked: Asked
) -> tuple["AnyModel", dict[str, Any], "Evidence"]:
    """The model, what is to be said about it, and what a report needs; without `effort` one network."""
    from fitnet.cli import fit_ensemble_rows, fit_rows
    from fitnet.cli.fit_settings import TRANSFORMS

    if selection.classes is not None:
        return fit_classes(selection, settings, effort, asked)
    if effort is None:
        return fit_rows.fit_rows(selection, settings, asked)
    transform = TRANSFORMS[target_transform] if is_typed("target_transform") else choices.AUTO
    return fit_ensemble_rows.fit_ensemble_rows(selection, effort, transform, asked)


def typed_origin(table: str) -> dict[str, Any]:
    """What the provenance says of the command."""
    name = short_name(table)
    return {"command": shlex.join(["fitnet", "fit", name, *typed_options(without=UNTYPED)]), "table": name}


def destinations(
    table: str, out: Path | None, report_file: str | None, checkpoint: Path | None, resume: bool, *, of_ensemble: bool
) -> tuple[Path, Path | None]:
    """The model's file, and the report's where there is to be one; both can be written."""
    destination = out or default_destination(table)
    report_to = None if report_file is None else report_destination(report_file, destination)
    files = {"TABLE": Path(table), "out": destination, "checkpoint": checkpoint, "report_file": report_to}
    check_files(files, resume, of_ensemble=of_ensemble)
    if stands_for_files(table):
        from fitnet.tables.alike import files_of

        for file in files_of(table) or ():
            check_apart(TABLE=Path(file), checkpoint=checkpoint)
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
