"""Class errors: how good probabilities of classes are, in four numbers, and which class is taken for which.

Shapes: probabilities (n, K), codes (n,): the place of every row's class.
"""

from dataclasses import asdict, dataclass

import numpy as np

from fitnet.arguments import Array

BINS = 15  # of equal width, into which the likeliest class's probabilities are put
LEAST = float(np.finfo(np.float64).eps)  # what a smaller probability counts as in the log loss, as in scikit-learn


@dataclass(frozen=True)
class ClassErrors:
    """Four measures of probabilities.

    Attributes
    ----------
    accuracy
        The share of rows whose class is the likeliest one.
    log_loss
        Mean of -log(p of the row's class), probabilities bounded at 2.2e-16 and 1 less that.
    brier
        Mean squared distance of the probabilities from 1 for the row's class and 0 for the others, summed over the
        classes (Brier 1950) and, of two classes, halved: that of the second class's probability.
    calibration_error
        Sum over 15 bins of the likeliest class's probability, of the bin's share of the rows times the distance of its
        accuracy from its mean probability (Naeini et al. 2015; Guo et al. 2017, eq. 3).
    """

    accuracy: float
    log_loss: float
    brier: float
    calibration_error: float

    @classmethod
    def of(cls, probabilities: Array, codes: Array) -> "ClassErrors":
        """Those of probabilities for rows of these classes, of which there is one or more."""
        likeliest = probabilities.argmax(axis=1)
        distances = probabilities - np.eye(probabilities.shape[1])[codes]
        halves = 0.5 if probabilities.shape[1] == 2 else 1.0
        return cls(
            float(np.mean(likeliest == codes)),
            float(row_losses(probabilities, codes).mean()),
            float(halves * (distances**2).sum(axis=1).mean()),
            calibration_error(probabilities.max(axis=1), likeliest == codes),
        )

    def as_dict(self) -> dict[str, float]:
        """The measures by name."""
        return asdict(self)


def row_losses(probabilities: Array, codes: Array) -> Array:
    """(n,): -log(p of the row's class)."""
    losses: Array = -np.log(np.clip(probabilities[np.arange(len(codes)), codes], LEAST, 1 - LEAST))
    return losses


def calibration_error(confidence: Array, right: Array) -> float:
    """That of the likeliest classes' probabilities (n,), in bins open on the left, which came true where `right`."""
    gaps = np.bincount(bins_of(confidence), weights=right - confidence, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


def bins_of(confidence: Array) -> Array:
    """(n,): the place of every probability's bin, from 0 to 14."""
    bins: Array = np.clip(np.ceil(confidence * BINS).astype(int) - 1, 0, BINS - 1)
    return bins


def confusion_matrix(probabilities: Array, codes: Array) -> Array:
    """(K, K), whole numbers: how many rows of the class of a line have the class of a column for their likeliest."""
    n_classes = probabilities.shape[1]
    pairs = codes * n_classes + probabilities.argmax(axis=1)
    counts: Array = np.bincount(pairs, minlength=n_classes**2).reshape(n_classes, n_classes)
    return counts
