"""Held-out rows of classes: a table parted into rows to train on and rows to judge by, each class in proportion.

Shapes: X (n, p), codes (n,): the place of every row's class among K; targets (n, K), or (n, 1) for two classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitnet.algorithm.classes import Label, targets_of
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.evaluation import ClassBaselines
from fitnet.fitting.splits import kept_apart_by_class
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import Categories, table_digest


@dataclass(frozen=True, eq=False)
class HeldOutClasses:
    """A table of which some rows are kept out of training.

    Attributes
    ----------
    training
        The rows to train on, with probabilities for targets.
    X, codes
        The rows kept out, perhaps none.
    baselines
        Those of the training rows.
    table_sha256
        The digest of the whole table.
    """

    training: TrainingRows
    X: Array
    codes: Array
    baselines: ClassBaselines
    table_sha256: str


def classes_held_out(
    X: Array,
    codes: Array,
    classes: Sequence[Label],
    fraction: float,
    generator: np.random.Generator,
    *,
    imputes: bool = False,
    categories: Categories | None = None,
) -> HeldOutClasses:
    """Keep this fraction of the rows out, of every class its share; else as `held_out`.

    Raises
    ------
    ArgumentValueError
        If no row of a class would be left for training, or only gaps in a column.
    """
    Y = targets_of(codes.astype(np.float64), len(classes))
    training, kept_out = kept_apart_by_class(Y, fraction, generator)
    counts = np.bincount(codes[training], minlength=len(classes))
    if counts.min() == 0:
        raise ArgumentValueError(
            f"`test_fraction` is {fraction:g} and leaves no row of the class {classes[int(counts.argmin())]!r} for "
            "training; it must be less.",
            "test_fraction",
        )
    if categories is not None:
        wider, categories = categories, categories.seen_in(X[training])
        X = np.ascontiguousarray(X[:, categories.inputs_in(wider)])
    if imputes:
        rows = TrainingRows.imputed(X[training], Y[training], categories=categories)
    else:
        rows = TrainingRows(X, Y, categories=categories).part(training)
    baselines = ClassBaselines.fitted(np.asarray(rows.X), codes[training], len(classes))
    digest = table_digest(X, codes.astype(np.float64)[:, np.newaxis])
    return HeldOutClasses(rows, X[kept_out], codes[kept_out], baselines, digest)
