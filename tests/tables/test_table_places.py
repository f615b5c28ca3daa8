"""Where a table is wrong: errors carry the column and the place that their sentence names."""

import polars as pl
import pytest

from fitnet.errors import MissingValuesError, TableError
from fitnet.tables import chunks, numeric_columns, read_table, select


@pytest.mark.parametrize(
    ("text", "column", "place"),
    [
        ("x,y\n1,2\n3\n", None, "line 3"),
        ("x,y\n1,2\n\n3,4\n", None, "line 3"),
        ('x,y\n1,2\n"3,4\n', None, "line 3"),
        (b"x,y\n1,2\n3,\xff\n", None, "line 3"),
        (b"x\x00,y\n1,2\n", None, "line 1"),
        ("x,y,x\n1,2,3\n", "x", None),
        ("x,y\n1,2\n3,red\n", "y", "line 3"),
        ("x,y\n1,2\n3,inf\n", "y", "line 3"),
        ("x;y\n1;2,5\n3;4.5\n", "y", "line 2"),
        ("x,z\n1,2\n", "y", None),
        ("", None, None),
    ],
)
def test_text(write, text, column, place):
    with pytest.raises(TableError) as error:
        numeric_columns(read_table(write("t.csv", text)), ["x", "y"])
    assert (error.value.column, error.value.place) == (column, place)
    assert (column is None or f" {column!r}" in str(error.value)) and (place is None or place in str(error.value))


def test_parts_of_a_parquet_file(tmp_path):
    pl.DataFrame({"x": [1.0, 2.0, None]}).write_parquet(tmp_path / "t.parquet")
    with pytest.raises(TableError) as error:
        list(chunks(tmp_path / "t.parquet", ["x"], 2))
    assert (error.value.column, error.value.place) == ("x", "row 3")


def test_rows_that_can_be_left_out_are_an_error_of_their_own(write):
    table = read_table(write("t.csv", "x,y\n1,2\n,4\n"))
    with pytest.raises(MissingValuesError):
        select(table, ["y"])
    with pytest.raises(TableError) as error:
        select(read_table(write("t.csv", "x,y\n1,\n,4\n")), ["y"], missing="drop")
    assert type(error.value) is TableError
