"""Commands and options with help in groups, of which a command may show some only by --help-all."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from inspect import cleandoc
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

# The headings of groups of options, in the order of help.
MOST_USED, ROWS, RUN, OUTPUT, HELP = "Most used", "Rows and columns", "How it runs", "Output", "Help"
NETWORK = "One network, in place of an ensemble"
SEARCH, FIXED = "The search", "Settings that are not searched"
SERIES, JUDGED = "What is learned of the past", "How it is judged"
TRIPLETS, TRAINING = "Triplets", "Training"
ORDER = (MOST_USED, SERIES, JUDGED, TRIPLETS, TRAINING, SEARCH, ROWS, NETWORK, FIXED, RUN, OUTPUT, HELP)
WIDEST_NAME = 26  # characters of an option with what stands behind it, so that its help begins on the same line
ALL = "fitnet.all_groups"

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


@dataclass
class Running:
    """The innermost command that runs, for whoever tells of an error."""

    context: click.Context | None = None


class Option(click.Option):
    """An option in a group of the help.

    Parameters
    ----------
    group
        The heading it stands under.
    choices
        What it may be, for completion; whether it is one of them is checked where the option is used.
    """

    def __init__(self, *arguments: Any, group: str = MOST_USED, choices: Sequence[str] = (), **settings: Any) -> None:
        if choices:
            settings.setdefault("shell_complete", partial(among, choices))
        super().__init__(*arguments, **settings)
        self.group, self.choices = group, tuple(choices)


def among(words: Iterable[str], _ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The words that begin so."""
    return [CompletionItem(word) for word in words if word.startswith(begun)]


def option(*names: str, **settings: Any) -> Callable[[Decorated], Decorated]:
    """As `click.option`, in a `group` and with `choices`."""
    return click.option(*names, cls=Option, **settings)


class Command(click.Command):
    """A command whose help has its options in groups, and examples below them.

    Parameters
    ----------
    examples
        Lines to type.
    folded
        Groups, and all of the text but its first paragraph, that --help-all shows and --help does not.
    """

    def __init__(
        self, name: str | None, *, examples: Sequence[str] = (), folded: Sequence[str] = (), **settings: Any
    ) -> None:
        super().__init__(name, epilog=epilog_of(examples), **settings)
        self.examples, self.folded = tuple(examples), tuple(folded)
        if folded:
            more = sum_of_folded(self.params, folded)
            self.params.append(
                Option(
                    ["--help-all"],
                    is_flag=True,
                    is_eager=True,
                    expose_value=False,
                    callback=show_all,
                    help=f"Show the whole help, with {more} more options.",
                    group=HELP,
                )
            )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words apart; for completion without an option that waits for its value, or click sees no word."""
        waits = [each for each in self.params if isinstance(each, click.Option) and not each.is_flag]
        if ctx.resilient_parsing and args and any(args[-1] in each.opts for each in waits):
            args = args[:-1]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it, and say that it runs."""
        if isinstance(ctx.obj, Running):
            ctx.obj.context = ctx
        return super().invoke(ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the text, or the first paragraph of it."""
        text = cleandoc(self.help or "")
        shown = text.partition("\n\n")[0] if self.folded and not ctx.meta.get(ALL) else text
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(shown)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, each under the heading of its group."""
        hidden = () if ctx.meta.get(ALL) else self.folded
        write_groups(formatter, {name: rows for name, rows in grouped(self, ctx).items() if name not in hidden})

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        write_examples(formatter, self.examples)


class Group(click.Group):
    """A group of such commands, with examples of its own."""

    command_class = Command

    def __init__(self, name: str | None = None, *, examples: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(name, epilog=epilog_of(examples), **settings)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        write_examples(formatter, self.examples)


def show_all(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    """Show the whole help and end, where it is asked for."""
    if asked and not ctx.resilient_parsing:
        ctx.meta[ALL] = True
        click.echo(ctx.get_help())
        ctx.exit()


def sum_of_folded(parameters: Iterable[click.Parameter], folded: Sequence[str]) -> int:
    """How many options are in folded groups."""
    return len([each for each in parameters if group_of(each) in folded and not getattr(each, "hidden", False)])


def group_of(parameter: click.Parameter) -> str:
    """The heading of an option; those that click adds itself help."""
    return getattr(parameter, "group", HELP)


def grouped(command: click.Command, ctx: click.Context) -> dict[str, list[tuple[str, str]]]:
    """The options with what help says of them, by their groups, in order."""
    groups: dict[str, list[tuple[str, str]]] = {name: [] for name in ORDER}
    for parameter in command.get_params(ctx):
        record = parameter.get_help_record(ctx)
        if isinstance(parameter, click.Option) and record is not None:
            groups[group_of(parameter)].append(record)
    return {name: rows for name, rows in groups.items() if rows}


def write_groups(formatter: click.HelpFormatter, groups: dict[str, list[tuple[str, str]]]) -> None:
    """Write them below each other, with all texts in one column."""
    lengths = [len(name) for rows in groups.values() for name, _ in rows if len(name) <= WIDEST_NAME]
    width = max(lengths, default=0)
    for heading, rows in groups.items():
        with formatter.section(heading):
            formatter.write_dl([(name.ljust(width), text) for name, text in rows], WIDEST_NAME)


def epilog_of(examples: Sequence[str]) -> str | None:
    """The examples as text, for whoever makes pages of the commands."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in examples)]) if examples else None


def write_examples(formatter: click.HelpFormatter, examples: Sequence[str]) -> None:
    """Write the lines to type under their heading."""
    if examples:
        with formatter.section("Example" if len(examples) == 1 else "Examples"):
            for line in examples:
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")
