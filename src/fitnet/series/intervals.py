"""Intervals of forecasts: how far forecasts of rows that a fit had not seen lay from these, step by step.

Shapes: g series, steps, k columns, c coverages. Distances count in levels, of which those of log=True are logarithms,
and in each series' scale, its mean absolute change from row to row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.series.backtest import forecasts_at
from fitnet.series.fitted import FittedForecast, fit_forecast
from fitnet.series.given import GivenSeries
from fitnet.series.settings import ForecastSettings
from fitnet.series.units import SeriesUnits
from fitnet.uncertainty.conformal_arguments import checked_coverages

FIRST_SHARE = 0.5  # of a series, that the first of the fits behind intervals sees
LEAST_WINDOWS = 10  # of each series; from fewer a network learns too little to be an example
ROUNDING = 1e-9  # so that 0.9 of 10 is 9


@dataclass(frozen=True, eq=False)
class ForecastErrors:
    """Absolute errors of forecasts out of sample.

    Attributes
    ----------
    distances
        (steps, n, k): in rising order along n, in units of `scales`.
    scales
        (g, k): of the series.
    """

    distances: Array
    scales: Array

    def half_widths(self, coverage: Any, steps: int) -> Array:
        """(steps, k, c): what each coverage adds on either side, in units of `scales`.

        The smallest distance that ceil((n + 1) coverage) of n do not exceed, as in split conformal prediction; but
        neighbouring forecasts' errors are alike, so that the share held is near the coverage, not surely above it.

        Raises
        ------
        ArgumentValueError
            For a coverage that so few forecasts cannot give.
        """
        n = self.distances.shape[1]
        coverages = checked_coverages(coverage, n, n / (n + 1))
        ranks = [min(n, ceil((n + 1) * each - ROUNDING)) for each in coverages]
        return np.moveaxis(self.distances[:steps, [rank - 1 for rank in ranks]], 1, -1)

    def around(self, forecast: Array, coverage: Any, units: SeriesUnits, series: Array) -> Array:
        """(g, steps, k, 2, c): the ends around forecasts (g, steps, k) of these `series`, (g,) of the fitted ones."""
        widths = self.half_widths(coverage, forecast.shape[1]) * self.scales[series][:, np.newaxis, :, np.newaxis]
        levels = units.levels(forecast)[..., np.newaxis]
        ends = np.stack([levels - widths, levels + widths], axis=-2)
        return np.exp(ends) if units.log else ends


def forecast_errors(settings: ForecastSettings, given: GivenSeries, fits: int) -> ForecastErrors | None:
    """Fit so many times to the first part of each series, half of it at first, and forecast what came next.

    None where a series is too short for any.
    """
    levels = SeriesUnits(0, settings.log)
    scales = scales_of(levels.levels(given.values), given)
    distances = [
        distances_of(fitted, given, origins, levels) / scales[one]
        for fitted, judged in rolling_fits(settings, given, fits)
        for one, origins in judged
    ]
    if not distances:
        return None
    joined = np.concatenate(distances)
    return ForecastErrors(np.sort(np.moveaxis(joined, 0, 1), axis=1), scales)


def rolling_fits(
    settings: ForecastSettings, given: GivenSeries, fits: int
) -> Iterator[tuple[FittedForecast, list[tuple[int, Array]]]]:
    """Each fit to the first part of every series, half of it at first, and what it is judged on.

    That is, for the numbers of series, the origins up to where the next fit ends. Where a series is too short for a
    fit, that is left out.
    """
    shortest = int(np.diff(given.starts).min())
    for number in range(fits):
        share, next_share = (FIRST_SHARE + (1 - FIRST_SHARE) * each / fits for each in (number, number + 1))
        seen = [slice(each.start, each.start + int(share * (each.stop - each.start))) for each in given.series]
        if int(share * shortest) < settings.rows_needed(given.part(seen)) + LEAST_WINDOWS - 1:
            continue
        ends = [part.start + int(next_share * (part.stop - part.start)) for part in given.series]
        origins = [
            np.arange(each.stop, min(end, part.stop - settings.horizon + 1))
            for part, each, end in zip(given.series, seen, ends, strict=True)
        ]
        yield fit_forecast(settings, given.part(seen)), [(one, each) for one, each in enumerate(origins) if len(each)]


def distances_of(fitted: FittedForecast, given: GivenSeries, origins: Array, levels: SeriesUnits) -> Array:
    """(b, steps, k): from the levels of the forecasts to what came."""
    came = given.values[origins[:, np.newaxis] + np.arange(fitted.settings.horizon)]
    return np.asarray(np.abs(levels.levels(forecasts_at(fitted, given, origins)) - levels.levels(came)))


def scales_of(levels: Array, given: GivenSeries) -> Array:
    """(g, k): the mean absolute change from row to row of each series; 1 where it stands still."""
    changes = [np.abs(np.diff(levels[part], axis=0)).mean(axis=0) for part in given.series]
    return np.where(np.array(changes) > 0, changes, 1.0)


def checked_errors(errors: ForecastErrors | None, steps: int) -> ForecastErrors:
    """What intervals of so many steps are made of.

    Raises
    ------
    ArgumentValueError
        If there are no errors, or none of so many steps.
    """
    if errors is None:
        raise ArgumentValueError(
            "`backtests` is 0, or the series was too short for them; without their errors there are no intervals.",
            "backtests",
        )
    if steps > len(errors.distances):
        raise ArgumentValueError(
            f"`steps` is {steps}; intervals are made for at most the `horizon` of the fit, {len(errors.distances)}.",
            "steps",
            "horizon",
        )
    return errors
