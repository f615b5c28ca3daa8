"""What `fitnet fit` fits: an ensemble, or the single network whose options are given."""

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from fitnet.cli.commands import NETWORK, group_of
from fitnet.cli.options import typed_options
from fitnet.cli.output import complain
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.tables import Selection

DEFAULT_EFFORT = "standard"

# Options of one network that an ensemble has too, where --effort asks for it; alone they ask for one network.
OF_EITHER = ("checkpoint", "resume")


def typed_of_network(without: Collection[str] = ()) -> list[str]:
    """The options of one network that the user gave, as they would be typed; not those of these names."""
    options = click.get_current_context().command.params
    return typed_options(without={*without, *(each.name or "" for each in options if group_of(each) != NETWORK)})


def check_effort_stands_alone(effort: str | None) -> None:
    """Refuse options of a single network beside `--effort`."""
    others = [] if effort is None else typed_of_network(without=OF_EITHER)
    if others:
        raise ArgumentValueError(
            f"`effort` is {effort!r} beside {others[0]}; an ensemble chooses its networks itself: one of the two must "
            "be left out.",
            "effort",
        )


def default_effort(selection: "Selection", test_fraction: float, n_threads: int | None, smooth: bool) -> str | None:
    """The effort where none is given; None, which is one network, where an option asks for that or rows allow no more.

    Raises
    ------
    ArgumentValueError
        If no row would be left for training, or `smooth` is asked of one network.
    """
    from fitnet.engine.threads import thread_count
    from fitnet.fitting.ensemble_rows import why_no_ensemble

    others = typed_of_network()
    if others:
        if smooth:
            raise not_of_one_network(f"beside {others[0]}")
        return None
    reason = why_no_ensemble(
        selection.X,
        selection.Y,
        DEFAULT_EFFORT,
        test_fraction,
        thread_count(n_threads),
        of_classes=selection.classes is not None,
    )
    if reason is None:
        return DEFAULT_EFFORT
    if smooth:
        raise not_of_one_network(f"and {reason[0].lower()}{reason[1:]}")
    complain(f"{reason}; fitting one network.")
    return None


def not_of_one_network(why: str) -> ArgumentValueError:
    """The refusal of `--smooth` where one network would be fitted."""
    return ArgumentValueError(
        f"`smooth` is given {why}, so that one network would be fitted; it must be left out: of one network "
        "--activation tanh says it.",
        "smooth",
    )
