"""`Forecaster`: series forecast by a network, from windows of their past.

Shapes: y (T,) or (T, k); exog (T, e); forecasts (steps,), or (steps, k) where y had columns, and with groups a first
axis (g, ...), in the order of `groups_`.
"""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from fitnet.arguments import Array, one_of, whole_number
from fitnet.model.ensemble import Ensemble
from fitnet.model.model import Model
from fitnet.series.backtest import Backtest, backtest
from fitnet.series.fitted import FittedForecast, fit_forecast
from fitnet.series.forecast import Before
from fitnet.series.given import GivenSeries, given_series
from fitnet.series.intervals import ForecastErrors, checked_errors, forecast_errors
from fitnet.series.mean_of_networks import MeanOfNetworks
from fitnet.series.member_recipes import EFFORTS
from fitnet.series.settings import ForecastSettings
from fitnet.series.tails import checked_steps, seen_from, times_after
from fitnet.series.window_fit import model_of


class Forecaster(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type information
    """Forecasts of a series from its past, with intervals, backtests and exact derivatives.

    Parameters
    ----------
    estimator
        A `Regressor`, an `AutoRegressor` or any regressor of scikit-learn's kind. None is the mean of several networks
        and a straight line, which counts for more the better it forecast later rows (docs/how-to/series.md).
    lags
        Which values before a row are seen: a whole number, for all from 1 up to it, or a sequence such as [1, 6, 12].
        None takes 12, or a season if that is longer, where the series has four times as many rows.
    horizon
        Steps that are forecast together; of "recursive" those that intervals and backtests are made for.
    strategy
        "direct": one network gives all steps. "recursive": one step, from which the next is made, for any number.
    known
        Columns of exog, by name or number, that are known in advance: their values at the rows to forecast are seen.
        "all" is every one. The others are seen like y, up to the row before.
    exog_lags
        The lags of the others, if not those of y.
    calendar
        What is seen of the first row to forecast: "hour", "weekday", "month", "day of year". It needs dates as times.
    difference
        The network sees and gives changes of y over so many rows, 0 for y itself: a trend then leads to no values that
        it never saw. "auto" takes 1 where the last quarter of a series lies a standard deviation from the rest.
    log
        It sees and gives the logarithm: for values above 0 whose swings grow with them. Intervals then grow, too.
    season
        Rows a season, for the seasonal naive forecast; None takes it from the times: 12 of months, 7 of days.
    backtests
        Fits to the first half of the series and more, whose errors in what came next make intervals; 0 makes none.
    effort
        Of the estimator that None stands for, counted in networks: "fast", "standard" or "thorough".
    random_state
        Likewise: a whole number, a generator or None.

    Attributes
    ----------
    model_
        The `Model` or `Ensemble` of the windows, with inputs such as "y lag 1" and "month sin".
    estimator_
        The estimator, fitted.
    lags_, difference_, season_
        Those taken.
    groups_
        (g,): the groups' values, sorted, as forecasts have them; None where there were none.

    Examples
    --------
    >>> import numpy as np
    >>> from fitnet import Forecaster
    >>> y = np.sin(np.arange(200) / 3)
    >>> forecaster = Forecaster(lags=4, horizon=3, random_state=0).fit(y)
    >>> bool(np.allclose(forecaster.predict(), np.sin(np.arange(200, 203) / 3), atol=0.01))
    True
    """

    _fitted: FittedForecast
    _tail: GivenSeries  # as many rows of each series as a forecast needs
    _errors: ForecastErrors | None

    def __init__(
        self,
        estimator: Any = None,
        lags: Any = None,
        horizon: int = 1,
        strategy: str = "direct",
        *,
        known: Any = (),
        exog_lags: Any = None,
        calendar: Any = (),
        difference: int | str = "auto",
        log: bool = False,
        season: int | None = None,
        backtests: int = 3,
        effort: str = "standard",
        random_state: Any = None,
    ) -> None:
        self.estimator = estimator
        self.lags = lags
        self.horizon = horizon
        self.strategy = strategy
        self.known = known
        self.exog_lags = exog_lags
        self.calendar = calendar
        self.difference = difference
        self.log = log
        self.season = season
        self.backtests = backtests
        self.effort = effort
        self.random_state = random_state

    def fit(self, y: Any, exog: Any = None, times: Any = None, groups: Any = None) -> Self:
        """Learn from series, row after row in time.

        Parameters
        ----------
        y
            (T,) or (T, k), without gaps. An index of dates, as pandas has it, is its `times`.
        exog
            (T, e): columns beside it; a frame's have names.
        times
            (T,), numbers or dates, evenly apart and rising; months and years may differ in days.
        groups
            (T,): rows of the same value are a series of their own, which no window leaves; one network learns all.

        Raises
        ------
        SeriesError
            For a gap, or a time that does not follow from the one before; it carries the row.
        ArgumentValueError, ArgumentTypeError
            For settings or data that cannot be used; the sentence names what.
        """
        settings = self._settings()
        backtests = whole_number("backtests", self.backtests, 0)
        given = given_series(y, exog, times, groups)
        fitted = fit_forecast(settings, given)
        self._errors = forecast_errors(settings, given, backtests)
        self._fitted, self._tail = fitted, given.last(max(1, fitted.rows_before))
        self.estimator_, self.groups_ = fitted.estimator, given.labels
        self.lags_, self.difference_ = fitted.shape.lags, fitted.units.difference
        self.season_ = settings.season_of(given)
        return self

    @property
    def model_(self) -> Model | Ensemble:
        """The model of the windows, which `fitnet export`, `report` and `inspect` know."""
        check_is_fitted(self, "estimator_")
        return model_of(self.estimator_, "model_")

    def predict(
        self, steps: int | None = None, exog: Any = None, *, y: Any = None, past_exog: Any = None, times: Any = None
    ) -> Array:
        """The values that follow: (steps,), or (steps, k), with groups (g, steps) or (g, steps, k).

        Parameters
        ----------
        steps
            Up to `horizon`, which None is; of "recursive" any number.
        exog
            (steps, f): the columns known in advance, in the rows to forecast; of groups (g steps, f).
        y, past_exog, times
            A series to forecast in place of those fitted, which may end anywhere: its last rows, all of exog beside
            them where columns are not known in advance, and their times for a calendar.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            For steps, exog or a series that cannot be used; the sentence names what.
        """
        given, before, last, steps = self._before(steps, exog, y, past_exog, times)
        return given.shaped(self._fitted.forecast(before, last, steps))

    def predict_interval(self, steps: int | None = None, exog: Any = None, coverage: Any = 0.9) -> Array:
        """The ends of intervals that are to hold this share of what comes: (steps, 2), (steps, k, 2), groups first.

        They come from the errors, at each step, of forecasts of rows that a fit had not seen. A sequence of c coverages
        adds a last axis. `steps`, up to `horizon`, and `exog` are `predict`'s, and so are errors.
        """
        given, before, last, steps = self._before(steps, exog, None, None, None)
        errors = checked_errors(self._errors, steps)
        forecast = self._fitted.forecast(before, last, steps)
        ends = errors.around(forecast, coverage, self._fitted.units, np.arange(len(forecast)))
        ends = ends if np.ndim(coverage) else ends[..., 0]
        ends = ends[:, :, 0] if given.one_column else ends
        return ends[0] if given.labels is None else ends

    def next_times(self, steps: int | None = None) -> Array:
        """(steps,), with groups (g, steps): the times that follow those fitted, of which there must be some."""
        check_is_fitted(self, "estimator_")
        later = times_after(self._tail, self._tail.step, checked_steps(self._fitted, steps))
        return later[0] if self.groups_ is None else later

    def backtest(
        self,
        y: Any,
        exog: Any = None,
        times: Any = None,
        *,
        initial: int | None = None,
        step: int = 1,
        refit: bool = False,
    ) -> Backtest:
        """Forecast one series from one row after the other, each time from what was known by then.

        A copy is fitted to the first `initial` rows, half of them unless given, or with `refit` to all before each
        origin; the forecaster stays as it is. Origins are `step` rows apart, and end where `horizon` rows are left.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            As for `fit`, and if too few rows are left before or after.
        """
        return backtest(self._settings(), given_series(y, exog, times), initial, step, refit)

    def jacobian(
        self, steps: int | None = None, exog: Any = None, *, y: Any = None, past_exog: Any = None, times: Any = None
    ) -> Array:
        """The exact derivatives of `predict` with respect to the past values of y, whose arguments it takes.

        Entry [i, l - 1] is that of step i with respect to the value l rows before the first forecast, through all
        forecasts between them: (steps, L), or (steps, k, L, k) where y had columns, with groups (g, ...). L is the
        largest lag and `difference_` together. Errors are `predict`'s, and one for other estimators than fitnet's.
        """
        given, before, last, steps = self._before(steps, exog, y, past_exog, times)
        slopes = self._fitted.slopes(before, last, steps)[..., ::-1, :]
        slopes = slopes[:, :, 0, :, 0] if given.one_column else slopes
        return slopes[0] if given.labels is None else slopes

    def _settings(self) -> ForecastSettings:
        estimator = self.estimator
        if estimator is None:
            estimator = MeanOfNetworks(one_of("effort", self.effort, EFFORTS), self.random_state)
        names = ("lags", "exog_lags", "horizon", "strategy", "known", "calendar", "difference", "log", "season")
        return ForecastSettings.of(estimator, **{name: getattr(self, name) for name in names})

    def _before(
        self, steps: Any, exog: Any, y: Any, past_exog: Any, times: Any
    ) -> tuple[GivenSeries, Before, Array, int]:
        check_is_fitted(self, "estimator_")
        return seen_from(self._fitted, self._tail, steps, exog, y, past_exog, times)
