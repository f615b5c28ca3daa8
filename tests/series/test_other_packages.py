"""`Regressor` inside skforecast, mlforecast and sktime, as docs/how-to/series.md has it, forecasts what it does alone.

Skipped where they are not installed: `pip install '.[series-peers]'`.
"""

import numpy as np
import pytest
from sklearn.base import clone

from fitnet import Forecaster, Regressor
from series_tolerances import OTHER_WINDOWS_RTOL

MISSING = "it is of the extra series-peers, which is not installed"
LAGS, STEPS = 6, 5
pytestmark = pytest.mark.filterwarnings("ignore")  # theirs


@pytest.fixture
def series():
    """A season around a trend, by month."""
    pandas = pytest.importorskip("pandas")
    months = pandas.date_range("2018-01", periods=72, freq="MS")
    return pandas.Series(np.sin(np.arange(72) / 3) + 0.02 * np.arange(72), months, name="y")


@pytest.fixture
def network():
    """Small, and soon trained."""
    return Regressor((6,), activation="tanh", solver="lm", max_epochs=20, error_bars=False, random_state=0)


@pytest.fixture
def ours(series, network):
    """The recursive forecast of changes."""
    forecaster = Forecaster(network, LAGS, STEPS, strategy="recursive", difference=1, backtests=0)
    return forecaster.fit(series).predict()


def test_skforecast(series, network, ours):
    recursive = pytest.importorskip("skforecast.recursive", reason=MISSING)
    forecaster = recursive.ForecasterRecursive(estimator=network, lags=LAGS, differentiation=1)
    forecaster.fit(series)
    np.testing.assert_allclose(forecaster.predict(STEPS), ours, rtol=OTHER_WINDOWS_RTOL)


def test_mlforecast(series, network, ours):
    mlforecast = pytest.importorskip("mlforecast", reason=MISSING)
    from mlforecast.target_transforms import Differences

    table = series.rename_axis("ds").reset_index().assign(unique_id="y")
    changes = [Differences([1])]
    forecaster = mlforecast.MLForecast([network], "MS", lags=range(1, LAGS + 1), target_transforms=changes)
    forecaster.fit(table)
    np.testing.assert_allclose(forecaster.predict(STEPS)["Regressor"], ours, rtol=OTHER_WINDOWS_RTOL)


def test_sktime(series, network):
    compose = pytest.importorskip("sktime.forecasting.compose", reason=MISSING)
    changes = series.diff().dropna()
    forecaster = compose.make_reduction(network, strategy="recursive", window_length=LAGS)
    forecaster.fit(changes)
    windows = np.lib.stride_tricks.sliding_window_view(changes.to_numpy(), LAGS)  # its columns begin with the oldest
    fitted, values = clone(network).fit(windows[:-1], changes[LAGS:]), list(changes)
    for _ in range(STEPS):
        values.append(float(fitted.predict([values[-LAGS:]])[0]))
    np.testing.assert_allclose(forecaster.predict(range(1, STEPS + 1)), values[-STEPS:], rtol=OTHER_WINDOWS_RTOL)
