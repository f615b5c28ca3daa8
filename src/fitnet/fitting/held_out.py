"""Held-out rows: a table parted into rows to train on and rows to judge by, and what one pass over it tells.

Shapes: X (n, p), Y (n, m).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np

from fitnet.algorithm.losses import Loss, Poisson
from fitnet.algorithm.target_transform import LogTransform
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.evaluation import Baselines
from fitnet.fitting.splits import BlockSplit, kept_apart
from fitnet.fitting.training_rows import Gathered, TrainingRows
from fitnet.rows import (
    Categories,
    ColumnStatistics,
    EncodedSource,
    Rows,
    RowSource,
    canonical,
    data_heading,
    rows_a_chunk,
    table_digest,
    table_heading,
)


@dataclass(frozen=True, eq=False)
class HeldOut:
    """A table of which some rows are kept out of training.

    Attributes
    ----------
    training
        The rows to train on.
    X, Y
        The rows kept out, perhaps none.
    baselines
        Those of the training rows.
    table_sha256
        The digest of the whole table.
    lowest_targets
        (m,), of the whole table.
    """

    training: TrainingRows
    X: Rows
    Y: Rows
    baselines: Baselines
    table_sha256: str
    lowest_targets: Array

    def check_loss_takes(self, loss: Loss, target_names: Sequence[str]) -> None:
        """Refuse targets that the loss is not made for, by their column and as the table has them."""
        if isinstance(loss, Poisson) and self.lowest_targets.min() < 0:
            name = target_names[int(self.lowest_targets.argmin())]
            raise ArgumentValueError(
                f"`loss` is 'poisson' and column {name!r} holds {self.lowest_targets.min():g}; its targets must be at "
                "least 0.",
                "loss",
            )

    def check_transform_takes(self, transform: Any, target_names: Sequence[str]) -> None:
        """Refuse targets that are not above the transform's lower bounds, likewise; "auto" and None take any."""
        if not isinstance(transform, LogTransform):
            return
        bounds = transform.bounds(len(target_names))
        for name, lowest, bound in zip(target_names, self.lowest_targets.tolist(), bounds.tolist(), strict=True):
            if lowest <= bound:
                raise ArgumentValueError(
                    f"`target_transform` is 'log' and column {name!r} holds {lowest:g}; its targets must be above "
                    f"{bound:g}, the lower bound.",
                    "target_transform",
                )


def held_out(
    X: Rows,
    Y: Rows,
    fraction: float,
    generator: np.random.Generator,
    *,
    imputes: bool = False,
    categories: Categories | None = None,
) -> HeldOut:
    """Keep this fraction of the rows out: single rows in memory, whole blocks of rows that stay in a file.

    A file is read once, its targets once more: the digest takes them after the inputs. Where gaps of X are imputed, it
    is by the rows to train on; the rows kept out stay as they are. Levels of words that no row to train on has are no
    inputs any more; a file is then read once more.

    Raises
    ------
    ArgumentValueError
        If no row would be left for training, or only gaps in a column of them.
    TableError
        If a value in the file is missing or not a finite number.
    """
    if isinstance(X, RowSource) and isinstance(Y, RowSource):
        return blocks_held_out(X, Y, BlockSplit.of(X.shape[0], fraction, generator), categories)
    assert isinstance(X, np.ndarray) and isinstance(Y, np.ndarray)
    training, kept_out = kept_apart(len(X), fraction, generator)
    if categories is not None:
        wider, categories = categories, categories.seen_in(X[training])
        X = np.ascontiguousarray(X[:, categories.inputs_in(wider)])
    if imputes:
        rows = TrainingRows.imputed(X[training], Y[training], categories=categories)
    else:
        rows = TrainingRows(X, Y, categories=categories).part(training)
    assert isinstance(rows.X, np.ndarray) and isinstance(rows.Y, np.ndarray)
    baselines = Baselines.of_checked(rows.X, rows.Y, rows.inputs(), rows.targets())
    return HeldOut(rows, X[kept_out], Y[kept_out], baselines, table_digest(X, Y), Y.min(axis=0))


def blocks_held_out(X: RowSource, Y: RowSource, split: BlockSplit, categories: Categories | None = None) -> HeldOut:
    """As `held_out`, for rows that stay in a file, of which the split's blocks are kept out."""
    training_X, training_Y = split.training(X), split.training(Y)
    table, data = sha256(table_heading(X)), sha256(data_heading(training_X))
    lowest, joint = np.full(Y.shape[1], np.inf), None
    for start, stop, trains in pieces(split, X.shape[1] + Y.shape[1]):
        inputs, targets = X.read(start, stop), Y.read(start, stop)
        table.update(canonical(inputs))
        lowest = np.minimum(lowest, targets.min(axis=0))
        if trains:
            data.update(inputs.data)
            part = ColumnStatistics.of_array(np.hstack([inputs, targets]), products=True)
            joint = part if joint is None else joint.joined(part)
    table.update(table_heading(Y))
    data.update(data_heading(training_Y))
    for start, stop, trains in pieces(split, Y.shape[1]):
        targets = Y.read(start, stop)
        table.update(canonical(targets))
        if trains:
            data.update(targets.data)
    assert joint is not None  # a split leaves rows to train on
    p = X.shape[1]
    if categories is not None and isinstance(X, EncodedSource):
        seen = categories.seen_in(joint.ranges[1:, :p])
        if seen != categories:
            return blocks_held_out(X.with_levels(seen), Y, split, seen)
    known = Gathered(joint.of_columns(slice(p)), joint.of_columns(slice(p, None)), data.hexdigest())
    training = TrainingRows(training_X, training_Y, gathered=known, categories=categories)
    baselines = Baselines.from_statistics(joint, p)
    return HeldOut(training, split.kept_out(X), split.kept_out(Y), baselines, table.hexdigest(), lowest)


def pieces(split: BlockSplit, columns: int) -> Iterator[tuple[int, int, bool]]:
    """Every block's rows in order, as many as are read at once: the first, the one behind the last, for training."""
    step = rows_a_chunk(columns)
    for begin, end, trains in zip(split.starts.tolist(), split.ends.tolist(), split.trains.tolist(), strict=True):
        for start in range(begin, end, step):
            yield start, min(start + step, end), trains
