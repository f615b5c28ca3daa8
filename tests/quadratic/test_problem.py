"""Problem: which triplets are drawn, and that training and test share none."""

from itertools import product

import numpy as np
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.quadratic import Problem, all_roots, largest_real_root

ROOTS_RULE = "it must be one of largest, all"
ORDER_RULE = "low must be below high"
RANGE_RULE = "it must be at least -1e+06 and at most 1e+06"
NUMBERS_RULE = "it must be one of whole, real"
WHOLE_RULE = "for whole numbers they must be whole"


def as_set(rows):
    return set(map(tuple, rows.triplets.tolist()))


def fresh(seed=5):
    return np.random.default_rng(seed)


@pytest.mark.parametrize(("low", "high"), [(-3, 3), (0, 4), (-6, -2), (2, 3)])
@pytest.mark.parametrize("zero_a", [False, True])
def test_whole_numbers_fill_the_range_with_both_ends(generator, low, high, zero_a):
    training, test = Problem("all", low, high, zero_a=zero_a).draw(generator, 3000, 4)
    values = set(range(low, high + 1))
    for column, expected in zip(training.triplets.T, (values if zero_a else values - {0}, values, values), strict=True):
        assert set(column.tolist()) == expected
    assert training.triplets.dtype == training.targets.dtype == np.float64
    assert (np.isin(test.triplets, list(values))).all()


def test_real_numbers_are_uniform_in_the_range(generator):
    training, test = Problem("all", -2.5, 0.5, numbers="real").draw(generator, 3000, 200)
    drawn = np.concatenate([training.triplets, test.triplets])
    assert (drawn >= -2.5).all()
    assert (drawn < 0.5).all()
    assert not (drawn == np.round(drawn)).any()
    counts = np.histogram(drawn, bins=10, range=(-2.5, 0.5))[0]
    assert counts.min() > 0.8 * counts.mean()


@pytest.mark.parametrize("numbers", ["whole", "real"])
def test_counts_are_those_asked_for_where_every_triplet_has_a_root(generator, numbers):
    training, test = Problem("all", numbers=numbers).draw(generator, 321, 123)
    assert (training.triplets.shape, training.targets.shape) == ((321, 3), (321, 4))
    assert (test.triplets.shape, test.targets.shape) == ((123, 3), (123, 4))


@pytest.mark.parametrize("roots", ["largest", "all"])
@pytest.mark.parametrize("zero_a", [False, True])
def test_training_and_test_share_no_triplet_and_test_triplets_differ(generator, roots, zero_a):
    training, test = Problem(roots, -3, 3, zero_a=zero_a).draw(generator, 3000, 140)
    assert not as_set(training) & as_set(test)
    assert len(as_set(test)) == len(test.triplets)
    assert len(as_set(training)) < len(training.triplets)  # drawn independently, so some come twice


def test_targets_are_the_roots(generator):
    for roots, expected in (("largest", lambda rows: largest_real_root(rows)[:, np.newaxis]), ("all", all_roots)):
        for rows in Problem(roots, zero_a=True).draw(generator, 500, 100):
            np.testing.assert_array_equal(rows.targets, expected(rows.triplets))


def test_largest_drops_exactly_the_triplets_without_a_real_root():
    everything = Problem("all").draw(fresh(), 2000, 500)
    largest = Problem("largest").draw(fresh(), 2000, 500)
    for every_row, kept in zip(everything, largest, strict=True):
        a, b, c = every_row.triplets.T
        real = b * b >= 4 * a * c
        assert 0 < real.sum() < len(real)
        np.testing.assert_array_equal(kept.triplets, every_row.triplets[real])
        assert np.isfinite(kept.targets).all()


def test_all_drops_exactly_the_triplets_without_any_root(generator):
    possible = set(product(range(-1, 2), repeat=3))
    with_root = {triplet for triplet in possible if triplet[:2] != (0, 0)}
    training, test = Problem("all", -1, 1, zero_a=True).draw(generator, 3000, 13)
    assert as_set(training) | as_set(test) == with_root


@pytest.mark.parametrize("problem", [Problem(), Problem("all", numbers="real"), Problem("all", -4, 4, zero_a=True)])
def test_same_generator_gives_the_same_bytes(problem):
    first, again, other = (problem.draw(fresh(seed), 300, 100) for seed in (5, 5, 6))
    for one, two, three in zip(first, again, other, strict=True):
        assert one.triplets.tobytes() == two.triplets.tobytes()
        assert one.targets.tobytes() == two.targets.tobytes()
        assert one.triplets.tobytes() != three.triplets.tobytes()


def test_test_rows_do_not_depend_on_how_many_are_trained_on():
    few, many = (Problem().draw(fresh(), triplets, 100)[1] for triplets in (10, 1000))
    assert few.triplets.tobytes() == many.triplets.tobytes()


def test_a_hundred_thousand_training_triplets(generator):
    training, test = Problem("all").draw(generator, 100_000, 1000)
    assert len(training.triplets) == 100_000
    assert not as_set(training) & as_set(test)


@pytest.mark.parametrize(("low", "high"), [(-2, 2), (0, 2), (-3, 0), (1, 3), (-3, -1)])
@pytest.mark.parametrize("zero_a", [False, True])
def test_n_possible_counts_the_triplets(low, high, zero_a):
    possible = [t for t in product(range(low, high + 1), repeat=3) if zero_a or t[0] != 0]
    assert Problem(low=low, high=high, zero_a=zero_a).n_possible == len(possible)


def test_n_possible_of_real_numbers_is_infinite():
    assert Problem(numbers="real").n_possible == np.inf


def test_half_of_all_triplets_may_be_tested_on(generator):
    training, test = Problem("all", 1, 2).draw(generator, 50, 4)
    assert len(as_set(test)) == 4
    assert as_set(training) == set(product((1, 2), repeat=3)) - as_set(test)


@pytest.mark.parametrize(
    ("roots", "names"), [("largest", ("largest real root",)), ("all", ("Re 1", "Im 1", "Re 2", "Im 2"))]
)
def test_output_names_are_one_a_target(generator, roots, names):
    problem = Problem(roots)
    assert problem.output_names == names
    assert problem.draw(generator, 10, 10)[0].targets.shape[1] == len(names)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"roots": "largets"}, ArgumentValueError, f"`roots` is 'largets'; {ROOTS_RULE} (did you mean 'largest'?)."),
        ({"roots": None}, ArgumentValueError, f"`roots` is None; {ROOTS_RULE}."),
        ({"roots": 2}, ArgumentValueError, f"`roots` is 2; {ROOTS_RULE}."),
        ({"numbers": "hole"}, ArgumentValueError, f"`numbers` is 'hole'; {NUMBERS_RULE} (did you mean 'whole'?)."),
        ({"numbers": "int"}, ArgumentValueError, f"`numbers` is 'int'; {NUMBERS_RULE}."),
        ({"low": 5, "high": 5}, ArgumentValueError, "`low` and `high` are 5 and 5; low must be below high."),
        ({"low": 5, "high": -5}, ArgumentValueError, "`low` and `high` are 5 and -5; low must be below high."),
        ({"low": 1.5, "high": 1.25}, ArgumentValueError, f"`low` and `high` are 1.5 and 1.25; {ORDER_RULE}."),
        ({"low": 0.5, "high": 3}, ArgumentValueError, f"`low` and `high` are 0.5 and 3; {WHOLE_RULE}."),
        ({"low": 0, "high": 3.5}, ArgumentValueError, f"`low` and `high` are 0 and 3.5; {WHOLE_RULE}."),
        ({"low": np.nan}, ArgumentValueError, f"`low` is nan; {RANGE_RULE}."),
        ({"low": -np.inf}, ArgumentValueError, f"`low` is -inf; {RANGE_RULE}."),
        ({"high": np.nan}, ArgumentValueError, f"`high` is nan; {RANGE_RULE}."),
        ({"high": np.inf}, ArgumentValueError, f"`high` is inf; {RANGE_RULE}."),
        ({"low": "-3"}, ArgumentTypeError, "`low` is '-3'; it must be a real number."),
        ({"high": None}, ArgumentTypeError, "`high` is None; it must be a real number."),
        ({"high": 3j}, ArgumentTypeError, "`high` is 3j; it must be a real number."),
        ({"low": True}, ArgumentTypeError, "`low` is True; it must be a real number."),
    ],
)  # fmt: skip
def test_refused_problems(arguments, error, message):
    with pytest.raises(error) as refusal:
        Problem(**arguments)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"triplets": 0}, ArgumentValueError, "`triplets` is 0; it must be at least 1."),
        ({"triplets": 1.5}, ArgumentTypeError, "`triplets` is 1.5; it must be a whole number."),
        ({"triplets": "30"}, ArgumentTypeError, "`triplets` is '30'; it must be a whole number."),
        ({"test_triplets": 0}, ArgumentValueError, "`test_triplets` is 0; it must be at least 1."),
        ({"test_triplets": -4}, ArgumentValueError, "`test_triplets` is -4; it must be at least 1."),
        ({"test_triplets": True}, ArgumentTypeError, "`test_triplets` is True; it must be a whole number."),
        (
            {"test_triplets": 10},
            ArgumentValueError,
            "`test_triplets` is 10; it must be at most half of the 18 different triplets of whole numbers "
            "in [-1, 1], so that enough are left for training.",
        ),
        (
            {"test_triplets": 1000},
            ArgumentValueError,
            "`test_triplets` is 1000; it must be at most half of the 18 different triplets of whole numbers "
            "in [-1, 1], so that enough are left for training.",
        ),
    ],
)
def test_refused_counts(generator, arguments, error, message):
    with pytest.raises(error) as refusal:
        Problem(low=-1, high=1).draw(generator, **arguments)
    assert str(refusal.value) == message


def test_no_row_with_a_root_is_refused(generator):
    with pytest.raises(ArgumentValueError) as refusal:
        Problem(low=5, high=7).draw(generator, 40, 6)
    assert str(refusal.value) == "`triplets` is 40, and none of those drawn has a root to find."


@pytest.mark.parametrize(("low", "high", "numbers"), [(0, 1e30, "whole"), (-1e308, 1e308, "real")])
def test_ranges_too_wide_to_draw_from_are_refused(generator, low, high, numbers):
    with pytest.raises(ArgumentValueError, match=r"`(low|high)` is "):
        Problem("all", low, high, numbers=numbers).draw(generator, 10, 10)
