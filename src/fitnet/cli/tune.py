"""fitnet tune: settings of one network tried by Optuna, and the best network kept."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fitnet.cli import choices
from fitnet.cli.commands import FIXED, ROWS, RUN, SEARCH, Command, option
from fitnet.cli.completion_values import column, columns
from fitnet.cli.destinations import check_apart, check_default, check_model_file, default_destination
from fitnet.cli.options import (
    Names,
    chosen_rule,
    missing_option,
    seed_option,
    table_argument,
    table_options,
    test_fraction_option,
    threads_option,
)
from fitnet.cli.output import INTERRUPTED, complain, json_option, print_json
from fitnet.cli.searched_options import searched_options
from fitnet.errors import DivergenceError
from fitnet.files.patterns import short_name

if TYPE_CHECKING:
    from fitnet.tables import Selection
    from fitnet.tuning.sweep import Sweep


@click.command(
    cls=Command,
    folded=(FIXED, RUN),
    examples=(
        "fitnet tune airfoil.csv --target SPL_dB --trials 30",
        "fitnet tune airfoil.csv --target SPL_dB --storage s.db",
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
@option("--trials", type=int, default=50, show_default=True, metavar="N", help="In all, those in --storage included.")
@option(
    "--storage",
    metavar="WHERE",
    help="Keeps trials: sweep.db (SQLite), sweep.journal (for shared disks too) or a database's URL; else memory.",
)
@option(
    *("-o", "--out"),
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The best model; else TABLE's name, .fitnet.",
)
@option("--pictures", type=click.Path(path_type=Path), metavar="FOLDER", help="For pictures of the trials.")
@option("--study", default="fitnet", show_default=True, metavar="NAME", help="Its name in --storage.", group=SEARCH)
@option(
    "--sampler",
    default="tpe",
    show_default=True,
    metavar="NAME",
    help="tpe or random.",
    choices=choices.SAMPLERS,
    group=SEARCH,
)
@option(
    "--pruner",
    default="median",
    show_default=True,
    metavar="NAME",
    help="median (ends bad trials) or none.",
    choices=choices.PRUNERS,
    group=SEARCH,
)
@option("--alone", is_flag=True, help="Fit nothing else to compare with.", group=SEARCH)
@option(
    "--task",
    default="auto",
    show_default=True,
    metavar="KIND",
    help="auto, regression or classification.",
    choices=choices.TASKS,
    group=ROWS,
)
@test_fraction_option("Rows that no trial sees; 0: none.")
@seed_option("Of rows kept out, trials and training.")
@missing_option("refuse, drop, or impute the median", "refuse", *choices.MISSING_RULES)
@table_options
@searched_options
@threads_option("All usable cores unless given; the trials are the same.")
@json_option
def tune(
    table: str,
    targets: tuple[str, ...],
    features: tuple[str, ...] | None,
    task: str,
    trials: int,
    storage: str | None,
    out: Path | None,
    pictures: Path | None,
    alone: bool,
    missing: str | None,
    drop_missing: bool,
    units_row: bool,
    missing_values: tuple[float, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Try settings of one network on a table, and keep the network that does best. TABLE is a file as for `fitnet fit`.
    Needs Optuna: pip install 'fitnet[optuna]'.

    Solver, hidden layers, activation, learning rate, batch size, penalty and early stopping are searched; one of them
    that is given is not. A tenth of the training rows judges the trials, other rows, which no trial sees, the best one.
    What is kept is that of the `fitnet fit` that is printed.

    With --storage a sweep goes on where it was ended, and several on one study, on one machine or many, work together.
    """
    from fitnet.arguments import fraction_below_one, whole_number
    from fitnet.cli.tune_fits import comparison
    from fitnet.cli.tune_options import check_is_file, check_pictures, file_of
    from fitnet.cli.tune_report import print_sweep
    from fitnet.tables import read_for_task
    from fitnet.tuning.optuna_package import optuna_for
    from fitnet.tuning.outcome import made, outcome_of
    from fitnet.tuning.pictures import save_pictures

    optuna_for("fitnet tune")
    whole_number("trials", trials)
    whole_number("seed", options["seed"], 0, float("inf"))
    fraction_below_one("test_fraction", options["test_fraction"], low_included=True)
    check_is_file(table)
    destination = out or default_destination(table)
    check_apart(TABLE=Path(table), out=destination, storage=file_of(storage))
    check_model_file(destination)
    check_pictures(pictures)
    rule = chosen_rule(missing, drop_missing) or "refuse"
    selection = read_for_task(task, table, targets, features, rule, units_row, missing_values, warns=False)
    check_default(destination, selection.target_names, is_named=out is not None)
    sweep = sweep_of(selection, storage, options | {"missing": rule})
    stopped = sweep.run(trials)
    check_any_is_complete(sweep, stopped)
    if stopped == "interrupted":
        complain("Interrupted: the best network so far is fitted and kept; once more ends at once.")
    drawn = [] if pictures is None else save_pictures(sweep.study, pictures)
    command, fit = best_kept(sweep, table, destination)
    facts = {
        **{"table": short_name(table), "targets": list(selection.target_names), "seed": options["seed"]},
        **{"stopped": stopped, "asked": trials, **outcome_of(sweep.study), "command": command},
        **comparison(table, fit, selection, alone or stopped == "interrupted"),
        **{"pictures": [str(path) for path in drawn], "model": str(destination)},
    }
    if as_json:
        print_json(facts | {"made": made(sweep.study)})
    else:
        print_sweep(facts)
    if stopped == "interrupted":
        sys.exit(INTERRUPTED)


def check_any_is_complete(sweep: "Sweep", stopped: str) -> None:
    """End the command where no trial is complete."""
    from fitnet.tuning.study import best_of

    if best_of(sweep.study) is None:
        if stopped == "interrupted":
            complain("Interrupted before a trial was complete: there is nothing to keep.")
            sys.exit(INTERRUPTED)
        raise DivergenceError(
            "No trial came to its end: all diverged or were pruned; scale or clean the table's columns."
        )


def sweep_of(selection: "Selection", storage: str | None, options: dict[str, Any]) -> "Sweep":
    """The sweep over these rows, its study found or begun."""
    from fitnet.cli.tune_options import fixed_settings, mark_of, settings_maker
    from fitnet.tuning.space import space_for
    from fitnet.tuning.study import Plan
    from fitnet.tuning.sweep import Sweep
    from fitnet.tuning.table_rows import table_rows

    fixed, of_classes = fixed_settings(options), selection.classes is not None
    settings_of = settings_maker(options, of_classes=of_classes)
    rows = table_rows(selection, options["test_fraction"], options["seed"], settings_of(fixed))
    training = rows.training
    first_order = of_classes or options["loss"] != "squared_error" or options["dtype"] == "float32"
    space = space_for(training.n, training.X.shape[1], training.Y.shape[1], fixed, first_order=first_order)
    mark = mark_of(options, selection, rows.table_sha256, space.described())
    study = Plan(options["study"], mark).found(storage)
    return Sweep(study, storage, space, settings_of, training, options["seed"])


def best_kept(sweep: "Sweep", table: str, destination: Path) -> tuple[str, dict[str, Any]]:
    """Fit the best trial's network by its command, save it, and do so again where another process found a better one.

    Given back are the command and what it says.
    """
    from fitnet.cli.tune_fits import fitted_by_command, words_of
    from fitnet.tuning.study import best_of
    from fitnet.tuning.sweep import SETTINGS

    best = best_of(sweep.study)
    while True:
        command, fit = fitted_by_command(table, words_of(best.user_attrs[SETTINGS]), destination)
        latest = best_of(sweep.study)
        if latest.number == best.number:
            return command, fit
        best = latest
