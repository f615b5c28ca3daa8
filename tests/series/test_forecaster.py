"""Forecaster: what it gives is what its estimator says of windows cut by hand, in every strategy and unit."""

import numpy as np
import pandas as pd
import pytest
from recorded import Remembering, autoregressive, small
from sklearn.base import clone
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression

import fitnet
from fitnet import AutoRegressor, Forecaster, Regressor
from fitnet.rows import sources
from series_tolerances import CIRCLE_ATOL, LEARNED_SINE_ATOL, NOTHING_GAINED, SERIES_FORMULA_ATOL
from tolerances import FLOAT64_RTOL

MONTHS = np.arange("2010-01", "2020-01", dtype="M8[M]").astype("M8[D]")


def least_squares(X, Y, rows):
    """What scikit-learn's least squares give for new rows."""
    return LinearRegression().fit(X, Y).predict(rows)


def test_direct_is_one_answer_for_all_steps(generator):
    y = autoregressive(60, generator)
    forecaster = Forecaster(LinearRegression(), [1, 4], 3, difference=0).fit(y)
    X = np.array([[y[o - 1], y[o - 4]] for o in range(4, 58)])
    Y = np.array([y[o : o + 3] for o in range(4, 58)])
    expected = least_squares(X, Y, [[y[-1], y[-4]]])[0]
    np.testing.assert_allclose(forecaster.predict(), expected, rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(forecaster.predict(2), expected[:2], rtol=FLOAT64_RTOL)


def test_recursive_feeds_forecasts_back(generator):
    y = autoregressive(60, generator)
    forecaster = Forecaster(LinearRegression(), [1, 4], strategy="recursive", difference=0).fit(y)
    X = np.array([[y[o - 1], y[o - 4]] for o in range(4, 60)])
    values = list(y)
    for _ in range(7):
        values.append(least_squares(X, y[4:], [[values[-1], values[-4]]])[0])
    np.testing.assert_allclose(forecaster.predict(7), values[60:], rtol=FLOAT64_RTOL)


@pytest.mark.parametrize("strategy", ["direct", "recursive"])
@pytest.mark.parametrize("difference", [1, 5])
@pytest.mark.parametrize("log", [False, True])
def test_differences_and_logarithms_are_undone(generator, strategy, difference, log):
    y = autoregressive(80, generator, level=20.0)
    forecaster = Forecaster(LinearRegression(), 3, 12, strategy, difference=difference, log=log).fit(y)
    levels = np.log(y) if log else y
    changes = levels[difference:] - levels[:-difference]
    plain = Forecaster(LinearRegression(), 3, 12, strategy, difference=0).fit(changes)
    values = list(levels)
    for change in plain.predict():
        values.append(change + values[-difference])
    expected = np.exp(values[80:]) if log else values[80:]
    np.testing.assert_allclose(forecaster.predict(), expected, rtol=FLOAT64_RTOL)


def test_differences_are_taken_where_a_series_left_its_level(generator):
    y = autoregressive(100, generator)
    for values, taken in ((y, 0), (y + np.arange(100), 1), (y - np.arange(100), 1)):
        assert Forecaster(LinearRegression(), 3, backtests=0).fit(values).difference_ == taken


def test_columns_known_in_advance_are_seen_ahead_and_others_are_not(generator):
    exog = generator.normal(size=(50, 2))
    y = autoregressive(50, generator)
    forecaster = Forecaster(Remembering(), [2], 2, known=[1], exog_lags=[1], difference=0, backtests=0).fit(y, exog)
    by_hand = [[y[o - 2], exog[o - 1, 0], exog[o, 1], exog[o + 1, 1]] for o in range(2, 49)]
    np.testing.assert_array_equal(forecaster.estimator_.X_, by_hand)
    now = [[y[-2], exog[-1, 0], 3.0, 4.0]]
    expected = forecaster.estimator_.predict(now)[0]
    np.testing.assert_allclose(forecaster.predict(exog=[3.0, 4.0]), expected, rtol=FLOAT64_RTOL)


def test_frames_columns_are_found_by_name(generator):
    table = pd.DataFrame(generator.normal(size=(50, 3)), columns=["a", "b", "c"])
    y = autoregressive(50, generator)
    settings = {"lags": 2, "horizon": 2, "difference": 0, "backtests": 0}
    named = Forecaster(LinearRegression(), known=["c", "a"], **settings).fit(y, table)
    numbered = Forecaster(LinearRegression(), known=[0, 2], **settings).fit(y, table.to_numpy())
    ahead = pd.DataFrame({"c": [1.0, 2.0], "b": [0.0, 0.0], "a": [3.0, 4.0]})
    np.testing.assert_array_equal(named.predict(exog=ahead), numbered.predict(exog=ahead[["a", "c"]].to_numpy()))


@pytest.mark.parametrize("shift", [1, 2])
def test_a_planted_leak_is_caught(generator, shift):
    """A column that holds what comes later is refused; nobody could know it by then."""
    y = autoregressive(60, generator)
    with pytest.raises(fitnet.errors.ArgumentValueError, match=f"values of 'y' of {shift} rows? later") as caught:
        Forecaster(LinearRegression(), 2, 2).fit(y, np.append(y[shift:], y[:shift]).reshape(-1, 1))
    assert caught.value.argument == "exog"
    with pytest.raises(fitnet.errors.ArgumentValueError, match="column 0 the values of 'y' of the same row"):
        Forecaster(LinearRegression(), 2, 2, known=[0]).fit(y, y.reshape(-1, 1))


def test_the_target_as_a_column_of_the_past_does_not_help(generator):
    """Of white noise nothing can be forecast, also not with the noise itself beside it: windows see it a row late."""
    y = generator.normal(size=400)
    forecaster = Forecaster(LinearRegression(), 3, difference=0, backtests=0)
    leaky = forecaster.backtest(y, 2 * y + 1, initial=200)
    assert leaky.rmse[0] > NOTHING_GAINED * y[200:].std()


def test_several_columns_are_forecast_together(generator):
    y = autoregressive(60, generator, columns=2)
    forecaster = Forecaster(LinearRegression(), 2, 3, difference=0).fit(y)
    X = np.array([[*y[o - 1], *y[o - 2]] for o in range(2, 58)])
    Y = np.array([y[o : o + 3].ravel() for o in range(2, 58)])
    expected = least_squares(X, Y, [[*y[-1], *y[-2]]]).reshape(3, 2)
    np.testing.assert_allclose(forecaster.predict(), expected, rtol=FLOAT64_RTOL)
    assert forecaster.predict_interval(2, coverage=[0.5, 0.8]).shape == (2, 2, 2, 2)


def test_one_network_learns_several_series_that_lie_mixed(generator):
    """y[t] = 1 + sin(y[t - 1]) from two starts; rows in turn give what series one after another give."""
    series = {name: [start] for name, start in (("b", 3.0), ("a", -1.0))}
    for _ in range(30):
        for values in series.values():
            values.append(1 + np.sin(values[-1]))
    mixed, groups = np.array([*zip(*series.values(), strict=True)]).ravel(), np.array(["b", "a"] * 31)
    forecaster = Forecaster(small(), 1, 2, "recursive", difference=0).fit(mixed, groups=groups)
    assert forecaster.groups_.tolist() == ["a", "b"]
    expected = [1 + np.sin(series[name][-1]) for name in ("a", "b")]
    np.testing.assert_allclose(forecaster.predict(1)[:, 0], expected, atol=SERIES_FORMULA_ATOL)
    assert forecaster.predict().shape == (2, 2)
    assert forecaster.predict_interval(coverage=0.5).shape == (2, 2, 2)
    assert forecaster.jacobian().shape == (2, 2, 1)
    order = np.argsort(groups, kind="stable")
    sorted_rows = Forecaster(small(), 1, 2, "recursive", difference=0).fit(mixed[order], groups=groups[order])
    np.testing.assert_array_equal(sorted_rows.predict(), forecaster.predict())


def test_known_columns_of_groups_lie_one_after_another(generator):
    y, groups = autoregressive(80, generator), np.repeat([1, 2], 40)
    known = generator.normal(size=80)
    forecaster = Forecaster(LinearRegression(), 1, 2, known="all", difference=0, backtests=0).fit(
        y, known, groups=groups
    )
    together = forecaster.predict(exog=[1.0, 2.0, 3.0, 4.0])
    alone = forecaster.predict(exog=[3.0, 4.0], y=y[-3:])
    np.testing.assert_allclose(together[1], alone, rtol=FLOAT64_RTOL)


def test_a_forecast_may_start_elsewhere(generator):
    y = autoregressive(80, generator)
    past = generator.normal(size=80)
    forecaster = Forecaster(small(), 3, 2, difference=1).fit(y, past)
    np.testing.assert_array_equal(forecaster.predict(y=y, past_exog=past), forecaster.predict())
    np.testing.assert_array_equal(forecaster.predict(y=y[-4:], past_exog=past[-4:]), forecaster.predict())
    before = forecaster.backtest(y, past, initial=70)
    refitted = clone(forecaster).fit(y[:70], past[:70])
    np.testing.assert_allclose(before.forecasts[0], refitted.predict(), rtol=FLOAT64_RTOL)
    np.testing.assert_allclose(before.forecasts[3], refitted.predict(y=y[:73], past_exog=past[:73]), rtol=FLOAT64_RTOL)


@pytest.mark.parametrize("strategy", ["direct", "recursive"])
def test_the_calendar_of_the_rows_to_forecast_is_seen(strategy):
    """A series that is nothing but its month's number needs no lags."""
    y = np.sin(2 * np.pi * np.arange(120) / 12) + 0.3 * np.cos(2 * np.pi * np.arange(120) / 12)
    forecaster = Forecaster(LinearRegression(), (), 5, strategy, calendar=("month",)).fit(y, times=MONTHS)
    np.testing.assert_allclose(forecaster.predict(), y[:5], atol=CIRCLE_ATOL)
    elsewhere = forecaster.predict(3, y=y[:14], times=MONTHS[:14])
    np.testing.assert_allclose(elsewhere, y[14:17], atol=CIRCLE_ATOL)
    assert forecaster.season_ == 12


def test_an_index_of_dates_brings_the_times(generator):
    y = pd.Series(autoregressive(120, generator), pd.DatetimeIndex(MONTHS), name="flow")
    forecaster = Forecaster(small(), None, calendar=("month",), difference=0, backtests=0).fit(y)
    assert (forecaster.season_, forecaster.lags_) == (12, tuple(range(1, 13)))
    assert forecaster.model_.input_names[:2] == ("flow lag 1", "flow lag 2")
    assert forecaster.model_.input_names[-2:] == ("month sin", "month cos")
    by_periods = Forecaster(small(), None, calendar=("month",), difference=0, backtests=0)
    periods = pd.Series(y.to_numpy(), pd.period_range("2010-01", periods=120, freq="M"), name="flow")
    np.testing.assert_array_equal(by_periods.fit(periods).predict(), forecaster.predict())


def test_names_say_what_inputs_are(tmp_path, generator):
    y = autoregressive(60, generator, level=20.0)
    table = pd.DataFrame({"price": generator.normal(size=60), "rain": generator.normal(size=60)})
    forecaster = Forecaster(small(), [1, 12], 2, known=["price"], exog_lags=[1], log=True, difference=12, backtests=0)
    forecaster.fit(y, table).model_.save(tmp_path / "m.fitnet")
    model = fitnet.load(tmp_path / "m.fitnet")
    inputs = ("log y change over 12 lag 1", "log y change over 12 lag 12", "rain lag 1", "price step 1", "price step 2")
    assert model.input_names == inputs
    assert model.output_names == ("log y change over 12 step 1", "log y change over 12 step 2")


def test_lags_are_fewer_where_a_series_is_short(generator):
    for rows, most in ((100, 12), (41, 10), (9, 2), (2, 1)):
        y = generator.normal(size=rows)
        assert Forecaster(LinearRegression(), difference=0, backtests=0).fit(y).lags_ == tuple(range(1, most + 1))


def test_many_windows_are_cut_when_they_are_needed(monkeypatch):
    y = np.sin(np.arange(400) / 3)
    settings = {"lags": 4, "horizon": 2, "backtests": 0}
    network = Regressor((16,), activation="tanh", solver="adam", max_epochs=300, random_state=0)
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 0)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 50 * 4 * 8)
    forecaster = Forecaster(network, **settings).fit(y)
    np.testing.assert_allclose(forecaster.predict(), np.sin(np.arange(400, 402) / 3), atol=LEARNED_SINE_ATOL)
    assert forecaster.model_.input_names == ("y lag 1", "y lag 2", "y lag 3", "y lag 4")
    assert forecaster.model_.provenance["rows"] == 395


def test_an_ensemble_forecasts_too():
    y = np.sin(np.arange(120) / 3)
    forecaster = Forecaster(AutoRegressor("fast", random_state=0, n_jobs=1), 4, 2, backtests=0).fit(y)
    np.testing.assert_allclose(forecaster.predict(), np.sin(np.arange(120, 122) / 3), atol=LEARNED_SINE_ATOL)
    assert forecaster.jacobian().shape == (2, 4)


def test_estimators_of_one_output_are_fitted_step_by_step(generator):
    y = autoregressive(60, generator)
    boosted = GradientBoostingRegressor(n_estimators=3, random_state=0)
    forecaster = Forecaster(boosted, 2, 2, difference=0, backtests=0).fit(y)
    X = np.array([[y[o - 1], y[o - 2]] for o in range(2, 59)])
    second = clone(boosted).fit(X, y[3:60]).predict([[y[-1], y[-2]]])
    assert forecaster.predict()[1] == second[0]


def test_the_same_seed_gives_the_same_bits(generator):
    y = autoregressive(30, generator)
    first, second = (Forecaster(lags=2, random_state=3).fit(y) for _ in range(2))
    assert first.predict_interval().tolist() == second.predict_interval().tolist()


def test_it_is_an_estimator_of_scikit_learn(generator):
    forecaster = Forecaster(small(), [1, 2], 3, calendar=("month",), random_state=0)
    copy = clone(forecaster).set_params(estimator__alpha=0.5, horizon=2)
    assert (copy.estimator.alpha, copy.horizon, forecaster.estimator.alpha) == (0.5, 2, 0.0)
    assert clone(copy).get_params()["estimator__alpha"] == 0.5
    for ask in (forecaster.predict, forecaster.predict_interval, forecaster.jacobian, lambda: forecaster.model_):
        with pytest.raises(NotFittedError):
            ask()


def test_fitting_changes_neither_estimator_nor_data(generator):
    y, exog = autoregressive(60, generator), generator.normal(size=(60, 1))
    kept = y.copy(), exog.copy()
    estimator = small()
    Forecaster(estimator, 2, difference=1).fit(y, exog)
    assert not hasattr(estimator, "model_")
    np.testing.assert_array_equal(y, kept[0])
    np.testing.assert_array_equal(exog, kept[1])
