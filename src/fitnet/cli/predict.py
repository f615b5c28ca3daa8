"""fitnet predict: a model's answers to the rows of a table."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fitnet.cli.destinations import check_apart, check_file
from fitnet.cli.evaluation_report import say_left_out, warn_outside
from fitnet.cli.options import chosen_rule, missing_option, table_options
from fitnet.cli.output import json_option, print_json, print_line
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.model.ensemble import AnyModel


@click.command()
@click.argument("model_file", metavar="MODEL")
@click.argument("table")
@click.option("--out", type=click.Path(path_type=Path), help="CSV or Parquet file; standard output unless given.")
@click.option("--std", is_flag=True, help="Add <target>_std: the standard deviation of a new target.")
@click.option(
    *("--interval", "coverage"),
    type=float,
    metavar="SHARE",
    help="Add <target>_lower and <target>_upper, between which this share of new targets is to lie, such as 0.95.",
)
@click.option(
    *("--set", "set_coverage"),
    type=float,
    metavar="SHARE",
    help="Of classes: add <target>_set, the labels of which this share of new rows have theirs among, such as 0.9.",
)
@click.option("--never-empty", is_flag=True, help="With --set: the likeliest label where the set would hold none.")
@click.option(
    "--outside",
    default="warn",
    show_default=True,
    help="Rows outside the training rows: warn, raise (an error), nan (in their place), or ignore.",
)
@missing_option("refuse or drop", "as in training, if the model imputes them, else refuse")
@table_options
@json_option
def predict(
    model_file: str,
    table: str,
    out: Path | None,
    std: bool,
    coverage: float | None,
    set_coverage: float | None,
    never_empty: bool,
    outside: str,
    missing: str | None,
    drop_missing: bool,
    units_row: bool,
    missing_values: tuple[float, ...],
    as_json: bool,
) -> None:
    """Predict MODEL's targets for the rows of TABLE, one row each, as CSV; of classes the likeliest label, and their
    probabilities as p(label). The labels in a set of --set are joined by |.

    TABLE is a file as for `fitnet fit`, or - for standard input. Columns are found by name; others may be there. A
    Parquet file of more than 64 MB of numbers is read in parts, if missing values are refused.

    Example: fitnet predict airfoil.fitnet new.csv --out predictions.csv
    """
    from fitnet.model.loading import load
    from fitnet.tables import as_csv, predict_table, write_table

    check_apart(TABLE=Path(table), MODEL=Path(model_file), out=out)
    model = load(model_file)
    if std or coverage is not None:
        check_error_bars(model, "std" if std else "coverage")
    check_sets(model, set_coverage, never_empty)
    if out is not None:
        check_file("out", out)
    predictions = predict_table(
        model,
        table,
        std,
        chosen_rule(missing, drop_missing),
        units_row,
        missing_values,
        coverage=coverage,
        outside=outside,
        set_coverage=set_coverage,
        never_empty=never_empty,
    )
    columns, n, left_out = predictions.columns, predictions.rows, predictions.n_dropped
    found = predictions.outside.as_dict()
    if out is not None:
        write_table(out, columns)
    say_left_out(left_out)
    if outside == "warn":
        warn_outside(found, n, predictions.outside.beyond)
    if as_json:
        facts = {"model": model_file, "table": Path(table).name, "rows": n, "rows_left_out": left_out}
        told = {"predictions": predictions.as_lists()} if out is None else {}
        print_json({**facts, "outside": found, "out": None if out is None else str(out), **told})
    elif out is None:
        print(as_csv(columns), end="", flush=True)
    else:
        print_line(f"{n} predictions: {out}")


def check_sets(model: "AnyModel", set_coverage: float | None, never_empty: bool) -> None:
    """Refuse a model that has no sets of classes to answer with."""
    from fitnet.model.new_classes import scores_of

    if set_coverage is not None:
        scores_of(model, "set_coverage")
    elif never_empty:
        raise ArgumentValueError(
            "`never_empty` is given without `set_coverage`, whose sets it is of; it must be left out.",
            "never_empty",
            "set_coverage",
        )


def check_error_bars(model: "AnyModel", asked: str) -> None:
    """Refuse a model that has no error bars to answer with."""
    from fitnet.model.ensemble import Ensemble
    from fitnet.model.error_bars import cost_of_error_bars
    from fitnet.tables import no_error_bars_of_classes, no_error_bars_of_several

    if model.classes is not None:
        raise no_error_bars_of_classes(asked)
    if isinstance(model, Ensemble):
        if model.conformal is None:
            raise no_error_bars_of_several(asked)
    elif model.error_bars is None:
        raise ArgumentValueError(
            f"`{asked}` needs a model with error bars; fit it with `--loss squared_error --error-bars yes`, which "
            f"{cost_of_error_bars(model.network.n_parameters)}.",
            asked,
        )
