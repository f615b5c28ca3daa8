"""Facts: all that a report says of how well a model meets the truth, and on which rows; the page only draws them.

Shapes: inputs X as numbers (n, k), words encoded and gaps NaN; Y (n, m).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.evaluation import outside_of
from fitnet.fitting.unseen_rows import UnseenRows, unseen_rows
from fitnet.model.ensemble import AnyModel
from fitnet.reports.class_outcome import ClassOutcome
from fitnet.reports.curve import curve_told
from fitnet.reports.given_inputs import given_inputs
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.outcome import Outcome
from fitnet.reports.plain import plain
from fitnet.reports.target_facts import sample_told, target_facts, together_told
from fitnet.rows import Rows

MOST_EPOCHS = 500  # of a history, in the facts


@dataclass(frozen=True, eq=False)
class ReportFacts:
    """What a report tells, as JSON can hold it; docs/how-to/report.md says what every entry is.

    Attributes
    ----------
    rows
        Which rows the model is judged by, and how many.
    inputs
        The columns as users give them: name, unit, and levels of words.
    targets
        A dict for every target; of more than 12 targets the 12 worst.
    together
        All targets together, where there are several; else None.
    outside
        How many of the judged rows lie outside the domain.
    learning_curve, training
        None where they are not known.
    sample
        Some of the judged rows, for pictures.
    """

    rows: Mapping[str, Any]
    inputs: Sequence[Mapping[str, Any]]
    targets: Sequence[Mapping[str, Any]]
    together: Mapping[str, Any] | None
    outside: Mapping[str, Any]
    learning_curve: Mapping[str, Any] | None
    training: Mapping[str, Any] | None
    sample: Mapping[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """All of it in dicts, lists, text, numbers and None."""
        found: dict[str, Any] = plain(self)
        return found


def report_facts(
    model: AnyModel,
    X: Rows,
    Y: Rows,
    *,
    oof_prediction: Any = None,
    folds: Any = None,
    history: Any = None,
    best_epoch: int | None = None,
    numbers: Any = None,
    left_out: int = 0,
    generator: np.random.Generator | None = None,
    progress: Callable[[str], None] | None = None,
) -> ReportFacts:
    """All facts about a model on a table.

    Parameters
    ----------
    model
        A `Model` or an `Ensemble`.
    X, Y
        Rows as `given_rows` gives them.
    oof_prediction, folds
        Of an `AutoRegressor`: its predictions out of fold, (n, m) or (n,), and the fold of each row, (n,). They count
        where the table is the one that it was fitted to.
    history, best_epoch
        Of a network's training, where they are at hand.
    numbers
        (n,): the rows' numbers in the table, from 1; 1 to n unless given.
    left_out
        How many rows of the table are not among these for a missing value.
    generator
        Draws samples, shuffles and the bootstrap; a fixed one unless given.
    progress
        Is told what is done next, in a few words.
    """
    if oof_prediction is not None:
        oof_prediction = np.asarray(oof_prediction, FLOAT64).reshape(-1, Y.shape[1])
        folds = np.asarray(folds)
    numbers = np.arange(1, Y.shape[0] + 1) if numbers is None else np.asarray(numbers)
    generator = np.random.default_rng(0) if generator is None else generator
    say = progress or (lambda what: None)
    say("finding the rows that the model did not see")
    unseen = unseen_rows(model, X, Y, oof_prediction, folds)
    judged = JudgedRows.of_table(model, X, Y, unseen, oof_prediction, generator)
    columns = given_inputs(model)
    outcome = Outcome.of(model, X, Y, unseen, judged, columns, generator, say)
    say("fitting a small network to more and more rows")
    return ReportFacts(
        rows_told(unseen, outcome, X, left_out),
        [each.as_dict() for each in columns],
        [target_facts(outcome, place, numbers) for place in range(len(outcome.shown))],
        together_told(outcome),
        outside_told(model, judged),
        curve_told(model, X, Y, unseen, judged, outcome.shown, generator),
        training_told(history, best_epoch),
        sample_told(outcome, numbers, generator),
    )


def rows_told(unseen: UnseenRows, outcome: Outcome | ClassOutcome, X: Rows, left_out: int) -> dict[str, Any]:
    """Which rows the model is judged by, and how many."""
    judged = outcome.judged
    n = len(judged.places)
    return {
        "judged_by": judged.judged_by,
        "n": n,
        "table": X.shape[0],
        "training": len(unseen.training) or judged.model.provenance.get("training_rows"),
        "left_out": left_out,
        "copies": None if outcome.copies is None else int(outcome.copies.sum()),
        "baselines_from": outcome.comparison.baselines_from,
        "boosted_rows": outcome.comparison.boosted_rows,
        "importance_rows": outcome.importance_rows,
        "importance_repeats": outcome.importance.repeats,
        "sampled": None if n == judged.of else {"of": judged.of},
    }


def outside_told(model: AnyModel, judged: JudgedRows) -> dict[str, Any]:
    """How many of the judged rows lie outside what the model knows, and in which input most of them do."""
    outside = outside_of(model, judged.X)
    share = None if outside.rows is None else outside.rows / len(judged.places)
    return {"rows": outside.rows, "share": share, "worst_input": outside.as_dict()["column"], "beyond": outside.beyond}


def training_told(history: Any, best_epoch: int | None) -> dict[str, Any] | None:
    """The losses of every epoch, of a long training of some of them."""
    if history is None or not history.loss:
        return None
    epochs = history.epochs
    chosen = np.unique(np.linspace(0, epochs - 1, min(epochs, MOST_EPOCHS)).round().astype(int)).tolist()
    watched = history.validation_loss
    return {
        "epoch": [place + 1 for place in chosen],
        "loss": [history.loss[place] for place in chosen],
        "validation_loss": [watched[place] for place in chosen] if watched else None,
        "best_epoch": best_epoch,
    }
