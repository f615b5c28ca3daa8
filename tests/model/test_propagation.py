"""Propagation of the inputs' errors: linear models in closed form, bent ones against draws, and refusals."""

import numpy as np
import pytest

from fitnet import Model, Network, Regressor, Scaling, propagate
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from tolerances import FLOAT64_RTOL, PROPAGATED_RTOL

B = np.array([[1.0, -2.0, 0.5], [0.3, 0.0, 4.0]])  # (p, m)
LINEAR = Model(
    Network.of_widths((2, 3)),
    np.concatenate([B.ravel(), np.zeros(3)]),
    input_scaling=Scaling([5, 0], [0.1, 20]),
    target_scaling=Scaling([0, 1, 2], [3, 1, 1e-3]),
)
SLOPES = B.T * np.outer([3, 1, 1e-3], [10, 1 / 20])  # (m, p), in the users' units
S = np.array([[0.04, 0.01], [0.01, 0.09]])


def test_a_linear_model_has_its_closed_form():
    expected = SLOPES @ S @ SLOPES.T
    at_a_point = propagate(LINEAR, [5.1, 3], S)
    assert (at_a_point.shape, at_a_point.dtype) == ((3, 3), np.float64)
    np.testing.assert_allclose(at_a_point, expected, rtol=FLOAT64_RTOL)
    np.testing.assert_array_equal(at_a_point, at_a_point.T)
    rows = propagate(LINEAR, np.zeros((4, 2)), S)
    np.testing.assert_allclose(rows, np.tile(expected, (4, 1, 1)), rtol=FLOAT64_RTOL)


def test_every_row_may_have_its_own_covariance():
    sizes = np.array([1.0, 4.0, 0.0])[:, np.newaxis, np.newaxis]
    expected = (SLOPES @ S @ SLOPES.T) * sizes
    np.testing.assert_allclose(propagate(LINEAR, np.ones((3, 2)), S * sizes), expected, rtol=FLOAT64_RTOL)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_bent_model_agrees_with_draws(generator, dtype):
    network = Network.of_widths((2, 5, 2), "tanh")
    model = Model(network, generator.normal(size=network.n_parameters).astype(dtype))
    x, small = np.array([0.3, -0.2]), 1e-4 * S
    drawn = model.predict(generator.multivariate_normal(x, small, 200_000).astype(dtype)).astype(float)
    expected = np.cov(drawn.T)
    size = np.sqrt(np.outer(np.diagonal(expected), np.diagonal(expected)))
    assert np.all(np.abs(propagate(model, x, small) - expected) < PROPAGATED_RTOL * size)


def test_a_covariance_of_any_unit_and_any_float_is_taken():
    for covariance in (S.tolist(), S.astype("float32"), S * 1e-300, np.zeros((2, 2)), [[1.0, 1.0], [1.0, 1.0]]):
        assert propagate(LINEAR, [5, 0], covariance).shape == (3, 3)
    rounded = np.array([[1e-8, 1e-4], [1e-4 * (1 + 1e-9), 1e2]])
    assert propagate(LINEAR, [5, 0], rounded).shape == (3, 3)


SHAPE = "`covariance` has shape {}; it must have shape (2, 2)."
NOT_SEMIDEFINITE = "`covariance` is not positive semidefinite; it must be, as every covariance is."


@pytest.mark.parametrize(
    ("x", "covariance", "sentence"),
    [
        ([5, 0], S.astype(complex), "`covariance` holds complex numbers; it must hold real numbers."),
        ([5, 0], [[1, 0], [0, 1]], "`covariance` holds int64; it must hold float numbers."),
        ([5, 0], np.eye(2, dtype=bool), "`covariance` holds bool; it must hold float numbers."),
        ([5, 0], [["1.0"]], "`covariance` holds text; it must hold real numbers."),
        ([5, 0], S[0], SHAPE.format((2,))),
        ([5, 0], S[np.newaxis], SHAPE.format((1, 2, 2))),
        ([5, 0], np.eye(3), SHAPE.format((3, 3))),
        ([[5, 0]], np.eye(3), "`covariance` has shape (3, 3); it must have shape (2, 2) or (1, 2, 2)."),
        ([5, 0], S * np.nan, "`covariance` holds nan at [0, 0]; every entry must be a finite number."),
        ([5, 0], [[1.0, 0.5], [0.4, 1.0]], "`covariance` is not symmetric; it must be."),
        ([5, 0], [[1e-8, 1e-4], [1.01e-4, 1e2]], "`covariance` is not symmetric; it must be."),
        ([5, 0], [[-1.0, 0], [0, 1.0]], "`covariance` holds a variance of -1; none may be below 0."),
        ([5, 0], [[1.0, 2.0], [2.0, 1.0]], NOT_SEMIDEFINITE),
        ([5, 0], [[1e-8, 1.1e-3], [1.1e-3, 1e2]], NOT_SEMIDEFINITE),
        ([5, 0], [[0.0, 0.1], [0.1, 1.0]], NOT_SEMIDEFINITE),
        ([5, 0], [[0.0, 1e-12], [1e-12, 1.0]], NOT_SEMIDEFINITE),
        ([5, 0, 1], S, "`x` has 3 columns; it must have 2."),
        (5.0, S, "`x` has 0 dimensions; it must be a matrix of shape (rows, columns)."),
        ([5, np.inf], S, "`x` holds inf at [0, 1]; every entry must be a finite number."),
    ],
)
def test_refused_in_one_sentence(x, covariance, sentence):
    with pytest.raises((ArgumentValueError, ArgumentTypeError)) as raised:
        propagate(LINEAR, x, covariance)
    assert str(raised.value) == sentence


def test_three_variances_that_agree_in_pairs_but_not_together_are_refused():
    pairs = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    model = Model(Network.of_widths((3, 1)), np.ones(4))
    with pytest.raises(ArgumentValueError, match="not positive semidefinite"):
        propagate(model, [1, 2, 3], pairs)


@pytest.mark.parametrize("model", [Regressor(), Model, None])
def test_what_is_no_model_is_refused(model):
    with pytest.raises(ArgumentTypeError, match=r"`model` is .*; it must be a Model, such as regressor.model_\."):
        propagate(model, [1, 2], S)
