"""Fitting: from checked settings and rows to a model, scalings included; what `Regressor` and the shell share.

Shapes: X (n, p), Y (n, m), weights (n,) or None, all in the user's units; parameters (P,).
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.losses import Poisson, SquaredError
from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer, OptimizerState
from fitnet.algorithm.schedules import Constant
from fitnet.arguments import Array, counted, whole_number
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentValueError, ErrorBarsWarning
from fitnet.model.error_bars import ErrorBars
from fitnet.model.model import Model
from fitnet.model.scaling import FLOAT64, Scaling, column_ranges
from fitnet.model.stored_rows import ScaledRows
from fitnet.rows import Rows, RowSource, row_chunks
from fitnet.settings import Settings
from fitnet.training.checks import check_targets
from fitnet.training.result import TrainingResult
from fitnet.training.solvers import Solver, is_second_order
from fitnet.training.train import train
from fitnet.uncertainty.laplace import laplace, passes_through, wants_error_bars
from fitnet.version import __version__

HE = {"relu", "leaky_relu", "silu", "gelu"}  # the initialization that suits them; Glorot's the others


@dataclass
class Fitting:
    """A network on its way from rows to a model: `parameters` change as it is trained."""

    settings: Settings
    network: Network
    parameters: Array
    input_scaling: Scaling | None
    target_scaling: Scaling | None
    input_ranges: Array
    error_bars: ErrorBars | None = None

    @classmethod
    def begin(
        cls, settings: Settings, X: Rows, Y: Rows, weights: Array | None, generator: np.random.Generator
    ) -> "Fitting":
        """Scalings from these rows, and random parameters."""
        check_targets(settings.loss, Y, "y")
        network = settings.network(X.shape[1], Y.shape[1])
        initialization = "he" if settings.activation in HE else "glorot"
        return cls(
            settings,
            network,
            network.initial_parameters(generator, initialization, settings.dtype),
            Scaling.standardising(X, weights) if settings.scale_inputs else None,
            target_scaling(settings, Y, weights) if settings.scale_targets else None,
            column_ranges(X),
        )

    def train(
        self,
        X: Rows,
        Y: Rows,
        weights: Array | None,
        validation: tuple[Array, Array] | None,
        generator: np.random.Generator,
        *,
        epochs: int,
        optimizer: Solver | Sequence[Solver],
        resume: bool = False,
        state: OptimizerState | None = None,
    ) -> TrainingResult:
        """So many epochs from the parameters as they are; they become the ones that training gives back."""
        settings = self.settings
        wants_error_bars(settings.error_bars, self.network, settings.loss, X, Y)  # refuses before it has taken time
        watches = settings.early_stopping or validation is not None or settings.tol is not None
        result = train(
            self.network,
            self._inputs(X),
            self._targets(Y),
            epochs=epochs,
            generator=generator,
            loss=settings.loss,
            optimizer=optimizer,
            l2=settings.alpha,
            batch_size=settings.rows_a_step(X.shape[0]),
            weights=weights,
            validation=None if validation is None else (self._inputs(validation[0]), self._targets(validation[1])),
            parameters=self.parameters,
            state=state,
            dtype=settings.dtype,
            engine=settings.engine,
            n_threads=settings.n_threads,
            verbose=settings.verbose,
            callbacks=settings.callbacks,
            patience=settings.patience if watches else None,
            tol=(settings.tol or 0.0) if watches else None,
            checkpoint=settings.checkpoint,
            resume=resume,
        )
        self.parameters, self.error_bars = result.parameters, None
        return result

    def find_error_bars(self, X: Rows, Y: Rows, weights: Array | None) -> None:
        """Error bars of the parameters as they are, from the rows they were trained on, where the settings ask.

        A network that passes through every target has none that are true: there are none then, unless they were asked
        for; of those an `ErrorBarsWarning` says so.
        """
        settings, asked = self.settings, self.settings.error_bars
        if not wants_error_bars(asked, self.network, settings.loss, X, Y):
            return
        inputs, targets = (
            np.ascontiguousarray(scaled(rows, scaling, FLOAT64), FLOAT64)
            for rows, scaling in ((X, self.input_scaling), (Y, self.target_scaling))
        )
        engine = engines.choose(settings.engine, settings.n_threads)
        objective = Objective(engine, self.network, SquaredError(), inputs, targets, weights, settings.alpha)
        try:
            found = laplace(objective, self.parameters.astype(FLOAT64))
        except ArgumentValueError:
            if asked is True:
                raise
            return
        through = passes_through(objective, found)
        if through and asked is True:
            warnings.warn(
                f"The network passes through all {objective.n_targets} targets, so the error bars are too small: the "
                "noise cannot be told; fit more rows, fewer neurons, or solver='lm-bayesian'.",
                ErrorBarsWarning,
                stacklevel=3,
            )
        if asked is True or not through:
            self.error_bars = found

    def model(
        self, X: Rows, input_names: Sequence[str], output_names: Sequence[str], provenance: dict[str, Any]
    ) -> Model:
        """The model as it is now; the first rows of X become its examples."""
        return Model(
            self.network,
            self.parameters,
            input_names,
            output_names,
            provenance,
            X.read(0, min(8, X.shape[0])) if isinstance(X, RowSource) else X[:8],
            self.input_scaling,
            self.target_scaling,
            self.input_ranges,
            self.error_bars,
        )

    def _inputs(self, X: Rows) -> Rows:
        return scaled(X, self.input_scaling, self.settings.dtype)

    def _targets(self, Y: Rows) -> Rows:
        return scaled(Y, self.target_scaling, self.settings.dtype)


def scaled(rows: Rows, scaling: Scaling | None, dtype: np.dtype[Any]) -> Rows:
    """The rows as the network sees them; those that stay in a file are scaled when they are read."""
    if isinstance(rows, RowSource):
        return ScaledRows(rows, scaling, dtype)
    return rows if scaling is None else scaling.apply(rows, dtype)


def target_scaling(settings: Settings, Y: Rows, weights: Array | None) -> Scaling:
    """Standardised targets; where they must stay positive, in units of their mean."""
    if not isinstance(settings.loss, Poisson):
        return Scaling.standardising(Y, weights)
    if isinstance(Y, RowSource):
        mean = sum(chunk.sum(axis=0, dtype=np.float64) for _, chunk in row_chunks(Y)) / Y.shape[0]
    else:
        mean = np.average(Y.astype(np.float64), axis=0, weights=weights)
    return Scaling(np.zeros_like(mean), np.where(mean > 0, mean, 1.0))


def split(n: int, fraction: float, generator: np.random.Generator) -> tuple[Array, Array]:
    """Rows for training and rows kept out of it, at least one of each, both in ascending order."""
    kept_out = max(1, round(fraction * n))
    if n - kept_out < 1:
        raise ArgumentValueError(
            f"`early_stopping` keeps {counted(kept_out, 'row')} of {n} out of training; at least one must be left."
        )
    order = generator.permutation(n)
    return np.sort(order[kept_out:]), np.sort(order[:kept_out])


def constant_rate(optimizer: Any) -> Optimizer:
    """The same optimizer without its schedule.

    Raises
    ------
    ArgumentValueError
        For a second-order solver or a sequence, which no single epoch could continue.
    """
    if isinstance(optimizer, Sequence) or is_second_order(optimizer):
        raise ArgumentValueError(f"`solver` is {optimizer!r}; partial_fit needs a first-order one, such as Adam().")
    constant: Optimizer = replace(optimizer, schedule=Constant())
    return constant


def generator_from(random_state: Any) -> np.random.Generator:
    """A generator from a seed, a generator (itself), a RandomState (which is advanced) or None (always another)."""
    if random_state is None or isinstance(random_state, np.random.Generator):
        return np.random.default_rng(random_state)
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(0, 2**32, 4, np.uint32))
    return np.random.default_rng(whole_number("random_state", random_state, 0))


def provenance(X: Rows, Y: Rows, weights: Array | None, random_state: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """Where a model comes from: versions, settings, seed and data, so that it can be made again."""
    digest = sha256()
    for rows in (X, Y) if weights is None else (X, Y, weights):
        digest.update(f"{rows.dtype.str} {rows.shape}".encode())
        for _, chunk in row_chunks(rows):
            digest.update(np.ascontiguousarray(chunk).data)
    return {
        "fitnet": __version__,
        "numpy": np.__version__,
        "engine": engines.choose(settings["engine"]).name,
        "rows": X.shape[0],
        "data_sha256": digest.hexdigest(),
        "random_state": repr(random_state),
        "settings": {name: repr(value) for name, value in sorted(settings.items())},
    }
