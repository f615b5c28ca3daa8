"""Evidence: how noisy the data are and how large weights should be, by what makes the data most probable.

MacKay 1992, "A practical Bayesian framework for backpropagation networks", Neural Computation 4, 448-472; Foresee and
Hagan 1997. Targets are the network's outputs plus normal noise of variance noise^2 (over its row's weight), weights
are normal with variance noise^2 / decay a priori, biases have a flat prior. Near its maximum the posterior of the
parameters is normal with covariance noise^2 (J^T W J + decay D)^-1, D = 1 for weights and 0 for biases, and

    gamma   = P - decay trace(D (J^T W J + decay D)^-1)      the parameters that the data determine
    noise^2 = r^T W r / (N - gamma)                          N targets
    decay   = noise^2 (gamma - biases) / (sum of squared weights)
"""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array

LEAST_FREEDOM = 1.0  # of N - gamma: a network that could pass through every point still has noise
SMALLEST_DECAY = 1e-14  # of the largest curvature: below, rounding decides


@dataclass(frozen=True)
class Evidence:
    """One estimate: gamma, the noise's standard deviation, and the decay in units of the sum of squares."""

    effective_parameters: float
    noise: float
    decay: float


def update(
    JtJ: Array, sum_of_squares: float, parameters: Array, is_weight: Array, n_targets: int, decay: float
) -> Evidence | None:
    """The next estimate from the one before, `decay`; None where J^T W J + decay D is singular to rounding.

    Parameters
    ----------
    JtJ, sum_of_squares
        J^T W J (P, P) and r^T W r at `parameters` (P,).
    is_weight
        (P,): 1 for weights, 0 for biases.
    n_targets
        N.
    decay
        Above 0.
    """
    diagonal = inverse_diagonal(JtJ, decay * is_weight)
    if diagonal is None:
        return None
    n_weights = float(is_weight.sum())
    trace = float(np.sum(diagonal * is_weight))
    determined = min(max(n_weights - decay * trace, 0.0), n_weights)  # of the weights
    gamma = determined + len(is_weight) - n_weights
    variance = sum_of_squares / max(n_targets - gamma, LEAST_FREEDOM)
    squares = float(np.sum(is_weight * parameters * parameters))
    least = SMALLEST_DECAY * float(np.diagonal(JtJ).max())
    estimate = variance * determined / squares if squares > 0 else decay
    return Evidence(gamma, float(np.sqrt(variance)), max(estimate, least))


def inverse_diagonal(matrix: Array, ridge: Array) -> Array | None:
    """The diagonal of (matrix + diag(ridge))^-1, (P,); None where it is not positive definite to rounding."""
    from scipy.linalg import lapack  # here, so that importing fitnet loads NumPy only

    regular = matrix.copy()
    regular.ravel()[:: len(matrix) + 1] += ridge
    factor, failed = lapack.dpotrf(regular.T, overwrite_a=1)
    if failed:
        return None
    inverse, failed = lapack.dtrtri(factor, overwrite_c=1)  # of U in U^T U: half the work of the whole inverse
    diagonal: Array = np.einsum("ij,ij->i", inverse, inverse)
    return None if failed or not np.isfinite(diagonal).all() else diagonal
