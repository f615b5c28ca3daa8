"""Options: the types that click lacks, and options as they would be typed again."""

import csv
from collections.abc import Callable, Collection, Sequence
from typing import Any

import click

from fitnet.cli import choices
from fitnet.cli.commands import ROWS, RUN, Decorated, option
from fitnet.cli.completion_values import model_files, table_files
from fitnet.cli.shares import LONGEST, Share
from fitnet.errors import ArgumentValueError


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


class Lags(click.ParamType[int | list[int]]):
    """Lags as the user types them: 12 for all from 1 to it, 1,6,12 for these."""

    name = "lags"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | list[int]:
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]
        try:
            lags = [int(lag) for lag in value.split(",")]
        except ValueError:
            self.fail(f"{value[:LONGEST]!r} is neither a whole number nor a list of them such as 1,6,12.", param, ctx)
        return lags if "," in value else lags[0]


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


def all_of(options: Sequence[Callable[[Decorated], Decorated]], command: Decorated) -> Decorated:
    """Add the options, the first above the others."""
    for each in reversed(options):
        command = each(command)
    return command


def model_argument(command: Decorated) -> Decorated:
    """Add MODEL, a model's file."""
    return click.argument("model_file", metavar="MODEL", shell_complete=model_files)(command)


def table_argument(command: Decorated) -> Decorated:
    """Add TABLE, a table's file."""
    return click.argument("table", shell_complete=table_files)(command)


def table_options(command: Decorated) -> Decorated:
    """Add --units-row and --missing-value, for commands that read a table."""
    units = option("--units-row", is_flag=True, help="Units stand below the names; [m] is seen anyway.", group=ROWS)
    number = option(
        *("--missing-value", "missing_values"),
        type=float,
        multiple=True,
        metavar="X",
        help="Stands for a missing value: -9999; repeatable.",
        group=ROWS,
    )
    return number(units(command))


def transform_options(group: str, group_of_bound: str) -> Callable[[Decorated], Decorated]:
    """Add --target-transform and --target-lower-bound, for commands that fit to a table."""
    transform = option(
        "--target-transform",
        default="none",
        show_default="none; of an ensemble auto",
        metavar="HOW",
        help="none; log: learn logarithms; or auto, the better one.",
        choices=choices.TRANSFORMS,
        group=group,
    )
    bound = option(
        *("--target-lower-bound", "lower_bound"),
        type=float,
        multiple=True,
        help="With log: learn log(y - X); one for all targets or one each; else 0.",
        metavar="X",
        group=group_of_bound,
    )
    return lambda command: transform(bound(command))


def seed_option(of: str, group: str = ROWS) -> Callable[[Decorated], Decorated]:
    """Add --seed; `of` says what is drawn by it."""
    return option("--seed", type=int, default=0, show_default=True, metavar="N", help=of, group=group)


def test_fraction_option(of: str) -> Callable[[Decorated], Decorated]:
    """Add --test-fraction; `of` says which rows they are."""
    return option("--test-fraction", type=Share(), default=0.2, show_default=True, metavar="SHARE", help=of, group=ROWS)


def loss_option(group: str) -> Callable[[Decorated], Decorated]:
    """Add --loss."""
    return option(
        "--loss",
        default="squared_error",
        show_default=True,
        metavar="NAME",
        help=f"One of {', '.join(choices.LOSSES)}.",
        choices=choices.LOSSES,
        group=group,
    )


def scaling_option(kinds: str, group: str) -> Callable[[Decorated], Decorated]:
    """Add --scaling; `kinds` says what they are."""
    return option(
        "--scaling",
        default=choices.AUTO,
        show_default=True,
        metavar="HOW",
        help=kinds,
        choices=choices.SCALINGS,
        group=group,
    )


def dtype_option(group: str) -> Callable[[Decorated], Decorated]:
    """Add --dtype."""
    return option(
        "--dtype",
        default=choices.AUTO,
        show_default=True,
        metavar="KIND",
        help=f"auto, {', '.join(choices.DTYPES)}.",
        choices=(choices.AUTO, *choices.DTYPES),
        group=group,
    )


def missing_option(rules: str, default: str, *known: str) -> Callable[[Decorated], Decorated]:
    """Add --missing, which is one of the `known`, and --drop-missing as it was spelled before."""

    def add(command: Decorated) -> Decorated:
        drop = option("--drop-missing", is_flag=True, hidden=True, help="The same as --missing drop.", group=ROWS)
        return option(
            "--missing",
            metavar="RULE",
            show_default=default,
            help=f"For missing values: {rules}.",
            choices=known,
            group=ROWS,
        )(drop(command))

    return add


def threads_option(unless_given: str) -> Callable[[Decorated], Decorated]:
    """Add --threads."""
    return option(*("--threads", "n_threads"), type=int, metavar="N", help=unless_given, group=RUN)


def chosen_rule(missing: str | None, drop_missing: bool) -> str | None:
    """What the two options say of missing values; None where they say nothing."""
    if drop_missing and missing not in (None, "drop"):
        raise ArgumentValueError(
            f"`missing` is {missing!r} beside `drop_missing`; it must be 'drop' or left out.", "missing", "drop_missing"
        )
    return "drop" if drop_missing else missing


def is_typed(name: str) -> bool:
    """Whether the user gave this option to the present command."""
    return click.get_current_context().get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def typed_options(without: Collection[str]) -> list[str]:
    """The options the user gave to the present command, as they would be typed; not those of these names."""
    context = click.get_current_context()
    words = []
    for each in context.command.params:
        name = each.name or ""
        if is_typed(name) and isinstance(each, click.Option) and name not in without:
            for value in context.params[name] if each.multiple else [context.params[name]]:
                words += [each.opts[-1], *typed_values(each, value)]
    return words


def typed_values(option: click.Option, value: Any) -> list[str]:
    """What stands behind an option's name."""
    if option.is_flag:
        return []
    if isinstance(option.type, Widths | Names):
        return [option.type.typed(value)]
    return [repr(number) for number in value] if isinstance(value, tuple) else [str(value)]
