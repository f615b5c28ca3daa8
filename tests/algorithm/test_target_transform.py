"""Target transforms: there and back, the chain rule, the log-normal distribution's moments, and what is refused."""

import numpy as np
import pytest

from finite_differences import numerical_jacobian
from fitnet import LogTransform, Poisson, SquaredError
from fitnet.algorithm.target_transform import (
    exponentials,
    in_single,
    transform_from,
    transformed_covariance,
    transformed_deviations,
    transformed_hessian,
    transformed_jacobian,
)
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from tolerances import (
    DIFFERENCE_STEP,
    FLOAT64_RTOL,
    HESSIAN_ATOL_OF_LARGEST,
    JACOBIAN_ATOL_OF_LARGEST,
    JACOBIAN_RTOL,
    LOG_NORMAL_RTOL,
    THERE_AND_BACK_RTOL,
)

LARGEST = np.finfo(np.float64).max
MIXED = LogTransform((3.0, None))
BOUNDS = np.array([3.0, -np.inf])


@pytest.mark.parametrize("bound", [0.0, -2.5, 1e300, -1e300])
def test_there_and_back(generator, bound):
    decades = 10.0 ** generator.uniform(-300, 308, (500, 2))
    distances = decades if bound == 0 else abs(bound) * generator.uniform(1, 9, (500, 2))
    back = LogTransform(bound).inverse(LogTransform(bound).forward(bound + distances))
    assert np.all(np.abs(back - (bound + distances)) <= THERE_AND_BACK_RTOL * distances)


def test_a_difference_that_overflows():
    found = LogTransform(-1.5e308).forward(np.array([[1.5e308], [0.0]]))
    np.testing.assert_allclose(found[:, 0], np.log(1.5e308) + np.log([2, 1]), rtol=FLOAT64_RTOL)


def test_what_has_no_bound_is_left_as_it_is(generator):
    Y = generator.normal([9, 0], 1, (20, 2))
    transformed = MIXED.forward(Y)
    np.testing.assert_array_equal(transformed, np.c_[np.log(Y[:, 0] - 3), Y[:, 1]])
    np.testing.assert_array_equal(MIXED.inverse(transformed)[:, 1], Y[:, 1])


@pytest.mark.parametrize("bound", [0.0, 3.0, -1e10])
def test_predictions_are_finite_and_above_the_bound_whatever_the_network_says(bound):
    found = LogTransform(bound).inverse(
        np.array([[-np.inf], [-1e9], [-800], [-745], [-1], [0], [710], [1e300], [np.inf]])
    )
    assert np.all(found > bound)
    assert np.all(np.isfinite(found))
    single = in_single(found, LogTransform(bound))
    assert single.dtype == np.float32
    assert np.all(single.astype(np.float64) > bound)
    assert np.all(np.isfinite(single))


def test_a_row_alone_has_the_bits_it_has_among_others(generator):
    for bounds in (np.zeros(3), np.array([0.0, -np.inf, 1.0])):
        T = generator.normal(size=(101, 3)) * 5
        alone = np.concatenate([exponentials(row[np.newaxis].copy(), bounds) for row in T])
        assert np.array_equal(exponentials(T.copy(), bounds), alone)


def test_derivatives_by_the_chain_rule(generator):
    A, B = generator.normal(size=(3, 2)), generator.normal(size=(3, 2))
    X = generator.normal(size=(7, 3))
    second = np.zeros((7, 2, 3, 3))

    def T(X):
        return X @ A + (X @ B) ** 2 / 2

    def first(X):
        return A.T + (X @ B)[:, :, np.newaxis] * B.T

    second[:] = B.T[:, :, np.newaxis] * B.T[:, np.newaxis, :]
    steps = np.full(3, DIFFERENCE_STEP)
    expected = numerical_jacobian(lambda X: MIXED.inverse(T(X)), X, steps)
    atol = JACOBIAN_ATOL_OF_LARGEST * np.abs(expected).max()
    found = transformed_jacobian(first(X), T(X), BOUNDS)
    np.testing.assert_allclose(found, expected, rtol=JACOBIAN_RTOL, atol=atol)
    twice = numerical_jacobian(lambda X: transformed_jacobian(first(X), T(X), BOUNDS).reshape(7, 6), X, steps)
    hessian = transformed_hessian(second, first(X), T(X), BOUNDS)
    atol = HESSIAN_ATOL_OF_LARGEST * np.abs(hessian).max()
    np.testing.assert_allclose(hessian, twice.reshape(7, 2, 3, 3), rtol=0, atol=atol)


def test_moments_are_those_of_drawn_targets(generator):
    covariance = np.array([[0.36, 0.2, -0.1], [0.2, 0.25, 0.05], [-0.1, 0.05, 0.49]])
    T, bounds = np.array([[1.0, -2.0, 4.0]]), np.array([2.0, 0.0, -np.inf])
    drawn = exponentials(generator.multivariate_normal(T[0], covariance, 400_000), bounds)
    found = transformed_covariance(covariance[np.newaxis], T, bounds)[0]
    np.testing.assert_allclose(found, np.cov(drawn.T), rtol=LOG_NORMAL_RTOL)
    deviations = transformed_deviations(np.sqrt(np.diagonal(covariance))[np.newaxis], T, bounds)[0]
    np.testing.assert_allclose(deviations, np.sqrt(np.diagonal(found)), rtol=FLOAT64_RTOL)


def test_what_is_known_exactly_has_no_spread_and_what_is_too_large_is_infinite():
    bounds = np.zeros(2)
    assert not transformed_deviations(np.zeros((1, 2)), np.array([[1e300, -5]]), bounds).any()
    assert not transformed_covariance(np.zeros((1, 2, 2)), np.array([[1e300, -5]]), bounds).any()
    assert np.all(transformed_deviations(np.full((1, 2), 1e9), np.zeros((1, 2)), bounds) == np.inf)


@pytest.mark.parametrize(
    ("bound", "kind", "sentence"),
    [
        ("0", ArgumentTypeError, "`lower_bound` is '0'; it must be a real number."),
        (np.nan, ArgumentValueError, "`lower_bound` is nan; it must be finite."),
        ((0, np.inf), ArgumentValueError, "`lower_bound[1]` is inf; it must be finite."),
        ((0, "x"), ArgumentTypeError, "`lower_bound[1]` is 'x'; it must be a real number."),
        ([None], ArgumentValueError, "`lower_bound` is [None]; it must hold a bound for at least one target."),
        ((), ArgumentValueError, "`lower_bound` is (); it must hold a bound for at least one target."),
    ],
)
def test_other_bounds_are_refused(bound, kind, sentence):
    with pytest.raises(kind) as raised:
        LogTransform(bound)
    assert str(raised.value) == sentence


def test_names():
    assert transform_from("log", SquaredError()) == LogTransform(0)
    assert transform_from("auto", SquaredError()) == "auto"
    assert transform_from(None, SquaredError()) is transform_from("None", SquaredError()) is None
    assert transform_from(MIXED, SquaredError()) is MIXED
    assert LogTransform(np.array([1, 2])) == LogTransform((1.0, 2.0))
    assert hash(LogTransform([3, None])) == hash(MIXED)


@pytest.mark.parametrize(
    ("value", "loss", "sentence"),
    [
        (
            "lgo",
            SquaredError(),
            "`target_transform` is 'lgo'; it must be one of None, log, auto (did you mean 'log'?).",
        ),
        (
            3.0,
            SquaredError(),
            "`target_transform` is 3.0; it must be None or a LogTransform, such as LogTransform(lower_bound=3).",
        ),
        (
            "log",
            Poisson(),
            "`target_transform` is LogTransform(lower_bound=0.0) and `loss` is Poisson(), which has a link of its own, "
            "exponential; one of them must be another.",
        ),
    ],
)
def test_other_names_are_refused(value, loss, sentence):
    with pytest.raises((ArgumentValueError, ArgumentTypeError)) as raised:
        transform_from(value, loss)
    assert str(raised.value) == sentence


def test_bounds_for_another_number_of_targets_are_refused():
    with pytest.raises(ArgumentValueError, match="`target_transform` has 2 lower bounds; it must have 3, one a target"):
        MIXED.bounds(3)
