"""The group of all commands, each of which is imported when it is asked for."""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from fitnet.cli.commands import Group, grouped, write_groups


class LazyCommands(MutableMapping[str, click.Command]):
    """Commands by name, from the modules that have them under that name."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules
        self._added: dict[str, click.Command] = {}

    def __getitem__(self, name: str) -> click.Command:
        if name not in self._added:
            self._added[name] = getattr(import_module(self._modules[name]), name)
        return self._added[name]

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._added[name] = command

    def __delitem__(self, name: str) -> None:
        del self._added[name]

    def __contains__(self, name: object) -> bool:
        return name in self._modules or name in self._added

    def __iter__(self) -> Iterator[str]:
        return iter({**self._modules, **self._added})

    def __len__(self) -> int:
        return len({**self._modules, **self._added})


class LazyGroup(Group):
    """A group whose help and completion need none of its commands.

    Parameters
    ----------
    modules
        Of the commands, by their names.
    summaries
        By headings of the help, the commands and what each does, in order.
    """

    def __init__(
        self,
        *arguments: Any,
        modules: Mapping[str, str],
        summaries: Mapping[str, Mapping[str, str]],
        **settings: Any,
    ) -> None:
        super().__init__(*arguments, **settings)
        self.commands = LazyCommands(modules)
        self.summaries = summaries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the commands as help has them."""
        return [name for commands in self.summaries.values() for name in commands]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings, and the options."""
        commands = {heading: list(commands.items()) for heading, commands in self.summaries.items()}
        write_groups(formatter, commands | {"Options": [row for rows in grouped(self, ctx).values() for row in rows]})

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin so, or the options."""
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        summaries = {name: text for commands in self.summaries.values() for name, text in commands.items()}
        return [CompletionItem(name, help=text) for name, text in summaries.items() if name.startswith(incomplete)]
