"""How far rows lie outside the domain of an ensemble's training inputs, and in which input.

Shapes: X (n, p).
"""

from typing import TYPE_CHECKING, Any

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.model.given_rows import rows_to_predict
from fitnet.uncertainty.domain import Domain

if TYPE_CHECKING:
    from fitnet.model.ensemble import Ensemble


def domain_score(ensemble: "Ensemble", X: Any) -> Array:
    """How far outside the training inputs rows are, (n,): 0 or more, above 1 outside, as `Domain.score` says.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the ensemble has no `domain`, or for `X` as by `predict`.
    """
    return domain_of(ensemble, "domain_score").score(completed_rows(ensemble, X))


def worst_input(ensemble: "Ensemble", X: Any) -> str:
    """The name of the input that takes the row with the largest score furthest outside; of words the column's own.

    Errors are those of `domain_score`.
    """
    domain, rows = domain_of(ensemble, "worst_input"), completed_rows(ensemble, X)
    worst = int(domain.score(rows).argmax())
    place = int(domain.worst_column(rows[worst : worst + 1])[0])
    categories = ensemble.categories
    if categories is not None and place < categories.columns:
        return next(name for name, at in zip(categories.names, categories.places, strict=True) if place < at.stop)
    return ensemble.input_names[place]


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
