"""One page for each command of the shell, from what its `--help` says: docs/reference/generated/commands/."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from fitnet.cli import command_line

FOLDER = Path(__file__).parents[1] / "reference" / "generated" / "commands"
EXAMPLE = re.compile(r"(Examples?\b[^:]*): (fitnet .*)", re.DOTALL)


class Recorder(click.HelpFormatter):
    """Writes a command's help down as reStructuredText, however the command groups its options."""

    def __init__(self) -> None:
        super().__init__(width=10**6, max_width=10**6)
        self.written: list[str] = []
        self.options: set[str] = set()

    def write_usage(self, program: str, arguments: str = "", prefix: str | None = None) -> None:
        self.written += [".. code-block:: text", "", f"   {program} {arguments}", ""]

    def write_heading(self, heading: str) -> None:
        title = heading.rstrip(":")
        self.written += [escaped(title), "-" * max(4, len(escaped(title))), ""]

    def write_text(self, text: str) -> None:
        for paragraph in re.split(r"\n\s*\n", text):
            words = " ".join(paragraph.replace("\b", "").split())
            example = EXAMPLE.fullmatch(words)
            if example:
                self.written += [f"{example[1]}:", "", ".. code-block:: console", "", f"   $ {example[2]}", ""]
            elif words:
                self.written += [escaped(words), ""]

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        for term, text in rows:
            name = term.replace(" / ", ", ")
            self.options |= set(re.findall(r"--?[\w-]+", name))
            directive = f".. option:: {name}" if name.startswith("-") else f"``{name}``"
            self.written += [directive, "", f"   {escaped(text)}", ""]


def escaped(text: str) -> str:
    """Text in which reStructuredText sees no marks but those of code, which options get here."""
    marked = re.sub(r"([*|\\]|_(?!\w))", r"\\\1", text)
    parts = re.split(r"(`[^`]+`)", marked)
    parts[::2] = [re.sub(r"(?<![\w-])(--[a-z][\w-]*)", r"``\1``", part) for part in parts[::2]]
    return "".join(parts)


def commands(command: click.Command, words: tuple[str, ...] = ("fitnet",)) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that does something, by the words that call it."""
    if not isinstance(command, click.Group):
        yield words, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        below = command.get_command(context, name)
        if below is not None and not below.hidden:
            yield from commands(below, (*words, name))


def page_of(words: tuple[str, ...], command: click.Command) -> str:
    """The page of one command; options that its short help leaves out come last."""
    context = click.Context(command, info_name=" ".join(words))
    recorder = Recorder()
    command.format_help(context, recorder)
    more = [record for option in command.get_params(context) if (record := left_out(option, context, recorder.options))]
    if more:
        recorder.write_heading("More options")
        recorder.write_dl(more)
    title = " ".join(words)
    head = [title, "=" * len(title), "", f".. program:: {title}", ""]
    return "\n".join([*head, *recorder.written])


def row_of(words: tuple[str, ...], command: click.Command) -> str:
    """The command's row in the table of all."""
    about = command.get_short_help_str(limit=10**6)
    page = f"/reference/generated/commands/{'-'.join(words[1:])}"
    return f"   * - :doc:`{' '.join(words)} <{page}>`\n     - {escaped(about)}"


def left_out(option: click.Parameter, context: click.Context, shown: set[str]) -> tuple[str, str] | None:
    """What the help would say of an option that is not among those shown."""
    return None if shown & {*option.opts, *option.secondary_opts} else option.get_help_record(context)


def write_pages(app: Any) -> None:
    """Write the pages that changed, and take away those of commands that are no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = list(commands(command_line))
    pages = {FOLDER / f"{'-'.join(words[1:])}.rst": page_of(words, command) for words, command in found}
    for path in set(FOLDER.glob("*.rst")) - set(pages):
        path.unlink()
    pages[FOLDER.parent / "commands.inc"] = "\n".join(
        [".. list-table::", "   :widths: auto", "", *(row_of(words, command) for words, command in found), ""]
    )
    for path, page in pages.items():
        if not path.exists() or path.read_text() != page:
            path.write_text(page)


def setup(app: Any) -> dict[str, bool]:
    """What Sphinx calls."""
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
