"""Ways to forecast that `benchmarks.series` compares: estimators of windows by name, and `Forecaster`'s settings."""

from collections.abc import Callable, Mapping
from typing import Any

from sklearn.linear_model import LinearRegression

from benchmarks.series_data import GENERATED
from fitnet import AutoRegressor, Regressor
from fitnet.series.mean_of_networks import MeanOfNetworks


def default(seed: int) -> MeanOfNetworks:
    """What `Forecaster` takes unless told otherwise, on one thread."""
    return MeanOfNetworks("standard", seed, 1)


def smooth(seed: int, **settings: Any) -> Regressor:
    """A single network, on one thread."""
    return Regressor(activation="tanh", error_bars=False, random_state=seed, n_threads=1, **settings)


def ensemble(seed: int) -> AutoRegressor:
    """The ensemble that chooses itself."""
    return AutoRegressor(random_state=seed, n_jobs=1)


def least_squares(seed: int) -> LinearRegression:
    """The line through the same windows."""
    return LinearRegression()


Estimator = Callable[[int], Any]
ESTIMATORS: Mapping[str, Estimator] = {
    "Forecaster": default,
    "network": smooth,
    "AutoRegressor": ensemble,
    "least squares": least_squares,
}
MACKEY_GLASS: Mapping[str, Estimator] = {
    **ESTIMATORS,
    "network 12-12": lambda seed: smooth(seed, hidden_layer_sizes=(12, 12)),
}
PLAIN, CHANGES = {"lags": 12, "difference": 0}, {"lags": 12, "difference": 1}
WAYS: Mapping[str, Mapping[str, tuple[Estimator, dict[str, Any]]]] = {
    "narma, 20 lags of u": {name: (each, {"lags": (), "exog_lags": 20}) for name, each in ESTIMATORS.items()},
    "narma, 10 of u and y": {name: (each, {"lags": 10}) for name, each in ESTIMATORS.items()},
    "mackey-glass": {name: (each, {"lags": [6, 12, 18, 24]}) for name, each in MACKEY_GLASS.items()},
    "sunspots": {name: (each, {"lags": 12}) for name, each in ESTIMATORS.items()},
    "airline": {
        "Forecaster": (default, CHANGES),
        "Forecaster, log": (default, {**CHANGES, "log": True}),
        "Forecaster, no difference": (default, PLAIN),
        "network": (smooth, CHANGES),
        "network, log": (smooth, {**CHANGES, "log": True}),
        "network, no difference": (smooth, PLAIN),
        "AutoRegressor": (ensemble, CHANGES),
        "AutoRegressor, log": (ensemble, {**CHANGES, "log": True}),
        "least squares": (least_squares, CHANGES),
        "least squares, log": (least_squares, {**CHANGES, "log": True}),
    },
    **{name: {way: (ESTIMATORS[way], {}) for way in ("Forecaster", "network", "least squares")} for name in GENERATED},
}
