"""What `fitnet inspect` says to people of a model file."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from fitnet.cli.class_report import classes_in_short, print_class_errors
from fitnet.cli.evaluation_report import of_ensemble, print_errors
from fitnet.cli.output import plain_console

# Of what is told about a column, a member or a recipe; the rest are numbers.
WORDS = ("name", "unit", "levels", "transform", "architecture", "activations", "dtype", "recipe")
SHOWN_APART = ("evaluation", "baselines")  # of the provenance: in a table, and only with --json


def print_description(facts: dict[str, Any], evaluation: dict[str, Any] | None) -> None:
    """The same for people, with the errors on rows kept out of training where the model keeps them."""
    from fitnet.model.description import as_learned

    console = plain_console()
    for name in ("model", "architecture", "activations", "parameters", "dtype"):
        value = ", ".join(facts[name]) if name == "activations" else facts[name]
        console.print(f"{name:<13} {value}", soft_wrap=True)
    print_inputs_and_targets(console, facts)
    if facts["error_bars"] is not None:
        for column, noise in zip(facts["targets"], facts["error_bars"]["noise"].values(), strict=True):
            unit, of = (f" {column['unit']}" if column["unit"] else ""), column["name"]
            if column.get("transform"):  # its noise has no unit
                unit, of = "", as_learned(of, column["transform"], column["lower_bound"])
            console.print(f"Noise of {of}: {noise:.6g}{unit}", soft_wrap=True)
        console.print(f"Effective parameters: {facts['error_bars']['effective_parameters']:.1f}", soft_wrap=True)
    print_origin(console, facts["provenance"], evaluation, "classes" in facts)


def print_ensemble(facts: dict[str, Any], evaluation: dict[str, Any] | None) -> None:
    """The same of an ensemble: its members in a table, and the recipes they were chosen from."""
    console = plain_console()
    for name in ("model", "parameters"):
        console.print(f"{name:<13} {facts[name]}", soft_wrap=True)
    shown = ("weight", "fold", "architecture", "activations", "parameters", "dtype")
    members = [{name: member[name] for name in shown} for member in facts["members"]]
    print_columns(console, "Members", [each | {"activations": ", ".join(each["activations"])} for each in members])
    print_inputs_and_targets(console, facts)
    if facts["leaderboard"]:
        print_columns(console, "Leaderboard", facts["leaderboard"])
    print_origin(console, facts["provenance"], named_ensemble(facts, evaluation), "classes" in facts)


def named_ensemble(facts: dict[str, Any], evaluation: dict[str, Any] | None) -> dict[str, Any] | None:
    """The errors of an ensemble by its own name, in place of "network", as `fitnet fit` shows them."""
    if evaluation is None:
        return None
    if "classes" in facts:
        return {"ensemble" if by == "network" else by: measures for by, measures in evaluation.items()}
    return of_ensemble(evaluation, {each["name"]: each["unit"] for each in facts["targets"] if each["unit"]})


def print_inputs_and_targets(console: Console, facts: dict[str, Any]) -> None:
    """The columns of either, or the classes."""
    print_columns(console, "Inputs", facts["inputs"])
    if "classes" in facts:
        console.print(f"{'Classes':<13} {classes_in_short(facts['classes'])}", soft_wrap=True)
    else:
        print_columns(console, "Targets", facts["targets"])


def print_origin(
    console: Console, provenance: Mapping[str, Any], evaluation: dict[str, Any] | None, of_classes: bool = False
) -> None:
    """The errors on rows kept out of training, where they are known, and the provenance."""
    if evaluation is not None:
        show = print_class_errors if of_classes else print_errors
        show(console, "On rows kept out of training", evaluation)
    if evaluation is not None or of_classes:
        provenance = {name: value for name, value in provenance.items() if name not in SHOWN_APART}
    lines = list(flattened(provenance))
    width = max((len(name) for name, _ in lines), default=0)
    for name, value in lines:
        console.print(f"{name:<{width}} {value}", soft_wrap=True)


def print_columns(console: Console, title: str, described: list[dict[str, Any]]) -> None:
    """A line an entry, such as a column; what all of them lack is left out."""
    table = Table(title=title, title_justify="left")
    known = dict.fromkeys(key for column in described for key in column)
    shown = [key for key in known if any(column.get(key) is not None for column in described)]
    for key in shown:
        table.add_column(key, justify="left" if key in WORDS else "right", overflow="fold")
    for column in described:
        table.add_row(*(cell_text(key, column.get(key)) for key in shown))
    console.print(table)


def cell_text(key: str, value: Any) -> str:
    """A word as it is, a number with six digits, the first of many levels, nothing where it does not exist."""
    if value is None:
        return ""
    if key == "levels":
        from fitnet.model.description import levels_in_short

        return levels_in_short(value)
    return str(value) if key in WORDS else f"{value:.6g}"


def flattened(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Names with dots for what is nested, and values."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
