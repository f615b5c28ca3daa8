"""Epochs of scikit-learn's stochastic solvers: their random numbers, rules and stopping around the engine's gradients.

Shapes: X (n, p), y (n, m), sample_weight (n,) or None; parameters (P,).
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import is_classifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import train_test_split
from sklearn.neural_network._stochastic_optimizers import AdamOptimizer, SGDOptimizer
from sklearn.utils import gen_batches

from fitnet.algorithm.optimizers import GradientDescent
from fitnet.arguments import Array
from fitnet.engine.compute import Compute
from fitnet.engine.objective import Objective
from fitnet.engine.training_contract import Trainer
from fitnet.sklearn_compat.moments import by_layer, in_one_vector
from fitnet.sklearn_compat.objective import PerceptronObjective, as_engine_takes


@dataclass
class Descent:
    """One training of a perceptron, whose coefficients are views into `parameters` as long as it lasts.

    The trainer has the parameters too, and takes every step as they do. Where it holds float32, the step that their
    rule gives is rounded to it first.
    """

    perceptron: Any
    objective: PerceptronObjective
    trainer: Trainer
    parameters: Array
    weights: Array | None
    n: int

    def run_epoch(self, order: Array, batch_size: int) -> float:
        """One pass over the rows in this order, (n,); the mean over rows of what their batches' objectives were."""
        total, step = 0.0, np.empty_like(self.parameters)
        for batch in gen_batches(self.n, batch_size):
            rows = order[batch]
            value, gradient = self.trainer.gradient(rows)
            weight = total_weight(self.weights, rows)
            total += self.objective.completed(value, gradient, self.parameters, weight) * len(rows)
            step[:] = 0
            self.perceptron._optimizer.update_params([step], [gradient])
            self.parameters += step
            np.negative(step, out=step)
            self.trainer.apply(step, 1.0)
        return total / self.n


def fit_stochastic(perceptron: Any, X: Array, y: Array, sample_weight: Array | None, incremental: bool) -> None:
    """What `_fit_stochastic` of scikit-learn's perceptrons does, in place; a `partial_fit` is `incremental`."""
    if perceptron.early_stopping and incremental:
        raise ValueError("partial_fit does not support early_stopping=True")
    objective = PerceptronObjective.of(perceptron)
    parameters = objective.parameters(perceptron, X.dtype)
    if not incremental or not hasattr(perceptron, "_optimizer"):
        perceptron._optimizer = optimizer_of(perceptron, parameters)
    in_one_vector(perceptron._optimizer, objective.network, parameters.dtype)
    perceptron.coefs_ = objective.network.weights(parameters)
    perceptron.intercepts_ = objective.network.biases(parameters)
    rows, watched = (X, y, sample_weight), (None, None, None)
    if perceptron.early_stopping:
        rows, watched = rows_apart(perceptron, X, y, sample_weight)
    batch_size = rows_a_step(perceptron, len(rows[0]))
    trainer, weights = trainer_of(objective, parameters, rows, batch_size)
    descent = Descent(perceptron, objective, trainer, parameters, weights, len(rows[0]))
    try:
        run_epochs(descent, batch_size, watched, incremental)
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=4)
    finally:
        by_layer(perceptron._optimizer, objective.network)
    if perceptron.early_stopping:
        perceptron.coefs_, perceptron.intercepts_ = perceptron._best_coefs, perceptron._best_intercepts


def run_epochs(descent: Descent, batch_size: int, watched: tuple[Any, ...], incremental: bool) -> None:
    """Epochs until scikit-learn's rules end them, recorded in the perceptron; `watched` are X, y and weights."""
    of, order = descent.perceptron, np.arange(descent.n)
    of.n_iter_ = 0
    for _ in range(of.max_iter):
        if of.shuffle:
            order = order[shuffled(descent.n, of._random_state)]
        of.loss_ = descent.run_epoch(order, batch_size)
        of.n_iter_ += 1
        of.t_ += descent.n
        of.loss_curve_.append(of.loss_)
        if of.verbose:
            print(f"Iteration {of.n_iter_}, loss = {of.loss_:.8f}")
        of._update_no_improvement_count(of.early_stopping, *watched)
        of._optimizer.iteration_ends(of.t_)
        if of._no_improvement_count > of.n_iter_no_change:
            if of._optimizer.trigger_stopping(end_of_patience(of), of.verbose):
                break
            of._no_improvement_count = 0
        if incremental:
            break
        if of.n_iter_ == of.max_iter:
            warnings.warn(
                f"Stochastic Optimizer: Maximum iterations ({of.max_iter}) reached and the optimization hasn't "
                "converged yet.",
                ConvergenceWarning,
                stacklevel=5,
            )


def shuffled(n: int, random_state: Any) -> Array:
    """n row numbers in the order that sklearn.utils.shuffle draws, without checks that take longer than an epoch."""
    numbers = np.arange(n)
    random_state.shuffle(numbers)
    return numbers


def total_weight(weights: Array | None, rows: Array) -> float:
    """What these rows weigh together."""
    if weights is None:
        return len(rows)
    weight = float(weights[rows].sum())
    if weight == 0:
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")  # as np.average says it
    return weight


def end_of_patience(perceptron: Any) -> str:
    """What scikit-learn prints when it stops."""
    of, what = perceptron, "Validation score" if perceptron.early_stopping else "Training loss"
    return f"{what} did not improve more than tol={of.tol:f} for {of.n_iter_no_change} consecutive epochs."


def optimizer_of(perceptron: Any, parameters: Array) -> Any:
    """Scikit-learn's rule with the perceptron's settings, for parameters in one vector."""
    of = perceptron
    if of.solver == "sgd":
        schedule = (of.learning_rate, of.momentum, of.nesterovs_momentum, of.power_t)
        return SGDOptimizer([parameters], of.learning_rate_init, *schedule)
    return AdamOptimizer([parameters], of.learning_rate_init, of.beta_1, of.beta_2, of.epsilon)


def rows_apart(perceptron: Any, X: Array, y: Array, weight: Array | None) -> tuple[Any, Any]:
    """Rows to learn from and rows to watch, as X, y and weights each: of classes every one has its share in both."""
    stratify = y if is_classifier(perceptron) and perceptron.n_outputs_ == 1 else None
    given = [X, y] if weight is None else [X, y, weight]
    share, random_state = perceptron.validation_fraction, perceptron._random_state
    parts = train_test_split(*given, random_state=random_state, test_size=share, stratify=stratify)
    learnt, watched = ([*parts[first::2], None][:3] for first in (0, 1))
    if len(watched[0]) < 2:
        raise ValueError("The validation set is too small. Increase 'validation_fraction' or the size of your dataset.")
    if is_classifier(perceptron):
        watched[1] = perceptron._label_binarizer.inverse_transform(watched[1])
    return tuple(learnt), tuple(watched)


def rows_a_step(perceptron: Any, n: int) -> int:
    """The batch size for n rows, at most all."""
    if perceptron.batch_size == "auto":
        return min(200, n)
    if perceptron.batch_size > n:
        warnings.warn(
            "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped", stacklevel=5
        )
    return int(min(perceptron.batch_size, n))


def trainer_of(
    objective: PerceptronObjective, parameters: Array, rows: tuple[Any, Any, Any], batch_size: int
) -> tuple[Trainer, Array | None]:
    """The engine's trainer, without a penalty, and the rows' weights as it has them."""
    X, Y = (as_engine_takes(each, parameters.dtype) for each in rows[:2])
    objective.check_targets(Y)
    weights = None if rows[2] is None else as_engine_takes(rows[2], parameters.dtype)
    engine = Compute().chosen
    of_rows = Objective(engine, objective.network, objective.loss, X, Y, weights, 0.0)
    return engine.trainer(of_rows, GradientDescent(1.0), parameters, batch_size), weights
