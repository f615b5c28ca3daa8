"""The manual page fitnet(1), made of what the commands say of themselves."""

from collections.abc import Iterator
from inspect import cleandoc

import click

from fitnet.cli.command_line import PROGRAM, command_line
from fitnet.cli.commands import grouped
from fitnet.version import __version__

ESCAPES = {"\\": "\\e", "-": "\\-"}
LINK = "https://fitnet-developers.github.io/fitnet/"


def man_page() -> str:
    """The page as man reads it, in roff."""
    context = command_line.make_context(PROGRAM, [], resilient_parsing=True)
    lines = [
        f'.TH FITNET 1 "" "fitnet {__version__}" "User Commands"',
        *(".SH NAME", escaped(f"{PROGRAM} - regression networks for scientists")),
        *(".SH SYNOPSIS", ".B fitnet", r".I COMMAND", r"[OPTIONS] [ARGUMENTS]"),
        *(".SH DESCRIPTION", *paragraphs(command_line.help or "")),
        *(".SH COMMANDS",),
    ]
    for heading, commands in command_line.summaries.items():
        lines += [f".SS {escaped(heading)}", *(line for name in commands for line in command_lines(name, context))]
    lines += [".SH EXIT STATUS", "0 when it did what it says, 2 after a mistake, 130 after Ctrl\\-C."]
    return "\n".join([*lines, ".SH SEE ALSO", escaped(LINK), ""])


def command_lines(name: str, parent: click.Context) -> Iterator[str]:
    """A command with its text, options and examples, and the commands below it."""
    assert isinstance(parent.command, click.Group)
    command = parent.command.commands[name]
    context = click.Context(command, info_name=name, parent=parent)
    yield ".PP"
    yield f"\\fB{escaped(context.command_path)}\\fR {escaped(' '.join(command.collect_usage_pieces(context)))}"
    yield ".RS"
    yield from paragraphs(command.help or "")
    for rows in grouped(command, context).values():
        for option, text in rows:
            yield from (".TP", f"\\fB{escaped(option)}\\fR", escaped(text))
    examples = getattr(command, "examples", ())
    if examples:
        yield from (".PP", "Examples:", ".nf", *map(escaped, examples), ".fi")
    yield ".RE"
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            yield from command_lines(below, context)


def paragraphs(text: str) -> Iterator[str]:
    """A text's paragraphs, each on a line below .PP."""
    for paragraph in cleandoc(text).split("\n\n"):
        yield ".PP"
        yield escaped(" ".join(paragraph.split()))


def escaped(text: str) -> str:
    """The text with nothing in it that roff would obey."""
    plain = "".join(ESCAPES.get(letter, letter) for letter in text)
    return f"\\&{plain}" if plain.startswith((".", "'")) else plain
