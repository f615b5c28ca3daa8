"""fitnet predict: a model's answers to the rows of a table."""

from pathlib import Path
from typing import Any

import click

from fitnet.cli import choices
from fitnet.cli.commands import OUTPUT, RUN, Command, option
from fitnet.cli.destinations import check_apart, check_file
from fitnet.cli.notices import say_left_out, warn_outside
from fitnet.cli.options import chosen_rule, missing_option, model_argument, table_argument, table_options
from fitnet.cli.output import json_option, print_json, print_line
from fitnet.cli.predict_checks import check_answers
from fitnet.cli.predict_files import predict_many
from fitnet.cli.quick_imports import quick_imports
from fitnet.cli.shares import Share
from fitnet.errors import ArgumentValueError
from fitnet.files.patterns import stands_for_files


@click.command(
    cls=Command,
    folded=(RUN,),
    examples=(
        "fitnet predict airfoil.fitnet new.csv --interval 0.9",
        "fitnet predict airfoil.fitnet new.csv --out predictions.csv",
        "fitnet predict airfoil.fitnet new.csv --derivatives",
    ),
)
@model_argument
@table_argument
@option("--std", is_flag=True, help="Add <target>_std: the standard deviation of a new target.")
@option(
    *("--interval", "coverage"),
    type=Share(),
    metavar="SHARE",
    help="Add <target>_lower and <target>_upper, between which this share of new targets is to lie, such as 0.95.",
)
@option(
    "--derivatives", is_flag=True, help="Add d(<target>)/d(<input>), for every input that is numbers: exact slopes."
)
@option(
    *("--set", "set_coverage"),
    type=Share(),
    metavar="SHARE",
    help="Of classes: add <target>_set, labels, joined by |, of which this share of new rows have theirs among.",
)
@option("--never-empty", is_flag=True, help="With --set: the likeliest label where it would hold none.")
@option(
    "--outside",
    default="warn",
    show_default=True,
    metavar="RULE",
    help="Rows outside the training rows: warn, raise (an error), nan (in their place), or ignore.",
    choices=choices.OUTSIDE,
)
@missing_option("refuse or drop", "as in training, if the model imputes them, else refuse", "refuse", "drop")
@table_options
@option("--workers", type=int, metavar="N", help="Processes that answer the files of a pattern, each one.", group=RUN)
@option(
    "--resume",
    is_flag=True,
    help="Of several files: keep those that this very model made of these very tables.",
    group=RUN,
)
@option(
    *("-o", "--out"),
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV or Parquet; standard output unless given.",
    group=OUTPUT,
)
@json_option
def predict(
    model_file: str,
    table: str,
    out: Path | None,
    std: bool,
    coverage: float | None,
    set_coverage: float | None,
    never_empty: bool,
    derivatives: bool,
    outside: str,
    workers: int | None,
    resume: bool,
    missing: str | None,
    drop_missing: bool,
    units_row: bool,
    missing_values: tuple[float, ...],
    as_json: bool,
) -> None:
    """Predict a model's targets for the rows of TABLE, one row each, as CSV. Of classes it gives the likeliest label,
    and their probabilities as p(label). TABLE is a file as for `fitnet fit`, or - for standard input.

    Derivatives are those of the network: of one with kinks (relu) they jump, of `fitnet fit --smooth` they do not. A
    unit that ends a column's name, as in energy [keV], stays at the end: energy_lower [keV], d(energy)/d(T) [keV/K].

    Columns are found by name; others may be there. A Parquet file of more than 64 MB of numbers is read in parts, if
    missing values are refused.

    A folder, or a pattern in quotation marks such as 'parts/*.parquet', stands for many files, CSV or Parquet; --out is
    a folder then, which gets a file of answers for each, by as many processes as --workers says.
    """
    asked = {
        **{"std": std, "missing": chosen_rule(missing, drop_missing), "coverage": coverage, "outside": outside},
        **{"units_row": units_row, "missing_values": missing_values},
        **{"set_coverage": set_coverage, "never_empty": never_empty, "derivatives": derivatives},
    }
    if workers is not None or stands_for_files(table):
        predict_many(model_file, table, out, asked, 1 if workers is None else workers, resume, as_json)
        return
    if resume:
        raise ArgumentValueError("`resume` is for the files of a pattern; it must be left out for one table.", "resume")
    predict_one(model_file, table, out, asked, as_json)


def predict_one(model_file: str, table: str, out: Path | None, asked: dict[str, Any], as_json: bool) -> None:
    """Answer one table, whose predictions go to `out` or to standard output."""
    with quick_imports():
        from fitnet.model.loading import load
        from fitnet.tables import as_csv, predict_table, write_table

    check_apart(TABLE=Path(table), MODEL=Path(model_file), out=out)
    model = load(model_file)
    check_answers(model, asked)
    if out is not None:
        check_file("out", out)
    predictions = predict_table(model, table, **asked)
    columns, n, left_out = predictions.columns, predictions.rows, predictions.n_dropped
    found = predictions.outside.as_dict()
    if out is not None:
        write_table(out, columns)
    say_left_out(left_out)
    if asked["outside"] == "warn":
        warn_outside(found, n, predictions.outside.beyond)
    if as_json:
        facts = {"model": model_file, "table": Path(table).name, "rows": n, "rows_left_out": left_out}
        told = {"predictions": predictions.as_lists()} if out is None else {}
        print_json({**facts, "outside": found, "out": None if out is None else str(out), **told})
    elif out is None:
        print(as_csv(columns), end="", flush=True)
    else:
        print_line(f"{n} predictions: {out}")
