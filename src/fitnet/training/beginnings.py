"""Beginnings: how stiff a network is when the evidence is first asked, and which of several fits generalises best.

A stiff network may stay one: where targets go up and down in an input, all its weights can be switched off before they
have bent to the data. One that was loose for some iterations before the evidence is asked has bent, but where targets
are few it passes through all of them. So both are tried, from several draws or for some iterations, and what is kept is
the fit of the lowest generalised cross-validation, (r^T W r / N) / (1 - c gamma / N)^2, with the factor c that keeps it
from choosing too rough a fit (Craven and Wahba 1979, Numerische Mathematik 31, 377-403; Kim and Gu 2004, J. R. Statist.
Soc. B 66, 337-356).
"""

from dataclasses import dataclass

import numpy as np

ROUGHNESS_COUNTS = 1.4  # c


@dataclass(frozen=True)
class Beginning:
    """The first decay of all weights, in units of the mean curvature, and for how many steps it is held."""

    decay: float
    held: int = 0


STIFF = Beginning(0.1)
LOOSE = Beginning(1e-3, 3)  # what is screened beside it
BEGINNINGS = (STIFF, Beginning(1e-2, 20), Beginning(1e-3, 20))


def cross_validation(mean_square: float, effective_parameters: float, n_targets: int) -> float:
    """The generalised cross-validation of a fit; infinite where it has next to a parameter for every target."""
    left = 1 - ROUGHNESS_COUNTS * effective_parameters / n_targets
    return mean_square / left**2 if left > 0 else np.inf
