"""Roots: against the textbook formula in decimals, by substitution, and in the order and with the padding promised."""

import warnings
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.quadratic import all_roots, largest_real_root
from tolerances import ROOTS_RESIDUAL_RTOL, ROOTS_RTOL

# The textbook formula cancels up to 600 digits where coefficients span 300 orders of magnitude; 60 more are kept.
DIGITS = 1700

WHOLE = np.array(list(product(range(-4, 5), repeat=3)), dtype=np.float64)


def textbook(a, b, c):
    """[Re, Im, Re, Im] by (-b +- sqrt(b^2 - 4ac)) / 2a, rounded to float64 once, at the end."""
    with localcontext() as context:
        context.prec = DIGITS
        a, b, c = Decimal(a), Decimal(b), Decimal(c)
        if a == 0:
            return [np.nan] * 4 if b == 0 else [float(-c / b), 0.0, 0.0, 0.0]
        d = b * b - 4 * a * c
        if d < 0:
            center, height = -b / (2 * a), (-d).sqrt() / abs(2 * a)
            return [float(center), float(height), float(center), float(-height)]
        roots = sorted([(-b + d.sqrt()) / (2 * a), (-b - d.sqrt()) / (2 * a)], reverse=True)
        return [float(roots[0]), 0.0, float(roots[1]), 0.0]


def assert_textbook(triplet):
    found = all_roots([triplet])
    assert found.shape == (1, 4)
    np.testing.assert_allclose(found[0], textbook(*triplet), rtol=ROOTS_RTOL, atol=0)


def coefficients(lowest_exponent, highest_exponent):
    """Zeros and numbers of either sign, every order of magnitude alike."""
    sizes = st.builds(
        lambda mantissa, exponent, sign: sign * mantissa * 10.0**exponent,
        st.floats(1, 9.5),
        st.integers(lowest_exponent, highest_exponent),
        st.sampled_from([-1, 1]),
    )
    return st.one_of(st.just(0.0), sizes, sizes, sizes)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(coefficients(-3, 3), coefficients(-3, 3), coefficients(-3, 3))
@example(1.0, 1e8, 1.0)
@example(1.0, -1e8, 1.0)
@example(1e-8, 1.0, 1e-8)
@example(1.0, 200.0, -1.5e-12)
@example(94906265.625, 2 * -94906267.0, 94906268.375)  # Kahan: roots 1.000000014 and 1.000000029
def test_textbook_at_ordinary_sizes(a, b, c):
    assert_textbook((a, b, c))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(coefficients(-150, 149), coefficients(-150, 149), coefficients(-150, 149))
@example(1e150, 1e150, 1e150)
@example(1e-150, 1e-150, -1e-150)
@example(1e-150, 1e150, 1e-150)
@example(1e150, 1e-20, 0.0)
@example(1e150, 3.0, 1e-150)
@example(1e150, 2.0000000000000004, 1e-150)
def test_textbook_across_three_hundred_orders_of_magnitude(a, b, c):
    assert_textbook((a, b, c))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    st.floats(0.5, 2.0),
    st.integers(-140, 140),
    st.floats(0.5, 2.0),
    st.integers(-5, 5),
    st.sampled_from([-1, 1]),
    st.integers(-4, 4),
)
def test_textbook_at_nearly_double_roots(a, exponent, b, b_exponent, sign, steps):
    a, b = sign * a * 10.0**exponent, b * 10.0 ** (exponent + b_exponent)
    c = b / a * b / 4
    assert_textbook((a, b, c * (1 + steps * np.finfo(float).eps)))


@pytest.mark.parametrize(
    ("triplet", "roots"),
    [
        ((5e307, -1.5e308, 1e308), (2, 0, 1, 0)),
        ((5e-324, -15e-324, 10e-324), (2, 0, 1, 0)),
        ((1, -3, 2), (2, 0, 1, 0)),
        ((-1, 3, -2), (2, 0, 1, 0)),
        ((1, 3, 2), (-1, 0, -2, 0)),
        ((1, -2, 1), (1, 0, 1, 0)),
        ((-2, -8, -8), (-2, 0, -2, 0)),
        ((3, 0, 0), (0, 0, 0, 0)),
        ((1, 0, -4), (2, 0, -2, 0)),
        ((1, 0, 4), (0, 2, 0, -2)),
        ((-1, 0, -4), (0, 2, 0, -2)),
        ((1, -2, 5), (1, 2, 1, -2)),
        ((-1, 2, -5), (1, 2, 1, -2)),
        ((1, 5, 0), (0, 0, -5, 0)),
        ((1, -5, 0), (5, 0, 0, 0)),
        ((0, 2, -8), (4, 0, 0, 0)),
        ((0, -2, -8), (-4, 0, 0, 0)),
        ((0, 3, 0), (0, 0, 0, 0)),
        ((0, 0, 5), (np.nan, np.nan, np.nan, np.nan)),
        ((0, 0, 0), (np.nan, np.nan, np.nan, np.nan)),
    ],
)
def test_by_hand(triplet, roots):
    np.testing.assert_array_equal(all_roots([triplet])[0], roots)


def terms(a, b, c, real, imaginary):
    """a z^2 + b z + c without rounding, and the sum of the three sizes."""
    value = (a * (real * real - imaginary * imaginary) + b * real + c, 2 * a * real * imaginary + b * imaginary)
    size = abs(complex(float(real), float(imaginary)))
    return abs(complex(*map(float, value))), abs(a) * size * size + abs(b) * size + abs(c)


def test_whole_triplets_are_solved_by_both_roots():
    quadratics = WHOLE[WHOLE[:, 0] != 0]
    for triplet, roots in zip(quadratics.astype(int).tolist(), all_roots(quadratics).tolist(), strict=True):
        a, b, _ = triplet
        exact = [Fraction(root) for root in roots]
        for real, imaginary in (exact[:2], exact[2:]):
            residual, size = terms(*triplet, real, imaginary)
            assert residual <= ROOTS_RESIDUAL_RTOL * size, (triplet, roots)
        # Vieta: both are roots, and not the same one twice.
        assert abs(a * (exact[0] + exact[2]) + b) <= ROOTS_RESIDUAL_RTOL * max(1, abs(b)), (triplet, roots)
        assert exact[1] == -exact[3], (triplet, roots)


def test_whole_linear_triplets_have_one_root_padded_with_zeros():
    linear = WHOLE[(WHOLE[:, 0] == 0) & (WHOLE[:, 1] != 0)]
    roots = all_roots(linear)
    np.testing.assert_allclose(linear[:, 1] * roots[:, 0], -linear[:, 2], rtol=ROOTS_RTOL, atol=0)
    assert not roots[:, 1:].any()


def test_order_is_by_real_then_imaginary_part_largest_first():
    roots = all_roots(WHOLE[WHOLE[:, 0] != 0])
    for first_real, first_imaginary, second_real, second_imaginary in roots.tolist():
        assert (first_real, first_imaginary) >= (second_real, second_imaginary)
    assert (roots[:, 1] > 0).any()


def test_equal_roots_come_where_and_only_where_the_discriminant_is_zero():
    a, b, c = (column.astype(int) for column in WHOLE[WHOLE[:, 0] != 0].T)
    roots = all_roots(np.transpose([a, b, c]))
    np.testing.assert_array_equal((roots[:, :2] == roots[:, 2:]).all(axis=1), b * b == 4 * a * c)
    np.testing.assert_array_equal(roots[:, 1] > 0, b * b < 4 * a * c)


def test_no_root_is_nan_everywhere_and_no_other_is():
    nothing = (WHOLE[:, 0] == 0) & (WHOLE[:, 1] == 0)
    np.testing.assert_array_equal(np.isnan(all_roots(WHOLE)), np.repeat(nothing[:, np.newaxis], 4, axis=1))


def test_no_zero_is_negative():
    for roots in (all_roots(WHOLE), largest_real_root(WHOLE)):
        assert not np.signbit(roots[roots == 0]).any()


def test_largest_real_root_is_the_largest_of_all_roots():
    largest = largest_real_root(WHOLE)
    assert largest.shape == (len(WHOLE),)
    for triplet, root, (re_1, im_1, re_2, _) in zip(WHOLE, largest, all_roots(WHOLE), strict=True):
        a, b, c = triplet
        if a == 0:
            np.testing.assert_equal(root, -c / b + 0.0 if b else np.nan)
        elif b * b < 4 * a * c:
            assert np.isnan(root)
        else:
            assert im_1 == 0
            assert root == max(re_1, re_2)


def test_rows_do_not_depend_on_each_other():
    together = all_roots(WHOLE)
    np.testing.assert_array_equal(together, np.concatenate([all_roots(row[np.newaxis]) for row in WHOLE]))


def test_argument_is_not_changed():
    triplets = WHOLE.copy()
    all_roots(triplets)
    np.testing.assert_array_equal(triplets, WHOLE)


@pytest.mark.parametrize("roots", [all_roots, largest_real_root])
def test_no_warning_escapes(roots):
    extreme = np.array(list(product([0, -0.0, 5e-324, -1e-300, 1, -1e300, 1.7e308], repeat=3)))
    with warnings.catch_warnings(), np.errstate(divide="warn", over="warn", invalid="warn"):
        warnings.simplefilter("error")
        roots(extreme)
        roots(WHOLE)


@pytest.mark.parametrize(
    ("triplets", "error", "message"),
    [
        (
            [1, -3, 2],
            ArgumentValueError,
            "`triplets` has 1 dimension; it must be a matrix of shape (rows, columns); one row is [[...]], "
            "one column is array.reshape(-1, 1).",
        ),
        ([[1, -3]], ArgumentValueError, "`triplets` has 2 columns; it must have 3."),
        (np.empty((0, 3)), ArgumentValueError, "`triplets` has no rows; it must have at least one."),
        (
            [[1, np.nan, 2]],
            ArgumentValueError,
            "`triplets` holds nan at [0, 1]; every entry must be a finite number.",
        ),
        (
            [[1, 2, 3], [1, 2, -np.inf]],
            ArgumentValueError,
            "`triplets` holds -inf at [1, 2]; every entry must be a finite number.",
        ),
        ([["1", "2", "3"]], ArgumentTypeError, "`triplets` holds text; it must hold real numbers."),
        ([[1, 2j, 3]], ArgumentTypeError, "`triplets` holds complex numbers; it must hold real numbers."),
    ],
)
@pytest.mark.parametrize("roots", [all_roots, largest_real_root])
def test_refusals(roots, triplets, error, message):
    with pytest.raises(error) as refusal:
        roots(triplets)
    assert str(refusal.value) == message
