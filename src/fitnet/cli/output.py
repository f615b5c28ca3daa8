"""What commands share: the --json option, and how they print."""

import json
from collections.abc import Callable
from typing import Any

import click

INTERRUPTED = 130  # the exit code after Ctrl-C

json_option: Callable[[Any], Any] = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object on standard output instead of text."
)


def print_json(result: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    click.echo(json.dumps(result, allow_nan=False))
