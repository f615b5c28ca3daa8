"""Cholesky's factorisation U^T U of a symmetric positive definite matrix in LAPACK, and what is computed with it.

Shapes: matrix (P, P), to whose diagonal `ridge` (P,) is added; all float64. None means that the factorisation found it
not positive definite.
"""

import numpy as np

from fitnet.arguments import Array


def solve_positive_definite(matrix: Array, ridge: Array, right: Array) -> Array | None:
    """x (P,) with (matrix + diag(ridge)) x = right."""
    from scipy.linalg import lapack  # here, so that importing fitnet loads NumPy only

    factor = factorised(matrix, ridge)
    return None if factor is None else lapack.dpotrs(factor, right)[0]


def inverse_diagonal(matrix: Array, ridge: Array) -> Array | None:
    """The diagonal of (matrix + diag(ridge))^-1, (P,)."""
    from scipy.linalg import lapack

    factor = factorised(matrix, ridge)
    if factor is None:
        return None
    inverse, _ = lapack.dtrtri(factor, overwrite_c=1)  # of U: half the work of the whole inverse
    diagonal: Array = np.einsum("ij,ij->i", inverse, inverse)
    return diagonal


def factorised(matrix: Array, ridge: Array) -> Array | None:
    """U (P, P), upper triangular; LAPACK itself lets pivots pass that are not finite."""
    from scipy.linalg import lapack

    regular = matrix.copy()
    regular.ravel()[:: len(matrix) + 1] += ridge
    factor, failed = lapack.dpotrf(regular.T, overwrite_a=1)
    return factor if not failed and np.isfinite(np.diagonal(factor)).all() else None
