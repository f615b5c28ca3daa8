"""Fitted attributes: what an estimator has of a fit, under the names that scikit-learn's users expect."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.optimizers import initial_state
from fitnet.fitting.constant_columns import warn_of_constant_inputs
from fitnet.fitting.fitting import Fitted
from fitnet.fitting.missing_error_bars import why_none
from fitnet.fitting.provenance import provenance
from fitnet.fitting.stream import Stream

if TYPE_CHECKING:
    from fitnet.estimators.network_estimator import NetworkEstimator
    from fitnet.estimators.regressor import Regressor


def shaping(estimator: "NetworkEstimator") -> dict[str, Any]:
    """By name, the parameters that shape the model: not where it was computed."""
    return {name: value for name, value in estimator.get_params(deep=False).items() if name != "communicator"}


def keep_whole(estimator: "Regressor", fitted: Fitted, generator: np.random.Generator) -> None:
    """As `keep` for the rows of a whole fit, from which `partial_fit` may go on with the generator."""
    optimizer = fitted.settings.recipe.optimizer
    state = None if optimizer is None else initial_state(optimizer, fitted.result.parameters)
    estimator._stream = Stream(generator, state)
    keep(estimator, fitted)
    warn_of_constant_inputs(estimator.model_, fitted.rows.n)


def keep(estimator: "NetworkEstimator", fitted: Fitted, *, whole: bool = True) -> None:
    """Give the estimator, in place, what was fitted: to the `whole` rows of a fit, or to those of a `partial_fit`."""
    estimator.model_ = replace(
        fitted.model,
        input_names=getattr(estimator, "feature_names_in_", ()),
        output_names=estimator._target_names,
        provenance=provenance(fitted.rows, estimator.random_state, shaping(estimator), fitted.model.target_transform),
    )
    estimator.__dict__.pop("conformal_", None)  # it was the last model's
    recipe, in_memory = fitted.settings.recipe, fitted.rows.in_memory
    why = why_none(recipe, estimator.model_.network, in_memory=in_memory, whole=whole)
    estimator._why_no_error_bars = why if estimator.model_.error_bars is None else None
    estimator.history_ = fitted.result.history
    estimator.n_epochs_ = fitted.result.history.epochs
    estimator.best_epoch_ = fitted.result.best_epoch
    estimator.stopped_ = fitted.result.stopped
