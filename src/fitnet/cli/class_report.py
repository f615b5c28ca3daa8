"""What the table commands say to people of classes: measures beside the baselines', and which are taken for which."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from fitnet.arguments import counted
from fitnet.cli.evaluation_report import print_leaderboard
from fitnet.cli.output import all_escaped, plain_console

MEASURES = {
    "accuracy": "accuracy",
    "log_loss": "log loss",
    "brier": "Brier score",
    "calibration_error": "calibration error",
}
ROUNDING = 1e-12  # of measures that are means of numbers up to 1
SHOWN_CLASSES = 12  # of the confusion matrix
UNBEATEN = {
    "majority class": "Nothing clearly beats the majority class of {}: these columns may tell nothing of it.",
    "logistic regression": "Nothing clearly beats logistic regression for {}: these rows may show no more than "
    "boundaries that are straight.",
}
WEIGHTED = (
    "Classes were weighted in training: their probabilities are not those of rows as they come, which log loss, Brier "
    "score and calibration error are of."
)


def print_class_fit(facts: dict[str, Any]) -> None:
    """What was fitted to what, how well, and where the model is."""
    facts = all_escaped(facts)
    console = plain_console()
    watched = f" and {facts['validation_rows']} watched to stop early" if facts["validation_rows"] else ""
    lines = [
        f"Classes:  {classes_in_short(facts['classes'])}",
        f"Network:  {facts['architecture']}, {facts['activation']}, alpha {facts['alpha']:.3g}",
        f"Rows:     {facts['training_rows']} for training{watched}, {facts['kept_out_rows']} kept out, "
        f"{facts['rows_left_out']} left out (missing values)",
        f"Training: {counted(facts['epochs'], 'epoch')} in {facts['seconds']:.1f} s"
        + (f", the best was {facts['best_epoch']}" if facts["best_epoch"] != facts["epochs"] else "")
        + (" (interrupted)" if facts["stopped"] == "interrupted" else ""),
    ]
    for line in lines:
        console.print(line, soft_wrap=True)
    print_class_outcome(console, facts, "network")


def print_class_ensemble_fit(facts: dict[str, Any]) -> None:
    """What was tried and kept, how well it does, and where the ensemble is."""
    facts = all_escaped(facts)
    console = plain_console()
    print_leaderboard(console, facts, "log loss out of fold")
    interrupted = " (interrupted)" if facts["stopped"] == "interrupted" else ""
    for line in (
        f"Classes:  {classes_in_short(facts['classes'])}",
        f"Ensemble: {facts['members']} networks in {facts['seconds']:.1f} s, "
        f"{counted(facts['recipes'], 'recipe')} tried{interrupted}; temperature {facts['temperature']:.3g}",
        f"Rows:     {facts['training_rows']} for training, {facts['kept_out_rows']} kept out, "
        f"{facts['rows_left_out']} left out (missing values)",
    ):
        console.print(line, soft_wrap=True)
    judged = facts["out_of_fold"]
    title = f"{facts['target']} out of fold, {counted(judged['rows'], 'row')}, each by networks that did not see it"
    print_class_errors(console, title, judged["evaluation"])
    if judged["sets"] is not None:
        sets = judged["sets"]
        console.print(
            f"Sets of classes: {sets['held']:.1%} of rows have theirs in the {sets['asked']:.0%} set, which holds "
            f"{sets['classes']:.2f} classes on average",
            soft_wrap=True,
        )
    print_class_outcome(console, facts, "ensemble")


def print_class_outcome(console: Console, facts: dict[str, Any], network: str) -> None:
    """The measures on rows kept out, where there are any, and where the model is, which is called `network`."""
    if facts["evaluation"] is not None:
        title = f"{facts['target']} on the {counted(facts['kept_out_rows'], 'row')} kept out"
        named = {network if by == "network" else by: measures for by, measures in facts["evaluation"].items()}
        print_class_errors(console, title, named)
        print_unbeaten(console, facts)
    console.print(f"Model:    {facts['model']}", soft_wrap=True)


def print_class_evaluation(facts: dict[str, Any], confused: tuple[Sequence[Any], Sequence[Sequence[int]]]) -> None:
    """How well a model does on a table; `confused` are classes to show and their part of the confusion matrix."""
    facts, confused = all_escaped(facts), all_escaped(confused)
    console = plain_console()
    title = f"{facts['target']} on {counted(facts['rows'], 'row')} of {facts['table']}"
    print_class_errors(console, title, facts["evaluation"])
    print_confusion(console, *confused, len(facts["classes"]))
    print_unbeaten(console, facts)
    if facts["baselines_from"] == "this table":
        console.print(
            "The model keeps no baselines: majority class and logistic regression were fitted to this table.",
            soft_wrap=True,
        )
    else:
        console.print("Majority class and logistic regression are those of the model's training rows.", soft_wrap=True)
    if facts["trained_on"]:
        console.print(
            "The model was trained on rows of this table: expect it to do less well on others.", soft_wrap=True
        )


def print_class_errors(console: Console, title: str, evaluation: dict[str, dict[str, float]]) -> None:
    """A line for the network and each baseline."""
    table = Table(title=title, title_justify="left")
    table.add_column("predicted by")
    for measure in MEASURES.values():
        table.add_column(measure, justify="right")
    for by, measures in evaluation.items():
        table.add_row(by, *(in_digits(measures[measure]) for measure in MEASURES))
    console.print(table)


def in_digits(measure: float) -> str:
    """Four digits, and 0 for what rounding leaves of it."""
    return f"{measure:.4g}" if measure > ROUNDING else "0"


def print_confusion(console: Console, classes: Sequence[Any], counts: Sequence[Sequence[int]], among: int) -> None:
    """How many rows of each class are taken for each other."""
    of = "" if len(classes) == among else f", {len(classes)} of {among} classes: those confused most"
    table = Table(title=f"Lines: the class of so many rows; columns: the class predicted{of}", title_justify="left")
    table.add_column("")
    for label in classes:
        table.add_column(str(label), justify="right", overflow="fold")
    for label, line in zip(classes, counts, strict=True):
        table.add_row(str(label), *map(str, line))
    console.print(table)


def print_unbeaten(console: Console, facts: dict[str, Any]) -> None:
    """A sentence where a baseline does about as well, or why none is compared."""
    if facts["class_weight"] is not None:
        console.print(WEIGHTED, soft_wrap=True)
    elif facts["unbeaten"]:
        console.print(UNBEATEN[facts["unbeaten"][0]].format(facts["target"]), soft_wrap=True)


def classes_in_short(classes: Sequence[Any]) -> str:
    """How many classes there are, and the first of their labels."""
    from fitnet.model.description import levels_in_short

    return f"{len(classes)}: {levels_in_short([str(label) for label in classes])}"
