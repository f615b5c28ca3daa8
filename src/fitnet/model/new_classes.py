"""What an ensemble says of the classes of new rows, by what rows out of fold were told of theirs.

Shapes: X (n, p), probabilities and sets (n, K).
"""

from typing import TYPE_CHECKING, Any

from fitnet.arguments import Array, true_or_false
from fitnet.errors import ArgumentValueError
from fitnet.uncertainty.class_sets import class_sets

if TYPE_CHECKING:
    from fitnet.model.ensemble import AnyModel, Ensemble


def predict_set(ensemble: "Ensemble", X: Any, coverage: float = 0.9, *, never_empty: bool = False) -> Array:
    """Which classes each row of X may have: bool, (n, K) in the order of `classes`.

    Of new rows like those in training this share has its class in its set, on average over all rows, not at each; the
    sets are the smallest that do (Sadinle, Lei and Wasserman 2019). Where more rows than asked for are told right, the
    sets of rows that are least like any class are empty.

    Parameters
    ----------
    X
        As for `predict`.
    coverage
        Above 0, and as much as the training rows allow.
    never_empty
        Put the likeliest class into empty sets; then more rows than asked for have theirs in them.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the ensemble has no `class_scores`, or an argument is anything else.
    """
    scores_of(ensemble, "predict_set")
    return sets_among(ensemble, ensemble.predict(X), coverage, never_empty)


def sets_among(
    model: "AnyModel", probabilities: Array, coverage: float, never_empty: bool = False, asked: str = "coverage"
) -> Array:
    """The sets, (n, K) bool, where the model gives these probabilities; `asked` is what errors call the coverage.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        As `predict_set`.
    """
    never_empty = true_or_false("never_empty", never_empty)
    return class_sets(probabilities, scores_of(model, asked), coverage, never_empty, asked)


def scores_of(model: "AnyModel", asked: str) -> Array:
    """The model's class scores, which must be there."""
    if model.classes is None:
        raise ArgumentValueError(
            f"`{asked}` asks for sets of classes, and the model predicts numbers, whose intervals say as much; it must "
            "be left out.",
            asked,
        )
    scores: Array | None = getattr(model, "class_scores", None)
    if scores is None:
        raise ArgumentValueError(
            f"`{asked}` needs what rows out of fold were told of their class, and this model keeps none of it; an "
            "ensemble that chose itself does, as AutoClassifier and `fitnet fit` make it.",
            asked,
        )
    return scores
