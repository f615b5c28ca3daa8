"""What is timed between the engine and the user: for every row of the table the ways to do its work.

Imported only once the thread counts are set. Everything is float32 but what is said to be float64, and begins from one
seed. A way trains for so many epochs, or is one call.
"""

from collections.abc import Callable
from functools import partial
from threading import Thread
from typing import Any

import numpy as np

import fitnet
from benchmarks.bare_engine import train_bare
from benchmarks.data import training_rows
from benchmarks.error_bars_by_hand import standard_deviations_by_hand
from benchmarks.workloads import BETA1, BETA2, EPSILON, FULL_BATCH_ROWS, LEARNING_RATE, SMALL, Workload
from fitnet import engine as engines

Array = np.ndarray
Training = Callable[[int], object]
Call = Callable[[], object]

FOREVER = 10**9  # epochs to wait for a better one: whoever waits so long never stops
WATCHED_ROWS, TRAINED_ROWS = 910, 8192  # a tenth of all, and what is left: 32 batches of 256
FEW_ROWS = 60
ERROR_BAR_ROWS = 10_000
ADAM = fitnet.Adam(LEARNING_RATE, BETA1, BETA2, EPSILON)


def rows(widths: tuple[int, ...], n: int) -> tuple[Array, Array]:
    """X (n, p) and Y (n, 1), float32, as the peers get them."""
    return training_rows(Workload("train", widths, n, n))


def start_of(network: fitnet.Network) -> Array:
    """Parameters to begin with, float32."""
    return network.initial_parameters(np.random.default_rng(2))


def bare(widths: tuple[int, ...], X: Array, Y: Array, batch_size: int) -> Training:
    """The engine alone."""
    network = fitnet.Network.of_widths(widths)
    return partial(train_bare, network, X, Y, start_of(network), batch_size)


def regressor(widths: tuple[int, ...], X: Array, Y: Array, **settings: Any) -> Training:
    """`Regressor.fit` with these settings."""
    y = Y[:, 0]

    def fit(epochs: int) -> None:
        fitnet.Regressor(widths[1:-1], solver=ADAM, max_epochs=epochs, random_state=0, **settings).fit(X, y)

    return fit


def full_batch() -> dict[str, Training]:
    """All rows in every step."""
    X, Y = rows(SMALL, FULL_BATCH_ROWS)
    return {
        "bare engine": bare(SMALL, X, Y, len(X)),
        "Regressor.fit": regressor(SMALL, X, Y, batch_size=len(X)),
    }


def early_stopping() -> dict[str, Training]:
    """A tenth of the rows watched, which the engine alone does not see."""
    X, Y = rows(SMALL, TRAINED_ROWS + WATCHED_ROWS)
    watching = {"early_stopping": True, "validation_fraction": 0.1, "patience": FOREVER}
    return {
        "bare engine": bare(SMALL, X[:TRAINED_ROWS], Y[:TRAINED_ROWS], 256),
        "Regressor.fit": regressor(SMALL, X, Y, batch_size=256, **watching),
    }


class Onlooker:
    """A callback that sees every epoch and does nothing."""

    every = 1

    def on_epoch_end(self, state: Any) -> None:
        """Look."""


def few_rows() -> dict[str, Training]:
    """An epoch is one short step: what comes between epochs shows."""
    X, Y = rows(SMALL, FEW_ROWS)
    return {
        "bare engine": bare(SMALL, X, Y, FEW_ROWS),
        "Regressor.fit, tol=0.0": regressor(SMALL, X, Y, tol=0.0, patience=FOREVER),
        "Regressor.fit, a callback": regressor(SMALL, X, Y, callbacks=[Onlooker()]),
    }


def wide() -> dict[str, Training]:
    """A network large enough that steps take milliseconds, through `fitnet.train`."""
    widths = (8, 512, 512, 1)
    X, Y = rows(widths, FULL_BATCH_ROWS)
    network = fitnet.Network.of_widths(widths)
    start = start_of(network)

    def train(epochs: int) -> None:
        fitnet.train(
            network, X, Y, epochs=epochs, generator=np.random.default_rng(3), parameters=start, verbose=False
        )  # by Adam as it stands, as the bare engine does

    return {"bare engine": bare(widths, X, Y, len(X)), "fitnet.train": train}


def one_row_model() -> tuple[fitnet.Model, Array, Any, Array]:
    """A model with its scalings and a float64 row for it; its network's own predictor and a float32 row for that."""
    X, Y = rows(SMALL, FULL_BATCH_ROWS)
    model = fitnet.Regressor(SMALL[1:-1], solver=ADAM, max_epochs=1, random_state=0).fit(X, Y[:, 0]).model_
    row = np.ascontiguousarray(X[:1], np.float64)
    predictor = engines.choose("auto").predictor(model.network, model.parameters)
    return model, row, predictor, row.astype(np.float32)


def one_row() -> dict[str, Call]:
    """A prediction."""
    model, row, predictor, row_of_network = one_row_model()
    out = np.empty((1, 1))
    return {
        "bare engine": partial(predictor, row_of_network, None),
        "model_.predict": partial(model.predict, row),
        "model_.predict, out=": partial(model.predict, row, out=out),
    }


def one_row_jacobian() -> dict[str, Call]:
    """Derivatives."""
    model, row, predictor, row_of_network = one_row_model()
    return {
        "bare engine": partial(predictor.jacobian, row_of_network),
        "model_.jacobian": partial(model.jacobian, row),
    }


def error_bars() -> dict[str, Call]:
    """Predictions with their standard deviations; 1,217 parameters, float64."""
    widths = (3, 32, 32, 1)
    settings = {"solver": "lm", "max_epochs": 1, "alpha": 1e-4, "error_bars": True, "random_state": 0}
    X, Y = rows(widths, 500)
    fitted = fitnet.Regressor(widths[1:-1], "tanh", **settings).fit(X, Y[:, 0])
    X = rows(widths, ERROR_BAR_ROWS)[0].astype(np.float64)
    return {
        "NumPy and LAPACK": standard_deviations_by_hand(widths, X),
        "predict(return_std=True)": partial(fitted.predict, X, return_std=True),
    }


def two_fits(n: int = 1000) -> dict[str, Training]:
    """Two fits with one thread each, a part of the rows watched: one after the other, and in two threads of Python."""
    X, Y = rows(SMALL, n)
    settings = {"early_stopping": True, "patience": FOREVER, "n_threads": 1}
    fit = regressor(SMALL, X, Y, activation="silu", **settings)

    def in_threads(epochs: int) -> None:
        threads = [Thread(target=fit, args=(epochs,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def in_turn(epochs: int) -> None:
        fit(epochs)
        fit(epochs)

    return {"one after the other": in_turn, "in two threads": in_threads}


def two_large_fits() -> dict[str, Training]:
    """The same with more work an epoch."""
    return two_fits(8000)
