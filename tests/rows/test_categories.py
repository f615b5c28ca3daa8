"""Categories: what they may be, and rows of codes as columns of 0 and 1."""

import numpy as np
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import Categories
from fitnet.rows.categories import ABSENT, MOST_LEVELS, UNKNOWN

NAN = np.nan
BOTH = Categories(("k", "x", "q"), (("a", "b", None), None, ("c", "d")))


def test_names_and_places():
    assert BOTH.input_names == ("k=a", "k=b", "k is missing", "x", "q=c", "q=d")
    assert (BOTH.given, BOTH.columns, BOTH.words, BOTH.number_names) == (3, 6, ("k", "q"), ("x",))
    assert BOTH.number_places == [3]


def test_codes_become_columns():
    x = np.array([5, NAN, 7, 8])
    rows = BOTH.encoded([np.array([0, 2, UNKNOWN, 1]), x, np.array([1, ABSENT, 0, UNKNOWN])])
    expected = [[1, 0, 0, 5, 0, 1], [0, 0, 1, NAN, NAN, NAN], [0, 0, 0, 7, 1, 0], [0, 1, 0, 8, 0, 0]]
    np.testing.assert_array_equal(rows, expected)
    whole = np.array(expected)
    whole[1, 4:] = 0
    np.testing.assert_array_equal(BOTH.without_gaps(rows), whole)
    strange = [[False, False, False], [False, False, True], [True, False, False], [False, False, True]]
    np.testing.assert_array_equal(BOTH.strange(whole), strange)


def test_single_precision_stays_where_the_numbers_are():
    k, q = np.array([0]), np.array([1])
    assert BOTH.encoded([k, np.float32([1]), q]).dtype == np.float32
    assert BOTH.encoded([k, np.float64([1]), q]).dtype == np.float64
    assert Categories(("k",), (("a",),)).encoded([k]).dtype == np.float64


def test_levels_that_no_row_has_are_left_out():
    rows = BOTH.encoded([np.array([1, 1]), np.zeros(2), np.array([0, 1])])
    seen = BOTH.seen_in(rows)
    assert seen == Categories(("k", "x", "q"), (("b",), None, ("c", "d")))
    np.testing.assert_array_equal(rows[:, seen.inputs_in(BOTH)], [[1, 0, 1, 0], [1, 0, 0, 1]])


@pytest.mark.parametrize(
    ("names", "levels", "error", "sentence"),
    [
        (("k",), (None,), ArgumentValueError, "`levels` is"),
        (("k",), (("a",), None), ArgumentValueError, "`levels` is"),
        ((1,), (("a",),), ArgumentTypeError, "`names` is"),
        (("k",), (["a"],), ArgumentTypeError, "`levels` has"),
        (("k",), ("ab",), ArgumentTypeError, "`levels` has"),
        (("k",), ((None, "a"),), ArgumentTypeError, "`levels` has"),
        (("k",), (("a", 1),), ArgumentTypeError, "`levels` has"),
        (("k",), ((),), ArgumentValueError, "`levels` has 0 levels for 'k'; they must be from 1 to 100, sorted and"),
        (("k",), ((None,),), ArgumentValueError, "`levels` has 0 levels"),
        (("k",), (("b", "a"),), ArgumentValueError, "sorted and different"),
        (("k",), (("a", "a"),), ArgumentValueError, "sorted and different"),
        (("k",), (tuple(f"{i:03}" for i in range(MOST_LEVELS + 1)),), ArgumentValueError, "has 101 levels"),
        (("k", "k"), (("a",), ("a",)), ArgumentValueError, "every one must have its own name"),
        (("k", "k=a"), (("a",), None), ArgumentValueError, "every one must have its own name"),
    ],
)
def test_what_cannot_be_is_refused(names, levels, error, sentence):
    with pytest.raises(error, match=sentence):
        Categories(names, levels)
