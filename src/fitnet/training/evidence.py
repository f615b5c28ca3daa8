"""Evidence: how noisy the data are and how large weights should be, by what makes the data most probable.

MacKay 1992, "A practical Bayesian framework for backpropagation networks", Neural Computation 4, 448-472; Foresee and
Hagan 1997. Targets are the network's outputs plus normal noise of variance noise^2 (over its row's weight). The weights
of a group g are normal with variance noise^2 / decay_g a priori. The weights of one input are a group, so that an input
the targets do not depend on is switched off (automatic relevance determination: MacKay 1994, "Bayesian nonlinear
modeling for the prediction competition", ASHRAE Transactions 100, 1053-1062; Neal 1996), and those of one later layer.
A group may decay more than all weights together would, never less: set free, heavy-tailed data let it run wild. Biases
are as flat as rounding allows: it would not do without any prior, for the data may leave combinations of biases
undetermined. With D, diagonal, the decays for weights and next to nothing for biases, the posterior of the parameters
is nearly normal with covariance noise^2 (J^T W J + D)^-1, and

    gamma_i = 1 - (D (J^T W J + D)^-1)_ii          how far the data determine parameter i; gamma is their sum
    noise^2 = r^T W r / (N - gamma)                N targets
    decay_g = noise^2 gamma_g / (sum of g's squared weights), gamma_g the sum of gamma_i over g,
              or the same for all weights as one group, if that is more
"""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array
from fitnet.engine import Engine

LEAST_FREEDOM = 1.0  # of N - gamma: a network that could pass through every point still has noise
# Decays, in units of the largest curvature: below, rounding decides; above, a weight is as good as 0.
FLATTEST, STIFFEST = 1e-12, 100.0


@dataclass(frozen=True, eq=False)
class Evidence:
    """One estimate: gamma, the noise's standard deviation, and every parameter's decay, (P,), 0 for biases.

    Decays are in units of the sum of squares.
    """

    effective_parameters: float
    noise: float
    decay: Array


def update(
    engine: Engine,
    JtJ: Array,
    sum_of_squares: float,
    parameters: Array,
    groups: Array,
    n_targets: int,
    decay: Array,
    known_variance: float | None = None,
) -> Evidence | None:
    """The next estimate from the one before, `decay`; None where J^T W J + D is singular to rounding.

    Parameters
    ----------
    engine
        What inverts.
    JtJ, sum_of_squares
        J^T W J (P, P) and r^T W r at `parameters` (P,).
    groups
        (P,) int: the number of each weight's group, 0 for biases.
    n_targets
        N.
    decay
        (P,), above 0 for weights; read for these only.
    known_variance
        noise^2 where it needs no estimate, as of classes, whose J^T W J is J^T W H J and r^T W r twice their weighted
        cross-entropy (MacKay 1992, "The evidence framework applied to classification networks", Neural Computation 4,
        720-736).
    """
    largest, is_weight = float(np.diagonal(JtJ).max()), groups > 0
    prior = np.where(is_weight, decay, FLATTEST * largest)
    diagonal = engine.inverse_diagonal(JtJ, prior)
    if diagonal is None or not np.isfinite(diagonal).all():
        return None
    determined = np.clip(1 - prior * diagonal, 0, 1)  # of each parameter
    gamma = float(determined.sum())
    variance = sum_of_squares / max(n_targets - gamma, LEAST_FREEDOM) if known_variance is None else known_variance
    of_group = np.bincount(groups, determined)[groups]
    squares = np.bincount(groups, parameters * parameters)[groups]
    estimate = np.divide(variance * of_group, squares, out=prior, where=squares > 0)
    of_all, all_squares = determined @ is_weight, float(np.sum(is_weight * parameters * parameters))
    shared = variance * of_all / all_squares if all_squares > 0 else 0.0
    bounded = np.clip(np.maximum(estimate, shared), FLATTEST * largest, STIFFEST * largest)
    return Evidence(gamma, float(np.sqrt(variance)), np.where(is_weight, bounded, 0))
