"""Options: the types that click lacks, and options as they would be typed again."""

import csv
from collections.abc import Collection
from typing import Any

import click

LONGEST = 80  # characters of a word in a sentence


class Widths(click.ParamType[tuple[int, ...]]):
    """Hidden widths as the user types them: 64,64."""

    name = "widths"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return tuple(int(width) for width in value.split(","))
        except ValueError:
            shown = value if len(value) <= LONGEST else f"{value[:LONGEST]}..."
            self.fail(f"{shown!r} is not a list of whole numbers such as 64,64.", param, ctx)

    def typed(self, value: tuple[int, ...]) -> str:
        return ",".join(map(str, value))


class Names(click.ParamType[tuple[str, ...]]):
    """Column names as the user types them: a,b or "a, in mm",b."""

    name = "names"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        try:
            names = tuple(name.strip() for name in next(csv.reader([value], skipinitialspace=True, strict=True), ()))
        except csv.Error:
            names = ()
        if not names or not all(names):
            self.fail(f'{value!r} is not a list of column names such as a,b or "a, in mm",b.', param, ctx)
        return names

    def typed(self, value: tuple[str, ...]) -> str:
        quoted = ('"' + name.replace('"', '""') + '"' if "," in name or '"' in name else name for name in value)
        return ",".join(quoted)


def typed_options(without: Collection[str]) -> list[str]:
    """The options the user gave to the present command, as they would be typed; not those of these names."""
    context = click.get_current_context()
    words = []
    for option in context.command.params:
        name = option.name or ""
        given = context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
        if given and isinstance(option, click.Option) and name not in without:
            for value in context.params[name] if option.multiple else [context.params[name]]:
                words += [option.opts[-1], *typed_values(option, value)]
    return words


def typed_values(option: click.Option, value: Any) -> list[str]:
    """What stands behind an option's name."""
    if option.is_flag:
        return []
    if isinstance(option.type, Widths | Names):
        return [option.type.typed(value)]
    return [repr(number) for number in value] if isinstance(value, tuple) else [str(value)]
