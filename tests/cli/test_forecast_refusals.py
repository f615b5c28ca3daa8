"""fitnet forecast refuses what cannot be forecast, in one sentence, with the line of the file where there is one."""

from pathlib import Path

import pytest
from series_tables import MONTHS, sine, text_of

BASE = ("forecast", "bad.csv", "--target", "y", "--time", "t", "--steps", "3", "--lags", "2", "--difference", "0")
NUMBERS = list(range(60))


def changed(values, **at):
    """The values with others in these places: row_3=None."""
    values = list(values)
    for place, value in at.items():
        values[int(place.removeprefix("row_"))] = value
    return values


ROWS = [
    ("descending times", {"t": changed(NUMBERS, row_9=5)}, "`--time` has 5 after 8 at line 11; times must rise"),
    ("doubled times", {"t": changed(NUMBERS, row_9=8)}, "`--time` has 8 twice at line 11; times must rise"),
    (
        "a row that is missing",
        {"t": [*range(30), *range(31, 61)]},
        "`--time` goes from 29 to 31 at line 32, with a step of 1; times must be evenly apart: rows are missing",
    ),
    (
        "a month that is missing",
        {"t": [*MONTHS[:20], *MONTHS[21:], "2024-01"]},
        "`--time` goes from 2020-08-01 to 2020-10-01 at line 22, with a step of 1 month",
    ),
    ("no time", {"t": changed(NUMBERS, row_4=None)}, "bad.csv has no time in column 't', line 6; every row must"),
    (
        "a day that is none",
        {"t": changed(MONTHS, row_3="2024-13")},
        "bad.csv has '2024-13' in column 't', line 5, which",
    ),
    ("other dates", {"t": ["31/05/2024"] * 60}, "which is no date such as 2024-05-31"),
    ("words as times", {"t": ["soon"] * 60}, "bad.csv has 'soon' in column 't', line 2, which is not a number"),
    ("a gap", {"y": changed(sine(), row_7=None)}, "`--target` has no value at line 9; a series must have no gaps"),
    ("no values", {"y": [None] * 60}, "bad.csv has no value of 'y' in the series from line 2 on."),
    ("words", {"y": ["calm"] * 60}, "bad.csv has 'calm' in column 'y', line 2, which is not a number"),
]


@pytest.mark.parametrize(("columns", "sentence"), [each[1:] for each in ROWS], ids=[each[0] for each in ROWS])
def test_rows_are_refused_with_their_line(fitnet, line, columns, sentence):
    Path("bad.csv").write_text(text_of({"t": NUMBERS, "y": sine(), **columns}))
    code, out, err = fitnet(*BASE)
    assert (code, out) == (2, "")
    assert err.startswith("fitnet: ")
    assert sentence in err
    assert err.count("\n") == 1


OPTIONS = [
    (["--target", "z"], "bad.csv has no column 'z'; it has t, y, a, b, g."),
    (["--time", "month"], "bad.csv has no column 'month'"),
    (["--target", "t"], "Column 't' is named twice; it must have one purpose."),
    (["--steps", "0"], "`--steps` is 0; it must be at least 1."),
    (["--steps", "80"], "`--target` has 60 rows; with lags up to 2 and a horizon of 80 it must have at least 82."),
    (["--horizon", "2"], "`--steps` is 3; it must be at most the `--horizon` of the fit, 2, or the `--strategy`"),
    (["--lags", "two"], "'two' is neither a whole number nor a list of them such as 1,6,12."),
    (["--lags", "0"], "`--lags` is 0; it must be at least 1."),
    (["--lags", "2,2"], "`--lags` is [2, 2]; it must have no lag twice."),
    (["--strategy", "both"], "`--strategy` is 'both'; it must be one of direct, recursive."),
    (["--season", "1"], "`--season` is 1; it must be at least 2."),
    (["--difference", "often"], "`--difference` is 'often'; it must be 'auto' or a number of rows"),
    (["--interval", "1.5"], "`--interval` is 1.5"),
    (["--seed", "-1"], "`--seed` is -1; it must be at least 0."),
    (["--log"], "`--target` has 0 at line 2; with `--log` every value must be above 0."),
    (["--calendar", "month"], "`--time` is numbers; it must hold dates, for `--calendar` asks for them."),
    (["--calendar", "fortnight"], "`--calendar` is 'fortnight'; it must be one of hour, weekday, month, day of year."),
    (["--known", "a"], "`--known` needs 3 rows behind the last value of 'y', with that column empty; the table has 0."),
    (["--known", "b"], "bad.csv has no value in column 'b', line 7; it must have one in every row."),
    (["--past", "a", "--strategy", "recursive"], "`--strategy` is 'recursive' and `--past` is given"),
    (["--past", "c"], "bad.csv has no column 'c'"),
    (["--group", "g"], "`--group` has none at line 4; every row must have its group."),
    (["--picture", "a.jpg"], "`--picture` is 'a.jpg'; its name must end in .png, .svg or .pdf."),
    (["--picture", "gone/a.png"], "gone"),
    (["-o", "bad.csv"], "`--out` is 'bad.csv', which is `TABLE` too; they must differ."),
    (["-o", "next.txt", "--picture", "next.txt"], "they must differ"),
]


@pytest.mark.parametrize(("options", "sentence"), OPTIONS, ids=[" ".join(each[0]) for each in OPTIONS])
def test_options_are_refused_by_their_name(fitnet, line, options, sentence):
    columns = {
        "t": NUMBERS,
        "y": sine(),
        "a": range(60),
        "b": changed(NUMBERS, row_5=None),
        "g": changed(["x"] * 60, row_2=None),
    }
    Path("bad.csv").write_text(text_of(columns))
    code, out, err = fitnet(*BASE, *options)
    assert (code, out) == (2, "")
    assert sentence in err
    assert not Path("next.txt").exists()


def test_steps_that_nothing_tells(fitnet, line):
    code, _, err = fitnet("forecast", "wave.csv", "--target", "y")
    assert (code, err) == (2, "fitnet: `--steps` must be given, unless rows with no 'y' end the table.\n")


def test_a_leak_is_refused(fitnet, line):
    Path("leak.csv").write_text(text_of({"y": sine(), "next": [*sine()[1:], 0]}))
    code, _, err = fitnet("forecast", "leak.csv", "--target", "y", "--steps", "2", "--past", "next")
    assert code == 2
    assert "`TABLE` has in column 'next' the values of 'y' of 1 row later; a column must not hold what is to be" in err


def test_intervals_that_were_asked_for_and_cannot_be_made(fitnet, line):
    Path("short.csv").write_text(text_of({"y": sine(20)}))
    arguments = ("forecast", "short.csv", "--target", "y", "--steps", "5", "--lags", "2", "--interval", "0.9")
    code, _, err = fitnet(*arguments)
    assert code == 2
    assert err.startswith("fitnet: `--interval` cannot be given: the series is too short for fits to its first half")
