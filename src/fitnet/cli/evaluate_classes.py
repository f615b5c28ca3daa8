"""What `fitnet evaluate` does with a model of classes."""

from typing import TYPE_CHECKING

from fitnet.cli.notices import say_left_out, warn_outside
from fitnet.cli.output import print_json
from fitnet.errors import ArgumentValueError
from fitnet.files.patterns import short_name

if TYPE_CHECKING:
    from fitnet.model.ensemble import AnyModel
    from fitnet.tables import Selection


def evaluate_classes_of(
    model: "AnyModel",
    model_file: str,
    table: str,
    target: str,
    missing: str,
    units_row: bool,
    missing_values: tuple[float, ...],
    as_json: bool,
) -> None:
    """Judge the model by the labels in the column `target` of the table, and say how well it does."""
    from fitnet.cli.class_report import SHOWN_CLASSES, print_class_evaluation
    from fitnet.evaluation import evaluate_classes
    from fitnet.tables import kept_class_weight, trained_on

    rows = rows_of_classes(model, table, target, missing, units_row, missing_values)
    evaluation = evaluate_classes(model, rows.X, rows.codes)
    facts = {
        "model": model_file,
        "table": short_name(table),
        "target": target,
        "rows": evaluation.rows,
        "rows_left_out": rows.n_dropped,
        "class_weight": kept_class_weight(model),
        "trained_on": trained_on(model.provenance, rows.X, rows.Y),
        **evaluation.as_dict(),
    }
    say_left_out(rows.n_dropped)
    warn_outside(facts["outside"], evaluation.rows)
    if as_json:
        print_json(facts)
    else:
        print_class_evaluation(facts, evaluation.confused_most(SHOWN_CLASSES))


def rows_of_classes(
    model: "AnyModel", table: str, target: str, missing: str, units_row: bool, missing_values: tuple[float, ...]
) -> "Selection":
    """The model's inputs in the table, and the codes of the labels in its column `target`."""
    from fitnet.tables import read_table, select_classes

    found = read_table(table, units_row, missing_values, columns=(*model.given_names, target))
    return select_classes(found, target, model.given_names, missing, classes=model.classes, categories=model.categories)


def check_no_target(target: str | None) -> None:
    """Refuse a column of labels for a model of numbers."""
    if target is not None:
        raise ArgumentValueError(
            f"`target` is {target!r} and the model predicts numbers; it must be left out.", "target"
        )


def label_column(model: "AnyModel", given: str | None) -> str:
    """The column of labels: the one that is given, else the one that the model was trained on."""
    from fitnet.tables import named_target

    name = given or named_target(model)
    if name is None:
        raise ArgumentValueError(
            "`target` must name the column of labels: the model, which `fitnet fit` did not make, does not.", "target"
        )
    return name
