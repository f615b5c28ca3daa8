"""What commands share: the --json option, and how they print: answers, notices, and names that could do harm."""

import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from unicodedata import category

import click

from fitnet.cli.commands import OUTPUT, option

if TYPE_CHECKING:
    from rich.console import Console

INTERRUPTED = 130  # the exit code after Ctrl-C

json_option: Callable[[Any], Any] = option(
    "--json", "as_json", is_flag=True, help="Print one JSON object, in place of text.", group=OUTPUT
)


def print_json(result: dict[str, Any]) -> None:
    """One JSON object on standard output."""
    print(json.dumps(result, allow_nan=False), flush=True)


def print_line(text: str) -> None:
    """One line on standard output."""
    print(escaped(text), flush=True)


def complain(sentence: str) -> None:
    """One line on standard error."""
    click.echo(f"fitnet: {escaped(sentence)}", err=True)


def plain_console() -> "Console":
    """A console that shows names as they are: [m] is a unit here, and no markup."""
    from rich.console import Console

    return Console(markup=False, emoji=False, highlight=False)


def escaped(text: str) -> str:
    r"""`text` with `\x1b`, `\n` and the like for what a screen would obey instead of showing it, or cannot show."""
    if not text.isprintable():
        text = "".join(mark if shows(mark) else mark.encode("unicode_escape").decode() for mark in text)
    encoding = sys.stdout.encoding
    return text.encode(encoding, "backslashreplace").decode(encoding)


def shows(mark: str) -> bool:
    """Whether a screen shows the character; all spaces count."""
    return mark.isprintable() or category(mark) == "Zs"


def all_escaped(facts: Any) -> Any:
    """`facts` with every text in them escaped, names of what is in them included."""
    if isinstance(facts, str):
        return escaped(facts)
    if isinstance(facts, Mapping):
        return {all_escaped(name): all_escaped(value) for name, value in facts.items()}
    return type(facts)(map(all_escaped, facts)) if type(facts) in (list, tuple) else facts
