"""Arguments of `train`, checked: what cannot be trained on, with or by is refused in one sentence.

Shapes: X (n, p), Y (n, m), weights (n,) or None.
"""

from typing import Any

import numpy as np

from fitnet.algorithm.links import loss_at
from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, counted, instance_of, matrix, real_number, row_weights, whole_number
from fitnet.engine import Engine, Validation
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import (
    ArrayRows,
    CheckedRows,
    Inputs,
    PiecewiseRows,
    Rows,
    RowSource,
    features_of,
    is_spread,
    relative_weights,
    row_chunks,
)
from fitnet.training.checkpoint import Checkpoint
from fitnet.training.chunked_epoch import chunk_rows


def checked_objective(
    network: Network, loss: Loss, X: Any, Y: Any, weights: Any, alpha: Any, dtype: np.dtype[Any], engine: Engine
) -> Objective:
    """The objective on these rows, once they are seen to fit the network, the loss and each other."""
    X, Y = training_rows(X, Y, network, loss, dtype)
    weights, unit = checked_weights("weights", weights, dtype, X.shape[0])
    return Objective(engine, network, loss, X, Y, weights, real_number("alpha", alpha, 0), unit)


def checked_weights(name: str, weights: Any, dtype: np.dtype[Any], n: int) -> tuple[Array | None, float]:
    """The weights (n,) relative to each other, in `dtype`, and their unit; None and 1 where there are none."""
    if weights is None:
        return None, 1.0
    relative, unit = relative_weights(row_weights(name, weights, FLOAT64, n))
    return relative.astype(dtype), unit


def training_rows(X: Any, Y: Any, network: Network, loss: Loss, dtype: np.dtype[Any]) -> tuple[Inputs, Rows]:
    """X and Y, checked: both arrays, or both to be read in chunks."""
    X = data_rows("X", X, dtype, network.n_inputs)
    Y = data_rows("Y", Y, dtype, network.n_outputs)
    if X.shape[0] != Y.shape[0]:
        raise ArgumentValueError(
            f"`X` has {X.shape[0]} rows and `Y` has {Y.shape[0]}; they must have equally many.", "X", "Y"
        )
    if isinstance(X, RowSource) != isinstance(Y, RowSource):
        X, Y = (rows if isinstance(rows, RowSource) else ArrayRows(name, rows) for name, rows in (("X", X), ("Y", Y)))
    check_loss_takes(loss, Y, "Y")
    return X, Y


def data_rows(name: str, rows: Any, dtype: np.dtype[Any], columns: int) -> Inputs:
    """`rows` as a matrix of `dtype`; a RowSource must be one already."""
    if not isinstance(rows, RowSource):
        return data_matrix(name, rows, dtype, columns)
    if rows.dtype != dtype or rows.shape[1] != columns or rows.shape[0] == 0:
        raise ArgumentValueError(
            f"`{name}` is rows of {rows.dtype} and shape {rows.shape}; they must be {dtype}, one or more, and have "
            f"{counted(columns, 'column')}.",
            name,
        )
    return rows


def data_matrix(name: str, rows: Any, dtype: np.dtype[Any], columns: int) -> Array | PiecewiseRows:
    """`rows` as a finite matrix of `dtype`, which CheckedRows are."""
    return rows.array if isinstance(rows, CheckedRows) else matrix(name, rows, dtype, columns)


def check_chunked(objective: Objective, batch_size: Any) -> None:
    """Refuse what cannot be done chunk by chunk, where the rows stay in a file."""
    X, Y = objective.X, objective.Y
    if not isinstance(X, RowSource) or not isinstance(Y, RowSource) or is_spread(X):
        return
    if objective.weights is not None:
        raise ArgumentValueError(
            "`weights` cannot be used with rows that are read in chunks; it must be None.", "weights"
        )
    most = chunk_rows(X, Y, 1)
    if batch_size is None or batch_size > most:
        raise ArgumentValueError(
            f"`batch_size` is {batch_size}; for rows that are read in chunks it must be at most {most}, one chunk.",
            "batch_size",
        )


def check_parts(network: Any, loss: Any, generator: Any) -> None:
    """Refuse names, classes and strangers where an object of the right kind is needed."""
    if not isinstance(network, Network):
        raise ArgumentTypeError(
            f"`network` is {network!r}; it must be a Network, such as Network.of_widths((3, 64, 1)).", "network"
        )
    if not isinstance(generator, np.random.Generator):
        raise ArgumentTypeError(
            f"`generator` is {generator!r}; it must be a numpy.random.Generator, such as numpy.random.default_rng(0).",
            "generator",
        )
    instance_of("loss", loss, ("value", "gradient"), "a loss, such as SquaredError()")
    loss_at(loss, network.layers[-1].activation)  # refuses a network without the link that the loss needs


def check_loss_takes(loss: Any, Y: Rows, name: str) -> None:
    """Refuse targets that the loss has no value for; most losses take any."""
    if not hasattr(loss, "check_targets"):
        return
    for first, chunk in row_chunks(Y):
        loss.check_targets(chunk, f"{name}[{first}:]" if first else name)


def check_resuming(checkpoint: Any, resume: Any) -> None:
    """Refuse what is no checkpoint, and to resume without one."""
    if checkpoint is not None and not isinstance(checkpoint, Checkpoint):
        raise ArgumentTypeError(
            f"`checkpoint` is {checkpoint!r}; it must be a Checkpoint, such as Checkpoint('a.ckpt').", "checkpoint"
        )
    if not isinstance(resume, bool):
        raise ArgumentTypeError(f"`resume` is {resume!r}; it must be True or False.", "resume")
    if resume and checkpoint is None:
        raise ArgumentValueError("`resume` needs a `checkpoint` to go on from.", "resume", "checkpoint")


def validation_data(validation: Any, network: Network, loss: Loss, dtype: np.dtype[Any]) -> Validation:
    """(X, Y) or (X, Y, weights), checked as training data are; without weights None."""
    if not isinstance(validation, tuple) or len(validation) not in (2, 3):
        raise ArgumentTypeError("`validation` must be a pair (X, Y) or three, (X, Y, weights).", "validation")
    if is_spread(validation[0]):
        return data_rows("validation X", validation[0], dtype, network.n_inputs), validation[1], None
    X = data_matrix("validation X", validation[0], dtype, network.n_inputs)
    Y = features_of(data_matrix("validation Y", validation[1], dtype, network.n_outputs))
    if len(X) != len(Y):
        raise ArgumentValueError(
            f"`validation` X has {len(X)} rows and Y has {len(Y)}; they must have equally many.", "validation"
        )
    check_loss_takes(loss, Y, "validation Y")
    weights, _ = checked_weights("validation weights", (*validation, None)[2], dtype, len(X))
    return X, Y, weights


def check_batch_size(batch_size: int, n: int) -> int:
    if whole_number("batch_size", batch_size) > n:
        raise ArgumentValueError(
            f"`batch_size` is {batch_size}; it must be at most the number of rows, {n}.", "batch_size"
        )
    return int(batch_size)


def check_stopping(patience: Any, tol: Any, validation: Any) -> None:
    """Refuse a stopping rule that has nothing to watch."""
    if tol is not None:
        real_number("tol", tol, 0)
        if patience is None:
            raise ArgumentValueError("`tol` needs `patience`, the epochs to wait.", "tol", "patience")
    if patience is not None:
        whole_number("patience", patience)
        if validation is None and tol is None:
            raise ArgumentValueError("`patience` needs `validation` data to watch.", "patience", "validation")
