"""What `fitnet fit` fits: an ensemble, or the single network whose options are given."""

from typing import TYPE_CHECKING

import click

from fitnet.cli.options import typed_options
from fitnet.cli.output import complain
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.tables import Selection

DEFAULT_EFFORT = "standard"
OPTIONS, OF_ENSEMBLE, OF_NETWORK = "Options", "Option of the ensemble", "Options of a single network"

# Options of both: they choose rows, or how much is tried. All others are a single network's.
OF_BOTH = (
    *(
        "targets",
        "features",
        "task",
        "out",
        "report_file",
        "test_fraction",
        "effort",
        "seed",
        "n_threads",
        "as_json",
        "target_transform",
        "class_weight",
    ),
    *("missing", "drop_missing", "units_row", "missing_values"),
)


# Options that an ensemble has too, where --effort asks for it; alone they ask for one network.
OF_EITHER = ("checkpoint", "resume")


class FitCommand(click.Command):
    """A command whose help tells the options of both, of the ensemble and of a single network apart."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, each under its heading."""
        sections: dict[str, list[tuple[str, str]]] = {OPTIONS: [], OF_ENSEMBLE: [], OF_NETWORK: []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None and isinstance(parameter, click.Option):
                sections[section_of(parameter)].append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)


def section_of(option: click.Option) -> str:
    """The heading that an option stands under."""
    if option.name == "effort":
        return OF_ENSEMBLE
    return OPTIONS if option.name in OF_BOTH or "--help" in option.opts else OF_NETWORK


def check_effort_stands_alone(effort: str | None) -> None:
    """Refuse options of a single network beside `--effort`."""
    others = [] if effort is None else typed_options(without=(*OF_BOTH, *OF_EITHER))
    if others:
        raise ArgumentValueError(
            f"`effort` is {effort!r} beside {others[0]}; an ensemble chooses its networks itself: one of the two must "
            "be left out.",
            "effort",
        )


def default_effort(selection: "Selection", test_fraction: float, n_threads: int | None) -> str | None:
    """The effort where none is given; None, which is one network, where an option asks for that or rows allow no more.

    Raises
    ------
    ArgumentValueError
        If no row would be left for training.
    """
    from fitnet.engine.threads import thread_count
    from fitnet.fitting.ensemble_rows import why_no_ensemble

    if typed_options(without=OF_BOTH):
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
    complain(f"{reason}; fitting one network.")
    return None
