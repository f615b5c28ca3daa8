"""fitnet inspect: what is in a model file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from fitnet.cli.evaluation_report import MEASURES, PREDICTED_BY, plain_console, print_errors
from fitnet.cli.output import json_option, print_json

if TYPE_CHECKING:
    from fitnet.algorithm.scaling import Scaling
    from fitnet.model.columns import Column
    from fitnet.model.model import Model

WORDS = ("name", "unit")  # of what is told about a column; the rest are numbers
SHOWN_APART = ("evaluation", "baselines")  # of the provenance: in a table, and only with --json


@click.command()
@click.argument("model_file", metavar="MODEL")
@json_option
def inspect(model_file: str, as_json: bool) -> None:
    """Show MODEL's network, its columns with units, scalings and ranges, and where it comes from.

    Example: fitnet inspect airfoil.fitnet
    """
    from fitnet.model.model import load

    facts = {"model": model_file, **description(load(model_file))}
    if as_json:
        print_json(facts)
    else:
        print_description(facts)


def description(model: "Model") -> dict[str, Any]:
    """All about a model but its parameters."""
    inputs = column_facts(model.inputs, model.input_scaling)
    for facts, column in zip(inputs, model.inputs, strict=True):
        facts["lowest"], facts["highest"] = column.low, column.high
    return {
        "architecture": model.architecture,
        "activations": [layer.activation for layer in model.network.layers],
        "parameters": model.network.n_parameters,
        "dtype": model.parameters.dtype.name,
        "inputs": inputs,
        "targets": column_facts(model.outputs, model.target_scaling),
        "error_bars": error_bar_facts(model),
        "provenance": dict(model.provenance),
    }


def error_bar_facts(model: "Model") -> dict[str, Any] | None:
    """The noise of every target, and how many parameters the rows determined; None without error bars."""
    if model.error_bars is None or model.noise is None:
        return None
    noise = dict(zip(model.output_names, model.noise.tolist(), strict=True))
    return {"noise": noise, "effective_parameters": model.error_bars.effective_parameters}


def column_facts(columns: "tuple[Column, ...]", scaling: "Scaling | None") -> list[dict[str, Any]]:
    """Each column's name, unit, and what is taken from it and what it is divided by before the network sees it."""
    shifts = [None] * len(columns) if scaling is None else scaling.shift.tolist()
    scales = [None] * len(columns) if scaling is None else scaling.scale.tolist()
    return [
        {"name": column.name, "unit": column.unit or None, "shift": shift, "scale": scale}
        for column, shift, scale in zip(columns, shifts, scales, strict=True)
    ]


def print_description(facts: dict[str, Any]) -> None:
    """The same for people."""
    console = plain_console()
    for name in ("model", "architecture", "activations", "parameters", "dtype"):
        value = ", ".join(facts[name]) if name == "activations" else facts[name]
        console.print(f"{name:<13} {value}", soft_wrap=True)
    print_columns(console, "Inputs", facts["inputs"])
    print_columns(console, "Targets", facts["targets"])
    if facts["error_bars"] is not None:
        units = {column["name"]: f" {column['unit']}" for column in facts["targets"] if column["unit"]}
        for target, noise in facts["error_bars"]["noise"].items():
            console.print(f"Noise of {target}: {noise:.6g}{units.get(target, '')}", soft_wrap=True)
        console.print(f"Effective parameters: {facts['error_bars']['effective_parameters']:.1f}", soft_wrap=True)
    provenance = facts["provenance"]
    targets = [column["name"] for column in facts["targets"]]
    if is_evaluation(provenance.get("evaluation"), targets):
        evaluation = {target: provenance["evaluation"][target] for target in targets}
        print_errors(console, "On rows kept out of training", evaluation)
        provenance = {name: value for name, value in provenance.items() if name not in SHOWN_APART}
    lines = list(flattened(provenance))
    width = max((len(name) for name, _ in lines), default=0)
    for name, value in lines:
        console.print(f"{name:<{width}} {value}", soft_wrap=True)


def is_evaluation(value: Any, targets: list[str]) -> bool:
    """Whether it is what `fitnet fit` keeps: measures by target and by what predicted it."""
    if not isinstance(value, Mapping) or sorted(value) != sorted(targets):
        return False
    if not all(isinstance(errors, Mapping) and set(errors) == set(PREDICTED_BY) for errors in value.values()):
        return False
    return all(
        isinstance(measures, Mapping) and set(measures) == set(MEASURES) and are_numbers(measures.values())
        for errors in value.values()
        for measures in errors.values()
    )


def are_numbers(values: Iterable[Any]) -> bool:
    return all(isinstance(value, float | None) for value in values)


def print_columns(console: Console, title: str, described: list[dict[str, Any]]) -> None:
    """A line a column; what all of them lack is left out."""
    table = Table(title=title, title_justify="left")
    shown = [key for key in described[0] if any(column[key] is not None for column in described)]
    for key in shown:
        table.add_column(key, justify="left" if key in WORDS else "right", overflow="fold")
    for column in described:
        table.add_row(*(column[key] if key in WORDS else f"{column[key]:.6g}" for key in shown))
    console.print(table)


def flattened(tree: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Names with dots for what is nested, and values."""
    for name, value in tree.items():
        if isinstance(value, Mapping):
            yield from flattened(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
