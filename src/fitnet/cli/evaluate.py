"""fitnet evaluate: how well a model does on a table, beside two baselines."""

from typing import Any

import click

from fitnet.cli.commands import Command, option
from fitnet.cli.completion_values import column
from fitnet.cli.evaluate_classes import check_no_target, evaluate_classes_of, label_column
from fitnet.cli.notices import say_left_out, warn_outside
from fitnet.cli.options import chosen_rule, missing_option, model_argument, table_argument, table_options
from fitnet.cli.output import json_option, print_json
from fitnet.files.patterns import short_name


@click.command(cls=Command, examples=("fitnet evaluate airfoil.fitnet new.csv",))
@model_argument
@table_argument
@option(
    "--target",
    metavar="NAME",
    help="The column of labels, for a model of classes that does not name it.",
    shell_complete=column,
)
@missing_option("refuse or drop", "as in training, if the model imputes them, else refuse", "refuse", "drop")
@table_options
@json_option
def evaluate(
    model_file: str,
    table: str,
    target: str | None,
    missing: str | None,
    drop_missing: bool,
    units_row: bool,
    missing_values: tuple[float, ...],
    as_json: bool,
) -> None:
    """Compare a model's predictions with a table's targets, beside the mean and linear least squares.

    TABLE is a file as for `fitnet fit`, or - for standard input. Columns are found by name. The baselines are those of
    the model's training rows. Of classes the probabilities are judged, beside the majority class and logistic
    regression.
    """
    from fitnet.evaluation import evaluate as judge
    from fitnet.model.loading import load
    from fitnet.tables import missing_rule, read_selection, trained_on

    model = load(model_file)
    rule = missing_rule(model, chosen_rule(missing, drop_missing))
    if model.classes is not None:
        options = rule, units_row, missing_values
        evaluate_classes_of(model, model_file, table, label_column(model, target), *options, as_json)
        return
    check_no_target(target)
    known: dict[str, Any] = {"features": model.given_names, "categories": model.categories, "trains": False}
    rows = read_selection(
        table, model.output_names, missing=rule, units_row=units_row, missing_values=missing_values, **known
    )
    evaluation = judge(model, rows.X, rows.Y)
    facts = {
        "model": model_file,
        "table": short_name(table),
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
        from fitnet.cli.evaluation_report import print_evaluation

        print_evaluation(facts)
