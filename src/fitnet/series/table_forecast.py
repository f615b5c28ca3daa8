"""A table's series forecast in one go: the fits, their errors beside naive forecasts, and columns of what comes.

Shapes: g series, steps, b forecasts of rows that a fit had not seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array, whole_number
from fitnet.errors import ArgumentValueError
from fitnet.model.answer_names import named_beside
from fitnet.series.backtest import forecasts_at, mean_absolute, root_mean_square
from fitnet.series.fitted import FittedForecast, fit_forecast
from fitnet.series.intervals import ForecastErrors, rolling_fits, scales_of
from fitnet.series.series_in_tables import TableSeries, lines_named
from fitnet.series.settings import ForecastSettings
from fitnet.series.tails import checked_steps, seen_from
from fitnet.series.units import SeriesUnits

ENDS = ("_lower", "_upper")
FITS = 3  # whose errors in rows they had not seen are told, and make intervals
NAIVE = ("naive", "seasonal naive")


@dataclass(frozen=True, eq=False)
class Trial:
    """Forecasts of rows that a fit had not seen, (b, steps) each, of all series.

    Attributes
    ----------
    forecasts, actual, naive
        In the units of y.
    seasonal
        Or None, where no season is known or the rows before are too few.
    series
        (b,): the numbers of the series.
    fits
        How many there were.
    """

    forecasts: Array
    actual: Array
    naive: Array
    seasonal: Array | None
    series: Array
    fits: int

    def facts(self) -> dict[str, Any]:
        """Errors by step, as --json has them, and at which steps naive forecasts were at least as good."""
        ways = {"forecast": self.forecasts, "naive": self.naive, "seasonal naive": self.seasonal}
        errors = {name: each - self.actual for name, each in ways.items() if each is not None}
        rmse = {name: root_mean_square(each) for name, each in errors.items()}
        return {
            "fits": self.fits,
            "forecasts": len(self.forecasts),
            "rmse": {name: each.tolist() for name, each in rmse.items()},
            "mae": {name: mean_absolute(each).tolist() for name, each in errors.items()},
            "not_beaten": {
                name: (np.flatnonzero(rmse[name] <= rmse["forecast"]) + 1).tolist() for name in NAIVE if name in rmse
            },
        }

    def errors(self, series: TableSeries, log: bool) -> ForecastErrors:
        """What intervals are made of."""
        levels = SeriesUnits(0, log)
        scales = scales_of(levels.levels(series.given.values), series.given)
        distances = np.abs(levels.levels(self.forecasts) - levels.levels(self.actual)) / scales[self.series]
        return ForecastErrors(np.sort(distances.T[:, :, np.newaxis], axis=1), scales)


@dataclass(frozen=True, eq=False)
class TableForecast:
    """What `forecast_table` gives.

    Attributes
    ----------
    forecast
        (g, steps).
    ends
        (g, steps, 2), or None where there are no errors to make intervals of.
    times
        (g, steps) as numbers or dates; None without times.
    trial
        None where the series are too short for it.
    """

    series: TableSeries
    settings: ForecastSettings
    fitted: FittedForecast
    forecast: Array
    ends: Array | None
    times: Array | None
    trial: Trial | None

    def columns(self, group: str | None, time: str | None) -> dict[str, Array]:
        """(g steps,) each: the series where there are several, the time or step, the forecast, the interval's ends."""
        g, steps = self.forecast.shape
        target, labels = self.series.given.names[0], self.series.given.labels
        columns: dict[str, Array] = {}
        if group is not None and labels is not None:
            columns[group] = np.repeat(labels.astype(str), steps)
        if self.times is not None and time is not None and self.series.times is not None:
            columns[time] = self.series.times.written(self.times.ravel())
        else:
            columns["step"] = np.tile(np.arange(1, steps + 1), g)
        columns[target] = self.forecast.ravel()
        if self.ends is not None:
            for ending, ends in zip(ENDS, self.ends.reshape(-1, 2).T, strict=True):
                columns[named_beside(target, ending)] = ends.copy()
        return columns

    def facts(self) -> dict[str, Any]:
        """What was found and done, as --json has it."""
        given, times = self.series.given, self.series.times
        ends = (
            {}
            if given.times is None or times is None
            else dict(
                zip(
                    ("first", "last"),
                    times.written(np.array([given.times.min(), given.times.max()])).tolist(),
                    strict=True,
                )
            )
        )
        return {
            "rows": len(given.values),
            "series": len(given.starts) - 1,
            **ends,
            "step": None if given.step is None else str(given.step),
            "season": self.settings.season_of(given),
            "lags": list(self.fitted.shape.lags),
            "difference": self.fitted.units.difference,
            "log": self.settings.log,
            "strategy": self.settings.strategy,
            "networks_share": getattr(self.fitted.estimator, "networks_share_", None),
            "horizon": self.settings.horizon,
            "steps": self.forecast.shape[1],
            "backtest": None if self.trial is None else self.trial.facts(),
        }


def forecast_table(
    series: TableSeries,
    settings: ForecastSettings,
    steps: int,
    coverage: float,
    done: Callable[[int], None] = lambda fits: None,
) -> TableForecast:
    """Fit to parts of the series for the errors, then to all of them, and forecast; `done` hears how many fits are.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For settings and series that do not go together; the sentence names the line where there is one.
    """
    with lines_named(series.table, series.rows):
        fitted = fit_forecast(settings, series.given)
        done(1)
        ahead = series.known_ahead(max(checked_steps(fitted, steps), fitted.shape.horizon))
        trial = trial_of(settings, series, done)
    given, before, last, count = seen_from(
        fitted, series.given.last(max(1, fitted.rows_before)), steps, ahead, *3 * [None]
    )
    forecast = fitted.forecast(before, last, count)
    ends = None if trial is None else ends_around(forecast, trial.errors(series, settings.log), coverage, fitted)
    times = None
    if given.times is not None and series.given.step is not None:
        times = np.stack([series.given.step.after(given.times[end - 1], count) for end in given.starts[1:].tolist()])
    return TableForecast(series, settings, fitted, forecast[:, :, 0], ends, times, trial)


def ends_around(forecast: Array, errors: ForecastErrors, coverage: float, fitted: FittedForecast) -> Array | None:
    """(g, steps, 2) around forecasts (g, steps, 1); None beyond the horizon, for which there are no errors.

    Raises
    ------
    ArgumentValueError
        For a coverage that so few errors cannot give.
    """
    if forecast.shape[1] > len(errors.distances):
        return None
    return errors.around(forecast, coverage, fitted.units, np.arange(len(forecast)))[:, :, 0, :, 0]


def trial_of(settings: ForecastSettings, series: TableSeries, done: Callable[[int], None]) -> Trial | None:
    """Forecasts of what came after the first half and more of the series, by fits that had not seen it."""
    given, season, fits = series.given, settings.season_of(series.given), 0
    parts: list[list[Array]] = []
    seasonal_there = season is not None
    for fits, (fitted, judged) in enumerate(rolling_fits(settings, given, FITS), 1):
        done(1 + fits)
        for one, origins in judged:
            ahead = origins[:, np.newaxis] + np.arange(settings.horizon)
            actual, naive = given.values[ahead, 0], np.broadcast_to(given.values[origins - 1], ahead.shape)
            seasonal_there = seasonal_there and season is not None and origins[0] - season >= given.starts[one]
            back = (season or 1) * (np.arange(settings.horizon) // (season or 1) + 1)
            seasonal = given.values[np.maximum(ahead - back, 0), 0]
            forecasts = forecasts_at(fitted, given, origins)[:, :, 0]
            parts.append([forecasts, actual, naive, seasonal, np.full(len(origins), one)])
    if not parts:
        return None
    forecasts, actual, naive, seasonal, numbers = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Trial(forecasts, actual, naive, seasonal if seasonal_there else None, numbers, fits)


def settings_for(
    estimator: Any, steps: int, horizon: int | None, past: tuple[str, ...], **given: Any
) -> ForecastSettings:
    """Settings of `Forecaster` as the shell gives them: without a horizon it is the steps.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For one that cannot be used.
    """
    steps = whole_number("steps", steps)
    settings = ForecastSettings.of(estimator, exog_lags=None, horizon=steps if horizon is None else horizon, **given)
    if settings.recursive and past:
        raise ArgumentValueError(
            "`strategy` is 'recursive' and `past` is given; it must be 'direct', for what these columns will hold is "
            "not known.",
            "strategy",
            "past",
        )
    return settings
