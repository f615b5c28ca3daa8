"""fitnet inspect: what is in a model file."""

import click

from fitnet.cli.commands import Command
from fitnet.cli.options import model_argument
from fitnet.cli.output import all_escaped, json_option, print_json


@click.command(cls=Command, examples=("fitnet inspect airfoil.fitnet",))
@model_argument
@json_option
def inspect(model_file: str, as_json: bool) -> None:
    """Show what a model is: its networks, its columns with units, scalings and ranges, and where it comes from."""
    from fitnet.cli.inspect_report import print_description, print_ensemble
    from fitnet.evaluation import kept_class_errors, kept_errors
    from fitnet.model.description import Description
    from fitnet.model.ensemble import Ensemble
    from fitnet.model.ensemble_description import EnsembleDescription
    from fitnet.model.loading import load

    model = load(model_file)
    description = EnsembleDescription.of(model) if isinstance(model, Ensemble) else Description.of(model)
    facts = {"model": model_file, **description.as_dict()}
    if as_json:
        print_json(facts)
    else:
        show = print_ensemble if isinstance(model, Ensemble) else print_description
        kept = kept_class_errors(model) if "classes" in facts else kept_errors(model)
        show(all_escaped(facts), all_escaped(kept))
