"""Columns of words in a table: which they are, their levels, and what is refused with its place."""

import datetime

import numpy as np
import polars as pl
import pytest

from fitnet.errors import MissingValuesError, TableError, TableWarning, UnknownLevelWarning
from fitnet.rows import Categories
from fitnet.tables import read_table, select
from fitnet.tables.words import found_levels


def levels(path, name="k", missing=False):
    return found_levels([read_table(path)], name, missing)


def column(write, cells, separator=","):
    """A table whose second column has these cells."""
    return write("t.csv", f"x{separator}k\n" + "".join(f"{i}{separator}{text}\n" for i, text in enumerate(cells)))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["red", " blue ", "red", "green"], ("blue", "green", "red")),
        (["red", "Red"], ("Red", "red")),
        (["red", "NA", "", "-", "blue"], ("blue", "red")),
        (["true", "false", "maybe"], ("false", "maybe", "true")),
        (["18-25", "26-35", "36+"], ("18-25", "26-35", "36+")),
        (["A1", "B2", "C3"], ("A1", "B2", "C3")),
        (["1st", "2nd", "3rd"], ("1st", "2nd", "3rd")),
        (["4WD", "2WD", "4WD"], ("2WD", "4WD")),
        (["1999-2000", "2000-2001"], ("1999-2000", "2000-2001")),
        (["May", "June"], ("June", "May")),
        (['"a,b"', '"say ""hi"""'], ("a,b", 'say "hi"')),
        (["true", "FALSE"], None),
        (["1", "2.5", "NA"], None),
        (["", "NA"], None),
        ([f"w{i % 100:03}" for i in range(101)], tuple(f"w{i:03}" for i in range(100))),
    ],
)
def test_levels(write, cells, expected):
    assert levels(column(write, cells)) == expected


def test_missing_words_may_be_a_level(write):
    assert levels(column(write, ["red", "NA"]), missing=True) == ("red", None)
    assert levels(column(write, ["red", "blue"]), missing=True) == ("blue", "red")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["1", "2", "red"], "has 'red' in column 'k', line 4, which is not a number."),
        (["red", "1"], "has 'red' in column 'k', line 2, which is not a number."),
        (["red", "blue", "1"], "has '1' in column 'k', line 4, which is a number among words; a column must hold eit"),
        (["red", "blue", "inf"], "has 'inf' in column 'k', line 4, which is a number among words"),
        (["true", "1"], "has 'true' in column 'k', line 2, which is not a number."),
        (['"1,5"', '"2,5"'], "has '1,5' in column 'k', line 2, which is not a number (decimal commas are read where"),
        (["5 kg", "7 kg", "7 kg", "9.5 kg"], "has '5 kg' in column 'k', line 2, which is not a number."),
        (["12%", "13 %"], "has '12%' in column 'k', line 2, which is not a number."),
        (["<0.1", "<0.5"], "has '<0.1' in column 'k', line 2, which is not a number."),
        (
            ["2020-01-31", "2020-02-01"],
            "has '2020-01-31' in column 'k', line 2, which is a date; make numbers of dates,",
        ),
        (["2020-01", "2020-02"], "which is a date"),
        (["2020-01-31T10:00:00Z"], "which is a date"),
        (["2020/1/31"], "which is a date"),
        (["31.1.2020"], "which is a date"),
        (["31-01-2020"], "which is a date"),
        (["1/31/20"], "which is a date"),
        (["31-Jan-2020"], "which is a date"),
        (["5 March 2020 10:00"], "which is a date"),
        (['"Jan 5, 2020"'], "which is a date"),
        (["12:30", "13:00:01.5"], "which is a date"),
        (["red", "2020-01-31"], "has '2020-01-31' in column 'k', line 3, which is a date"),
        (
            [f"w{i}" for i in range(130)],
            "has 130 different words in column 'k', of which 'w100' in line 102 is one too many; at most 100 become in",
        ),
    ],
)
def test_what_is_no_column_of_words_is_refused_with_its_place(write, cells, sentence):
    path = column(write, cells)
    with pytest.raises(TableError) as raised:
        levels(path)
    assert sentence in str(raised.value)
    assert str(raised.value).startswith(f"{path} has ")
    assert raised.value.column == "k"
    assert raised.value.place is not None


def test_too_many_words_to_count(write):
    with pytest.raises(
        TableError, match="has 10001 or more different words in column 'k', of which 'w100' in line 102"
    ):
        levels(column(write, [f"w{i}" for i in range(20_000)]))


def test_words_among_numbers_are_refused_across_parts(write):
    parts = [read_table(column(write, cells)) for cells in (["red"], ["1", "2"])]
    for tables in (parts, parts[::-1]):
        with pytest.raises(TableError, match="has 'red' in column 'k', line 2, which is not a number"):
            found_levels(tables, "k", False)


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum(["2", "10", "1"])])
def test_categories_of_a_file_are_words_whatever_they_look_like(tmp_path, kind):
    path = tmp_path / "t.parquet"
    pl.DataFrame({"x": [1, 2, 3, 4], "k": pl.Series(["10", "2", None, "10"], dtype=kind)}).write_parquet(path)
    assert levels(path) == (None if kind == pl.String else ("10", "2"))
    selection = select(read_table(path), ["x"], missing="drop")
    assert selection.X.tolist() == ([[10], [2], [10]] if kind == pl.String else [[1, 0], [0, 1], [1, 0]])


TABLE = "x,k,y\n1,red,5\n2,blue,6\n,red,7\n4,,8\n"


def test_a_selection_is_encoded(write):
    path = write("t.csv", TABLE)
    with pytest.raises(MissingValuesError, match=r"has missing values in x \(1\), k \(1\); `missing='drop'` leaves"):
        select(read_table(path), ["y"])
    dropped = select(read_table(path), ["y"], missing="drop")
    assert dropped.categories == Categories(("x", "k"), (None, ("blue", "red")))
    assert dropped.X.tolist() == [[1, 0, 1], [2, 1, 0]]
    imputed = select(read_table(path), ["y"], missing="impute")
    assert imputed.categories.levels == (None, ("blue", "red", None))
    np.testing.assert_array_equal(imputed.X, [[1, 0, 1, 0], [2, 1, 0, 0], [np.nan, 0, 1, 0], [4, 0, 0, 1]])
    assert (imputed.feature_names, imputed.n_dropped) == (("x", "k"), 0)
    one = select(read_table(path), ["y"], ["k"], missing="drop")
    assert one.X.tolist() == [[0, 1], [1, 0], [0, 1]]


def test_a_selection_for_a_model_has_its_levels(write):
    table = read_table(write("t.csv", TABLE))
    known = Categories(("x", "k"), (None, ("green", "red")))
    with pytest.warns(UnknownLevelWarning, match=r"t.csv has 'blue' \(1 row\) in column 'k', which no row of training"):
        found = select(table, ["y"], ["x", "k"], "drop", trains=False, categories=known)
    assert found.X.tolist() == [[1, 0, 1], [2, 0, 0]]
    with pytest.warns(UnknownLevelWarning):
        found = select(table, ["y"], ["x", "k"], "impute", trains=False, categories=known)
    np.testing.assert_array_equal(found.X, [[1, 0, 1], [2, 0, 0], [np.nan, 0, 1], [4, 0, 0]])
    with pytest.raises(TableError, match="has 'red' in column 'k', line 2, which is not a number"):
        select(table, ["y"], ["x", "k"], "drop", trains=False)


def test_numbers_are_levels_of_a_column_that_held_words(tmp_path):
    path = tmp_path / "t.parquet"
    known = Categories(("k",), (("1", "2.5"),))
    for cells in ([1.0, 2.5, None], ["1", "2.5", None]):
        pl.DataFrame({"k": cells, "y": [1, 2, 3]}).write_parquet(path)
        found = select(read_table(path), ["y"], ["k"], "drop", trains=False, categories=known)
        assert found.X.tolist() == [[1, 0], [0, 1]]


def test_a_number_that_stands_for_a_missing_value_is_no_level(write):
    table = read_table(column(write, ["red", "-9999", "blue"]), missing_values=[-9999])
    selection = select(table, ["x"], missing="drop")
    assert selection.X.tolist() == [[0, 1], [1, 0]]
    assert selection.n_dropped == 1


def test_a_word_of_its_own_in_every_row_is_warned_of(write):
    with pytest.warns(TableWarning, match=r"t.csv has another word in every row of column 'k', from which nothing can"):
        levels(column(write, [f"sample {i}" for i in range(10)]))


@pytest.mark.parametrize("cells", [["red", "blue"], [f"w{i}" for i in range(200)]])
def test_words_are_no_targets(write, cells):
    with pytest.raises(TableError, match=r"which is to be predicted as a number; words are predicted as classes"):
        select(read_table(column(write, cells)), ["k"])


def test_a_level_is_not_named_as_a_column(write):
    path = write("t.csv", "k,k=red,y\nred,1,2\nblue,3,4\n")
    with pytest.raises(
        TableError, match=r"t.csv gives two inputs the name 'k=red', a column's own or a level's; every"
    ):
        select(read_table(path), ["y"])


def test_dates_of_a_file_are_refused(tmp_path):
    path = tmp_path / "t.parquet"
    pl.DataFrame({"t": [datetime.date(2020, 1, 31)] * 2, "y": [1, 2]}).write_parquet(path)
    with pytest.raises(TableError, match=r"holds dates or times in column 't'; make numbers of them, such as the days"):
        select(read_table(path), ["y"])
