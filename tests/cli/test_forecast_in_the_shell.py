"""fitnet forecast: forecasts beside closed formulas and `Forecaster`, errors beside naive ones, files and times."""

import json
from pathlib import Path

import numpy as np
import polars
import pytest
from series_tables import MONTHS, ROWS, sine, text_of

from fitnet import Forecaster
from fitnet.cli.forecast_report import mean_line
from fitnet.tables import read_table
from series_tolerances import LEAST_SQUARES_FORECAST_ATOL

WAVE = ("forecast", "wave.csv", "--target", "y", "--time", "month")
EXACT = ("--lags", "2", "--difference", "0")


def facts_of(fitnet, *arguments):
    answer = fitnet(*arguments, "--json")
    assert answer.code == 0, answer.err
    return json.loads(answer.out.splitlines()[-1])


def test_it_goes_on_as_the_formula_does(fitnet, line):
    facts = facts_of(fitnet, *WAVE, "--steps", "5", *EXACT)
    assert facts["forecast"]["month"] == ["2024-01", "2024-02", "2024-03", "2024-04", "2024-05"]
    np.testing.assert_allclose(facts["forecast"]["y"], sine(5, ROWS), atol=LEAST_SQUARES_FORECAST_ATOL)
    known = {"rows": ROWS, "series": 1, "first": "2019-01", "last": "2023-12", "step": "1 month", "season": 12}
    assert {name: facts[name] for name in known} == known
    assert (facts["lags"], facts["difference"], facts["strategy"], facts["horizon"]) == ([1, 2], 0, "direct", 5)


def test_it_is_the_forecasters(fitnet, series_folder):
    facts = facts_of(
        fitnet, *WAVE, "--steps", "3", "--lags", "4", "--seed", "3", "--interval", "0.8", "--effort", "fast"
    )
    forecaster = Forecaster(lags=4, horizon=3, effort="fast", random_state=3).fit(sine(), times=MONTHS)
    assert facts["forecast"]["y"] == forecaster.predict().tolist()
    ends = np.stack([facts["forecast"]["y_lower"], facts["forecast"]["y_upper"]], axis=1)
    np.testing.assert_array_equal(ends, forecaster.predict_interval(coverage=0.8))
    assert facts["networks_share"] == forecaster.estimator_.networks_share_


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, ""),
        (0.0, "Mean:      of straight lines alone, which came nearest to later rows"),
        (1.0, "Mean:      of networks alone, which came nearest to later rows"),
        (0.25, "Mean:      25% networks, the others straight lines, as they came near to later rows"),
    ],
)
def test_what_counts_in_the_mean(share, said):
    assert mean_line({"networks_share": share}) == said


def test_what_it_says(fitnet, line):
    code, out, err = fitnet(*WAVE, "--steps", "2", "--lags", "1,2", "--difference", "0")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Series:    60 rows of y, 2019-01 to 2023-12, a step of 1 month, a season of 12 rows"
    assert lines[1] == "Windows:   y, lags 1, 2; direct, 2 steps"
    assert lines[2] == "Backtest:  root mean squared error of 29 forecasts, by 3 fits to rows before them"
    assert "The forecast beats the naive one and the seasonal naive one at every step." in lines
    assert "Forecast:  y, with ends of 0.9 intervals" in lines
    assert any("2024-02" in each for each in lines)


def test_errors_beside_naive_ones(fitnet, line, generator):
    y = generator.normal(size=ROWS).cumsum()
    Path("walk.csv").write_text(text_of({"y": y}))
    facts = facts_of(fitnet, "forecast", "walk.csv", "--target", "y", "--steps", "4", "--season", "6", "--lags", "8")
    found, origins = facts["backtest"], np.arange(ROWS // 2, ROWS - 3)
    assert (found["forecasts"], found["fits"]) == (len(origins), 3)
    for step in range(4):
        actual = y[origins + step]
        for name, past in (("naive", y[origins - 1]), ("seasonal naive", y[origins + step - 6])):
            errors = past - actual
            assert found["rmse"][name][step] == pytest.approx(np.sqrt(np.mean(errors**2)))
            assert found["mae"][name][step] == pytest.approx(np.mean(np.abs(errors)))
    for name, steps in found["not_beaten"].items():
        pairs = zip(found["rmse"][name], found["rmse"]["forecast"], strict=True)
        assert steps == [i for i, (naive, ours) in enumerate(pairs, 1) if naive <= ours]
    assert found["not_beaten"]["naive"], "a walk's last value is the best forecast of it"
    shown = fitnet("forecast", "walk.csv", "--target", "y", "--steps", "4", "--season", "6", "--lags", "8").out
    assert "The naive forecast, the last value, is not beaten at" in shown


@pytest.mark.parametrize(
    ("times", "following"),
    [
        (np.arange("2024-01-01", "2024-03-01", dtype="M8[D]"), ["2024-03-01", "2024-03-02"]),
        (np.arange("2024-01-01T00", "2024-01-03T12", dtype="M8[h]"), ["2024-01-03 12:00", "2024-01-03 13:00"]),
        (np.arange(1900, 1960), [1960, 1961]),
        (np.arange(60) / 4, [15.0, 15.25]),
        (None, [1, 2]),
    ],
    ids=["days", "hours", "years", "quarters", "none"],
)
def test_times_go_on_as_they_are_written(fitnet, line, times, following):
    columns = (
        {} if times is None else {"t": [str(each).replace("T", " ") + ":00" * (len(str(each)) == 13) for each in times]}
    )
    Path("any.csv").write_text(text_of({**columns, "y": sine()}))
    arguments = ("forecast", "any.csv", "--target", "y", "--steps", "2", *EXACT)
    named = () if times is None else ("--time", "t")
    assert facts_of(fitnet, *arguments, *named)["forecast"]["step" if times is None else "t"] == following


def test_times_of_parquet(fitnet, line):
    polars.DataFrame({"month": MONTHS.astype("M8[ms]"), "y": sine()}).write_parquet("wave.parquet")
    facts = facts_of(fitnet, "forecast", "wave.parquet", *WAVE[2:], "--steps", "1", *EXACT)
    assert facts["forecast"]["month"] == ["2024-01-01"]


def test_columns_known_in_advance(fitnet, line, generator):
    price, weather = generator.normal(size=ROWS + 3), generator.normal(size=ROWS + 3)
    y = [*(3 * price[:ROWS] - 1), None, None, None]
    Path("sales.csv").write_text(text_of({"y": y, "price": price, "weather": [*weather[:ROWS], "", "", ""]}))
    arguments = ("forecast", "sales.csv", "--target", "y", "--lags", "1", "--known", "price", "--past", "weather")
    facts = facts_of(fitnet, *arguments)
    assert (facts["rows"], facts["steps"]) == (ROWS, 3)
    np.testing.assert_allclose(facts["forecast"]["y"], 3 * price[ROWS:] - 1, atol=LEAST_SQUARES_FORECAST_ATOL)


def test_several_series(fitnet, line):
    high, low = 10 + sine(first=3), sine()
    rows = [(group, value) for pair in zip(high, low, strict=True) for group, value in zip("BA", pair, strict=True)]
    Path("two.csv").write_text(text_of({"place": [each for each, _ in rows], "y": [value for _, value in rows]}))
    arguments = ("forecast", "two.csv", "--target", "y", "--group", "place", "--steps", "2", "--lags", "3")
    facts = facts_of(fitnet, *arguments, "--difference", "1")
    assert (facts["series"], facts["forecast"]["place"]) == (2, ["A", "A", "B", "B"])
    np.testing.assert_allclose(
        facts["forecast"]["y"], [*sine(2, ROWS), *(10 + sine(2, ROWS + 3))], atol=LEAST_SQUARES_FORECAST_ATOL
    )


def test_a_unit_in_a_name_stays_at_its_end(fitnet, line):
    Path("unit.csv").write_text(Path("wave.csv").read_text().replace("month,y", "month,power [kW]", 1))
    arguments = ("unit.csv", *(word.replace("wave.csv", "unit.csv") for word in WAVE[2:]))
    named = [word if word != "y" else "power [kW]" for word in arguments]
    facts = facts_of(fitnet, "forecast", *named, "--steps", "2", *EXACT)
    assert list(facts["forecast"]) == ["month", "power [kW]", "power_lower [kW]", "power_upper [kW]"]


@pytest.mark.parametrize("name", ["next.csv", "next.parquet"])
def test_into_a_file(fitnet, line, name):
    code, out, _ = fitnet(*WAVE, "--steps", "2", *EXACT, "-o", name)
    assert code == 0
    assert out.endswith(f"Forecast:  {name}\n")
    table = read_table(name)
    assert table.names == ("month", "y", "y_lower", "y_upper")
    assert table.frame["month"].to_list() == ["2024-01", "2024-02"]
    assert "forecast" not in facts_of(fitnet, *WAVE, "--steps", "2", *EXACT, "-o", name)


def test_recursive_goes_beyond_its_horizon_without_intervals(fitnet, line):
    arguments = (*WAVE, "--steps", "9", "--horizon", "2", "--strategy", "recursive", *EXACT)
    facts = facts_of(fitnet, *arguments)
    assert list(facts["forecast"]) == ["month", "y"]
    np.testing.assert_allclose(facts["forecast"]["y"], sine(9, ROWS), atol=LEAST_SQUARES_FORECAST_ATOL)
    assert fitnet(*arguments).err == (
        "fitnet: There are no intervals: there are more steps than --horizon, for which errors are known.\n"
    )


def test_a_short_series_has_no_backtest(fitnet, line):
    Path("short.csv").write_text(text_of({"y": sine(20)}))
    code, out, err = fitnet("forecast", "short.csv", "--target", "y", "--steps", "5", *EXACT)
    assert code == 0
    assert err.startswith("fitnet: There are no intervals: the series is too short for fits to its first half")
    assert "Backtest:  none, the series is too short" in out


def test_too_few_errors_for_such_intervals(fitnet, line):
    code, _, err = fitnet(*WAVE, "--steps", "2", *EXACT, "--interval", "0.999")
    assert code == 2
    assert "`--interval` is 0.999" in err
