"""Unseen rows: which rows of a table a model was not trained on, as far as its provenance and its folds tell.

Shapes: X (n, k), inputs as numbers, words encoded and gaps NaN; Y (n, m), of classes the codes (n, 1), as numbers;
predictions (n, m), folds (n,).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fitnet.algorithm.classes import targets_of
from fitnet.arguments import DTYPES, Array
from fitnet.evaluation.known_rows import share_known
from fitnet.fitting.splits import BlockSplit, kept_apart, kept_apart_by_class
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.rows import Rows, RowSource, data_digest, table_digest

NEW, KEPT_OUT, OUT_OF_FOLD, SEEN = "new", "kept out", "out of fold", "seen"
COMPARED_ROWS = 200  # whose predictions show that folds belong to a table
FAR_APART = 0.5  # of the predictions' spread; twins of a member are closer, and those of other rows are not
MOSTLY_KNOWN = 0.5  # the share of known rows from which on a table counts as that of the training


@dataclass(frozen=True, eq=False)
class UnseenRows:
    """The rows of a table to judge a model by, and those that it was trained on.

    Attributes
    ----------
    judged_by
        "new": the table is not the one the model was trained on; "kept out": they were kept out of the training;
        "out of fold": every row is judged by members that did not see it; "seen": it saw all of them, and they tell
        nothing about new rows.
    judged
        (J,), places of rows, ascending.
    training
        (T,), likewise; none where the table holds none.
    folds
        (n,): of every row the fold, of those out of fold; else None.
    """

    judged_by: str
    judged: Array
    training: Array
    folds: Array | None = None


def unseen_rows(
    model: AnyModel, X: Rows, Y: Rows, oof_prediction: Array | None = None, folds: Array | None = None
) -> UnseenRows:
    """Which rows of X and Y the model did not see.

    Parameters
    ----------
    oof_prediction, folds
        Of an ensemble's training rows, NaN where no member was kept from a row; they count where they are of these
        rows, by what the ensemble's members predict for some of them.
    """
    n = X.shape[0]
    everything, nothing = np.arange(n), np.arange(0)
    if oof_prediction is not None and folds is not None and are_of(model, X, oof_prediction, folds):
        judged = np.flatnonzero(np.isfinite(oof_prediction).all(axis=1))
        return UnseenRows(OUT_OF_FOLD, judged, everything, folds)
    if model.provenance.get("table_sha256") == table_digest(X, Y):
        training, kept_out = parted_again(model, X, Y)
        if len(kept_out):
            return UnseenRows(KEPT_OUT, kept_out, training)
        return UnseenRows(SEEN, everything, everything)
    if is_training_data(model, X, Y) or share_known(model, X) > MOSTLY_KNOWN:
        return UnseenRows(SEEN, everything, everything)
    return UnseenRows(NEW, everything, nothing)


def are_of(model: AnyModel, X: Rows, oof_prediction: Array, folds: Array) -> bool:
    """Whether the predictions out of fold are those of the ensemble for these rows."""
    if not isinstance(model, Ensemble) or model.folds is None or isinstance(X, RowSource):
        return False
    there = np.flatnonzero(np.isfinite(oof_prediction).all(axis=1))
    if len(oof_prediction) != len(X) or len(folds) != len(X) or not len(there):
        return False
    some = there[:: -(-len(there) // COMPARED_ROWS)]
    given, own = oof_prediction[some], folds[some]
    if own.max() > max(model.folds):
        return False
    again = model.fold_predictions(X[some])[own, np.arange(len(some))]
    with np.errstate(over="ignore", invalid="ignore"):
        apart, spread = ((again - given) ** 2).mean(axis=0), given.var(axis=0)
        return bool(np.all((apart <= FAR_APART**2 * spread) | np.isclose(again, given).all(axis=0)))


def parted_again(model: AnyModel, X: Rows, Y: Rows) -> tuple[Array, Array]:
    """The rows of its whole table that a model was trained on, and those kept out: drawn again from its seed.

    The digest of the training rows tells whether single rows or blocks of them were kept out. No rows are kept out, as
    far as is known, where neither has it.
    """
    kept = model.provenance
    fraction, seed = kept.get("test_fraction"), kept.get("seed")
    if isinstance(fraction, int | float) and 0 < fraction < 1 and isinstance(seed, int) and seed >= 0:
        for training, kept_out, digest in possible_splits(model, X, Y, float(fraction), seed):
            if digest == kept.get("data_sha256"):
                return training, kept_out
    return np.arange(X.shape[0]), np.arange(0)


def possible_splits(
    model: AnyModel, X: Rows, Y: Rows, fraction: float, seed: int
) -> Iterator[tuple[Array, Array, str]]:
    """Rows for training, rows kept out and the digest of the former: of single rows, and of blocks."""
    n = X.shape[0]
    if model.classes is not None:
        if not isinstance(X, RowSource) and not isinstance(Y, RowSource):
            targets = targets_of(Y[:, 0], len(model.classes))
            training, kept_out = kept_apart_by_class(targets, fraction, np.random.default_rng(seed))
            yield training, kept_out, data_digest(*trained(model, X[training], Y[training]))
        return
    blocks = BlockSplit.of(n, fraction, np.random.default_rng(seed))
    trains = np.repeat(blocks.trains, blocks.ends - blocks.starts)
    places = np.flatnonzero(trains), np.flatnonzero(~trains)
    if isinstance(X, RowSource) or isinstance(Y, RowSource):
        if isinstance(X, RowSource) and isinstance(Y, RowSource):
            yield *places, data_digest(blocks.training(X), blocks.training(Y))
        return
    for training, kept_out in (kept_apart(n, fraction, np.random.default_rng(seed)), places):
        yield training, kept_out, data_digest(*trained(model, X[training], Y[training]))


def trained(model: AnyModel, X: Array, Y: Array) -> tuple[Array, Array]:
    """Rows in memory as the training had them: with gaps filled in, and probabilities for classes."""
    completed = X if model.imputation is None else model.imputation.completed("X", X)
    if model.classes is not None:
        Y = targets_of(Y[:, 0], len(model.classes))
    return np.ascontiguousarray(completed), np.ascontiguousarray(Y)


def is_training_data(model: AnyModel, X: Rows, Y: Rows) -> bool:
    """Whether an estimator was fitted to these rows, as float32 or float64 and without weights."""
    digest = model.provenance.get("data_sha256")
    if digest is None or model.provenance.get("rows") != X.shape[0]:
        return False
    if isinstance(X, RowSource) or isinstance(Y, RowSource):
        return bool(data_digest(X, Y) == digest)
    X, Y = trained(model, X, Y)
    kinds = [(inputs, targets) for inputs in DTYPES for targets in DTYPES]
    with np.errstate(over="ignore"):
        return any(data_digest(X.astype(one), Y.astype(other)) == digest for one, other in kinds)
