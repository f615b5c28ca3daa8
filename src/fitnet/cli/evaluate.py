"""fitnet evaluate: how well a model does on a table, beside two baselines."""

from pathlib import Path

import click

from fitnet.cli.evaluation_report import outside_facts, print_evaluation, say_left_out, warn_outside
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
    from fitnet.cli.fit_rows import coverage_facts, evaluation_facts
    from fitnet.evaluation import Baselines
    from fitnet.model.model import load
    from fitnet.tables import data_hash, read_selection

    model = load(model_file)
    rows = read_selection(table, model.output_names, model.input_names, drop_missing)
    p, m = rows.X.shape[1], rows.Y.shape[1]
    kept = Baselines.from_lists(model.provenance.get("baselines"), p, m)
    baselines = Baselines.fitted(rows.X, rows.Y) if kept is None else kept
    outside = outside_facts(model, rows.X)
    facts = {
        "model": model_file,
        "table": Path(table).name,
        "rows": rows.X.shape[0],
        "rows_left_out": rows.n_dropped,
        "trained_on": model.provenance.get("table_sha256") == data_hash(rows.X, rows.Y),
        "baselines_from": "this table" if kept is None else "training rows",
        "outside": outside,
        "evaluation": evaluation_facts(model, rows.X, rows.Y, baselines),
        "coverage": coverage_facts(model, rows.X, rows.Y),
    }
    say_left_out(rows.n_dropped)
    warn_outside(outside, rows.X.shape[0])
    if as_json:
        print_json(facts)
    else:
        print_evaluation(facts)
