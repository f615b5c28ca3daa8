"""What errors of the parameters do to a network's outputs, in NumPy and LAPACK.

Shapes: X (n, p); J = dy/dparameters (n, m, P); A = L L^T (P, P), the inverse of the parameters' covariance.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.engine.parameter_jacobian import parameter_jacobian

BLOCK_ENTRIES = 2**20  # of the Jacobian for a block of rows: 8 MiB


@dataclass(frozen=True, eq=False)
class ReferenceCovariance:
    """What `PredictiveCovariance` says, with `parameters` (P,) that nobody else changes."""

    network: Network
    parameters: Array
    factor: Array

    def __call__(self, X: Array, /) -> Array:
        from scipy.linalg import lapack  # here, so that importing fitnet loads NumPy only

        m, P = self.network.n_outputs, self.network.n_parameters
        covariance = np.empty((len(X), m, m))
        step = max(1, BLOCK_ENTRIES // (m * P))
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, len(X), step):
                J = parameter_jacobian(self.network, self.parameters, X[start : start + step])
                solved, _ = lapack.dtrtrs(self._upper, J.reshape(-1, P).T, trans=1, overwrite_b=1)  # L^-1 J^T
                whitened = solved.T.reshape(-1, m, P)
                covariance[start : start + step] = whitened @ whitened.transpose(0, 2, 1)
        return covariance

    @cached_property
    def _upper(self) -> Array:
        """L^T, (P, P), laid out as LAPACK wants it."""
        return unpacked(self.factor, self.network.n_parameters).T


def unpacked(factor: Array, P: int) -> Array:
    """L (P, P), from its lower triangle row by row."""
    lower = np.zeros((P, P))
    lower[np.tri(P, dtype=bool)] = factor
    return lower
