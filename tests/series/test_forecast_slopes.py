"""A forecast's derivatives with respect to the past: central differences through all steps, in all units."""

import numpy as np
import pytest
from recorded import autoregressive, small
from sklearn.linear_model import LinearRegression

from finite_differences import numerical_derivatives
from fitnet import AutoRegressor, Forecaster
from fitnet.errors import ArgumentTypeError
from series_tolerances import FORECAST_SLOPES_RTOL

UNITS = [(0, False), (0, True), (1, False), (3, True)]


def assert_close(found, expected):
    """Within the tolerance of the largest entry."""
    assert expected.any()
    np.testing.assert_allclose(found, expected, rtol=0, atol=FORECAST_SLOPES_RTOL * np.abs(expected).max())


@pytest.mark.parametrize(("difference", "log"), UNITS)
@pytest.mark.parametrize("strategy", ["direct", "recursive"])
def test_one_series(generator, strategy, difference, log):
    y = autoregressive(60, generator, level=10.0)
    known, past = generator.normal(size=(2, 60))
    forecaster = Forecaster(
        small(), [1, 2, 5], 5, strategy, known=[0], exog_lags=[5, 6], difference=difference, log=log, backtests=0
    ).fit(y, np.column_stack([known, past]))
    length = 6 + difference
    ahead = generator.normal(size=(5, 1))
    beside = np.zeros((length, 2))

    def forecast(window):
        return forecaster.predict(exog=ahead, y=window, past_exog=beside)

    window = y[:length]
    expected = numerical_derivatives(forecast, window)[:, ::-1]
    assert_close(forecaster.jacobian(exog=ahead, y=window, past_exog=beside), expected)
    assert_close(forecaster.jacobian(2, ahead, y=window, past_exog=beside), expected[:2])


@pytest.mark.parametrize("strategy", ["direct", "recursive"])
def test_several_columns(generator, strategy):
    y = autoregressive(60, generator, columns=2)
    forecaster = Forecaster(small(), [1, 3], 4, strategy, difference=1, backtests=0).fit(y)
    expected = numerical_derivatives(lambda window: forecaster.predict(y=window.reshape(4, 2)), y[-4:].ravel())
    found = forecaster.jacobian()
    assert found.shape == (4, 2, 4, 2)
    assert_close(found, expected.reshape(4, 2, 4, 2)[:, :, ::-1])


def test_groups_and_an_ensemble(generator):
    y = autoregressive(120, generator)
    forecaster = Forecaster(
        AutoRegressor("fast", smooth=True, random_state=0, n_jobs=1), 2, 3, "recursive", backtests=0
    )
    forecaster.fit(y, groups=np.repeat([0, 1], 60))
    found = forecaster.jacobian()
    for series, end in ((0, 60), (1, 120)):
        expected = numerical_derivatives(lambda window: forecaster.predict(y=window), y[end - 2 : end])
        assert_close(found[series], expected[:, ::-1])


def test_lags_that_are_not_seen_count_nothing(generator):
    y = autoregressive(60, generator)
    slopes = Forecaster(small(), [2, 5], difference=0, backtests=0).fit(y).jacobian()
    assert (slopes[0] != 0).tolist() == [False, True, False, False, True]


def test_other_estimators_have_none(generator):
    forecaster = Forecaster(LinearRegression(), 2, backtests=0).fit(autoregressive(60, generator))
    for ask, method in ((forecaster.jacobian, "jacobian"), (lambda: forecaster.model_, "model_")):
        with pytest.raises(ArgumentTypeError) as caught:
            ask()
        assert str(caught.value) == (
            f"`estimator` is LinearRegression; for `{method}` it must be a Regressor or an AutoRegressor."
        )
