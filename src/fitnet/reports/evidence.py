"""Evidence: what is known of a training beside the model, from the estimator or the command that ran it."""

from dataclasses import dataclass
from typing import Any

from fitnet.arguments import Array
from fitnet.training.history import History


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a report can use beside a model and rows.

    Attributes
    ----------
    oof_prediction, folds
        Predictions (n, m) or (n,), of classes probabilities (n, K), for the training rows by networks that did not see
        them, and the rows' folds (n,).
    history, best_epoch
        Of a network's training.
    left_out
        How many rows of the table were left out for missing values.
    """

    oof_prediction: Array | None = None
    folds: Array | None = None
    history: History | None = None
    best_epoch: int | None = None
    left_out: int = 0

    @classmethod
    def of(cls, estimator: Any) -> "Evidence":
        """What a fitted estimator knows; nothing where it is a model."""
        known = ("oof_prediction_", "oof_probability_", "folds_", "history_", "best_epoch_")
        of_numbers, of_classes, folds, history, best_epoch = (getattr(estimator, name, None) for name in known)
        oof_prediction = of_classes if of_numbers is None else of_numbers
        return cls(oof_prediction, folds, history, best_epoch)
