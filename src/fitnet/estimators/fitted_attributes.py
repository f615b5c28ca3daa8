"""Fitted attributes: what an estimator has of a fit, under the names that scikit-learn's users expect."""

from dataclasses import replace
from typing import TYPE_CHECKING

from fitnet.fitting.fitting import Fitted
from fitnet.fitting.missing_error_bars import why_none
from fitnet.fitting.provenance import provenance

if TYPE_CHECKING:
    from fitnet.estimators.network_estimator import NetworkEstimator


def keep(estimator: "NetworkEstimator", fitted: Fitted, *, whole: bool = True) -> None:
    """Give the estimator, in place, what was fitted: to the `whole` rows of a fit, or to those of a `partial_fit`."""
    estimator.model_ = replace(
        fitted.model,
        input_names=getattr(estimator, "feature_names_in_", ()),
        output_names=estimator._target_names,
        provenance=provenance(
            fitted.rows, estimator.random_state, estimator.get_params(deep=False), fitted.model.target_transform
        ),
    )
    estimator.__dict__.pop("conformal_", None)  # it was the last model's
    recipe, in_memory = fitted.settings.recipe, fitted.rows.in_memory
    why = why_none(recipe, estimator.model_.network, in_memory=in_memory, whole=whole)
    estimator._why_no_error_bars = why if estimator.model_.error_bars is None else None
    estimator.history_ = fitted.result.history
    estimator.n_epochs_ = fitted.result.history.epochs
    estimator.best_epoch_ = fitted.result.best_epoch
    estimator.stopped_ = fitted.result.stopped
