"""Facts of classes: all that a report says of a model of classes; the page only draws them.

Shapes: inputs X as numbers (n, k), words encoded and gaps NaN; Y (n, 1), codes of K classes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.evaluation.classification import MAJORITY
from fitnet.fitting.unseen_rows import unseen_rows
from fitnet.model.ensemble import AnyModel
from fitnet.reports.class_curve import class_curve_told
from fitnet.reports.class_outcome import ClassOutcome
from fitnet.reports.facts import outside_told, rows_told, training_told
from fitnet.reports.given_inputs import given_inputs
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.mistakes import by_class_told, confusion_told, truths_told, worst_told
from fitnet.reports.plain import plain
from fitnet.reports.target_facts import MOST_NUMBERS, MOST_SAMPLED, importance_told, region_of
from fitnet.rows import Rows


@dataclass(frozen=True, eq=False)
class ClassFacts:
    """What a report of classes tells, as JSON can hold it; docs/how-to/report.md says what every entry is.

    Attributes
    ----------
    rows, inputs, outside, learning_curve, training, sample
        As of `ReportFacts`; the curve has "log_loss" in the place of "rmse", and the sample the rows' numbers alone.
    targets
        One: the column of labels, by its name where that is known, and the inputs' importance, in log loss.
    classes
        The K names, which of them is the "majority" of the training rows, and `by_class` of the rows judged.
    scores
        By what gave the probabilities "accuracy", "log_loss", "brier" and "calibration_error".
    compared
        By what the model is compared with; None of rows that were seen.
    confusion, reliability, truths, worst_rows, worst_region
        Which classes are taken for which, whether probabilities hold, how probable the rows' own classes are said to
        be, and where the model is most wrong.
    repeats, without_copies
        Rows with the same inputs and other classes; the errors on rows that have not the inputs of a training row.
    """

    rows: Mapping[str, Any]
    inputs: Sequence[Mapping[str, Any]]
    targets: Sequence[Mapping[str, Any]]
    classes: Mapping[str, Any]
    scores: Mapping[str, Any]
    compared: Mapping[str, Any] | None
    confusion: Mapping[str, Any]
    reliability: Mapping[str, Any]
    truths: Mapping[str, Any]
    worst_rows: Sequence[Mapping[str, Any]]
    worst_region: Mapping[str, Any] | None
    repeats: Mapping[str, Any]
    without_copies: Mapping[str, Any] | None
    outside: Mapping[str, Any]
    learning_curve: Mapping[str, Any] | None
    training: Mapping[str, Any] | None
    sample: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """All of it in dicts, lists, text, numbers and None."""
        found: dict[str, Any] = plain(self)
        return found


def class_facts(
    model: AnyModel,
    X: Rows,
    Y: Rows,
    *,
    oof_prediction: Any = None,
    folds: Any = None,
    history: Any = None,
    best_epoch: int | None = None,
    left_out: int = 0,
    generator: np.random.Generator,
    progress: Callable[[str], None],
) -> ClassFacts:
    """All facts about a model of classes on a table; the arguments are those of `report_facts`.

    `oof_prediction` has the probabilities (n, K) out of fold of an `AutoClassifier`.
    """
    progress("finding the rows that the model did not see")
    unseen = unseen_rows(model, X, Y, oof_prediction, folds)
    judged = JudgedRows.of_table(model, X, Y, unseen, oof_prediction, generator)
    columns, names = given_inputs(model), list(model.output_names)
    outcome = ClassOutcome.of(model, X, Y, unseen, judged, columns, generator, progress)
    progress("fitting a small network to more and more rows")
    return ClassFacts(
        rows_told(unseen, outcome, X, left_out),
        [each.as_dict() for each in columns],
        [{"name": target_name(model), "unit": "", "importance": importance_told(outcome.importance, columns, 0)}],
        {"names": names, "majority": majority_in(outcome), **by_class_told(outcome)},
        {by: errors.as_dict() for by, errors in outcome.errors.items()},
        dict(outcome.differences) or None,
        confusion_told(outcome),
        vars(outcome.reliability),
        truths_told(outcome),
        worst_told(outcome),
        region_told(outcome),
        vars(outcome.repeats),
        without_copies(outcome),
        outside_told(model, judged),
        class_curve_told(model, X, Y, unseen, judged, generator),
        training_told(history, best_epoch),
        sample_told(outcome, generator),
    )


def target_name(model: AnyModel) -> str:
    """The column of labels that `fitnet fit` made the model of; "the class" where that is not known."""
    name = model.provenance.get("target")
    return name if isinstance(name, str) and name else "the class"


def majority_in(outcome: ClassOutcome) -> int:
    """The place of the class that is most frequent among the rows that the baselines were fitted to."""
    return int(outcome.comparison.probabilities[MAJORITY].mean(axis=0).argmax())


def region_told(outcome: ClassOutcome) -> dict[str, Any] | None:
    """Where the log loss is clearly larger; None where that is nowhere, or where most of the rows are."""
    found = region_of(outcome.judged, outcome.columns, outcome.losses)
    return found if found and 2 * found["rows"] < len(outcome.codes) else None


def without_copies(outcome: ClassOutcome) -> dict[str, float] | None:
    """Accuracy and log loss on rows that have not the inputs of a training row; None where all or none have."""
    copies = outcome.copies
    if copies is None or not copies.any() or copies.all():
        return None
    return {"accuracy": float(outcome.right[~copies].mean()), "log_loss": float(outcome.losses[~copies].mean())}


def sample_told(outcome: ClassOutcome, generator: np.random.Generator) -> dict[str, Any]:
    """The numbers of some of the judged rows, which the profiler shows."""
    places = outcome.judged.places
    most = min(MOST_SAMPLED, MOST_NUMBERS // (len(outcome.columns) + 1))
    if len(places) > most:
        places = np.sort(generator.choice(places, most, replace=False))
    return {"rows": places + 1}
