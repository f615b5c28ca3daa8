"""The options of `fitnet quadratic train`."""

from pathlib import Path

import click

from fitnet.cli import choices
from fitnet.cli.commands import MOST_USED, OUTPUT, RUN, TRAINING, TRIPLETS, Decorated, option
from fitnet.cli.options import Widths, all_of, dtype_option, seed_option, threads_option

roots_option = option(
    "--roots",
    default="largest",
    show_default=True,
    metavar="WHICH",
    help="largest (real) or all (complex too).",
    choices=choices.ROOTS,
)

OPTIONS = (
    roots_option,
    option("--epochs", type=int, metavar="N", help="Passes over the rows: 10000, or 300 with lm and lm-bayesian."),
    option(
        "--solver",
        default="adam",
        show_default=True,
        metavar="NAME",
        help=f"One of {', '.join(choices.SOLVERS)}.",
        choices=choices.SOLVERS,
    ),
    option("--hidden", type=Widths(), help="Hidden widths: 64,64, or 16,16,16 with lm and lm-bayesian."),
    seed_option("Of triplets, first parameters, row orders.", MOST_USED),
    option("--seeds", type=int, metavar="N", help="Train this many times, from --seed upwards, and give the mean."),
    option("--triplets", type=int, default=3000, show_default=True, metavar="N", help="To train on.", group=TRIPLETS),
    option("--test-triplets", type=int, default=1000, show_default=True, metavar="N", help="To test.", group=TRIPLETS),
    option(
        *("--range", "bounds"),
        type=(float, float),
        metavar="LOW HIGH",
        default=(-10, 10),
        show_default=True,
        help="Of a, b and c.",
        group=TRIPLETS,
    ),
    option(
        "--numbers",
        default="whole",
        show_default=True,
        metavar="KIND",
        help="Triplets of whole or uniform real numbers.",
        choices=choices.NUMBERS,
        group=TRIPLETS,
    ),
    option("--zero-a", is_flag=True, help="Draw a = 0 too.", group=TRIPLETS),
    option("--batch-size", type=int, metavar="ROWS", help="A step; all of them unless given.", group=TRAINING),
    option(
        "--learning-rate",
        type=float,
        metavar="STEP",
        help="Above 0, at most 1; the solver's own unless given.",
        group=TRAINING,
    ),
    option(
        "--schedule",
        default="constant",
        show_default=True,
        metavar="NAME",
        help=f"One of {', '.join(choices.SCHEDULES)}.",
        choices=choices.SCHEDULES,
        group=TRAINING,
    ),
    option(
        "--activation",
        metavar="NAME",
        help=f"relu, or tanh with second-order solvers, or {', '.join(choices.ACTIVATIONS)}.",
        choices=choices.ACTIVATIONS,
        group=TRAINING,
    ),
    option(
        "--initialization",
        metavar="NAME",
        help="he, or glorot with second-order solvers.",
        choices=choices.INITIALIZATIONS,
        group=TRAINING,
    ),
    option(
        "--alpha",
        type=float,
        metavar="PENALTY",
        help="On the sum of squared weights: 0, or 1e-8 with lm.",
        group=TRAINING,
    ),
    dtype_option(TRAINING),
    option(
        *("--scale/--no-scale", "scaled"),
        default=None,
        help="Standardise the numbers; second-order solvers do.",
        group=TRAINING,
    ),
    option(
        "--engine",
        default=choices.AUTO,
        show_default=True,
        metavar="NAME",
        help="What computes: auto, native or reference.",
        choices=choices.ENGINES,
        group=RUN,
    ),
    threads_option("Of the native engine; all usable cores unless given."),
    option(
        *("-o", "--out"),
        type=click.Path(path_type=Path),
        metavar="FOLDER",
        help="For models and pictures; made if missing.",
        group=OUTPUT,
    ),
)


def train_options(command: Decorated) -> Decorated:
    """Add them all."""
    return all_of(OPTIONS, command)
