"""`train`: the public door to training. It checks every argument, then hands over to the loop.

Shapes: X (n, p), Y (n, m), weights (n,) or None, parameters (P,).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.losses import Loss, SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Adam, Optimizer
from fitnet.arguments import Array, float_dtype, instance_of, matrix, row_weights, vector, whole_number
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.training.callbacks import Callback
from fitnet.training.loop import TrainingLoop, TrainingResult


def train(
    network: Network,
    X: Any,
    Y: Any,
    *,
    epochs: int,
    generator: np.random.Generator,
    loss: Loss | None = None,
    optimizer: Optimizer | None = None,
    batch_size: int | None = None,
    weights: Any = None,
    validation: tuple[Any, Any] | None = None,
    patience: int | None = None,
    parameters: Array | None = None,
    initialization: str = "he",
    dtype: Any = "float32",
    engine: str = "auto",
    n_threads: int | None = None,
    verbose: bool = True,
    callbacks: Sequence[Callback] = (),
) -> TrainingResult:
    """Fit a network's parameters to rows of inputs and targets.

    Parameters
    ----------
    network
        The layers; see `Network.of_widths`.
    X, Y
        Inputs (n, p) and targets (n, m), real and finite.
    epochs
        Passes over the rows.
    generator
        The source of the initial parameters and of every epoch's row order; the same state gives the same bits.
    loss, optimizer
        `SquaredError()` and `Adam()` unless given.
    batch_size
        Rows a step, at most n; None takes all of them, unshuffled, in one step.
    weights
        (n,), none negative; None weighs every row alike.
    validation
        (X, Y) of rows kept out of training. Their loss is recorded and chooses the parameters that are returned.
    patience
        Stop after so many epochs without a lower validation loss; None never does.
    parameters
        (P,) to start from, left unchanged; None draws them with `initialization` ("he" or "glorot").
    dtype
        float32 or float64: what is computed in.
    engine
        "auto", "native" or "reference".
    n_threads
        Threads the native engine may use: the same bits for any number. None takes the environment variable
        FITNET_NUM_THREADS, or else the cores this process may use.
    verbose
        Show a progress bar on standard error if that is a terminal.
    callbacks
        Called as training goes on; see `Callback`.

    Returns
    -------
    TrainingResult

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For an argument that cannot be used; the sentence names it.
    EngineUnavailableError
        If the engine is not installed.
    DivergenceError
        If a loss or a parameter is not finite; the sentence names the epoch.
    """
    loss = SquaredError() if loss is None else loss
    optimizer = Adam() if optimizer is None else optimizer
    check_parts(network, loss, optimizer, generator, callbacks)
    chosen_dtype = float_dtype("dtype", dtype)
    X = matrix("X", X, chosen_dtype, network.n_inputs)
    Y = matrix("Y", Y, chosen_dtype, network.n_outputs)
    if len(X) != len(Y):
        raise ArgumentValueError(f"`X` has {len(X)} rows and `Y` has {len(Y)}; they must have equally many.")
    if patience is not None:
        whole_number("patience", patience)
        if validation is None:
            raise ArgumentValueError("`patience` needs `validation` data to watch.")
    loop = TrainingLoop(
        network=network,
        loss=loss,
        optimizer=optimizer,
        engine=engines.choose(engine, n_threads),
        X=X,
        Y=Y,
        weights=None if weights is None else row_weights("weights", weights, chosen_dtype, len(X)),
        validation=None if validation is None else validation_data(validation, network, chosen_dtype),
        epochs=whole_number("epochs", epochs),
        batch_size=len(X) if batch_size is None else check_batch_size(batch_size, len(X)),
        patience=patience,
        generator=generator,
        callbacks=callbacks,
    )
    if parameters is None:  # drawn last: a call that is refused leaves the generator as it was
        start = network.initial_parameters(generator, initialization, chosen_dtype)
    else:
        start = vector("parameters", parameters, chosen_dtype, network.n_parameters).copy()
    return loop.run(start, verbose)


def check_parts(network: Any, loss: Any, optimizer: Any, generator: Any, callbacks: Any) -> None:
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
    instance_of("optimizer", optimizer, ("n_moments", "schedule", "update"), "an optimizer, such as Adam()")
    if not isinstance(callbacks, Sequence):
        raise ArgumentTypeError(f"`callbacks` is {callbacks!r}; it must be a sequence of callbacks.")
    for callback in callbacks:
        if not (hasattr(callback, "every") and hasattr(callback, "on_epoch_end")):
            raise ArgumentTypeError(
                f"`callbacks` holds {callback!r}; every callback must have `every` and `on_epoch_end`."
            )
        whole_number("every", callback.every)


def validation_data(validation: Any, network: Network, dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """The pair (X, Y), checked as training data are."""
    if not isinstance(validation, tuple) or len(validation) != 2:
        raise ArgumentTypeError("`validation` must be a pair (X, Y).")
    X = matrix("validation X", validation[0], dtype, network.n_inputs)
    Y = matrix("validation Y", validation[1], dtype, network.n_outputs)
    if len(X) != len(Y):
        raise ArgumentValueError(f"`validation` X has {len(X)} rows and Y has {len(Y)}; they must have equally many.")
    return X, Y


def check_batch_size(batch_size: int, n: int) -> int:
    if whole_number("batch_size", batch_size) > n:
        raise ArgumentValueError(f"`batch_size` is {batch_size}; it must be at most the number of rows, {n}.")
    return int(batch_size)
