"""The options of `fitnet tune` that take a setting out of the search, or give all trials the same."""

from fitnet.cli import choices
from fitnet.cli.commands import FIXED, Decorated, option
from fitnet.cli.options import Widths, all_of, dtype_option, loss_option, scaling_option, transform_options

OPTIONS = (
    option(*("--hidden", "hidden_layer_sizes"), type=Widths(), help="Of each layer: 64,64.", group=FIXED),
    option(
        "--activation",
        metavar="NAME",
        help=f"One of {', '.join(choices.ACTIVATIONS)}.",
        choices=choices.ACTIVATIONS,
        group=FIXED,
    ),
    option("--solver", metavar="NAME", help=f"{', '.join(choices.SOLVERS)}.", choices=choices.SOLVERS, group=FIXED),
    option("--learning-rate", type=float, metavar="STEP", help="Above 0, at most 1.", group=FIXED),
    option("--alpha", type=float, metavar="PENALTY", help="On the sum of squared weights.", group=FIXED),
    option("--batch-size", type=int, metavar="ROWS", help="A step.", group=FIXED),
    option(
        "--early-stopping/--no-early-stopping",
        default=None,
        help="Whether to stop on the watched rows.",
        group=FIXED,
    ),
    loss_option(FIXED),
    transform_options(FIXED, FIXED),
    scaling_option("auto, standard, common, or robust.", FIXED),
    option(
        *("--epochs", "max_epochs"),
        type=int,
        metavar="N",
        help="Passes over the rows; by how many rows there are unless given.",
        group=FIXED,
    ),
    dtype_option(FIXED),
)


def searched_options(command: Decorated) -> Decorated:
    """Add them all."""
    return all_of(OPTIONS, command)
