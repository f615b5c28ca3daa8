"""AutoRegressor.fit(time=): folds are blocks of time, and errors out of fold those of rows measured later."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from fitnet import AutoRegressor
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.fitting.plans import EFFORTS, Effort

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")

DAYS = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(50), "D")


def series(generator, days):
    """Ten rows a day: inputs that hardly move within one, and targets with what only that day had."""
    X = np.repeat(generator.uniform(-1, 1, (days, 3)), 10, axis=0) + 0.02 * generator.normal(size=(10 * days, 3))
    of_day = np.repeat(0.5 * generator.normal(size=days), 10)
    return X, np.sin(3 * X[:, 0]) + of_day + 0.05 * generator.normal(size=10 * days)


def regressor(**settings):
    return AutoRegressor("fast", random_state=0, outside="ignore", **settings)


@pytest.fixture
def short_trainings(monkeypatch):
    monkeypatch.setitem(EFFORTS, "fast", Effort(5, 2e8, 1))


def root_mean_square(errors):
    return np.sqrt(np.mean(errors**2))


def test_blocks_of_time_know_the_error_on_later_rows_and_random_folds_do_not(generator):
    X, y = series(generator, 60)
    later_X, later_y = series(generator, 60)
    found = {}
    for name, time in (("random", None), ("blocks", np.arange(600))):
        fitted = regressor().fit(X, y, time=time)
        later = root_mean_square(later_y - fitted.predict(later_X))
        ends = fitted.predict_interval(later_X, 0.8)
        inside = np.mean((ends[:, 0] <= later_y) & (later_y <= ends[:, 1]))
        found[name] = root_mean_square(y - fitted.oof_prediction_) / later, inside
    assert found["random"][0] < 0.3 and found["random"][1] < 0.4
    assert 0.75 < found["blocks"][0] < 1.3 and found["blocks"][1] > 0.65


@pytest.mark.parametrize(
    "time",
    [
        np.arange(50),
        -np.arange(50.0),
        DAYS,
        DAYS.to_series(),
        DAYS.to_pydatetime(),
        pl.Series(DAYS.to_numpy()),
        [date.date() for date in DAYS],
    ],
    ids=["whole", "real", "index", "series", "datetime", "polars", "date"],
)
def test_numbers_and_dates_are_times(generator, time, short_trainings):
    X = generator.normal(size=(50, 2))
    folds = regressor().fit(X, X[:, 0], time=time).folds_
    assert np.count_nonzero(np.diff(folds)) == 4


def test_rows_may_come_in_any_order_and_be_left_out(generator, short_trainings):
    X, order = generator.normal(size=(60, 2)), generator.permutation(60)
    X[order < 6, 0] = np.nan
    weights = (order % 9 > 0).astype(float)
    fitted = regressor(missing="drop").fit(X, X[:, 1], weights, time=order)
    kept = order[(order >= 6) & (weights > 0)]
    assert len(fitted.folds_) == len(kept)
    assert np.count_nonzero(np.diff(fitted.folds_[np.argsort(kept)])) == 4


@pytest.mark.parametrize(
    ("given", "error", "sentence"),
    [
        (
            {"time": np.arange(30), "groups": np.arange(30)},
            ArgumentValueError,
            "`groups` and `time` are both given; one",
        ),
        ({"time": np.ones(30)}, ArgumentValueError, "`time` is the same in all 30 rows; there must be at least two"),
        (
            {"time": np.arange(29)},
            ArgumentValueError,
            "`time` has 29 entries; it must have one for every row of `X`, 30",
        ),
        (
            {"time": np.r_[np.nan, np.arange(29)]},
            ArgumentValueError,
            "`time` has no value in 1 row, the first is row 0",
        ),
        ({"time": np.array(["NaT"] * 30, "M8[s]")}, ArgumentValueError, "`time` has no value in 30 rows"),
        ({"time": ["2024-01-01"] * 30}, ArgumentTypeError, "`time` holds text, .* such as pandas.to_datetime makes"),
        ({"time": np.ones((30, 2))}, ArgumentValueError, r"`time` has shape \(30, 2\); it must have shape \(30,\)"),
    ],
)
def test_times_that_cannot_be(generator, given, error, sentence):
    X = generator.normal(size=(30, 2))
    with pytest.raises(error, match=sentence):
        regressor().fit(X, X[:, 0], **given)
