"""What Forecaster refuses: one sentence each that names the argument, and of a series the row."""

import numpy as np
import pandas as pd
import pytest
from recorded import Remembering, autoregressive

from fitnet import Forecaster
from fitnet.errors import ArgumentTypeError, ArgumentValueError, SeriesError

Y = autoregressive(40, np.random.default_rng(0))
EXOG = np.random.default_rng(1).normal(size=(40, 2))
DAYS = np.datetime64("2024-01-01") + np.arange(40)
BASE = {"lags": 3, "horizon": 2, "difference": 0, "backtests": 0}


def holed(values, *rows):
    """A copy with NaN in these rows."""
    copy = np.array(values, float)
    copy[list(rows)] = np.nan
    return copy


SETTINGS = [
    ({"estimator": "mlp"}, ArgumentTypeError, "`estimator` is 'mlp'; it must be a regressor as scikit-learn has them"),
    ({"lags": 0}, ArgumentValueError, "`lags` is 0; it must be at least 1."),
    ({"lags": [1, 0]}, ArgumentValueError, "`lags[1]` is 0; it must be at least 1."),
    ({"lags": [1.5]}, ArgumentTypeError, "`lags[0]` is 1.5; it must be a whole number."),
    ({"lags": [2, 2]}, ArgumentValueError, "`lags` is [2, 2]; it must have no lag twice."),
    (
        {"lags": "all"},
        ArgumentTypeError,
        "`lags` is 'all'; it must be a whole number, for all lags from 1 to it, or",
    ),
    ({"lags": 2.0}, ArgumentTypeError, "`lags` is 2.0; it must be a whole number, for all lags from 1 to it, or"),
    ({"lags": ()}, ArgumentValueError, "`lags` is empty; without columns or calendar there must be at least one."),
    ({"exog_lags": [-1]}, ArgumentValueError, "`exog_lags[0]` is -1; it must be at least 1."),
    ({"horizon": 0}, ArgumentValueError, "`horizon` is 0; it must be at least 1."),
    ({"strategy": "both"}, ArgumentValueError, "`strategy` is 'both'; it must be one of direct, recursive."),
    ({"known": "price"}, ArgumentTypeError, "`known` is 'price'; it must be 'all' or a sequence of columns of `exog`"),
    ({"known": [0]}, ArgumentValueError, "`known` has 0; `exog` has no columns."),
    ({"calendar": ("month",)}, ArgumentValueError, "`times` is not given; it must hold dates, for `calendar` asks"),
    ({"difference": "yes"}, ArgumentValueError, "`difference` is 'yes'; it must be 'auto' or a number of rows, 0 for"),
    ({"difference": -1}, ArgumentValueError, "`difference` is -1; it must be at least 0."),
    ({"log": 1}, ArgumentTypeError, "`log` is 1; it must be True or False."),
    ({"log": True}, SeriesError, "`y` has "),
    ({"season": 1}, ArgumentValueError, "`season` is 1; it must be at least 2."),
    ({"backtests": -1}, ArgumentValueError, "`backtests` is -1; it must be at least 0."),
    (
        {"lags": 39},
        ArgumentValueError,
        "`y` has 40 rows; with lags up to 39 and a horizon of 2 it must have at",
    ),
    (
        {"lags": 30, "difference": 9},
        ArgumentValueError,
        "`y` has 40 rows; with lags up to 30, differences over 9 and a horizon of 2 it must have at least 41.",
    ),
]


@pytest.mark.parametrize(("settings", "error", "sentence"), SETTINGS, ids=[sentence for _, _, sentence in SETTINGS])
def test_settings(settings, error, sentence):
    with pytest.raises(error) as caught:
        Forecaster(**{"estimator": Remembering(), **BASE, **settings}).fit(Y)
    assert str(caught.value).startswith(sentence)
    assert caught.value.argument in sentence


GAP = "; a series must have no gaps: fill them in, or let each stretch between them be a group of its own."
SERIES = [
    ({"y": holed(Y, 7)}, f"`y` has no value at row 7{GAP}", 7),
    ({"y": holed(Y, 7, 9, 30)}, f"`y` has no value at row 7, and so in 2 more{GAP}", 7),
    ({"y": [*Y[:-1], None]}, f"`y` has no value at row 39{GAP}", 39),
    ({"y": [*Y[:-1], np.inf]}, f"`y` has inf at row 39{GAP}", 39),
    ({"exog": holed(EXOG, 3)}, f"`exog` has no value at row 3{GAP}", 3),
    ({"groups": [None, *["a"] * 39]}, "`groups` has none at row 0; every row must have its group.", 0),
    ({"times": np.delete(np.arange(41), 5)}, "`times` goes from 4 to 6 at row 5, with a step of 1; times must be ", 5),
    ({"times": np.r_[0:20, 19:39]}, "`times` has 19 twice at row 20; times must rise from row to row.", 20),
    ({"times": DAYS[::-1]}, "`times` has 2024-02-08 after 2024-02-09 at row 1; times must rise from row to row.", 1),
    (
        {"times": np.r_[0:20, 0:40:2], "groups": np.repeat([0, 1], 20)},
        "`times` has a step of 2 in the series from row 20 on, and of 1 in the first; all series must have one step.",
        20,
    ),
    (
        {"times": np.insert(np.repeat(np.arange(20), 2)[:-1], 30, 3), "groups": np.arange(40) % 2},
        "`times` has 3 after 14 at row 30; times must rise from row to row.",
        30,
    ),
]


@pytest.mark.parametrize(("rows", "sentence", "row"), SERIES, ids=[sentence for _, sentence, _ in SERIES])
def test_rows_of_series(rows, sentence, row):
    with pytest.raises(SeriesError) as caught:
        Forecaster(Remembering(), **BASE).fit(**{"y": Y, **rows})
    assert str(caught.value).startswith(sentence)
    assert caught.value.row == row
    assert caught.value.at(f"line {row + 2}") == str(caught.value).replace(f"row {row}", f"line {row + 2}")


TABLES = [
    ({"exog": EXOG[1:]}, {}, "`exog` has 39 rows and `y` has 40; they must have equally many."),
    ({"times": DAYS[1:]}, {}, "`times` has shape (39,); it must have one for every row, (40,)."),
    ({"groups": [1, 2]}, {}, "`groups` has shape (2,); it must have one for every row, (40,)."),
    (
        {"groups": ["a"] * 36 + ["b"] * 4},
        {},
        "`y` has 4 rows in the series 'b'; with lags up to 3 and a horizon of",
    ),
    ({"exog": EXOG}, {"known": [2]}, "`known` has 2; it must name columns of `exog`, 0, 1."),
    ({"exog": pd.DataFrame(EXOG, columns=["a", "b"])}, {"known": [0]}, "`known` has 0; it must name columns of `exog`"),
    (
        {"exog": EXOG},
        {"strategy": "recursive", "horizon": 3, "exog_lags": [2]},
        "`strategy` is 'recursive' with 3 steps, of which those after 2 need columns of `exog` that are not known by ",
    ),
]


@pytest.mark.parametrize(("rows", "settings", "sentence"), TABLES, ids=[sentence for _, _, sentence in TABLES])
def test_tables(rows, settings, sentence):
    with pytest.raises(ArgumentValueError) as caught:
        Forecaster(Remembering(), **{**BASE, **settings}).fit(Y, **rows)
    assert str(caught.value).startswith(sentence)
    assert caught.value.argument in sentence


FORECASTS = [
    ({"steps": 3}, "`steps` is 3; it must be at most the `horizon` of the fit, 2, or the `strategy` 'recursive'."),
    ({"steps": 0}, "`steps` is 0; it must be at least 1."),
    ({}, "`exog` is None; it must hold the 2 rows to forecast of column 0."),
    ({"exog": [[1.0]]}, "`exog` has 1 row; it must have the 2 rows to forecast."),
    ({"steps": 1, "exog": [[1.0]]}, "`exog` has 1 row; it must have the 2 rows to forecast."),
    ({"exog": np.ones((2, 2))}, "`exog` has 2 columns; it must have column 0."),
    ({"exog": [[1.0], [np.nan]]}, "`exog` holds nan in row 1 of 0; every entry must be a finite number."),
    ({"exog": [1, 2], "y": Y}, "`past_exog` is None; it must hold all 2 of `exog` in `fit`, in the rows of `y`."),
    (
        {"exog": [1, 2], "y": Y, "past_exog": EXOG[:, :1]},
        "`past_exog` is of 1 column; it must hold all 2 of `exog`",
    ),
    ({"exog": [1, 2], "y": Y[:2], "past_exog": EXOG[:2]}, "`y` has 2 rows; a forecast needs the last 3."),
    ({"exog": [1, 2], "y": holed(Y, 39), "past_exog": EXOG}, f"`y` has no value at row 39{GAP}"),
    ({"exog": [1, 2], "y": EXOG, "past_exog": EXOG}, "`y` has 2 columns; it must have 1, as in `fit`."),
    ({"exog": [1, 2], "past_exog": EXOG}, "`past_exog` is given without `y`; it must be None, or of the rows of `y`."),
    ({"exog": [1, 2], "times": DAYS}, "`times` is given without `y`; it must be None, or of the rows of `y`."),
]


@pytest.mark.parametrize(("arguments", "sentence"), FORECASTS, ids=[sentence for _, sentence in FORECASTS])
def test_forecasts(arguments, sentence):
    forecaster = Forecaster(Remembering(), known=[0], **BASE).fit(Y, EXOG)
    with pytest.raises(ArgumentValueError) as caught:
        forecaster.predict(**arguments)
    assert str(caught.value).startswith(sentence)
    assert caught.value.argument in sentence


def test_other_forecasts():
    with pytest.raises(ArgumentValueError, match="`exog` is given; it must be None, for no column was named as"):
        Forecaster(Remembering(), **BASE).fit(Y).predict(exog=[1, 2])
    table = pd.DataFrame(EXOG, columns=["a", "b"])
    forecaster = Forecaster(Remembering(), known="all", **BASE).fit(Y, table)
    with pytest.raises(ArgumentValueError, match="`exog` lacks 'b'; it must have 'a', 'b'"):
        forecaster.predict(exog=table[["a"]])
    recursive = Forecaster(Remembering(), exog_lags=[2], **{**BASE, "strategy": "recursive"}).fit(Y, EXOG)
    assert recursive.predict(2).shape == (2,)
    with pytest.raises(ArgumentValueError, match="`strategy` is 'recursive' with 3 steps, of which those after 2 need"):
        recursive.predict(3)
    grouped = Forecaster(Remembering(), known="all", **BASE).fit(Y, EXOG, groups=np.repeat([0, 1], 20))
    with pytest.raises(ArgumentValueError, match="`exog` has 5 rows; it must have the 4 rows to forecast"):
        grouped.predict(exog=np.ones((5, 2)))
    with pytest.raises(SeriesError, match="`y` has -1 at row 1; with `log` every value must be above 0"):
        Forecaster(Remembering(), **{**BASE, "lags": 2}, log=True).fit(np.exp(Y)).predict(y=[1.0, -1.0])


def test_a_forecast_elsewhere_needs_dates_for_its_calendar():
    forecaster = Forecaster(Remembering(), calendar=("weekday",), **BASE).fit(Y, times=DAYS)
    with pytest.raises(ArgumentValueError, match="`times` is not given; it must hold dates"):
        forecaster.predict(y=Y)
    assert forecaster.predict(y=Y, times=DAYS).tolist() == forecaster.predict().tolist()
