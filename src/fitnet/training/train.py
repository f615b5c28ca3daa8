"""`train`: the public door to training. It checks every argument, then hands over to the loop.

Shapes: X (n, p), Y (n, m), weights (n,) or None, parameters (P,).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.losses import Loss, SquaredError
from fitnet.algorithm.network import INITIALIZATIONS, Network
from fitnet.algorithm.optimizers import Adam, OptimizerState
from fitnet.arguments import (
    Array,
    counted,
    instance_of,
    matrix,
    one_of,
    real_number,
    row_weights,
    vector,
    whole_number,
)
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import ArrayRows, Rows, RowSource, row_chunks
from fitnet.training.callbacks import Callback
from fitnet.training.checkpoint import Checkpoint
from fitnet.training.chunked_epoch import chunk_rows
from fitnet.training.loop import TrainingLoop
from fitnet.training.result import TrainingResult
from fitnet.training.solvers import Solver, check_for_solvers, checked_solvers, training_dtype
from fitnet.training.stages import run_stages


def train(
    network: Network,
    X: Any,
    Y: Any,
    *,
    epochs: int,
    generator: np.random.Generator,
    loss: Loss | None = None,
    l2: float = 0.0,
    optimizer: Solver | Sequence[Solver] | None = None,
    batch_size: int | None = None,
    weights: Any = None,
    validation: tuple[Any, Any] | None = None,
    patience: int | None = None,
    parameters: Array | None = None,
    state: OptimizerState | None = None,
    initialization: str = "he",
    dtype: Any = "auto",
    engine: str = "auto",
    n_threads: int | None = None,
    verbose: bool = True,
    callbacks: Sequence[Callback] = (),
    checkpoint: Checkpoint | None = None,
    resume: bool = False,
) -> TrainingResult:
    """Fit a network's parameters to rows of inputs and targets.

    Parameters
    ----------
    network
        The layers; see `Network.of_widths`.
    X, Y
        Inputs (n, p) and targets (n, m), real and finite. Where X or Y is a `RowSource` of `dtype`, the rows are read
        in chunks, in another random order every epoch, and those of each chunk are shuffled.
    epochs
        Passes over the rows.
    generator
        The source of the initial parameters and of every epoch's row order; the same state gives the same bits.
    loss, optimizer
        `SquaredError()` and `Adam()` unless given. In place of an optimizer `LevenbergMarquardt()` or `LBFGS()`, for
        which an iteration is an epoch; or a sequence of them, each of which goes on where the one before ended, for
        its own `max_epochs` where it has them: [Adam(max_epochs=200), LevenbergMarquardt()].
    l2
        0 or more: training minimises the loss plus `l2` times the sum of the squares of all weights (not biases).
    batch_size
        Rows a step, at most n; None takes all of them, unshuffled, in one step. A `RowSource` needs one, of no more
        rows than a chunk, and takes no `weights`.
    weights
        (n,), none negative; None weighs every row alike.
    validation
        (X, Y) of rows kept out of training. Their loss is recorded and chooses the parameters that are returned.
    patience
        Stop after so many epochs without a lower validation loss; None never does.
    parameters
        (P,) to start from, left unchanged; None draws them with `initialization` ("he" or "glorot").
    state
        What the optimizer remembers of earlier training; changed in place. None remembers nothing.
    dtype
        float32 or float64: what is computed in; "auto" is float64 where LevenbergMarquardt or LBFGS take part, which
        need it, else float32.
    engine
        "auto", "native" or "reference".
    n_threads
        Threads the native engine may use: the same bits for any number. None takes the environment variable
        FITNET_NUM_THREADS, or else the cores this process may use.
    verbose
        Show a progress bar on standard error if that is a terminal.
    callbacks
        Called as training goes on; see `Callback`.
    checkpoint
        Keeps what is needed to go on in a file; see `Checkpoint`.
    resume
        True goes on from the checkpoint's file, or begins anew if there is none. The result is the same in every bit
        as if training had never stopped, on any number of threads. All arguments must be what they were, `n_threads`,
        `verbose`, `callbacks`, `checkpoint` and, with a constant learning rate, `epochs` apart; `generator` must be
        as it was at the start or where it was left, and is put in the state it had at the checkpoint. A training
        that was over gives its result at once.

    Returns
    -------
    TrainingResult

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For an argument that cannot be used, or with which the training to resume was not begun; the sentence names
        it.
    CheckpointFileError
        If the file to resume from is not a whole checkpoint.
    OSError
        If a checkpoint cannot be written; the one before is still there.
    EngineUnavailableError
        If the engine is not installed.
    DivergenceError
        If a loss or a parameter is not finite; the sentence names the epoch.
    """
    loss = SquaredError() if loss is None else loss
    solvers = checked_solvers(optimizer)
    check_parts(network, loss, generator, callbacks)
    check_resuming(checkpoint, resume)
    chosen_dtype = training_dtype(dtype, solvers)
    check_for_solvers(solvers, X, batch_size, state, checkpoint)
    X, Y = training_rows(X, Y, network, loss, chosen_dtype)
    n = X.shape[0]
    if patience is not None:
        whole_number("patience", patience)
        if validation is None:
            raise ArgumentValueError("`patience` needs `validation` data to watch.")
    if isinstance(X, RowSource):
        check_chunked(X, Y, batch_size, weights)
    loop = TrainingLoop(
        network=network,
        loss=loss,
        optimizer=Adam(),  # every stage brings its own
        engine=engines.choose(engine, n_threads),
        X=X,
        Y=Y,
        weights=None if weights is None else row_weights("weights", weights, chosen_dtype, n),
        validation=None if validation is None else validation_data(validation, network, loss, chosen_dtype),
        epochs=whole_number("epochs", epochs),
        batch_size=n if batch_size is None else check_batch_size(batch_size, n),
        patience=patience,
        generator=generator,
        callbacks=callbacks,
        l2=real_number("l2", l2, 0),
        parameters=None if parameters is None else vector("parameters", parameters, chosen_dtype, network.n_parameters),
        initialization=one_of("initialization", initialization, INITIALIZATIONS),
        checkpoint=checkpoint,
        state=state,
    )
    return run_stages(loop, solvers, verbose, resume)


def training_rows(X: Any, Y: Any, network: Network, loss: Loss, dtype: np.dtype[Any]) -> tuple[Rows, Rows]:
    """X and Y, checked: both arrays, or both to be read in chunks."""
    X = data_rows("X", X, dtype, network.n_inputs)
    Y = data_rows("Y", Y, dtype, network.n_outputs)
    if X.shape[0] != Y.shape[0]:
        raise ArgumentValueError(f"`X` has {X.shape[0]} rows and `Y` has {Y.shape[0]}; they must have equally many.")
    if isinstance(X, RowSource) != isinstance(Y, RowSource):
        X, Y = (rows if isinstance(rows, RowSource) else ArrayRows(name, rows) for name, rows in (("X", X), ("Y", Y)))
    check_targets(loss, Y, "Y")
    return X, Y


def data_rows(name: str, rows: Any, dtype: np.dtype[Any], columns: int) -> Rows:
    """`rows` as a matrix of `dtype`; a RowSource must be one already."""
    if not isinstance(rows, RowSource):
        return matrix(name, rows, dtype, columns)
    if rows.dtype != dtype or rows.shape[1] != columns or rows.shape[0] == 0:
        raise ArgumentValueError(
            f"`{name}` is rows of {rows.dtype} and shape {rows.shape}; they must be {dtype}, one or more, and have "
            f"{counted(columns, 'column')}."
        )
    return rows


def check_chunked(X: RowSource, Y: Any, batch_size: Any, weights: Any) -> None:
    """Refuse what cannot be done chunk by chunk."""
    if weights is not None:
        raise ArgumentValueError("`weights` cannot be used with rows that are read in chunks; it must be None.")
    most = chunk_rows(X, Y, 1)
    if batch_size is None or batch_size > most:
        raise ArgumentValueError(
            f"`batch_size` is {batch_size}; for rows that are read in chunks it must be at most {most}, one chunk."
        )


def check_parts(network: Any, loss: Any, generator: Any, callbacks: Any) -> None:
    """Refuse names, classes and strangers where an object of the right kind is needed."""
    if not isinstance(network, Network):
        raise ArgumentTypeError(
            f"`network` is {network!r}; it must be a Network, such as Network.of_widths((3, 64, 1))."
        )
    if not isinstance(generator, np.random.Generator):
        raise ArgumentTypeError(
            f"`generator` is {generator!r}; it must be a numpy.random.Generator, such as numpy.random.default_rng(0)."
        )
    instance_of("loss", loss, ("value", "gradient"), "a loss, such as SquaredError()")
    if not isinstance(callbacks, Sequence):
        raise ArgumentTypeError(f"`callbacks` is {callbacks!r}; it must be a sequence of callbacks.")
    for callback in callbacks:
        if not (hasattr(callback, "every") and hasattr(callback, "on_epoch_end")):
            raise ArgumentTypeError(
                f"`callbacks` holds {callback!r}; every callback must have `every` and `on_epoch_end`."
            )
        whole_number("every", callback.every)


def check_targets(loss: Any, Y: Rows, name: str) -> None:
    """Refuse targets that the loss has no value for; most losses take any."""
    if not hasattr(loss, "check_targets"):
        return
    for first, chunk in row_chunks(Y):
        loss.check_targets(chunk, f"{name}[{first}:]" if first else name)


def check_resuming(checkpoint: Any, resume: Any) -> None:
    """Refuse what is no checkpoint, and to resume without one."""
    if checkpoint is not None and not isinstance(checkpoint, Checkpoint):
        raise ArgumentTypeError(
            f"`checkpoint` is {checkpoint!r}; it must be a Checkpoint, such as Checkpoint('a.ckpt')."
        )
    if not isinstance(resume, bool):
        raise ArgumentTypeError(f"`resume` is {resume!r}; it must be True or False.")
    if resume and checkpoint is None:
        raise ArgumentValueError("`resume` needs a `checkpoint` to go on from.")


def validation_data(validation: Any, network: Network, loss: Loss, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """The pair (X, Y), checked as training data are."""
    if not isinstance(validation, tuple) or len(validation) != 2:
        raise ArgumentTypeError("`validation` must be a pair (X, Y).")
    X = matrix("validation X", validation[0], dtype, network.n_inputs)
    Y = matrix("validation Y", validation[1], dtype, network.n_outputs)
    if len(X) != len(Y):
        raise ArgumentValueError(f"`validation` X has {len(X)} rows and Y has {len(Y)}; they must have equally many.")
    check_targets(loss, Y, "validation Y")
    return X, Y


def check_batch_size(batch_size: int, n: int) -> int:
    if whole_number("batch_size", batch_size) > n:
        raise ArgumentValueError(f"`batch_size` is {batch_size}; it must be at most the number of rows, {n}.")
    return int(batch_size)
