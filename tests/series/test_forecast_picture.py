"""The picture of a forecast shows what was found: the last rows, the forecast behind them, the band, and names."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from matplotlib.dates import date2num
from sklearn.linear_model import LinearRegression

from fitnet.errors import ArgumentValueError
from fitnet.series.forecast_picture import MOST_SERIES, check_ending, draw, save_picture
from fitnet.series.series_in_tables import series_in_table
from fitnet.series.table_forecast import forecast_table, settings_for
from fitnet.tables.table import Table, row_numbers

ROWS, STEPS = 80, 6
GIVEN = {"known": (), "calendar": (), "difference": 0, "log": False, "season": None, "strategy": "direct", "lags": 3}


def found_for(columns, time=None, group=None):
    table = Table("t", pl.DataFrame(columns), row_numbers(), units={"y": "mm"})
    series = series_in_table(table, "y", time, (), (), group)
    return forecast_table(series, settings_for(LinearRegression(), STEPS, None, (), **GIVEN), STEPS, 0.9)


def noisy(generator, rows=ROWS):
    return np.sin(np.arange(rows) / 2) + 0.1 * generator.normal(size=rows)


def test_lines_are_the_rows_and_the_forecast(generator):
    y, days = noisy(generator), np.arange("2024-01-01", "2024-03-21", dtype="M8[D]")
    found = found_for({"day": days.astype("M8[ms]"), "y": y}, "day")
    figure = draw(found, 0.9, "day")
    (axes,) = figure.axes
    observed, forecast = axes.lines
    np.testing.assert_array_equal(observed.get_ydata(), y[-24:])
    np.testing.assert_array_equal(forecast.get_ydata(), [y[-1], *found.forecast[0]])
    following = np.arange("2024-03-20", "2024-03-27", dtype="M8[D]")
    np.testing.assert_array_equal(date2num(forecast.get_xdata()), date2num(following))
    (band,) = axes.collections
    corners = band.get_paths()[0].vertices[:, 1]
    assert (corners.min(), corners.max()) == (found.ends[0][:, 0].min(), found.ends[0][:, 1].max())
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("day", "y [mm]")
    assert figure.get_suptitle() == "y: 6 steps of 1 day ahead"
    assert [each.get_text() for each in axes.get_legend().get_texts()] == ["observed", "90 % interval", "forecast"]


def test_rows_are_numbered_where_there_are_no_times(generator):
    (axes,) = draw(found_for({"y": noisy(generator)}), 0.9, None).axes
    assert axes.get_xlabel() == "row"
    assert axes.lines[1].get_xdata().tolist() == list(range(ROWS, ROWS + STEPS + 1))


def test_a_panel_a_series_up_to_six(generator):
    groups = [f"place {i}" for i in range(8) for _ in range(ROWS)]
    found = found_for({"y": np.concatenate([noisy(generator) for _ in range(8)]), "place": groups}, group="place")
    figure = draw(found, 0.9, None)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [f"place {i}" for i in range(MOST_SERIES)]
    assert figure.get_suptitle() == "y: 6 steps ahead (the first 6 of 8 series)"


@pytest.mark.parametrize(("ending", "beginning"), [(".png", b"\x89PNG"), (".svg", b"<?xml"), (".pdf", b"%PDF")])
def test_the_file_is_of_its_ending(tmp_path, generator, ending, beginning):
    path = tmp_path / f"picture{ending}"
    check_ending(path)
    save_picture(found_for({"y": noisy(generator)}), 0.9, None, path)
    assert path.read_bytes().startswith(beginning)


def test_other_endings_are_refused():
    with pytest.raises(ArgumentValueError, match=r"`picture` is 'a\.gif'; its name must end in \.png, \.svg or \.pdf"):
        check_ending(Path("a.gif"))
