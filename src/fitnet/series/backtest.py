"""Backtests: forecasts from one moment after the other, each made of what was known then, beside naive ones.

Shapes: b origins, the first rows that are forecast; forecasts (b, steps), or (b, steps, k) where y had columns; errors
by step (steps,) or (steps, k).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array, counted, true_or_false, whole_number
from fitnet.errors import ArgumentValueError
from fitnet.series.fitted import FittedForecast, fit_forecast
from fitnet.series.given import GivenSeries
from fitnet.series.settings import ForecastSettings


@dataclass(frozen=True, eq=False)
class Backtest:
    """What `Forecaster.backtest` gives.

    Attributes
    ----------
    origins
        (b,): the numbers of the first forecast rows.
    times
        (b,): their times; None without.
    forecasts, actual
        (b, steps) or (b, steps, k), in the units of y.
    naive
        The last value before each origin, for all steps.
    seasonal_naive
        The last value of the same place in the season; None where no season is known, or the first origin is too early.
    season
        Rows a season; or None.
    """

    origins: Array
    times: Array | None
    forecasts: Array
    actual: Array
    naive: Array
    seasonal_naive: Array | None
    season: int | None

    @property
    def rmse(self) -> Array:
        """By step: the root of the mean squared error."""
        return root_mean_square(self.forecasts - self.actual)

    @property
    def mae(self) -> Array:
        """By step: the mean absolute error."""
        return mean_absolute(self.forecasts - self.actual)

    @property
    def naive_rmse(self) -> Array:
        """As `rmse`, of the naive forecasts."""
        return root_mean_square(self.naive - self.actual)

    @property
    def naive_mae(self) -> Array:
        """As `mae`, of the naive forecasts."""
        return mean_absolute(self.naive - self.actual)

    @property
    def seasonal_naive_rmse(self) -> Array | None:
        """As `rmse`, of the seasonal naive forecasts; None where there are none."""
        return None if self.seasonal_naive is None else root_mean_square(self.seasonal_naive - self.actual)

    @property
    def seasonal_naive_mae(self) -> Array | None:
        """As `mae`, of the seasonal naive forecasts; None where there are none."""
        return None if self.seasonal_naive is None else mean_absolute(self.seasonal_naive - self.actual)

    def __repr__(self) -> str:
        steps = self.forecasts.shape[1]
        return (
            f"Backtest({counted(len(self.origins), 'origin')}, {counted(steps, 'step')}, rmse={self.rmse.mean():.4g})"
        )


def root_mean_square(errors: Array) -> Array:
    """Over the first axis."""
    return np.asarray(np.sqrt(np.mean(errors * errors, axis=0)))


def mean_absolute(errors: Array) -> Array:
    """Over the first axis."""
    return np.asarray(np.mean(np.abs(errors), axis=0))


def forecasts_at(fitted: FittedForecast, given: GivenSeries, origins: Array) -> Array:
    """(b, horizon, k): forecasts from origins whose forecast rows are all among those given."""
    horizon = fitted.settings.horizon
    return fitted.forecast(*fitted.before_rows(given, origins, horizon), horizon)


def backtest(settings: ForecastSettings, given: GivenSeries, initial: Any, step: Any, refit: Any) -> Backtest:
    """Fit to the first `initial` rows of one series, or with `refit` to all before each origin, and forecast.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If too few rows are left before or after, and as for a fit.
    """
    rows, horizon = len(given.values), settings.horizon
    initial = rows // 2 if initial is None else whole_number("initial", initial)
    step, refit = whole_number("step", step), true_or_false("refit", refit)
    if initial + horizon > rows:
        raise ArgumentValueError(
            f"`initial` is {initial}; it must be at most {rows - horizon}, so that a horizon of {horizon} is left of "
            f"{counted(rows, 'row')}.",
            "initial",
            "y",
        )
    origins = np.arange(initial, rows - horizon + 1, step)
    if refit:
        parts = [forecasts_at(fitted_before(settings, given, o), given, np.array([o])) for o in origins.tolist()]
        forecasts = np.concatenate(parts)
    else:
        forecasts = forecasts_at(fitted_before(settings, given, initial), given, origins)
    ahead = origins[:, np.newaxis] + np.arange(horizon)
    season = settings.season_of(given)
    naive = np.repeat(given.values[origins - 1][:, np.newaxis], horizon, axis=1)
    seasonal = None
    if season is not None and season <= initial:
        seasonal = given.values[ahead - season * (np.arange(horizon) // season + 1)]
    last = 0 if given.one_column else slice(None)
    return Backtest(
        origins,
        None if given.times is None else given.times[origins],
        forecasts[..., last],
        given.values[ahead][..., last],
        naive[..., last],
        None if seasonal is None else seasonal[..., last],
        season,
    )


def fitted_before(settings: ForecastSettings, given: GivenSeries, origin: int) -> FittedForecast:
    """Fitted to the rows before an origin of one series."""
    return fit_forecast(settings, given.part([slice(0, origin)]), "initial")
