"""A fitted forecast: settings, windows and an estimator, and what they give from any moment of any series.

Shapes: o origins, L rows before each that windows see, d rows of differences; y (o, steps, k).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentValueError
from fitnet.rows.windows import SeriesColumns, WindowInputs, WindowShape, WindowTargets, input_names, target_names
from fitnet.series.calendar import calendar_columns, calendar_names
from fitnet.series.exogenous import KnownColumns
from fitnet.series.forecast import Before, direct_forecast, direct_slopes, recursive_forecast, recursive_slopes
from fitnet.series.given import GivenSeries, refuse_leaks
from fitnet.series.settings import ForecastSettings
from fitnet.series.units import SeriesUnits
from fitnet.series.window_fit import fitted_to_windows, model_of, outputs_of


@dataclass(frozen=True, eq=False)
class FittedForecast:
    """What `fit_forecast` gives: nothing is left to choose, and nothing of the series is held."""

    estimator: Any
    settings: ForecastSettings
    shape: WindowShape
    units: SeriesUnits
    known: KnownColumns

    @property
    def rows_before(self) -> int:
        """How many rows of y before an origin a forecast needs: L + d."""
        return self.shape.reach + self.units.difference

    def before(self, given: GivenSeries, origins: Array, known: Array, calendar: Array) -> tuple[Before, Array]:
        """What is seen at these rows of series, which may be one behind the last, and y before them, (o, L + d, k).

        `known` (o, steps, f) and `calendar` (o, steps, c) are of the rows to forecast.
        """
        d, k = self.units.difference, given.values.shape[1]
        rows = origins[:, np.newaxis] + np.arange(-self.rows_before, 0)
        last = given.values[rows].reshape(len(origins), -1, k)
        levels = self.units.levels(last)
        values = levels[:, d:] - levels[:, : levels.shape[1] - d] if d else levels
        past = given.exog[:, list(self.known.past(given.exog.shape[1]))]
        return Before(values, past[rows[:, d:]], known, calendar), last

    def before_rows(self, given: GivenSeries, origins: Array, steps: int) -> tuple[Before, Array]:
        """The same for origins whose forecast rows are all among those given."""
        ahead = origins[:, np.newaxis] + np.arange(steps)
        calendar = calendar_columns(self.settings.calendar, given.times, len(given.values))
        return self.before(given, origins, given.exog[:, list(self.known.numbers)][ahead], calendar[ahead])

    def forecast(self, before: Before, last: Array, steps: int) -> Array:
        """(o, steps, k): y."""
        ways = recursive_forecast if self.settings.recursive else direct_forecast
        return self.units.forecast(ways(self._outputs, self.shape, before, steps), last)

    def slopes(self, before: Before, last: Array, steps: int) -> Array:
        """(o, steps, k, L + d, k): the derivatives of `forecast` with respect to `last`.

        Raises
        ------
        ArgumentTypeError
            If the estimator is none of fitnet's.
        """
        jacobian = model_of(self.estimator, "jacobian").jacobian
        if self.settings.recursive:
            found = recursive_slopes(self._outputs, jacobian, self.shape, before, steps)
        else:
            found = direct_slopes(jacobian, self.shape, before, steps)
        return self.units.slopes(found, self.forecast(before, last, steps), last)

    def _outputs(self, X: Array) -> Array:
        return outputs_of(self.estimator, X)


def fit_forecast(settings: ForecastSettings, given: GivenSeries, argument: str = "y") -> FittedForecast:
    """Choose what is left to choose, cut windows and fit the estimator to them; `argument` is blamed for few rows.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For settings and series that do not go together, and whatever the estimator raises.
    """
    columns = given.exog.shape[1]
    known = KnownColumns.of(settings.known, given.exog_names, columns)
    units = settings.units_for(given)
    shape = settings.shape_for(given, units)
    settings.check_length(given, argument)
    past = known.past(columns)
    if settings.recursive and shape.past_lags and settings.horizon > min(shape.past_lags):
        raise past_needed(settings.horizon, shape.past_lags)
    refuse_leaks(given, past, known, shape.horizon)
    cut = SeriesColumns(
        units.values(given.values, given.series),
        given.exog[:, list(past)],
        given.exog[:, list(known.numbers)],
        calendar_columns(settings.calendar, given.times, len(given.values)),
    )
    origins = shape.origins(given.starts[:-1] + units.difference, given.starts[1:])
    places = origins - np.repeat(given.starts[:-1], np.diff(np.searchsorted(origins, given.starts)))
    changes = tuple(change_name(name, units) for name in given.names)
    past_names, known_names = (tuple(map(known.called, each)) for each in (past, known.numbers))
    names = (
        input_names(shape, changes, past_names, known_names, calendar_names(settings.calendar)),
        target_names(changes, shape.horizon),
    )
    inputs, targets = WindowInputs(cut, shape, origins), WindowTargets(cut.values, shape.horizon, origins)
    return FittedForecast(
        fitted_to_windows(settings.estimator, inputs, targets, names, places), settings, shape, units, known
    )


def change_name(name: str, units: SeriesUnits) -> str:
    """What a column of y is called as windows count it, such as "log y change over 12"."""
    named = f"log {name}" if units.log else name
    return named if units.difference == 0 else f"{named} change" + f" over {units.difference}" * (units.difference > 1)


def past_needed(steps: int, past_lags: tuple[int, ...]) -> ArgumentValueError:
    """The error for steps that would need what is not known yet of columns of the past."""
    return ArgumentValueError(
        f"`strategy` is 'recursive' with {counted(steps, 'step')}, of which those after {min(past_lags)} need columns "
        "of `exog` that are not known by then; name them as `known`, take larger `exog_lags`, or strategy='direct'.",
        "strategy",
        "exog",
    )
