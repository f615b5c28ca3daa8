"""Backtests: every forecast is made of what was known by then, and errors are what NumPy says of them."""

import numpy as np
import pytest
from recorded import Remembering, autoregressive
from sklearn.linear_model import LinearRegression

from fitnet import Forecaster
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from tolerances import FLOAT64_RTOL

MONTHS = np.arange("2010-01", "2016-01", dtype="M8[M]").astype("M8[D]")
SETTINGS = {"lags": 2, "horizon": 3, "difference": 0, "backtests": 0}


@pytest.mark.parametrize("refit", [False, True])
def test_forecasts_are_those_of_a_fit_to_the_rows_before(generator, refit):
    y, known = autoregressive(72, generator), generator.normal(size=72)
    forecaster = Forecaster(LinearRegression(), known="all", **SETTINGS)
    found = forecaster.backtest(y, known, initial=50, step=7, refit=refit)
    assert found.origins.tolist() == [50, 57, 64]
    assert not hasattr(forecaster, "estimator_")
    for i, origin in enumerate(found.origins):
        rows = origin if refit else 50
        fitted = Forecaster(LinearRegression(), known="all", **SETTINGS).fit(y[:rows], known[:rows])
        expected = fitted.predict(exog=known[origin : origin + 3], y=y[:origin])
        np.testing.assert_allclose(found.forecasts[i], expected, rtol=FLOAT64_RTOL)
        np.testing.assert_array_equal(found.actual[i], y[origin : origin + 3])


@pytest.mark.parametrize("refit", [False, True])
def test_the_future_changes_no_forecast_before_it(generator, refit):
    """From a row on other values: forecasts from origins up to there are the same bits."""
    y, past = autoregressive(72, generator), generator.normal(size=72)
    later, past_later = y.copy(), past.copy()
    later[60:] += 5
    past_later[60:] += 5
    forecaster = Forecaster(LinearRegression(), **SETTINGS)
    before = forecaster.backtest(y, past, initial=50, refit=refit)
    after = forecaster.backtest(later, past_later, initial=50, refit=refit)
    np.testing.assert_array_equal(before.forecasts[:11], after.forecasts[:11])
    assert np.all(before.forecasts[11:] != after.forecasts[11:])


def test_errors_by_step_beside_naive_ones(generator):
    y = autoregressive(72, generator)
    found = Forecaster(LinearRegression(), 2, 14, difference=0).backtest(y, times=MONTHS, initial=40, step=2)
    rows = range(40, 59, 2)
    naive = np.array([[y[o - 1]] * 14 for o in rows])
    seasonal = np.array([[*y[o - 12 : o], y[o - 12], y[o - 11]] for o in rows])
    actual = np.array([y[o : o + 14] for o in rows])
    np.testing.assert_array_equal(found.naive, naive)
    np.testing.assert_array_equal(found.seasonal_naive, seasonal)
    np.testing.assert_array_equal(found.times, MONTHS[40:59:2])
    assert found.season == 12
    for rmse, mae, forecast in (
        (found.rmse, found.mae, found.forecasts),
        (found.naive_rmse, found.naive_mae, naive),
        (found.seasonal_naive_rmse, found.seasonal_naive_mae, seasonal),
    ):
        np.testing.assert_allclose(rmse, np.sqrt(((forecast - actual) ** 2).mean(axis=0)), rtol=FLOAT64_RTOL)
        np.testing.assert_allclose(mae, np.abs(forecast - actual).mean(axis=0), rtol=FLOAT64_RTOL)
    assert repr(found).startswith("Backtest(10 origins, 14 steps, rmse=")


def test_without_a_season_there_is_no_seasonal_forecast(generator):
    y = autoregressive(72, generator, columns=2)
    found = Forecaster(Remembering(), **SETTINGS).backtest(y)
    assert (found.season, found.seasonal_naive, found.seasonal_naive_rmse) == (None, None, None)
    assert (found.origins[0], found.forecasts.shape, found.rmse.shape) == (36, (34, 3, 2), (3, 2))
    early = Forecaster(Remembering(), season=20, **SETTINGS).backtest(y, initial=19)
    assert early.seasonal_naive is None


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        (
            {"initial": 70},
            ArgumentValueError,
            "`initial` is 70; it must be at most 69, so that a horizon of 3 is left of 72 ",
        ),
        (
            {"initial": 4},
            ArgumentValueError,
            "`initial` is 4; with lags up to 2 and a horizon of 3 it must be at least 5.",
        ),
        ({"initial": 0}, ArgumentValueError, "`initial` is 0; it must be at least 1."),
        ({"step": 0}, ArgumentValueError, "`step` is 0; it must be at least 1."),
        ({"refit": 1}, ArgumentTypeError, "`refit` is 1; it must be True or False."),
    ],
)
def test_refuses(generator, arguments, error, sentence):
    with pytest.raises(error) as caught:
        Forecaster(LinearRegression(), **SETTINGS).backtest(autoregressive(72, generator), **arguments)
    assert str(caught.value).startswith(sentence)


def test_recursion_moves_on_in_the_columns_of_the_past(generator):
    """Each step sees the columns two and three rows before itself, which two steps ahead are still of the past."""
    y, past = autoregressive(72, generator), generator.normal(size=72)
    settings = {"lags": 1, "horizon": 2, "exog_lags": [2, 3], "strategy": "recursive", "difference": 0}
    found = Forecaster(LinearRegression(), **settings).backtest(y, past, initial=70)
    X = np.array([[y[o - 1], past[o - 2], past[o - 3]] for o in range(3, 70)])
    line = LinearRegression().fit(X, y[3:70])
    first = line.predict([[y[69], past[68], past[67]]])[0]
    second = line.predict([[first, past[69], past[68]]])[0]
    np.testing.assert_allclose(found.forecasts[0], [first, second], rtol=FLOAT64_RTOL)
