"""Fitting an estimator to windows of series, in memory where they are few and in chunks where they are many.

Shapes: n windows, X (n, p), Y (n, m).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, clone
from sklearn.multioutput import MultiOutputRegressor
from sklearn.utils import get_tags

from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError
from fitnet.estimators.auto_regressor import AutoRegressor
from fitnet.estimators.fitted_attributes import keep
from fitnet.estimators.network_estimator import NetworkEstimator
from fitnet.estimators.random_state import random_generator
from fitnet.estimators.regressor import Regressor
from fitnet.estimators.validation_rows import validation_rows
from fitnet.fitting.fitting import fit
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.ensemble import Ensemble
from fitnet.model.model import Model
from fitnet.rows import sources
from fitnet.rows.windows import WindowInputs, WindowTargets
from fitnet.series.mean_of_networks import MeanOfNetworks
from fitnet.series.recipe_shares import Windows

WITH_MODELS = (NetworkEstimator, MeanOfNetworks)


def fitted_to_windows(
    estimator: BaseEstimator,
    inputs: WindowInputs,
    targets: WindowTargets,
    names: tuple[Sequence[str], Sequence[str]],
    places: Array,
) -> BaseEstimator:
    """A clone of the estimator, fitted; its model, where it has one, knows the `names` of inputs and targets.

    `places` (n,) are the windows' places in their series: the folds of an `AutoRegressor` are blocks of time.
    """
    n, p = inputs.shape
    estimator = clone(estimator)
    large = n * (p + targets.shape[1]) * sources.ENTRY_BYTES > sources.LARGE_MAP_BYTES
    if large and isinstance(estimator, MeanOfNetworks):
        estimator = estimator.single()
    if large and isinstance(estimator, Regressor):
        return fitted_in_chunks(estimator, inputs, targets, names)
    X, Y = inputs.read(0, n), targets.read(0, n)
    if isinstance(estimator, MeanOfNetworks):
        return estimator.fit(Windows(X, Y, places, targets.horizon), names)
    if isinstance(estimator, NetworkEstimator):
        beside = {"time": places} if isinstance(estimator, AutoRegressor) else {}
        tables = (dict(zip(each, rows.T, strict=True)) for each, rows in zip(names, (X, Y), strict=True))
        return estimator.fit(*tables, **beside)
    if Y.shape[1] == 1:
        return estimator.fit(X, Y[:, 0])
    several = get_tags(estimator).target_tags.multi_output
    return (estimator if several else MultiOutputRegressor(estimator)).fit(X, Y)


def fitted_in_chunks(
    estimator: Regressor, inputs: WindowInputs, targets: WindowTargets, names: tuple[Sequence[str], Sequence[str]]
) -> Regressor:
    """The estimator, fitted to windows that are cut when they are needed."""
    settings, rows = estimator._settings(), TrainingRows(inputs, targets)
    validation_rows(estimator, None, rows, settings.recipe.early_stopping)
    estimator.feature_names_in_ = np.array(names[0], dtype=object)
    estimator.n_features_in_ = len(names[0])
    estimator._target_names, estimator._one_target, estimator._single = list(names[1]), False, False
    keep(estimator, fit(settings, rows, random_generator(estimator.random_state)))
    return estimator


def model_of(estimator: Any, method: str) -> Model | Ensemble:
    """The estimator's model.

    Raises
    ------
    ArgumentTypeError
        If it is none of fitnet's; `method` needs one.
    """
    if not isinstance(estimator, WITH_MODELS):
        raise ArgumentTypeError(
            f"`estimator` is {type(estimator).__name__}; for `{method}` it must be a Regressor or an AutoRegressor.",
            "estimator",
        )
    return estimator.model_


def outputs_of(estimator: Any, X: Array) -> Array:
    """(n, m): what a fitted estimator gives for the rows of X (n, p)."""
    if isinstance(estimator, WITH_MODELS):
        return np.asarray(estimator.model_.predict(X), np.float64)
    return np.asarray(estimator.predict(X), np.float64).reshape(len(X), -1)
