"""What the table commands say to people: errors beside the baselines', and where files are."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from fitnet.arguments import counted
from fitnet.cli.output import all_escaped, plain_console

MEASURES = {"rmse": "RMSE", "mae": "MAE", "r2": "R2", "max_error": "largest error"}
UNBEATEN = {
    "mean": "Nothing clearly beats the mean of {}: these columns may tell nothing of it.",
    "least squares": "Nothing clearly beats least squares for {}: these rows may show no more than a linear function.",
}


def print_fit(facts: dict[str, Any]) -> None:
    """What was fitted to what, how well, and where the model is."""
    facts = all_escaped(facts)
    console = plain_console()
    watched = f" and {facts['validation_rows']} watched to stop early" if facts["validation_rows"] else ""
    learned = "" if facts["target_transform"] is None else f", targets by {facts['target_transform']}"
    lines = [
        f"Network:  {facts['architecture']}, {facts['activation']}{learned}",
        f"Rows:     {facts['training_rows']} for training{watched}, {facts['kept_out_rows']} kept out, "
        f"{facts['rows_left_out']} left out (missing values)",
        f"Training: {counted(facts['epochs'], 'epoch')} in {facts['seconds']:.1f} s"
        + (f", the best was {facts['best_epoch']}" if facts["best_epoch"] != facts["epochs"] else "")
        + (" (interrupted)" if facts["stopped"] == "interrupted" else ""),
    ]
    print_outcome(console, lines, facts)


def print_ensemble_fit(facts: dict[str, Any]) -> None:
    """What was tried and kept, how well it does, and where the ensemble is."""
    facts = all_escaped(facts)
    console = plain_console()
    print_leaderboard(console, facts)
    interrupted = " (interrupted)" if facts["stopped"] == "interrupted" else ""
    lines = [
        f"Ensemble: {facts['members']} networks in {facts['seconds']:.1f} s, "
        f"{counted(facts['recipes'], 'recipe')} tried{interrupted}",
        f"Rows:     {facts['training_rows']} for training, {facts['kept_out_rows']} kept out, "
        f"{facts['rows_left_out']} left out (missing values)",
    ]
    for line in lines:
        console.print(line, soft_wrap=True)
    judged, units = facts["out_of_fold"], facts["units"]
    title = f"Out of fold, {counted(judged['rows'], 'row')}, each by networks that did not see it"
    print_errors(console, title, of_ensemble(judged["evaluation"], units))
    print_coverage(console, judged["coverage"])
    if facts["evaluation"] is not None:
        facts["evaluation"] = of_ensemble(facts["evaluation"], units)
    print_kept_out(console, facts)
    for target, baselines in facts["unbeaten"].items():
        if baselines:
            console.print(UNBEATEN[baselines[0]].format(target), soft_wrap=True)
    console.print(f"Model:    {facts['model']}", soft_wrap=True)


def print_leaderboard(console: Console, facts: dict[str, Any], error: str = "RMSE out of fold") -> None:
    """A line for every recipe that was trained to the end."""
    table = Table(title=f"Recipes, {facts['effort']} effort, {facts['folds']} folds", title_justify="left")
    table.add_column("recipe", overflow="fold")
    for column in (error, "weight", "seconds"):
        table.add_column(column, justify="right")
    for line in facts["leaderboard"]:
        share = f"{line['weight']:.2f}" if line["weight"] else "-"
        table.add_row(line["recipe"], f"{line['error']:.4g}", share, f"{line['seconds']:.1f}")
    console.print(table)


def of_ensemble(evaluation: dict[str, Any], units: dict[str, str]) -> dict[str, Any]:
    """The errors by target and its unit, where it has one, of the ensemble in place of "network"."""
    return {
        f"{target} [{units[target]}]" if target in units else target: {
            "ensemble" if by == "network" else by: measures for by, measures in errors.items()
        }
        for target, errors in evaluation.items()
    }


def print_outcome(console: Console, lines: Sequence[str], facts: dict[str, Any]) -> None:
    """The lines about a fit, the errors on rows kept out, where there are any, and where the model is."""
    for line in lines:
        console.print(line, soft_wrap=True)
    print_kept_out(console, facts)
    console.print(f"Model:    {facts['model']}", soft_wrap=True)


def print_kept_out(console: Console, facts: dict[str, Any]) -> None:
    """The errors on rows kept out, where there are any."""
    if facts["evaluation"] is not None:
        print_errors(console, f"On the {counted(facts['kept_out_rows'], 'row')} kept out", facts["evaluation"])
        print_coverage(console, facts["coverage"])


def print_evaluation(facts: dict[str, Any]) -> None:
    """How well a model does on a table."""
    facts = all_escaped(facts)
    console = plain_console()
    print_errors(console, f"On {counted(facts['rows'], 'row')} of {facts['table']}", facts["evaluation"])
    print_coverage(console, facts["coverage"])
    if facts["baselines_from"] == "this table":
        console.print("The model keeps no baselines: mean and least squares were fitted to this table.", soft_wrap=True)
    if facts["trained_on"]:
        console.print("The model was trained on rows of this table: expect larger errors on others.", soft_wrap=True)


def print_errors(console: Console, title: str, evaluation: dict[str, Any]) -> None:
    """A line for the network and each baseline, target by target."""
    table = Table(title=title, title_justify="left")
    table.add_column("target", overflow="fold")
    table.add_column("predicted by")
    for measure in MEASURES.values():
        table.add_column(measure, justify="right")
    for target, errors in evaluation.items():
        for i, (name, measures) in enumerate(errors.items()):
            numbers = (measures[measure] for measure in MEASURES)
            cells = ["-" if number is None else f"{number:.4g}" for number in numbers]
            table.add_row(target if i == 0 else "", name, *cells)
        table.add_section()
    console.print(table)


def print_coverage(console: Console, coverage: dict[str, dict[str, float]] | None) -> None:
    """A line a target on its error bars, where there are any."""
    for target, shares in (coverage or {}).items():
        told = ", ".join(f"{share:.1%} of rows in the {float(level):.0%} interval" for level, share in shares.items())
        console.print(f"Error bars of {target}: {told}", soft_wrap=True)
