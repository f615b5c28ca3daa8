"""fitnet evaluate: how well a model does on a table, beside two baselines."""

from pathlib import Path

import click

from fitnet.cli.evaluation_report import print_evaluation, say_left_out, warn_outside
from fitnet.cli.output import json_option, print_json


@click.command()
@click.argument("model_file", metavar="MODEL")
@click.argument("table")
@click.option("--drop-missing", is_flag=True, help="Leave rows with missing values out.")
@json_option
def evaluate(model_file: str, table: str, drop_missing: bool, as_json: bool) -> None:
    """Compare MODEL's predictions with the targets in TABLE, beside the mean and linear least squares.

    Columns are found by name. The baselines are those of the model's training rows.

    Example: fitnet evaluate airfoil.fitnet new.csv
    """
    from fitnet.evaluation import evaluate as judge
    from fitnet.model.loading import load
    from fitnet.tables import read_selection, trained_on

    model = load(model_file)
    rows = read_selection(table, model.output_names, model.input_names, drop_missing)
    evaluation = judge(model, rows.X, rows.Y)
    facts = {
        "model": model_file,
        "table": Path(table).name,
        "rows": evaluation.rows,
        "rows_left_out": rows.n_dropped,
        "trained_on": trained_on(model.provenance, rows.X, rows.Y),
        **evaluation.as_dict(),
    }
    say_left_out(rows.n_dropped)
    warn_outside(facts["outside"], evaluation.rows)
    if as_json:
        print_json(facts)
    else:
        print_evaluation(facts)
