"""Settings of a forecaster, checked: what is seen before a moment, what is forecast, and how."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator

from fitnet.arguments import counted, one_of, true_or_false, whole_number
from fitnet.errors import ArgumentTypeError, ArgumentValueError, SeriesError
from fitnet.rows.windows import WindowShape
from fitnet.series.calendar import checked_calendar
from fitnet.series.exogenous import KnownColumns
from fitnet.series.given import GivenSeries
from fitnet.series.units import SeriesUnits, has_moved

STRATEGIES = ("direct", "recursive")
LEAST_LAG = 12  # the largest lag at least, where nothing is said and the series is long enough
WINDOWS_A_LAG = 4  # a series has at least so many times the rows of its largest lag, where nothing is said


@dataclass(frozen=True)
class ForecastSettings:
    """The parameters of `Forecaster`, checked but for what only a series can tell."""

    estimator: BaseEstimator
    lags: tuple[int, ...] | None
    exog_lags: tuple[int, ...] | None
    horizon: int
    strategy: str
    known: Any
    calendar: tuple[str, ...]
    difference: int | str
    log: bool
    season: int | None

    @classmethod
    def of(cls, estimator: Any, **given: Any) -> "ForecastSettings":
        """From parameters by name.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            For one that cannot be used; the sentence names it.
        """
        if isinstance(estimator, type) or not all(
            hasattr(estimator, name) for name in ("fit", "predict", "get_params")
        ):
            raise ArgumentTypeError(
                f"`estimator` is {estimator!r}; it must be a regressor as scikit-learn has them, such as "
                "Regressor(activation='tanh').",
                "estimator",
            )
        difference = given["difference"]
        if not isinstance(difference, str):
            difference = whole_number("difference", difference, 0)
        elif difference != "auto":
            raise ArgumentValueError(
                f"`difference` is {difference!r}; it must be 'auto' or a number of rows, 0 for none.", "difference"
            )
        return cls(
            estimator,
            checked_lags("lags", given["lags"]),
            checked_lags("exog_lags", given["exog_lags"]),
            whole_number("horizon", given["horizon"]),
            one_of("strategy", given["strategy"], STRATEGIES),
            given["known"],
            checked_calendar(given["calendar"]),
            difference,
            true_or_false("log", given["log"]),
            None if given["season"] is None else whole_number("season", given["season"], 2),
        )

    @property
    def recursive(self) -> bool:
        """Whether a forecast is made of forecasts."""
        return self.strategy == "recursive"

    def season_of(self, given: GivenSeries) -> int | None:
        """Rows a season: what was said, or what the times' step says."""
        return given.step.season if self.season is None and given.step is not None else self.season

    def units_for(self, given: GivenSeries) -> SeriesUnits:
        """What is done to these series; "auto" takes differences from row to row where they left their level.

        Raises
        ------
        SeriesError
            If the logarithm is asked for, and a value is not above 0.
        """
        self.check_logarithm(given)
        if self.difference != "auto":
            return SeriesUnits(int(self.difference), self.log)
        levels = SeriesUnits(0, self.log).levels(given.values)
        return SeriesUnits(int(has_moved(levels, given.series)), self.log)

    def check_logarithm(self, given: GivenSeries) -> None:
        """Refuse a value that has no logarithm, where that is asked for.

        Raises
        ------
        SeriesError
            For the first one.
        """
        if not self.log or np.all(given.values > 0):
            return
        row = int(np.argmax((given.values <= 0).any(axis=1)))
        raise SeriesError(
            f"`y` has {given.values[row].min():g} at {{place}}; with `log` every value must be above 0.",
            int(given.order[row]),
            "y",
            "log",
        )

    def shape_for(self, given: GivenSeries, units: SeriesUnits) -> WindowShape:
        """The windows for these series, which may be too short for them.

        Raises
        ------
        ArgumentValueError
            If windows would be empty.
        """
        columns = given.exog.shape[1]
        known = KnownColumns.of(self.known, given.exog_names, columns)
        lags = self.lags
        if lags is None:
            most = (shortest(given) - self.horizon - units.difference) // WINDOWS_A_LAG
            lags = tuple(range(1, max(1, min(max(LEAST_LAG, self.season_of(given) or 0), most)) + 1))
        past_lags = lags if self.exog_lags is None else self.exog_lags
        shape = WindowShape(lags, past_lags if known.past(columns) else (), 1 if self.recursive else self.horizon)
        if not (shape.lags or shape.past_lags or known.numbers or self.calendar):
            raise ArgumentValueError("`lags` is empty; without columns or calendar there must be at least one.", "lags")
        return shape

    def rows_needed(self, given: GivenSeries) -> int:
        """How many rows each of these series must have: for one window."""
        units = self.units_for(given)
        return self.shape_for(given, units).reach + units.difference + self.horizon

    def check_length(self, given: GivenSeries, argument: str = "y") -> None:
        """Refuse a series too short for a single window; `argument` says how long it is.

        Raises
        ------
        ArgumentValueError
            For the shortest one.
        """
        rows, needed = shortest(given), self.rows_needed(given)
        if rows >= needed:
            return
        units = self.units_for(given)
        lags, differences = self.shape_for(given, units).reach, units.difference
        group = "" if given.labels is None else f" in the series {shortest_label(given)!r}"
        why = f"with lags up to {lags}{f', differences over {differences}' * bool(differences)} and a horizon of "
        has = f"has {counted(rows, 'row')}{group}" if argument == "y" else f"is {rows}"
        must = "have" if argument == "y" else "be"
        raise ArgumentValueError(f"`{argument}` {has}; {why}{self.horizon} it must {must} at least {needed}.", argument)


def shortest(given: GivenSeries) -> int:
    """The rows of the shortest series."""
    return int(np.diff(given.starts).min())


def shortest_label(given: GivenSeries) -> str:
    """The group of the shortest series."""
    assert given.labels is not None
    return str(given.labels[np.argmin(np.diff(given.starts))])


def checked_lags(name: str, lags: Any) -> tuple[int, ...] | None:
    """Lags in rising order; a single number stands for 1 up to it, None for what suits the series.

    Raises
    ------
    ArgumentTypeError, ArgumentValueError
        For what is neither a whole number nor a sequence of them, each at least 1 and none twice.
    """
    if lags is None:
        return None
    if isinstance(lags, str | bytes) or (not isinstance(lags, Iterable) and not hasattr(lags, "__index__")):
        raise ArgumentTypeError(
            f"`{name}` is {lags!r}; it must be a whole number, for all lags from 1 to it, or a sequence of some.",
            name,
        )
    if not isinstance(lags, Iterable):
        return tuple(range(1, whole_number(name, lags) + 1))
    checked = [whole_number(f"{name}[{i}]", lag) for i, lag in enumerate(lags)]
    if len(set(checked)) < len(checked):
        raise ArgumentValueError(f"`{name}` is {lags!r}; it must have no lag twice.", name)
    return tuple(sorted(checked))
