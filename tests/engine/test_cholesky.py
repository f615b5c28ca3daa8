"""What engines compute by Cholesky's factorisation, against NumPy's general solver and inverse."""

import numpy as np
import pytest

from fitnet.errors import ArgumentTypeError, ArgumentValueError
from tolerances import CHOLESKY_MARGIN

SIZES = [1, 2, 11, 12, 13, 47, 48, 49, 97, 200]  # around the native engine's squares and what they are made of


def draw(generator, P):
    """A symmetric matrix (P, P) that its ridge (P,) makes positive definite, and a right side (P,)."""
    J = generator.normal(size=(max(1, P // 2), P))
    return J.T @ J, generator.uniform(0.1, 1, P), generator.normal(size=P)


@pytest.mark.parametrize("P", SIZES)
def test_solution_is_the_general_solver_s(engine, generator, P):
    matrix, ridge, right = draw(generator, P)
    whole = matrix + np.diag(ridge)
    expected = np.linalg.solve(whole, right)
    atol = CHOLESKY_MARGIN * np.linalg.cond(whole) * np.finfo(float).eps * np.linalg.norm(expected)
    found = engine.solve_positive_definite(matrix, ridge, right)
    assert (found.shape, found.dtype) == ((P,), np.float64)
    np.testing.assert_allclose(found, expected, rtol=0, atol=atol)


@pytest.mark.parametrize("P", SIZES)
def test_diagonal_is_the_inverse_s(engine, generator, P):
    matrix, ridge, _ = draw(generator, P)
    whole = matrix + np.diag(ridge)
    expected = np.diagonal(np.linalg.inv(whole))
    atol = CHOLESKY_MARGIN * np.linalg.cond(whole) * np.finfo(float).eps * expected.max()
    found = engine.inverse_diagonal(matrix, ridge)
    assert (found.shape, found.dtype) == ((P,), np.float64)
    np.testing.assert_allclose(found, expected, rtol=0, atol=atol)


@pytest.mark.parametrize("place", [0, 11, 12, 47, 48, 60])
@pytest.mark.parametrize("pivot", [0.0, -1.0, np.nan, np.inf])
def test_pivot_that_is_not_positive_and_finite_gives_nothing(engine, place, pivot):
    matrix, ridge, right = np.eye(61), np.zeros(61), np.ones(61)
    matrix[place, place] = pivot
    assert engine.solve_positive_definite(matrix, ridge, right) is None
    assert engine.inverse_diagonal(matrix, ridge) is None


def test_ridge_alone_can_make_the_matrix_positive_definite(engine):
    np.testing.assert_array_equal(
        engine.solve_positive_definite(np.zeros((2, 2)), np.array([1.0, 4]), np.ones(2)), [1, 0.25]
    )
    np.testing.assert_array_equal(engine.inverse_diagonal(np.zeros((2, 2)), np.array([1.0, 4])), [1, 0.25])


def test_nothing_given_is_changed(engine, generator):
    given = draw(generator, 60)
    before = [array.copy() for array in given]
    engine.solve_positive_definite(*given)
    engine.inverse_diagonal(*given[:2])
    assert all(np.array_equal(one, other) for one, other in zip(given, before, strict=True))


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("matrix", np.eye(3, dtype=np.float32), ArgumentTypeError, "`matrix` is float32; it must be float64."),
        ("ridge", np.ones(3, dtype=int), ArgumentTypeError, "`ridge` is int64; it must be float64."),
        (
            "matrix",
            np.ones((3, 2)),
            ArgumentValueError,
            "`matrix` has shape (3, 2); it must have shape (3, 3), not empty.",
        ),
        ("ridge", np.ones(2), ArgumentValueError, "`ridge` has shape (2,); it must have shape (3,), not empty."),
        ("right", np.ones((3, 1)), ArgumentValueError, "`right` has shape (3, 1); it must have shape (3,), not empty."),
        (
            "matrix",
            np.ones((0, 0)),
            ArgumentValueError,
            "`matrix` has shape (0, 0); it must have shape (0, 0), not empty.",
        ),
        (
            "right",
            np.ones(6)[::2],
            ArgumentValueError,
            "`right` is not C-contiguous; it must be (numpy.ascontiguousarray makes it so).",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused(engine, name, value, error, message):
    arguments = {"matrix": np.eye(3), "ridge": np.ones(3), "right": np.ones(3)} | {name: value}
    with pytest.raises(error) as caught:
        engine.solve_positive_definite(**arguments)
    assert str(caught.value) == message
