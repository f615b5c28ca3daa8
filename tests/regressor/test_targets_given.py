"""Targets as people have them: series of every package, and one sentence that names y for what is no target."""

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from fitnet import Regressor
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from frames_of_others import AstropyMasked, AstropyTable, DaskSeries, XarrayDataset

SETTINGS = {"hidden_layer_sizes": (4,), "max_epochs": 2, "random_state": 0}
X = np.random.default_rng(0).normal(size=(20, 2))
y = np.round(10 * X[:, 0])

TAKEN = {
    "list": y.tolist(),
    "objects": y.astype(object),
    "pandas": pd.Series(y, name="flux"),
    "nullable": pd.Series(y, name="flux", dtype="Int64"),
    "polars": pl.Series("flux", y),
    "pyarrow": pa.chunked_array([y]),
    "dask": DaskSeries(pd.Series(y, name="flux")),
    "record array": np.rec.fromarrays([y], names=["flux"])["flux"],
    "mask that hides nothing": np.ma.masked_array(y, np.zeros(20, bool)),
}


@pytest.mark.parametrize("kind", TAKEN)
def test_a_vector_of_numbers_is_taken(kind):
    regressor = Regressor(**SETTINGS).fit(X, TAKEN[kind])
    assert np.array_equal(regressor.predict(X), Regressor(**SETTINGS).fit(X, y).predict(X))
    assert regressor.model_.output_names == (("flux",) if kind in ("pandas", "nullable", "polars", "dask") else ("y1",))
    assert regressor.score(X, TAKEN[kind]) == regressor.score(X, y)


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({"u": y, "v": -y}),
        pl.DataFrame({"u": y, "v": -y}).lazy(),
        pa.table({"u": y, "v": -y}),
        np.rec.fromarrays([y, -y], names=["u", "v"]),
        AstropyTable({"u": y, "v": -y}),
        XarrayDataset({"u": y, "v": -y}),
    ],
    ids=lambda table: type(table).__name__,
)
def test_a_table_of_targets_is_taken(table):
    regressor = Regressor(**SETTINGS).fit(X, table)
    assert regressor.model_.output_names == ("u", "v")
    assert np.array_equal(regressor.predict(X), Regressor(**SETTINGS).fit(X, np.c_[y, -y]).predict(X))


def with_one(value):
    targets = y.astype(object)
    targets[3] = value
    return targets


REFUSED = [
    ([None] * 20, "`y` holds NaN at [0]; every entry must be a finite number: `missing='drop'` leaves those rows out."),
    (with_one(None), "`y` holds NaN at [3]"),
    (with_one("a"), "`y` holds text, such as 'a'; it must"),
    (with_one(datetime.date(2020, 1, 1)), "`y` holds dates, such as datetime.date(2020, 1, 1); it must"),
    (np.c_[y, with_one(None)], "`y` holds NaN at [3, 1]"),
    (np.c_[y, with_one("a")].tolist(), "`y` holds text in column 0; it must hold real numbers"),
    (y.astype(str), "`y` holds text; it must hold real numbers: numbers in quotation marks become numbers by astype"),
    (y.astype(bytes), "`y` holds text; it must hold real numbers"),
    (np.c_[y, y].astype(str), "`y` holds text in column 0; it must hold real numbers"),
    (pd.Series(y).where(y > y.min()), "`y` holds NaN at ["),
    (pd.Series(["a", "b"] * 10, dtype="category"), "`y` holds categories; it must hold real numbers"),
    (pd.Series(pd.date_range("2020", periods=20)), "`y` holds dates; it must hold real numbers"),
    (pd.DataFrame({"u": y, "v": ["a"] * 20}), "`y` holds text"),
    (np.ma.masked_array(y, y > 0), "`y` has masked entries; every entry must be a finite number."),
    (AstropyMasked.of(y, y > 0), "`y` has masked entries; every entry must be a finite number."),
    ([np.ma.masked, *y[1:]], "`y` has masked entries; every entry must be a finite number."),
    (list(np.ma.masked_array(np.c_[y, y], np.c_[y, y] > 0)), "`y` has masked entries; every entry must be a finite"),
    ([[1.0, 2.0], [3.0]] * 10, "`y` has rows of different lengths; every row must be as long as the first."),
    (XarrayDataset({"u": y}, ("lat", "lon")), "`y` has the dimensions 'lat', 'lon'; it must have one, the rows"),
]


@pytest.mark.parametrize(("targets", "sentence"), REFUSED)
def test_what_is_no_target_is_refused_in_one_sentence(targets, sentence):
    regressor = Regressor(**SETTINGS)
    for call in (lambda: regressor.fit(X, targets), lambda: regressor.partial_fit(X, targets)):
        with pytest.raises((ArgumentValueError, ArgumentTypeError)) as refused:
            call()
        assert str(refused.value).startswith(sentence)
        assert refused.value.argument == "y"
    fitted = Regressor(**SETTINGS).fit(X, y)
    with pytest.raises((ArgumentValueError, ArgumentTypeError), match=r"^`y` "):
        fitted.score(X, targets)
    with pytest.raises((ArgumentValueError, ArgumentTypeError), match=r"^`validation_data` "):
        fitted.fit(X, y, validation_data=(X, targets))


def test_masked_weights_are_refused():
    with pytest.raises(ArgumentValueError, match=r"^`sample_weight` has masked entries"):
        Regressor(**SETTINGS).fit(X, y, sample_weight=np.ma.masked_array(np.ones(20), y > 0))
