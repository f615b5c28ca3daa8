"""What `fitnet fit` does with a target of classes: keep rows out, fit to the others, and judge beside two baselines.

Shapes: X (n, p).
"""

import csv
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fitnet.cli.fit_asked import Asked
from fitnet.cli.options import is_typed
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.algorithm.classes import Label
    from fitnet.evaluation import ClassEvaluation
    from fitnet.fitting.held_out_classes import HeldOutClasses
    from fitnet.fitting.settings import Settings
    from fitnet.model.ensemble import AnyModel
    from fitnet.reports.evidence import Evidence
    from fitnet.tables import Selection

# Options that say what is done with numbers, by what is so of classes in their place.
OF_NUMBERS = {
    "loss": "classes are fitted by their cross-entropy",
    "target_transform": "classes have no logarithms",
    "lower_bound": "classes have no logarithms",
    "smooth": "it chooses among the networks of numbers",
    "error_bars": "the probabilities of classes say how sure the network is",
}
NONE, BALANCED = "none", "balanced"  # of --class-weight, beside labels with weights


def fit_classes(
    selection: "Selection", settings: "Settings", effort: str | None, asked: Asked
) -> tuple["AnyModel", dict[str, Any], "Evidence"]:
    """The model, what is to be said about it as --json says it, and what a report needs; without `effort` a network."""
    from fitnet.cli.fit_class_kinds import ensemble_of_classes, network_of_classes
    from fitnet.cli.fit_rows import ROWS
    from fitnet.estimators.random_state import random_generator
    from fitnet.estimators.rows_of_classes import weighted_rows
    from fitnet.fitting.held_out_classes import classes_held_out
    from fitnet.fitting.provenance import provenance
    from fitnet.rows import RowSource

    assert selection.classes is not None and not isinstance(selection.X, RowSource)
    target, generator = selection.target_names[0], random_generator(asked.seed)
    class_weight = class_weight_from(asked.class_weight, selection.classes)
    rows, fraction = (selection.X, selection.codes, selection.classes), asked.test_fraction
    parted = classes_held_out(*rows, fraction, generator, imputes=asked.imputes, categories=selection.categories)
    training = weighted_rows(parted.training, class_weight, selection.classes)
    if effort is None:
        fitted = network_of_classes(selection, settings_of_classes(settings), training, generator, asked)
    else:
        fitted = ensemble_of_classes(selection, effort, training.whole(), generator, asked)
    of_rows = len(selection.codes), selection.n_dropped, fitted.training_rows, fitted.validation_rows, len(parted.codes)
    weights = {} if class_weight is None else {"class_weight": class_weight}
    origin = {
        **provenance(training, asked.seed, fitted.settings | weights, None),
        **asked.origin,
        **dict(zip(ROWS, of_rows, strict=True)),
        **fitted.outcome,
        **{"seed": asked.seed, "test_fraction": fraction, "target": target},
        **{"table_sha256": parted.table_sha256, "baselines": parted.baselines.as_lists()},
    }
    model = replace(fitted.model, provenance=origin)
    judged = judgement(model, parted)
    if judged is not None:
        model = replace(model, provenance=origin | {"evaluation": judged.errors_by_name()})
    facts = {
        **{name: origin[name] for name in ("table", "target", *ROWS)},
        **{"classes": list(selection.classes), "class_weight": class_weight},
        **fitted.facts,
        **{name: origin[name] for name in ("engine", "seed")},
        **{name: None if judged is None else judged.as_dict()[name] for name in ("evaluation", "unbeaten")},
    }
    return model, facts, fitted.evidence


def asks_for_numbers() -> bool:
    """Whether an option was typed that makes sense of numbers only."""
    return any(is_typed(name) for name in OF_NUMBERS)


def check_options(selection: "Selection") -> None:
    """Refuse options that make sense of numbers only where there are classes, and the other way round."""
    target = selection.target_names[0]
    if selection.classes is None:
        if is_typed("class_weight"):
            raise ArgumentValueError(
                f"`class_weight` is given and column {target!r} is to be predicted as numbers; it must be left out, or "
                "`task` must be classification.",
                "class_weight",
                "task",
            )
        return
    for name, why in OF_NUMBERS.items():
        if is_typed(name):
            raise ArgumentValueError(
                f"`{name}` is given and column {target!r} is to be predicted as classes; it must be left out: {why}.",
                name,
            )


def class_weight_from(typed: str, classes: "Sequence[Label]") -> "dict[Label, float] | str | None":
    """What `Classifier` calls class_weight; labels are found by how they are written.

    Raises
    ------
    ArgumentValueError
        If it is neither none nor balanced nor labels, each once, with numbers.
    """
    if typed == NONE:
        return None
    if typed == BALANCED:
        return BALANCED
    written = {str(label).lower() if isinstance(label, bool) else str(label): label for label in classes}
    weights: dict[Label, float] = {}
    for pair in next(csv.reader([typed], skipinitialspace=True), []):
        name, _, number = pair.rpartition("=")
        label = written.get(name.strip(), name.strip())
        try:
            weight = float(number)
        except ValueError:
            raise no_class_weight(typed) from None
        if not name.strip() or label in weights:
            raise no_class_weight(typed)
        weights[label] = weight
    if not weights:
        raise no_class_weight(typed)
    return weights


def no_class_weight(typed: str) -> ArgumentValueError:
    """The error for what makes no weights of classes."""
    return ArgumentValueError(
        f"`class_weight` is {typed!r}; it must be none, balanced, or labels, each once, with their weights, such as "
        "rare=5,other=0.5.",
        "class_weight",
    )


def settings_of_classes(settings: "Settings") -> "Settings":
    """The settings as `Classifier` has them; the penalty is chosen unless it is given."""
    from fitnet.estimators.classifier import FIXED
    from fitnet.fitting.solver_choice import AUTO

    changed: dict[str, Any] = FIXED if is_typed("alpha") else FIXED | {"alpha": AUTO}
    return replace(settings, recipe=replace(settings.recipe, **changed))


def judgement(model: "AnyModel", parted: "HeldOutClasses") -> "ClassEvaluation | None":
    """The evaluation on the rows kept out; None without such rows."""
    from fitnet.evaluation import evaluate_classes

    if not parted.X.shape[0]:
        return None
    return evaluate_classes(model, parted.X, parted.codes, parted.baselines)
