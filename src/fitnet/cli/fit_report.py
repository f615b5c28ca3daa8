"""What `fitnet fit` says at its end: the facts, and the commands that come next."""

import shlex
from typing import TYPE_CHECKING, Any

from fitnet.cli.output import print_json, print_line

if TYPE_CHECKING:
    from fitnet.model.ensemble import AnyModel


def print_facts(facts: dict[str, Any], as_json: bool) -> None:
    """What is to be said of a fit, of an ensemble or one network, of classes or numbers."""
    if as_json:
        print_json(facts)
        return
    from fitnet.cli.class_report import print_class_ensemble_fit, print_class_fit
    from fitnet.cli.evaluation_report import print_ensemble_fit, print_fit

    of_classes, of_ensemble = "classes" in facts, "members" in facts
    if of_classes:
        (print_class_ensemble_fit if of_ensemble else print_class_fit)(facts)
    else:
        (print_ensemble_fit if of_ensemble else print_fit)(facts)


def print_next(model: "AnyModel", destination: str, table: str, *, reported: bool) -> None:
    """The commands that most people type next."""
    print_line(f"Next:     fitnet predict {shlex.quote(destination)} NEW_TABLE{how_sure(model)}")
    if not reported:
        rows = "TABLE" if table == "-" else shlex.quote(table)
        print_line(f"          fitnet report {shlex.quote(destination)} {rows}")


def how_sure(model: "AnyModel") -> str:
    """The option that adds intervals, or sets of classes, to predictions; nothing where the model has neither."""
    from fitnet.cli.predict_checks import check_answers
    from fitnet.errors import ArgumentError

    name, option = ("set_coverage", "--set") if model.classes is not None else ("coverage", "--interval")
    asked = {"std": False, "coverage": None, "set_coverage": None, "never_empty": False, "derivatives": False} | {
        name: 0.9
    }
    try:
        check_answers(model, asked)
    except ArgumentError:
        return ""
    return f" {option} 0.9"
