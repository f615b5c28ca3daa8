"""Intervals: they hold their share of what comes, are made out of sample, and grow where errors do."""

import numpy as np
import pytest
from recorded import autoregressive
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor

from fitnet import Forecaster
from fitnet.errors import ArgumentValueError
from series_tolerances import FORECAST_COVERAGE_ATOL, FORECAST_ENDS_RTOL, ROOT_OF_NINE_STEPS

STEPS = 5


@pytest.mark.parametrize("strategy", ["direct", "recursive"])
def test_they_hold_their_share(generator, strategy):
    held = []
    for _ in range(60):
        y = autoregressive(205, generator)
        forecaster = Forecaster(LinearRegression(), 2, STEPS, strategy, difference=0).fit(y[:200])
        low, high = forecaster.predict_interval(coverage=0.9).T
        held.append((low <= y[200:]) & (y[200:] <= high))
    assert np.mean(held) == pytest.approx(0.9, abs=FORECAST_COVERAGE_ATOL)


def test_errors_in_sample_do_not_make_them_narrow(generator):
    """A tree passes through all it was fitted to; intervals from its residuals would have no width."""
    y = autoregressive(205, generator)
    low, high = Forecaster(DecisionTreeRegressor(random_state=0), 2, STEPS, difference=0).fit(y).predict_interval().T
    assert np.all(high - low > y.std())


def test_they_widen_along_a_random_walk(generator):
    y = np.cumsum(generator.normal(size=400))
    low, high = Forecaster(LinearRegression(), 1, 9, difference=1).fit(y).predict_interval().T
    least, most = ROOT_OF_NINE_STEPS
    assert least < (high - low)[8] / (high - low)[0] < most


def test_they_are_order_statistics_of_absolute_errors(generator):
    """One fit to the first half, linear: by hand with NumPy."""
    y = autoregressive(100, generator)
    forecaster = Forecaster(LinearRegression(), 1, 2, difference=0, backtests=1).fit(y)
    X, Y = y[:48, np.newaxis], np.column_stack([y[1:49], y[2:50]])
    line = LinearRegression().fit(X, Y)
    origins = np.arange(50, 99)
    errors = np.abs(line.predict(y[origins - 1][:, np.newaxis]) - np.column_stack([y[origins], y[origins + 1]]))
    widths = np.sort(errors, axis=0)[[39, 44]].T  # ceil(50 * 0.79) = 40 and ceil(50 * 0.9) = 45 of 49
    center = forecaster.predict()[:, np.newaxis, np.newaxis]
    expected = center + np.array([-1, 1])[:, np.newaxis] * widths[:, np.newaxis]
    np.testing.assert_allclose(forecaster.predict_interval(coverage=[0.79, 0.9]), expected, rtol=FORECAST_ENDS_RTOL)
    np.testing.assert_allclose(
        forecaster.predict_interval(1, coverage=0.9), expected[:1, :, 1], rtol=FORECAST_ENDS_RTOL
    )


def test_of_logarithms_they_are_above_0_and_of_one_ratio(generator):
    y = np.exp(autoregressive(200, generator))
    forecaster = Forecaster(LinearRegression(), 2, STEPS, log=True, difference=0).fit(y)
    low, high = forecaster.predict_interval().T
    assert np.all(low > 0)
    np.testing.assert_allclose(high / forecaster.predict(), forecaster.predict() / low, rtol=FORECAST_ENDS_RTOL)


def test_each_series_has_its_own_width(generator):
    """Of two series that differ only in their unit, intervals do too, and are those of one alone."""
    y = autoregressive(100, generator)
    forecaster = Forecaster(LinearRegression(fit_intercept=False), 2, 2, difference=0)
    first, second = forecaster.fit(np.append(y, 1000 * y), groups=np.repeat([1, 2], 100)).predict_interval()
    np.testing.assert_allclose(second, 1000 * first, rtol=FORECAST_ENDS_RTOL)
    np.testing.assert_allclose(first, forecaster.fit(y).predict_interval(), rtol=FORECAST_ENDS_RTOL)


@pytest.mark.parametrize(
    ("settings", "arguments", "sentence", "argument"),
    [
        ({"backtests": 0}, {}, "`backtests` is 0, or the series was too short for them; ", "backtests"),
        ({"lags": 80}, {}, "`backtests` is 0, or the series was too short for them; ", "backtests"),
        (
            {"strategy": "recursive"},
            {"steps": 3},
            "`steps` is 3; intervals are made for at most the `horizon` ",
            "steps",
        ),
        ({}, {"coverage": 0.99}, "`coverage` is 0.99; intervals from 49 rows can hold at most 0.98.", "coverage"),
        ({}, {"coverage": 1.0}, "`coverage` is 1; it must be above 0 and below 1.", "coverage"),
    ],
)
def test_refuses(generator, settings, arguments, sentence, argument):
    settings = {"lags": 1, "horizon": 2, "difference": 0, **settings}
    forecaster = Forecaster(LinearRegression(), **settings).fit(autoregressive(100, generator))
    with pytest.raises(ArgumentValueError) as caught:
        forecaster.predict_interval(**arguments)
    assert str(caught.value).startswith(sentence)
    assert caught.value.argument == argument
