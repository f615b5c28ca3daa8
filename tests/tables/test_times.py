"""Times in tables: numbers and dates of text and of Parquet, and times written back as the column has them."""

import numpy as np
import polars as pl
import pytest

from fitnet.errors import TableError
from fitnet.tables import read_table
from fitnet.tables.times import time_column


def times_of(tmp_path, cells):
    path = tmp_path / "t.csv"
    path.write_text("t\n" + "".join(f'"{cell}"\n' for cell in cells))
    return time_column(read_table(path), "t")


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        (["2024-01", "2024-02"], "M"),
        (["2024-01-31", "2024-02-29"], "D"),
        (["2024-01-31 12:00", "2024-01-31 12:30"], "m"),
        (["2024-01-31T12:00:01", "2024-01-31T12:00:02"], "s"),
    ],
)
def test_dates_are_read_and_written_back(tmp_path, cells, unit):
    times = times_of(tmp_path, cells)
    assert times.unit == unit
    np.testing.assert_array_equal(times.values, np.array([cell.replace(" ", "T") for cell in cells], "M8[us]"))
    assert times.written(times.values).tolist() == [cell.replace("T", " ") for cell in cells]


@pytest.mark.parametrize(("cells", "following"), [(["1", "2"], 3), (["0.5", "1"], 1.5), (["-3", "1e0"], 5)])
def test_numbers_are_written_back(tmp_path, cells, following):
    times = times_of(tmp_path, cells)
    assert times.unit == ""
    written = times.written(np.array([float(following)]))
    assert written.tolist() == [following]
    assert (written.dtype.kind == "i") == isinstance(following, int)


def test_dates_of_a_file_that_knows_dates(tmp_path):
    dates = np.array(["2024-01-01T06", "2024-01-01T12"], "M8[us]")
    pl.DataFrame({"t": dates, "day": dates.astype("M8[ms]")}).with_columns(pl.col("day").cast(pl.Date)).write_parquet(
        tmp_path / "t.parquet"
    )
    table = read_table(tmp_path / "t.parquet")
    assert time_column(table, "t").written(dates).tolist() == ["2024-01-01 06:00", "2024-01-01 12:00"]
    assert time_column(table, "day").unit == "D"


@pytest.mark.parametrize("cell", ["2024-13", "2024-02-30", "2024-1-1", "31.12.2024", "2024-01-01T12:00Z", "NaT", "x"])
def test_what_is_no_date_is_refused_with_its_line(tmp_path, cell):
    with pytest.raises(TableError, match=r"in column 't', line 3, which is no date such as 2024-05-31") as raised:
        times_of(tmp_path, ["2024-01", cell])
    assert raised.value.place == "line 3"


@pytest.mark.parametrize("cells", [["2024-01", "NA"], ["1", "NA"]])
def test_a_missing_time_is_refused(tmp_path, cells):
    with pytest.raises(TableError, match="has no time in column 't', line 3; every row must have one"):
        times_of(tmp_path, cells)
