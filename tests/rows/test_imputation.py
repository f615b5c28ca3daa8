"""Imputation: medians and columns of gaps, beside scikit-learn's, and rows in every form."""

import numpy as np
import pytest
from sklearn.impute import SimpleImputer

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.rows import Imputation

NAN = np.nan
ROWS = np.array([[1.0, NAN, 5], [2, 7, NAN], [4, 9, 6], [NAN, NAN, 1]])


def test_completed_rows_are_scikit_learns():
    oracle = SimpleImputer(strategy="median", add_indicator=True).fit(ROWS)
    imputation = Imputation.of("X", ROWS)
    assert imputation.told == (0, 1, 2)
    for rows in (ROWS, ROWS[::-1], np.full((2, 3), NAN), np.ones((1, 3))):
        np.testing.assert_array_equal(imputation.completed("X", rows), oracle.transform(rows))


@pytest.mark.parametrize(("rows", "told"), [(49, (0,)), (50, (0,)), (51, ())])
def test_a_column_tells_of_gaps_in_one_row_of_fifty(rows, told):
    X = np.arange(2.0 * rows).reshape(rows, 2)
    X[7, 0] = NAN
    imputation = Imputation.of("X", X)
    assert imputation.told == told
    assert imputation.completed("X", X).shape == (rows, 2 + len(told))
    assert np.isfinite(imputation.completed("X", X)).all()


def test_rows_in_every_form():
    imputation = Imputation.of("X", ROWS)
    whole = imputation.completed("X", ROWS)
    masked = np.ma.masked_array(np.nan_to_num(ROWS, nan=-9999.0), np.isnan(ROWS))
    np.testing.assert_array_equal(imputation.completed("X", masked), whole)
    np.testing.assert_array_equal(imputation.completed("X", ROWS.tolist()), whole)
    narrow = imputation.completed("X", ROWS.astype("float32"))
    assert narrow.dtype == np.float32
    np.testing.assert_array_equal(narrow, whole.astype("float32"))
    assert imputation.completed("X", whole) is whole
    np.testing.assert_array_equal(imputation.completed("X", [[1, 2, 3]]), [[1, 2, 3, 0, 0, 0]])


def test_nothing_is_copied_where_nothing_may_be_missing():
    X = np.ones((3, 2))
    assert Imputation.of("X", X).completed("X", X) is X


def test_names_of_the_columns_that_tell():
    assert Imputation(np.zeros(2), (1,)).names(("T", "p")) == ("T", "p", "p is missing")


@pytest.mark.parametrize(
    ("rows", "error", "sentence"),
    [
        (np.ones((2, 4)), ArgumentValueError, "`X` has 4 columns; it must have 3."),
        (np.ones(3), ArgumentValueError, "`X` has 1 dimension; it must be a matrix of shape (rows, columns); one row"),
        ([["a", "b", "c"]], ArgumentTypeError, "`X` holds text; it must hold real numbers."),
    ],
)
def test_other_rows_are_refused(rows, error, sentence):
    with pytest.raises(error) as raised:
        Imputation.of("X", ROWS).completed("X", rows)
    assert str(raised.value).startswith(sentence)


def test_a_column_of_gaps_is_refused():
    with pytest.raises(ArgumentValueError) as raised:
        Imputation.of("X", np.array([[1, NAN], [2, NAN]]))
    assert str(raised.value) == (
        "`X` has no value in any training row of column 2; every column must have one for its gaps to be filled in."
    )


@pytest.mark.parametrize(
    ("medians", "told", "error", "sentence"),
    [
        ([1, NAN], (), ArgumentValueError, "`medians` holds nan at [1]; every entry must be a finite number."),
        ([[1, 2]], (), ArgumentValueError, "`medians` has shape (1, 2); it must have shape (2,)."),
        ([1, 2], (1, 0), ArgumentValueError, "`told` is (1, 0); it must hold columns below 2 in ascending order."),
        ([1, 2], (2,), ArgumentValueError, "`told` is (2,); it must hold columns below 2 in ascending order."),
        ([1, 2], (-1,), ArgumentValueError, "`told[0]` is -1; it must be at least 0."),
        ([1, 2], (0.5,), ArgumentTypeError, "`told[0]` is 0.5; it must be a whole number."),
    ],
)
def test_another_imputation_is_refused(medians, told, error, sentence):
    with pytest.raises(error) as raised:
        Imputation(medians, told)
    assert str(raised.value) == sentence


def test_medians_are_a_copy_that_stays():
    medians = np.array([1.0, 2.0])
    imputation = Imputation(medians, ())
    medians[0] = 7
    assert imputation.medians.tolist() == [1, 2]
    assert not imputation.medians.flags.writeable
