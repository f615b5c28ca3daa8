"""Racing: who is left after the first folds, and where the work goes that the others would have taken."""

import numpy as np
import pytest

from fitnet.errors import DivergenceError
from fitnet.fitting.racing import folds_with_twins, is_well_ahead, not_hopeless, still_gain, still_racing


def test_those_far_behind_on_many_rows_are_left_out_but_not_the_best():
    errors = {"line": 9.0, "a": 1.0, "b": 1.05, "c": 1.2, "d": 1.3, "e": 1.04}
    assert still_racing(errors, 10_000, ["line"]) == ["a", "e", "b", "line"]
    assert still_racing(errors | {"b": 9.5}, 10_000, ["line"]) == ["a", "e", "line"]
    assert still_racing(errors, 400, []) == ["a", "e", "b", "c", "d"]
    assert still_racing({"x": 1.0, "y": 2.0, "z": 2.9, "w": 2.95}, 10_000, [], best=3) == ["x", "y", "z"]
    assert still_racing({"x": 1.0, "y": 2.0, "z": 3.1, "w": 10.0}, 10_000, ["w"], best=3) == ["x", "y", "w"]
    assert still_racing({"x": 1.0, "y": 2.0, "z": 2.9}, 10_000, []) == ["x", "y"]
    assert still_racing({"x": 0.0, "y": 0.0, "z": 3.0}, 10_000, []) == ["x", "y"]


def test_what_takes_long_goes_on_only_as_the_best():
    errors = {"a": 1.0, "slow": 1.01, "b": 1.02, "slow too": 0.99, "line": 2.0}
    assert still_racing(errors, 100, ["line"], ["slow", "slow too"]) == ["slow too", "a", "b", "line"]
    assert still_racing({"a": 1.0, "slow": 1.0}, 100, [], ["slow"]) == ["a"]


def test_the_hopeless_are_many_times_as_far_off():
    assert not_hopeless({"line": 9.0, "a": 1.0, "b": 2.9, "c": 3.1}, ["line"]) == ["line", "a", "b"]
    assert not_hopeless({"a": 0.0, "b": 1.0}, []) == ["a"]
    assert not_hopeless({}, ["line"]) == []


def test_one_is_well_ahead_where_all_others_are_half_as_far_off_again():
    assert is_well_ahead(1.0, [1.5, 9.0]) and is_well_ahead(1.0, [])
    assert not is_well_ahead(1.0, [9.0, 1.4])


@pytest.mark.parametrize(
    ("watched", "expected"),
    [([8, 4, 2, 1], True), ([8, 4, 3, 2.1], False), ([8, 4], False), ([8, 4, 2], False), ([8, 4, 1], True)],
)
def test_half_of_the_training_that_takes_half_of_the_mean_square_still_gains(watched, expected):
    assert still_gain([np.array(watched, float)], 4) is expected
    assert not still_gain([np.array(watched, float), np.array([])], 4)


def test_of_several_members_the_geometric_mean_counts():
    gains, gains_not = np.array([8.0, 4, 2, 1]), np.array([8.0, 4, 3, 3])
    assert still_gain([gains, gains_not], 4)
    assert not still_gain([gains, gains_not, gains_not], 4)


def test_where_all_have_diverged_a_sentence_says_so():
    with pytest.raises(DivergenceError, match="Training of every recipe diverged"):
        still_racing({}, 100, ["line"])


@pytest.mark.parametrize(
    ("work", "expected"),
    [(0, 1), (2 * 10 + 6 * 4, 1), (2 * 10 + 6 * 4 + 3 * 4, 3), (2 * 10 + 6 * 4 + 3.9 * 4, 3), (1e9, 8)],
)
def test_as_many_folds_have_twins_as_the_work_allows(work, expected):
    """Eight folds: a member each of all takes 10, of those that are kept 4."""
    assert folds_with_twins(10, 4, 8, work) == expected


def test_a_single_fold_and_candidates_without_work():
    assert folds_with_twins(10, 4, 1, 0) == 1
    assert folds_with_twins(0, 0, 8, 0) == 8
