"""The outcome of judging a model of classes: errors, comparisons, reliability, importance and rows that repeat.

Shapes: J judged rows of K classes, g given inputs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fitnet.arguments import Array
from fitnet.evaluation import ClassErrors
from fitnet.evaluation.class_errors import row_losses
from fitnet.evaluation.classification import NETWORK
from fitnet.evaluation.permutation_importance import Importance
from fitnet.evaluation.reliability import Reliability
from fitnet.evaluation.repeated_labels import RepeatedLabels
from fitnet.fitting.unseen_rows import UnseenRows
from fitnet.model.ensemble import AnyModel
from fitnet.reports.class_comparison import ClassComparison, Difference, codes_in, differences
from fitnet.reports.copies import copies_of_training
from fitnet.reports.given_inputs import GivenInput
from fitnet.reports.judged_rows import JudgedRows
from fitnet.reports.measured import MOST_COMPARED, importance_of
from fitnet.reports.taken_rows import completed, taken
from fitnet.rows import Rows


@dataclass(frozen=True, eq=False)
class ClassOutcome:
    """What was measured on the judged rows.

    Attributes
    ----------
    codes
        (J,): the place of every row's class.
    errors
        By what gave the probabilities.
    differences
        By what the model is compared with, in "log_loss" and "wrong"; empty of rows that were seen.
    importance, importance_rows
        Of the given inputs, in log loss, and by how many rows.
    copies
        (J,) bool: rows with the inputs of a training row; None where these are not known.
    repeats
        Of the whole table, or of many of its rows.
    """

    judged: JudgedRows
    codes: Array
    columns: Sequence[GivenInput]
    comparison: ClassComparison
    errors: Mapping[str, ClassErrors]
    differences: Mapping[str, Mapping[str, Difference]]
    reliability: Reliability
    importance: Importance
    importance_rows: int
    copies: Array | None
    repeats: RepeatedLabels

    @property
    def probabilities(self) -> Array:
        """(J, K): the model's."""
        return self.judged.prediction

    @cached_property
    def truths(self) -> Array:
        """(J,): the probability of every row's own class."""
        return self.probabilities[np.arange(len(self.codes)), self.codes]

    @cached_property
    def losses(self) -> Array:
        """(J,): -log of these."""
        return row_losses(self.probabilities, self.codes)

    @cached_property
    def right(self) -> Array:
        """(J,) bool: whether the likeliest class is the row's."""
        found: Array = self.probabilities.argmax(axis=1) == self.codes
        return found

    @classmethod
    def of(
        cls,
        model: AnyModel,
        X: Rows,
        Y: Rows,
        unseen: UnseenRows,
        judged: JudgedRows,
        columns: Sequence[GivenInput],
        generator: np.random.Generator,
        say: Callable[[str], None],
    ) -> "ClassOutcome":
        """That of the judged rows of a table; `say` is told of every part before it is computed."""
        codes = codes_in(judged.Y)
        say("fitting the baselines")
        comparison = ClassComparison.of(model, X, Y, unseen, judged, generator)
        probabilities = comparison.probabilities
        say("comparing probabilities with what came true")
        own = probabilities[NETWORK]
        reliability = Reliability.of(own.max(axis=1), own.argmax(axis=1) == codes, generator)
        say("shuffling the inputs")
        importance, rows = importance_of(judged, columns, generator, mean_log_loss)
        say("looking for rows that repeat")
        return cls(
            judged,
            codes,
            columns,
            comparison,
            {by: ClassErrors.of(each, codes) for by, each in probabilities.items()},
            differences(probabilities, codes) if judged.unseen else {},
            reliability,
            importance,
            rows,
            copies_of_training(X, unseen, judged),
            repeats_in(model, X, Y, generator),
        )


def mean_log_loss(probabilities: Array, Y: Array) -> Array:
    """(1,): that of probabilities for rows of these codes (n, 1)."""
    return np.array([row_losses(probabilities, codes_in(Y)).mean()])


def repeats_in(model: AnyModel, X: Rows, Y: Rows, generator: np.random.Generator) -> RepeatedLabels:
    """Of the table's rows with their gaps filled in or, of very many, of some of them."""
    n = X.shape[0]
    places = np.arange(n) if n <= MOST_COMPARED else np.sort(generator.choice(n, MOST_COMPARED, replace=False))
    return RepeatedLabels.of(completed(model, taken(X, places)), codes_in(taken(Y, places)))
