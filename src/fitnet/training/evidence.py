"""Evidence: how noisy the data are and how large weights should be, by what makes the data most probable.

MacKay 1992, "A practical Bayesian framework for backpropagation networks", Neural Computation 4, 448-472; Foresee and
Hagan 1997. Targets are the network's outputs plus normal noise of variance noise^2 (over its row's weight), weights
are normal with variance noise^2 / decay a priori, biases as flat as rounding allows: it would not do without any
prior, for the data may leave combinations of biases undetermined. With D, diagonal, the decay for weights and next to
nothing for biases, the posterior of the parameters is nearly normal with covariance noise^2 (J^T W J + D)^-1, and

    gamma   = P - trace(D (J^T W J + D)^-1)     the parameters that the data determine
    noise^2 = r^T W r / (N - gamma)             N targets
    decay   = noise^2 gamma' / (sum of squared weights), gamma' the weights' share of gamma
"""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.engine import Engine

LEAST_FREEDOM = 1.0  # of N - gamma: a network that could pass through every point still has noise
FLATTEST = 1e-12  # prior, in units of the largest curvature: below, rounding decides


@dataclass(frozen=True)
class Evidence:
    """One estimate: gamma, the noise's standard deviation, and the decay in units of the sum of squares."""

    effective_parameters: float
    noise: float
    decay: float


def update(
    engine: Engine,
    JtJ: Array,
    sum_of_squares: float,
    parameters: Array,
    is_weight: Array,
    n_targets: int,
    decay: float,
) -> Evidence | None:
    """The next estimate from the one before, `decay`; None where J^T W J + D is singular to rounding.

    Parameters
    ----------
    engine
        What inverts.
    JtJ, sum_of_squares
        J^T W J (P, P) and r^T W r at `parameters` (P,).
    is_weight
        (P,): 1 for weights, 0 for biases.
    n_targets
        N.
    decay
        Above 0.
    """
    least = FLATTEST * float(np.diagonal(JtJ).max())
    prior = np.where(is_weight > 0, decay, least)
    diagonal = engine.inverse_diagonal(JtJ, prior)
    if diagonal is None or not np.isfinite(diagonal).all():
        return None
    determined = np.clip(1 - prior * diagonal, 0, 1)  # of each parameter
    gamma = float(determined.sum())
    variance = sum_of_squares / max(n_targets - gamma, LEAST_FREEDOM)
    squares = float(np.sum(is_weight * parameters * parameters))
    estimate = variance * float(determined @ is_weight) / squares if squares > 0 else decay
    return Evidence(gamma, float(np.sqrt(variance)), max(estimate, least))
