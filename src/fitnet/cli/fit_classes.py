"""What `fitnet fit` does with a target of classes: one network, judged beside two baselines.

Shapes: X (n, p).
"""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fitnet.cli.options import is_typed
from fitnet.cli.output import INTERRUPTED, print_json
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.evaluation import ClassEvaluation
    from fitnet.fitting.fitting import Fitted
    from fitnet.fitting.held_out_classes import HeldOutClasses
    from fitnet.fitting.settings import Settings
    from fitnet.model.model import Model
    from fitnet.tables import Selection

# Options that say what is done with numbers, by what is so of classes in their place.
OF_NUMBERS = {
    "loss": "classes are fitted by their cross-entropy",
    "target_transform": "classes have no logarithms",
    "lower_bound": "classes have no logarithms",
    "error_bars": "the probabilities of classes say how sure the network is",
    "effort": "classes are fitted by one network",
    "report_file": "reports are of models that predict numbers",
}


def fit_classes(
    selection: "Selection",
    settings: "Settings",
    test_fraction: float,
    seed: int,
    resume: bool,
    origin: dict[str, Any],
    destination: Path,
    as_json: bool,
) -> None:
    """Fit one network to the classes of the selection, save it at `destination`, and say how well it does."""
    from fitnet.cli.class_report import print_class_fit

    check_no_option_of_numbers(selection.target_names[0])
    model, facts = fitted_to_classes(selection, settings_of_classes(settings), test_fraction, seed, resume, origin)
    model.save(destination)
    facts["model"] = str(destination)
    if as_json:
        print_json(facts)
    else:
        print_class_fit(facts)
    if facts["stopped"] == "interrupted":
        sys.exit(INTERRUPTED)


def asks_for_numbers() -> bool:
    """Whether an option was typed that makes sense of numbers only."""
    return any(is_typed(name) for name in OF_NUMBERS if name not in ("effort", "report_file"))


def check_no_option_of_numbers(target: str) -> None:
    """Refuse options that make sense of numbers only."""
    for name, why in OF_NUMBERS.items():
        if is_typed(name):
            raise ArgumentValueError(
                f"`{name}` is given and column {target!r} is to be predicted as classes; it must be left out: {why}.",
                name,
            )


def settings_of_classes(settings: "Settings") -> "Settings":
    """The settings as `Classifier` has them; the penalty is chosen unless it is given."""
    from fitnet.estimators.classifier import FIXED
    from fitnet.fitting.solver_choice import AUTO

    changed: dict[str, Any] = FIXED if is_typed("alpha") else FIXED | {"alpha": AUTO}
    return replace(settings, recipe=replace(settings.recipe, **changed))


def fitted_to_classes(
    selection: "Selection",
    settings: "Settings",
    test_fraction: float,
    seed: int,
    resume: bool,
    origin: dict[str, Any],
) -> tuple["Model", dict[str, Any]]:
    """The model, and what is to be said about it as --json says it; `origin` goes into its provenance."""
    from fitnet.cli.fit_rows import OUTCOME, ROWS, rows_and_epochs
    from fitnet.estimators.random_state import random_generator
    from fitnet.fitting.constant_columns import warn_of_constant_inputs
    from fitnet.fitting.held_out_classes import classes_held_out
    from fitnet.fitting.provenance import provenance
    from fitnet.rows import RowSource

    assert selection.classes is not None and not isinstance(selection.X, RowSource)
    generator, imputes = random_generator(seed), settings.recipe.missing == "impute"
    rows = selection.X, selection.codes, selection.classes
    parted = classes_held_out(*rows, test_fraction, generator, imputes=imputes, categories=selection.categories)
    fitted = fitted_network(settings, parted, generator, resume)
    origin = {
        **provenance(parted.training, seed, settings.shaping(), None),
        **origin,
        **rows_and_epochs(selection, parted, fitted),
        **{"seed": seed, "test_fraction": test_fraction, "target": selection.target_names[0]},
        **{"table_sha256": parted.table_sha256, "baselines": parted.baselines.as_lists()},
    }
    names: dict[str, Any] = {"input_names": selection.feature_names, "output_names": (), "units": selection.units}
    model = replace(fitted.model, **names, classes=selection.classes, provenance=origin)
    warn_of_constant_inputs(model, fitted.rows.n)
    judged = judgement(model, parted)
    if judged is not None:
        model = replace(model, provenance=origin | {"evaluation": judged.errors_by_name()})
    facts = {
        **{name: origin[name] for name in ("table", "target", *ROWS)},
        "classes": list(selection.classes),
        "architecture": model.architecture,
        "activation": settings.recipe.activation,
        "alpha": float(fitted.settings.recipe.alpha),
        **{name: origin[name] for name in OUTCOME},
        "seconds": fitted.result.history.seconds[-1],
        **{name: origin[name] for name in ("engine", "seed")},
        **{name: None if judged is None else judged.as_dict()[name] for name in ("evaluation", "unbeaten")},
    }
    return model, facts


def fitted_network(settings: "Settings", parted: "HeldOutClasses", generator: Any, resume: bool) -> "Fitted":
    """What is fitted to the training rows: the one place that decides of what kind it is."""
    from fitnet.cli.fit_rows import rows_and_seed_named
    from fitnet.fitting.fitting import fit

    with rows_and_seed_named(None if settings.checkpoint is None else settings.checkpoint.path):
        fitted = fit(settings, parted.training, generator, resume=resume)
    if fitted.result.stopped == "interrupted" and fitted.result.history.epochs == 0:
        raise click.Abort
    return fitted


def judgement(model: "Model", parted: "HeldOutClasses") -> "ClassEvaluation | None":
    """The evaluation on the rows kept out; None without such rows."""
    from fitnet.evaluation import evaluate_classes

    if not parted.X.shape[0]:
        return None
    return evaluate_classes(model, parted.X, parted.codes, parted.baselines)
