"""How far rows lie outside the domain of an ensemble's training inputs, and in which input.

Shapes: X (n, p).
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, matrix
from fitnet.errors import ArgumentValueError
from fitnet.model.given_rows import by_name, rows_to_predict
from fitnet.uncertainty.domain import Domain

if TYPE_CHECKING:
    from fitnet.model.ensemble import Ensemble

MOST_SCORED = 1000  # rows outside of which the farthest is sought, for a score takes time


def domain_score(ensemble: "Ensemble", X: Any) -> Array:
    """How far outside the training inputs rows are, (n,): 0 or more, above 1 outside, as `Domain.score` says.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the ensemble has no `domain`, or for `X` as by `predict`.
    """
    return domain_of(ensemble, "domain_score").score(completed_rows(ensemble, X))


def outside(ensemble: "Ensemble", X: Any) -> Array:
    """Which rows lie clearly outside the training inputs, so that predictions there are guesses: (n,) bool.

    The rule is `Domain.outside`'s, and takes far less time than scores. Errors are those of `domain_score`.
    """
    return domain_of(ensemble, "outside").outside(inputs_of(ensemble, X))


def worst_input(ensemble: "Ensemble", X: Any) -> str:
    """The name of the input that takes the row with the largest score furthest outside; of words the column's own.

    Errors are those of `domain_score`.
    """
    domain, rows = domain_of(ensemble, "worst_input"), completed_rows(ensemble, X)
    worst = int(domain.score(rows).argmax())
    return name_of_input(ensemble, int(domain.worst_column(rows[worst : worst + 1])[0]))


def farthest(ensemble: "Ensemble", rows: Array) -> tuple[float, int, str]:
    """Of rows as the networks' inputs the largest score, which row has it, and the input that takes it outside.

    Of very many rows it is sought among those furthest beyond the ranges.
    """
    domain, numbers = domain_of(ensemble, "farthest"), np.arange(len(rows))
    if len(rows) > MOST_SCORED:
        beyond = domain.beyond_ranges(rows).max(axis=1)
        numbers = np.sort(np.argsort(-beyond, kind="stable")[:MOST_SCORED])
    scores = domain.score(rows[numbers])
    worst = int(numbers[scores.argmax()])
    place = int(domain.worst_column(rows[worst : worst + 1])[0])
    return float(scores.max()), worst, name_of_input(ensemble, place)


def name_of_input(ensemble: "Ensemble", place: int) -> str:
    """Of an input by its place; of words the column's own."""
    categories = ensemble.categories
    if categories is not None and place < categories.columns:
        return next(name for name, at in zip(categories.names, categories.places, strict=True) if place < at.stop)
    return ensemble.input_names[place]


def inputs_of(ensemble: "Ensemble", X: Any) -> Array:
    """X as the networks' inputs, (n, p), in float64, whether or not the networks can hold them."""
    names = ensemble.input_names
    return matrix("X", by_name("X", ensemble.completed(X), names), FLOAT64, len(names))


def completed_rows(ensemble: "Ensemble", X: Any) -> Array:
    """X as the inputs that the members' networks see, before any scaling: (n, p)."""
    return rows_to_predict(ensemble.members, ensemble.completed(X))


def domain_of(ensemble: "Ensemble", asked: str) -> Domain:
    """The ensemble's, which must be there."""
    if ensemble.domain is None:
        raise ArgumentValueError(
            f"`{asked}` needs the domain of the training inputs and the ensemble has none: give it `domain`, "
            "Domain.of(X, generator).",
            asked,
            "domain",
        )
    return ensemble.domain
