"""`train`: the public door to training. It checks every argument, then hands over to the solvers' stages.

Shapes: X (n, p), Y (n, m), weights (n,) or None, parameters (P,).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fitnet.algorithm.losses import Loss, SquaredError
from fitnet.algorithm.network import INITIALIZATIONS, Network
from fitnet.algorithm.optimizers import OptimizerState
from fitnet.arguments import Array, one_of, vector, whole_number
from fitnet.engine import Engine
from fitnet.engine.compute import engine_of
from fitnet.engine.objective import Objective
from fitnet.rows import RowSource, is_spread
from fitnet.training.callbacks import Callbacks, checked_callbacks
from fitnet.training.checkpoint import Checkpoint
from fitnet.training.checks import (
    check_batch_size,
    check_chunked,
    check_parts,
    check_resuming,
    check_stopping,
    checked_objective,
    validation_data,
)
from fitnet.training.chunked_epoch import chunk_rows
from fitnet.training.record import Record
from fitnet.training.result import TrainingResult
from fitnet.training.solvers import Solver, check_for_solvers, checked_dropout, checked_solvers, training_dtype
from fitnet.training.stages import KEPT, Stages


def train(
    network: Network,
    X: Any,
    Y: Any,
    *,
    epochs: int,
    generator: np.random.Generator,
    loss: Loss | None = None,
    solver: Solver | Sequence[Solver] | None = None,
    alpha: float = 0.0,
    dropout: float = 0.0,
    batch_size: int | None = None,
    weights: Any = None,
    validation: tuple[Any, Any] | tuple[Any, Any, Any] | None = None,
    patience: int | None = None,
    tol: float | None = None,
    keep: str = "best",
    parameters: Array | None = None,
    state: OptimizerState | None = None,
    initialization: str = "he",
    dtype: Any = "auto",
    engine: str | Engine = "auto",
    n_threads: int | None = None,
    verbose: bool = True,
    callbacks: Callbacks = (),
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
    loss, solver
        `SquaredError()` and `Adam()` unless given. In place of an optimizer `LevenbergMarquardt()` or `LBFGS()`, for
        which an iteration is an epoch; or a sequence of them, each of which goes on where the one before ended, for
        its own `max_epochs` where it has them: [Adam(max_epochs=200), LevenbergMarquardt()].
    alpha
        0 or more: training minimises the loss plus `alpha` times the sum of the squares of all weights (not biases).
    dropout
        From 0 to below 1: the probability with which a step of an optimizer sets each hidden unit of each row to 0;
        the others are multiplied by 1 / (1 - dropout) (Srivastava et al. 2014). Only training does that, and its
        losses are those of what was left; validation and predictions see the whole network.
    batch_size
        Rows a step, at most n; None takes all of them, unshuffled, in one step. A `RowSource` needs one, of no more
        rows than a chunk, and takes no `weights`.
    weights
        (n,), none negative, of any size: rows weigh against each other. None weighs every row alike.
    validation
        (X, Y) or (X, Y, weights) of rows kept out of training. Their loss is recorded and chooses the parameters that
        are returned.
    patience
        Stop after so many epochs in which the validation loss, or with `tol` and no validation data the training loss,
        has not fallen by more than `tol`; of several solvers each stops by itself. None never does.
    tol
        0 or more; None is 0.
    keep
        Which parameters are returned: the "best", as `TrainingResult` says, or the "last".
    parameters
        (P,) to start from, left unchanged; None draws them with `initialization` ("he" or "glorot").
    state
        What the optimizer remembers of earlier training; changed in place. None remembers nothing.
    dtype
        float32 or float64: what is computed in; "auto" is float64 where LevenbergMarquardt or LBFGS take part, which
        need it, else float32.
    engine
        "auto", "native" or "reference", or an engine itself.
    n_threads
        Threads the native engine may use: the same bits for any number. None takes the environment variable
        FITNET_NUM_THREADS, or else the cores this process may use.
    verbose
        Show a progress bar on standard error if that is a terminal.
    callbacks
        One or several, called as training goes on: objects as `Callback` says, or functions of the `TrainingState`,
        called after every epoch.
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
    solvers = checked_solvers(solver)
    check_parts(network, loss, generator)
    callbacks = checked_callbacks(callbacks)
    check_resuming(checkpoint, resume)
    chosen_dtype = training_dtype(dtype, solvers)
    check_for_solvers(solvers, X, batch_size, state, checkpoint)
    dropout = checked_dropout(dropout, solvers, X)
    objective = checked_objective(network, loss, X, Y, weights, alpha, chosen_dtype, engine_of(engine, n_threads))
    objective = replace(objective, dropout=dropout)
    check_stopping(patience, tol, validation)
    check_chunked(objective, batch_size)
    one_of("keep", keep, KEPT)
    one_of("initialization", initialization, INITIALIZATIONS)
    if parameters is not None:
        parameters = vector("parameters", parameters, chosen_dtype, network.n_parameters)

    def draw() -> Array:
        drawn = network.initial_parameters(generator, initialization, chosen_dtype)
        return drawn if parameters is None else with_constants_of(network, parameters, drawn)

    stages = Stages(
        objective,
        solvers,
        batch_rows(objective, batch_size),
        None if validation is None else validation_data(validation, network, loss, chosen_dtype),
        whole_number("epochs", epochs),
        generator,
        draw,
        Record(network, callbacks, patience, tol or 0.0, verbose),
        checkpoint,
        state=state,
        keep=keep,
    )
    if checkpoint is not None:
        stages.settings = settings_of(stages, weights, parameters, initialization)
    return stages.run(draw if parameters is None else parameters.copy, resume)


def batch_rows(objective: Objective, batch_size: int | None) -> int:
    """How many rows a step sees; spread over ranks, as many of every slot."""
    n: int = objective.X.shape[0]
    if batch_size is None:
        return n
    rows = check_batch_size(batch_size, n)
    if not is_spread(objective.X):
        return rows
    from fitnet.engine.ranks.ranks_engine import batch_of_whole_slots  # here, for it needs the native engine

    return batch_of_whole_slots(objective.network, objective.X.dtype, rows, n)


def with_constants_of(network: Network, parameters: Array, drawn: Array) -> Array:
    """`drawn` (P,), changed in place: where weights of `parameters` are exactly 0 it has 0 too, and their last biases.

    A weight of 0 was made so: it hides an input that never varied, or leaves a constant target to its bias.
    """
    for of_drawn, given in zip(network.weights(drawn), network.weights(parameters), strict=True):
        of_drawn[given == 0] = 0
    network.biases(drawn)[-1][:] = network.biases(parameters)[-1]
    return drawn


def settings_of(stages: Stages, weights: Any, parameters: Array | None, initialization: str) -> dict[str, Any]:
    """By name, what every bit of a training by one optimizer depends on, the epochs and the generator apart."""
    of, watched = stages.objective, stages.validation
    with np.errstate(over="ignore"):  # as they were given: no number of theirs is computed with
        weights = None if weights is None else np.asarray(weights, of.X.dtype)
    settings = {
        "dtype": of.X.dtype.name,
        "network": of.network,
        "loss": of.loss,
        "solver": stages.solvers[0],
        "X": of.X,
        "Y": of.Y,
        "weights": weights,
        "validation": watched if watched is None or watched[2] is not None else watched[:2],
        "batch_size": stages.batch_size,
        "patience": stages.record.patience,
        "tol": stages.record.tol,
        "alpha": of.l2,
        "dropout": of.dropout,
        "parameters": parameters,
        "initialization": initialization,
    }
    if isinstance(of.X, RowSource) and isinstance(of.Y, RowSource):
        settings["chunk_rows"] = chunk_rows(of.X, of.Y, stages.batch_size)
    return settings | {"engine": of.engine.name, "keep": stages.keep}
