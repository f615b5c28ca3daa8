"""fitnet verify: whether a model file is whole and still predicts what it did."""

import sys

import click

from fitnet.cli.commands import Command
from fitnet.cli.completion_values import model_files
from fitnet.cli.output import complain, json_option, print_json, print_line


@click.command(cls=Command, examples=("fitnet verify airfoil.fitnet",))
@click.argument("file", shell_complete=model_files)
@json_option
def verify(file: str, as_json: bool) -> None:
    """Check a model file: its checksum, and whether it still gives the predictions that are stored in it."""
    from fitnet.model.ensemble import Ensemble
    from fitnet.model.loading import load
    from fitnet.model.verification import verify as replay

    model, outcome = load(file), replay(file)
    several = isinstance(model, Ensemble)
    shapes = model.architectures if isinstance(model, Ensemble) else model.architecture
    if as_json:
        print_json(
            {
                "file": file,
                "passed": outcome.passed,
                "rows": outcome.rows,
                "largest_difference": outcome.largest_difference,
                "allowed_difference": outcome.allowed_difference,
                "architectures" if several else "architecture": shapes,
                "provenance": dict(model.provenance),
            }
        )
    elif outcome.passed:
        networks = f"{len(shapes)} networks" if several else f"the network {shapes}"
        print_line(
            f"{file} is whole: {outcome.rows} stored predictions of {networks} came out again (largest difference "
            f"{outcome.largest_difference:.2g})."
        )
    if not outcome.passed:
        complain(
            f"{file} predicts otherwise than when it was saved: largest difference "
            f"{outcome.largest_difference:.2g}, allowed {outcome.allowed_difference:.2g}."
        )
        sys.exit(2)
