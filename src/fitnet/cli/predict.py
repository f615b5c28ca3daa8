"""fitnet predict: a model's answers to the rows of a table."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fitnet.cli.destinations import check_apart, check_file
from fitnet.cli.evaluation_report import outside_facts, say_left_out, warn_outside
from fitnet.cli.output import json_option, print_json
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.arguments import Array
    from fitnet.rows import Rows


@click.command()
@click.argument("model_file", metavar="MODEL")
@click.argument("table")
@click.option("--out", type=click.Path(path_type=Path), help="CSV or Parquet file; standard output unless given.")
@click.option("--std", is_flag=True, help="Add <target>_std: the standard deviation of a new target.")
@click.option("--drop-missing", is_flag=True, help="Leave rows with missing values out.")
@json_option
def predict(model_file: str, table: str, out: Path | None, std: bool, drop_missing: bool, as_json: bool) -> None:
    """Predict MODEL's targets for the rows of TABLE, one row each, as CSV.

    Columns are found by name; others may be there. A Parquet file of more than 64 MB of numbers is read in parts,
    unless rows are to be dropped.

    Example: fitnet predict airfoil.fitnet new.csv --out predictions.csv
    """
    from fitnet.model.model import load
    from fitnet.model.stored_rows import predict_rows
    from fitnet.tables import StoredColumns, as_csv, complete_rows, large_parquet, read_table, write_table

    check_apart(TABLE=Path(table), MODEL=Path(model_file), out=out)
    model = load(model_file)
    if std and model.error_bars is None:
        raise ArgumentValueError("`std` needs a model with error bars; fit it with `--error-bars yes`.")
    if out is not None:
        check_file("out", out)
    X: Rows  # in memory, or read in parts
    left_out = 0
    if not drop_missing and large_parquet(table) is not None:
        X = StoredColumns(table, model.input_names)
        answers = predict_rows(model, X, return_std=std)
    else:
        X, kept = complete_rows(read_table(table), model.input_names, drop_missing)
        answers, left_out = model.predict(X, return_std=std, return_cov=False), int((~kept).sum())
    n = X.shape[0]
    columns = prediction_columns(model.output_names, *(answers if std else (answers,)))
    outside = outside_facts(model, X)
    if out is not None:
        write_table(out, columns)
    say_left_out(left_out)
    warn_outside(outside, n)
    if as_json:
        facts = {"model": model_file, "table": Path(table).name, "rows": n, "rows_left_out": left_out}
        told = {"predictions": {name: column.tolist() for name, column in columns.items()}} if out is None else {}
        print_json({**facts, "outside": outside, "out": None if out is None else str(out), **told})
    elif out is None:
        click.echo(as_csv(columns), nl=False)
    else:
        click.echo(f"{n} predictions: {out}")


def prediction_columns(names: Sequence[str], predictions: "Array", std: "Array | None" = None) -> "dict[str, Array]":
    """A column a target and, where there is a standard deviation, one named <target>_std behind it."""
    columns = {}
    for j, name in enumerate(names):
        for column, values in ((name, predictions), (f"{name}_std", std)):
            if values is not None:
                if values is std and column in names:
                    raise ArgumentValueError(f"`std` needs the column {column!r}, which is a target's own name.")
                columns[column] = values[:, j].copy()
    return columns
