"""Rows, weights, groups and questions that are strange or wrong: an answer, or a sentence that says what to do."""

import warnings

import numpy as np
import pandas as pd
import pytest

from fitnet import AutoRegressor
from fitnet.engine import ENGINES
from fitnet.errors import ArgumentTypeError, ArgumentValueError, RepeatedRowsWarning
from fitnet.fitting.plans import EFFORTS, Effort

pytestmark = pytest.mark.skipif("native" not in ENGINES, reason="ensembles take minutes with the reference engine")

GENERATOR = np.random.default_rng(4)
X = GENERATOR.uniform(-1, 1, (60, 3))
Y = np.sin(3 * X[:, 0]) * X[:, 1]
GROUPS = np.arange(60) % 6


@pytest.fixture(autouse=True)
def short_trainings(monkeypatch):
    monkeypatch.setitem(EFFORTS, "fast", Effort(3, 2e8, 1))


def fitted_to(X, y, sample_weight=None, groups=None):
    return AutoRegressor("fast", random_state=0).fit(X, y, sample_weight, groups)


@pytest.fixture(scope="module")
def fitted():
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(EFFORTS, "fast", Effort(3, 2e8, 1))
        return fitted_to(X, Y)


WRONG = {
    "few rows": ({"X": X[:9], "y": Y[:9]}, "`X` has n_samples=9; there must be at least 10 rows"),
    "few that weigh": ({"sample_weight": np.arange(60) < 9}, "`X` has n_samples=9; there must be at least 10 rows"),
    "nan weight": ({"sample_weight": np.where(np.arange(60) == 7, np.nan, 1)}, r"`sample_weight` holds nan at \[7\]"),
    "negative weight": ({"sample_weight": np.full(60, -1.0)}, "`sample_weight` holds -1.0 .*no weight may be negative"),
    "no weight": ({"sample_weight": np.zeros(60)}, "`sample_weight` is zero everywhere"),
    "few weights": ({"sample_weight": np.ones(59)}, "`sample_weight` has shape .59,.; it must have one weight a row"),
    "huge targets": ({"y": Y * 1e300}, "`y` has a standard deviation of .*e.299, whose square no float64 can hold"),
    "tiny targets": ({"y": Y * 1e-200}, "`y` has a standard deviation of .*e-201, whose square no float64 can hold"),
    "one group": ({"groups": np.ones(60)}, "`groups` holds 1 group; there must be at least two"),
    "one group weighs": ({"groups": GROUPS, "sample_weight": GROUPS == 2}, "`groups` holds 1 group"),
    "few groups": ({"groups": GROUPS[1:]}, "`groups` has 59 entries; it must have one for every row of `X`, 60"),
    "many groups": ({"groups": np.arange(61)}, "`groups` has 61 entries; it must have one for every row of `X`, 60"),
    "groups in a matrix": ({"groups": np.ones((60, 2))}, r"`groups` has shape \(60, 2\); it must have shape \(60,\)"),
    "nan group": ({"groups": np.where(GROUPS == 3, np.nan, 1.0)}, "`groups` has no value in 10 rows, .* is row 3"),
    "None group": ({"groups": [None, *"ab" * 29, "c"]}, "`groups` has no value in 1 row, the first is row 0"),
    "no date": ({"groups": pd.Series(pd.to_datetime(["2020-01-01", None])).repeat(30)}, "no value in 30 rows"),
    "gap in pandas": ({"groups": pd.array([1, None] * 30, "Int64")}, "`groups` has no value in 30 rows"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_fitted(name):
    given, sentence = WRONG[name]
    with pytest.raises(ArgumentValueError, match=sentence):
        fitted_to(**{"X": X, "y": Y} | given)


def test_groups_of_several_kinds():
    with pytest.raises(ArgumentTypeError, match="`groups` holds entries that cannot be sorted, such as text beside"):
        fitted_to(X, Y, groups=np.array([1, "a"] * 30, object))


@pytest.mark.parametrize("kind", [str, float, "datetime64[D]", object])
def test_groups_of_any_kind_that_can_be_sorted(kind):
    folds = fitted_to(X, Y, groups=GROUPS.astype(kind)).folds_
    assert np.array_equal(folds, fitted_to(X, Y, groups=GROUPS.reshape(-1, 1)).folds_)
    assert all(len(set(folds[group == GROUPS])) == 1 for group in range(6))


@pytest.mark.parametrize(
    ("coverage", "sentence"),
    [
        (0, "`coverage` is 0; it must be above 0 and below 1"),
        (1, "`coverage` is 1; it must be above 0 and below 1"),
        ([0.5, np.nan], "`coverage` is nan; it must be"),
        ([], "`coverage` has shape .0,.; it must be one number or a sequence"),
        (0.999, "`coverage` is 0.999; intervals from 60 rows can hold at most"),
    ],
)
def test_coverages_that_cannot_be(fitted, coverage, sentence):
    with pytest.raises(ArgumentValueError, match=sentence):
        fitted.predict_interval(X, coverage)


@pytest.mark.parametrize(
    ("probabilities", "sentence"),
    [
        ([0.9, 0.1], "`probabilities` are not in increasing order; they must be"),
        ([0.5, 0.5], "`probabilities` are not in increasing order; they must be"),
        ([0, 0.5], "`probabilities` holds 0; every entry must be above 0 and below 1"),
        ([0.001], "`probabilities` holds 0.001; quantiles from 60 rows must lie between"),
        ([[0.5]], "`probabilities` has shape .1, 1.; it must have shape"),
    ],
)
def test_probabilities_that_cannot_be(fitted, probabilities, sentence):
    with pytest.raises(ArgumentValueError, match=sentence):
        fitted.predict_quantiles(X, probabilities)


def test_coverages_may_come_in_any_order_and_again(fitted):
    one, other = fitted.predict_interval(X, [0.9, 0.5, 0.9]), fitted.predict_interval(X, [0.5, 0.9])
    assert np.array_equal(one, other[..., [1, 0, 1]])


def test_constant_targets_have_intervals_of_no_width():
    fitted = fitted_to(X, np.column_stack([np.full(60, 4.25), Y]))
    prediction, std = fitted.predict(X, return_std=True)
    assert np.all(prediction[:, 0] == 4.25) and np.all(std[:, 0] == 0)
    assert np.all(fitted.predict_interval(X)[:, 0] == 4.25)
    assert np.all(fitted.predict_quantiles(X, [0.1, 0.9])[:, 0] == 4.25)
    assert np.all(np.ptp(fitted.predict_interval(X)[:, 1], axis=1) > 0)


def test_no_fold_is_of_rows_that_weigh_nothing():
    fitted = fitted_to(X, Y, GROUPS < 2, GROUPS)
    assert sorted(set(fitted.folds_)) == [0, 1]
    assert np.isfinite(fitted.oof_prediction_).all() and len(fitted.oof_prediction_) == 20


@pytest.mark.parametrize("unit", [1e-140, 1e140])
def test_targets_in_strange_units(unit):
    fitted = fitted_to(X, Y * unit)
    assert fitted.score(X, Y * unit) > 0.5
    assert 0 < np.ptp(fitted.predict_interval(X[:1])) < 10 * unit


def test_ten_rows():
    fitted = fitted_to(X[:10], Y[:10])
    assert np.isfinite(fitted.predict_interval(X[:3], 0.5)).all()


@pytest.mark.parametrize(("p", "m"), [(150, 1), (4, 250), (400, 1)])
def test_more_columns_or_targets_than_rows(p, m):
    wide = GENERATOR.normal(size=(40, p))
    targets = np.add.outer(wide[:, 0], np.arange(m) / 9.0) if m > 1 else wide[:, 0] + wide[:, 1]
    fitted = fitted_to(wide, targets)
    assert fitted.predict(wide).shape == targets.shape
    assert fitted.predict_interval(wide).shape == (*targets.shape, 2)
    assert min(line.error for line in fitted.leaderboard_) < 1.2 * targets.std()
    assert not fitted.model_.outside(wide).any()


def test_copies_are_told_unless_groups_are_given():
    rows, targets = np.repeat(X[:20], 3, axis=0), np.repeat(Y[:20], 3)
    with pytest.warns(RepeatedRowsWarning, match="40 of 60 rows have the same inputs as an earlier row") as told:
        fitted_to(rows, targets)
    assert [each.filename for each in told] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted_to(rows, targets, groups=np.repeat(np.arange(20), 3))
