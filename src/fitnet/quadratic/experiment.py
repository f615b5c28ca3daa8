"""The experiment: draw triplets, train, measure on training and test rows (paper, sections 3.1 and 3.2)."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import INITIALIZATIONS, Network
from fitnet.algorithm.optimizers import Adam
from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array, one_of, real_number, true_or_false, whole_number
from fitnet.engine import Engine
from fitnet.engine.compute import Compute
from fitnet.model.model import Model
from fitnet.quadratic.accuracy import Accuracy, accuracy
from fitnet.quadratic.problem import Problem, Rows
from fitnet.training.callbacks import Callback, TrainingState
from fitnet.training.history import History
from fitnet.training.result import TrainingResult
from fitnet.training.solvers import Solver, is_second_order, training_dtype
from fitnet.training.train import train
from fitnet.version import __version__

# Training and test accuracy that the paper reports in section 3.2, and the test accuracy of its long run.
PAPER_FIGURES = {"largest": (0.94, 0.91), "all": (0.88, 0.83)}
CURVE_POINTS = 200


@dataclass(frozen=True)
class Recipe:
    """What to train on and how; the defaults are the paper's (section 3.1), with He's initialisation and Adam 1e-3.

    `batch_size` None is full batch; `hidden` are the widths between the inputs and the roots; `scaled` standardises
    triplets and roots before the network sees them; `solver` is any solver that `fitnet.train`
    takes, `alpha` its penalty.
    """

    problem: Problem = field(default_factory=Problem)
    triplets: int = 3000
    test_triplets: int = 1000
    hidden: tuple[int, ...] = (64, 64)
    activation: str = "relu"
    initialization: str = "he"
    solver: Solver = field(default_factory=Adam)
    epochs: int = 10_000
    batch_size: int | None = None
    dtype: str = "auto"
    scaled: bool = False
    alpha: float = 0.0

    def __post_init__(self) -> None:
        for name in ("triplets", "test_triplets", "epochs"):
            whole_number(name, getattr(self, name))
        for width in self.hidden:
            whole_number("hidden", width, maximum=math.inf)
        if self.batch_size is not None:
            whole_number("batch_size", self.batch_size)
        one_of("activation", self.activation, ACTIVATIONS)
        one_of("initialization", self.initialization, INITIALIZATIONS)
        training_dtype(self.dtype, [self.solver])
        true_or_false("scaled", self.scaled)
        real_number("alpha", self.alpha, 0)

    @property
    def network(self) -> Network:
        """From (a, b, c) to the roots."""
        return Network.of_widths((3, *self.hidden, len(self.problem.output_names)), self.activation)


@dataclass(frozen=True, eq=False)
class Run:
    """One training and its measurements; losses and accuracies are the kept model's."""

    recipe: Recipe
    seed: int
    training: Rows
    test: Rows
    model: Model
    history: History
    test_curve: list[tuple[int, float]]
    train_accuracy: Accuracy
    test_accuracy: Accuracy
    train_loss: float
    test_loss: float
    stopped: str

    @property
    def seconds(self) -> float:
        """Wall-clock seconds of the training."""
        return self.history.seconds[-1] if self.history.seconds else 0.0


@dataclass
class UnseenLossCurve:
    """A callback that records the loss on the test rows as the network sees them; nothing is chosen by it."""

    triplets: Array
    targets: Array
    engine: Engine
    every: int
    points: list[tuple[int, float]] = field(default_factory=list)

    def on_epoch_end(self, state: TrainingState) -> None:
        with np.errstate(over="ignore", invalid="ignore"):  # training that diverges is told of by the loop
            prediction = self.engine.predict(state.network, state.parameters, self.triplets)
            self.points.append((state.epoch, SquaredError().value(prediction, self.targets)))


def run(
    recipe: Recipe,
    seed: int,
    *,
    engine: str = "auto",
    n_threads: int | None = None,
    verbose: bool = True,
    command: str = "",
) -> Run:
    """Train by `recipe` and measure.

    Parameters
    ----------
    recipe
        What to train on and how.
    seed
        Triplets, initial parameters and row orders are three independent streams from it.
    engine, n_threads, verbose
        As for `fitnet.train`.
    command
        What the user typed, kept in the model's provenance.
    """
    whole_number("seed", seed, 0, math.inf)
    data, start = (np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(2))
    training, test = recipe.problem.draw(data, recipe.triplets, recipe.test_triplets)
    compute = Compute(engine, n_threads)
    inputs, targets = scalings(recipe, training)
    dtype = training_dtype(recipe.dtype, [recipe.solver])
    curve = UnseenLossCurve(
        triplets=inputs.apply(test.triplets, dtype),
        targets=targets.apply(test.targets, dtype),
        engine=compute.chosen,
        every=max(1, recipe.epochs // CURVE_POINTS),
    )
    result = trained(recipe, training, inputs, targets, start, compute, verbose, curve)
    model = Model(
        recipe.network,
        result.parameters,
        input_names=("a", "b", "c"),
        output_names=recipe.problem.output_names,
        provenance=provenance(recipe, seed, compute.chosen.name, result.history.epochs, command),
        example_inputs=test.triplets,
        input_scaling=inputs if recipe.scaled else None,
        target_scaling=targets if recipe.scaled else None,
        compute=compute,
    )
    fitted, unseen = model.predict(training.triplets), model.predict(test.triplets)
    return Run(
        recipe=recipe,
        seed=seed,
        training=training,
        test=test,
        model=model,
        history=result.history,
        test_curve=curve.points,
        train_accuracy=accuracy(fitted, training.targets),
        test_accuracy=accuracy(unseen, test.targets),
        train_loss=SquaredError().value(fitted, training.targets),
        test_loss=SquaredError().value(unseen, test.targets),
        stopped=result.stopped,
    )


def trained(
    recipe: Recipe,
    rows: Rows,
    inputs: Scaling,
    targets: Scaling,
    generator: np.random.Generator,
    compute: Compute,
    verbose: bool,
    callback: Callback,
) -> TrainingResult:
    """The outcome of training by `recipe` on the scaled rows."""
    seen, weights = distinct(rows) if is_second_order(recipe.solver) else (rows, None)
    dtype = training_dtype(recipe.dtype, [recipe.solver])
    return train(
        recipe.network,
        inputs.apply(seen.triplets, dtype),
        targets.apply(seen.targets, dtype),
        weights=weights,
        epochs=recipe.epochs,
        generator=generator,
        solver=recipe.solver,
        alpha=recipe.alpha,
        batch_size=recipe.batch_size,
        initialization=recipe.initialization,
        dtype=dtype,
        engine=compute.engine,
        n_threads=compute.n_threads,
        verbose=verbose,
        callbacks=[callback],
    )


def distinct(rows: Rows) -> tuple[Rows, Array]:
    """Every triplet once, and how often it was drawn, (n,): the same sums for less work where all rows are summed."""
    triplets, first, counts = np.unique(rows.triplets, axis=0, return_index=True, return_counts=True)
    return Rows(triplets, rows.targets[first]), counts


def scalings(recipe: Recipe, training: Rows) -> tuple[Scaling, Scaling]:
    """Of triplets and roots; such that change nothing, where the recipe has none."""
    if recipe.scaled:
        return Scaling.standardising(training.triplets), Scaling.standardising(training.targets)
    m = training.targets.shape[1]
    return Scaling(np.zeros(3), np.ones(3)), Scaling(np.zeros(m), np.ones(m))


def provenance(recipe: Recipe, seed: int, engine: str, epochs: int, command: str) -> dict[str, Any]:
    """What a reader of the model file needs to make it again, and to know what it was trained on."""
    problem = recipe.problem
    return {
        "made by": f"fitnet {__version__}",
        "command": command,
        "roots": problem.roots,
        "low": problem.low,
        "high": problem.high,
        "numbers": problem.numbers,
        "zero a": problem.zero_a,
        "triplets": recipe.triplets,
        "test triplets": recipe.test_triplets,
        "optimizer": repr(recipe.solver),
        "initialization": recipe.initialization,
        "batch size": recipe.batch_size,
        "scaled": recipe.scaled,
        "l2": recipe.alpha,
        "epochs": epochs,
        "seed": seed,
        "engine": engine,
        "numpy": np.__version__,
    }
