"""The options of `fitnet fit` that ask for one network, of which help tells with --help-all."""

from pathlib import Path

import click

from fitnet.cli import choices
from fitnet.cli.commands import NETWORK, Decorated, option
from fitnet.cli.options import Widths, all_of, dtype_option, loss_option, scaling_option
from fitnet.cli.over_ranks import ranks_option

OPTIONS = (
    option(
        *("--hidden", "hidden_layer_sizes"),
        type=Widths(),
        help="Of each layer; 64,64, or fewer where smooth, unless given.",
        group=NETWORK,
    ),
    option(
        "--activation",
        default="relu",
        show_default=True,
        metavar="NAME",
        help=f"One of {', '.join(choices.ACTIVATIONS)}.",
        choices=choices.ACTIVATIONS,
        group=NETWORK,
    ),
    loss_option(NETWORK),
    scaling_option("auto, standard, common (inputs in one unit), or robust: by quartiles, tails clipped.", NETWORK),
    option(
        "--solver",
        default=choices.AUTO,
        show_default=True,
        metavar="NAME",
        help=f"auto, {', '.join(choices.SOLVERS)}.",
        choices=(choices.AUTO, *choices.SOLVERS),
        group=NETWORK,
    ),
    option(
        "--learning-rate",
        type=float,
        metavar="STEP",
        help="Above 0, at most 1; the solver's own unless given.",
        group=NETWORK,
    ),
    option(
        "--alpha",
        type=float,
        default=0.0,
        show_default="0.0; of classes chosen",
        metavar="PENALTY",
        help="On the sum of squared weights.",
        group=NETWORK,
    ),
    option(
        "--dropout",
        type=float,
        default=0.0,
        show_default=True,
        metavar="SHARE",
        help="Of hidden units that each step leaves out; below 1.",
        group=NETWORK,
    ),
    option(
        "--batch-size",
        type=int,
        metavar="ROWS",
        help="A step; a twentieth of all, from 32 to 256, unless given.",
        group=NETWORK,
    ),
    option(
        *("--epochs", "max_epochs"),
        type=int,
        metavar="N",
        help="Passes over the rows; by how many rows there are unless given.",
        group=NETWORK,
    ),
    option(
        "--early-stopping",
        is_flag=True,
        help="Stop when a tenth of the training rows, only watched, get no better.",
        group=NETWORK,
    ),
    dtype_option(NETWORK),
    option(
        "--error-bars",
        default=choices.AUTO,
        show_default=True,
        metavar="WHETHER",
        help="Keep what predict's --std and --interval need: auto, yes or no.",
        choices=choices.ERROR_BARS,
        group=NETWORK,
    ),
    option(
        "--checkpoint",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Keeps training; of an ensemble, with --effort, a folder.",
        group=NETWORK,
    ),
    option("--resume", is_flag=True, help="Go on from --checkpoint, if it is there.", group=NETWORK),
    ranks_option,
)


def network_options(command: Decorated) -> Decorated:
    """Add them all."""
    return all_of(OPTIONS, command)
