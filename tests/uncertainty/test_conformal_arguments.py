"""What conformal intervals refuse, and how they say it."""

from dataclasses import replace

import numpy as np
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.uncertainty.conformal import CrossConformal
from fitnet.uncertainty.fold_scores import rows_needed
from fitnet.uncertainty.order_statistics import MOST_KEPT

FOLDS = np.arange(40) % 4
RESIDUALS = np.sin(np.arange(1.0, 41))[:, np.newaxis]
MU = np.zeros((4, 3, 1))


@pytest.fixture(scope="module")
def plain():
    return CrossConformal.of(RESIDUALS, FOLDS)


@pytest.fixture(scope="module")
def normalised(plain):
    return replace(plain, floors=[0.5])


@pytest.mark.parametrize(
    ("coverage", "sentence"),
    [
        (0.99, "`coverage` is 0.99; intervals from 40 rows can hold at most 0.97."),
        ([0.5, 0.98], "`coverage` is 0.98; intervals from 40 rows can hold at most 0.97."),
        (0, "`coverage` is 0; it must be above 0 and below 1."),
        (1.0, "`coverage` is 1; it must be above 0 and below 1."),
        ([0.5, 90], "`coverage` is 90; it must be above 0 and below 1 (did you mean 0.9?)."),
        (np.nan, "`coverage` is nan; it must be above 0 and below 1."),
        ("0.9", "`coverage` is '0.9'; it must be a real number."),
        ([], "`coverage` has shape (0,); it must be one number or a sequence of some."),
        ([[0.9]], "`coverage` has shape (1, 1); it must be one number or a sequence of some."),
    ],
)
def test_a_coverage_that_there_are_no_intervals_of(plain, coverage, sentence):
    refused(lambda: plain.interval(MU, coverage), sentence, "coverage")


def test_bounds_for_each_side_hold_less(plain):
    sided = replace(plain, symmetric=np.array([False]))
    sentence = "`coverage` is 0.96; intervals from 40 rows can hold at most 0.95."
    refused(lambda: sided.interval(MU, 0.96), sentence, "coverage")


@pytest.mark.parametrize(
    ("probabilities", "sentence"),
    [
        ([0.5, 0.2], "`probabilities` are not in increasing order; they must be."),
        ([0.5, 0.5], "`probabilities` are not in increasing order; they must be."),
        ([0, 0.5], "`probabilities` holds 0; every entry must be above 0 and below 1."),
        ([0.5, 1.5], "`probabilities` holds 1.5; every entry must be above 0 and below 1."),
        (0.5, "`probabilities` has shape (); it must have shape (n,)."),
        ([], "`probabilities` has shape (0,); it must have shape (n,)."),
        ([0.5, 0.999], "`probabilities` holds 0.999; quantiles from 40 rows must lie between 0.0122 and 0.9878."),
        ([0.001, 0.5], "`probabilities` holds 0.001; quantiles from 40 rows must lie between 0.0122 and 0.9878."),
    ],
)
def test_probabilities_that_there_are_no_quantiles_of(plain, probabilities, sentence):
    refused(lambda: plain.quantiles(MU, probabilities), sentence, "probabilities")


def test_predictions_and_spreads_of_other_shapes_or_kinds(plain, normalised):
    shape = "it must have shape (4, n, 1)."
    refused(lambda: plain.interval(MU[:3], 0.9), f"`fold_predictions` has shape (3, 3, 1); {shape}", "fold_predictions")
    refused(lambda: plain.interval(MU[0], 0.9), f"`fold_predictions` has shape (3, 1); {shape}", "fold_predictions")
    refused(
        lambda: plain.interval(MU[:, :0], 0.9), f"`fold_predictions` has shape (4, 0, 1); {shape}", "fold_predictions"
    )
    infinite = "`fold_predictions` holds inf at [0, 0, 0]; every entry must be a finite number."
    refused(lambda: plain.interval(MU + np.inf, 0.9), infinite, "fold_predictions")
    missing = "`fold_spreads` is None; scores are normalised and it must be the spreads (K, n, m)."
    refused(lambda: normalised.interval(MU, 0.9), missing, "fold_spreads")
    below = "`fold_spreads` holds -1; no standard deviation may be below 0."
    refused(lambda: normalised.interval(MU, 0.9, MU - 1), below, "fold_spreads")
    other = "`fold_spreads` has shape (4, 2, 1); it must have shape (4, 3, 1)."
    refused(lambda: normalised.interval(MU, 0.9, MU[:, :2]), other, "fold_spreads")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"residuals": RESIDUALS[:, 0]}, "`residuals` has 1 dimension; it must be a matrix"),
        ({"residuals": RESIDUALS * np.nan}, "`residuals` holds nan at [0, 0]"),
        ({"folds": FOLDS[:39]}, "`folds` has shape (39,); it must have shape (40,), one fold a row."),
        ({"folds": FOLDS + 0.0}, "`folds` holds float64; it must hold whole numbers."),
        ({"folds": FOLDS - 1}, "`folds` holds -1; it must hold 0 to 2147483647."),
        ({"folds": FOLDS * 2}, "`folds` has no row of fold 1; every fold must have one."),
        ({"folds": FOLDS * 0}, "`folds` has 1 fold; it must have 2 or more."),
        ({"folds": FOLDS[:, np.newaxis]}, "`folds` has shape (40, 1); it must be a vector."),
        ({"spreads": -abs(RESIDUALS)}, "`spreads` holds -0.99"),
        ({"spreads": RESIDUALS[:9]}, "`spreads` has shape (9, 1); it must have shape (40, 1)."),
        ({"shrinkage": [1, 2]}, "`shrinkage` has shape (2,); it must have shape (1,)."),
        ({"shrinkage": 0}, "`shrinkage` holds 0; every entry must be above 0 and finite."),
        ({"shrinkage": np.inf}, "`shrinkage` holds inf; every entry must be above 0 and finite."),
    ],
)
def test_what_scores_cannot_be_made_of(changes, sentence):
    given = {"residuals": RESIDUALS, "folds": FOLDS, **changes}
    refused(lambda: CrossConformal.of(**given), sentence, *changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"scores": RESIDUALS}, "`scores` fall within a fold; they must be in rising order."),
        (
            {"scores": np.repeat([[-1.0]], 40, axis=0)},
            "`scores` holds -1 where `symmetric` is True; none may be below 0",
        ),
        ({"fold_rows": [10, 10, 10]}, "`fold_rows` is for 30 scores; `scores` has 40 and they must agree."),
        ({"fold_rows": [40]}, "`fold_rows` has 1 fold and 40 rows; it must have 2 folds or more"),
        ({"fold_rows": [2**31 - 1, 39]}, "`fold_rows` has 2 folds and 2147483686 rows; it must have 2 folds or more"),
        ({"fold_rows": [0, 40]}, "`fold_rows` holds 0; it must hold 1 to 2147483647."),
        ({"fold_rows": [2**40, 40]}, "`fold_rows` holds 1099511627776; it must hold 1 to 2147483647."),
        ({"floors": [0.0]}, "`floors` holds 0; every entry must be above 0."),
        ({"floors": [np.nan]}, "`floors` holds nan; every entry must be above 0."),
        ({"symmetric": [1]}, "`symmetric` has shape (1,) of int64; it must have shape (1,) of bool."),
        (
            {"symmetric": np.array([True, False])},
            "`symmetric` has shape (2,) of bool; it must have shape (1,) of bool.",
        ),
    ],
)
def test_a_content_that_no_residuals_give(plain, changes, sentence):
    refused(lambda: replace(plain, **changes), sentence, *changes)


def test_content_of_more_rows_than_scores_are_kept_of():
    rows = np.array([10 * MOST_KEPT, 3])
    scores = np.concatenate([np.arange(float(MOST_KEPT)), [1.0, 2, 3]])[:, np.newaxis]
    found = CrossConformal(scores, rows, np.array([np.inf]), np.array([True]))
    assert found.n_rows == 10 * MOST_KEPT + 3
    assert np.isfinite(found.interval(np.zeros((2, 1, 1)), 0.9999)).all()


def test_rows_needed_of_no_coverage():
    refused(lambda: rows_needed(1.0), "`coverage` is 1; it must be above 0 and below 1.", "coverage")
    refused(lambda: rows_needed(0.9, symmetric=1), "`symmetric` is 1; it must be True or False.", "symmetric")


def refused(call, sentence, argument):
    """`call` raises an error about `argument` whose sentence begins so."""
    with pytest.raises((ArgumentValueError, ArgumentTypeError)) as error:
        call()
    assert str(error.value).startswith(sentence)
    assert error.value.argument == argument
