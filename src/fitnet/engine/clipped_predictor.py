"""Predictions of a model whose scaled inputs are clipped: scaled and clipped in NumPy, then any engine's predictor.

In blocks of rows, so that memory beside the result does not grow with n. Shapes as in `Predictor`; z (n, p) are scaled
inputs, c (n, p) are clipped ones.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.clipping import clipping_slopes
from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import FLOAT64, Scaling, undo_derivatives
from fitnet.arguments import Array
from fitnet.engine.contract import Engine, Predictor
from fitnet.engine.reference_predictor import fits, takes
from fitnet.rows import row_blocks


@dataclass(frozen=True, eq=False)
class ClippedPredictor:
    """What `Predictor` says, from the predictors of c: one with the scaling of targets, one without any.

    Attributes
    ----------
    dtype
        The parameters'.
    """

    network: Network
    dtype: np.dtype[Any]
    inputs: Scaling
    targets: Scaling | None
    outputs_of: Predictor
    derivatives_of: Predictor

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        if not takes(X, self.network.n_inputs):
            return None
        shape = len(X), self.network.n_outputs
        dtype = self.dtype if self.targets is None else FLOAT64
        if out is None:
            out = np.empty(shape, dtype)
        elif not fits(out, dtype, shape) or np.may_share_memory(X, out):
            return None
        for rows, z in self._blocks(X, max(X.shape[1], shape[1])):
            if self.outputs_of(self._clipped(z), out[rows]) is None:
                return None
        return out  # type: ignore[no-any-return]

    def jacobian(self, X: Any, /) -> Array | None:
        return self._derivatives(X, self._block_jacobian, 1)

    def hessian(self, X: Any, /) -> Array | None:
        return self._derivatives(X, self._block_hessian, 2)

    def _derivatives(self, X: Any, of: Callable[[Array], Array | None], order: int) -> Array | None:
        p = self.network.n_inputs
        if not takes(X, p):
            return None
        found = np.empty((len(X), self.network.n_outputs, *[p] * order))
        for rows, z in self._blocks(X, math.prod(found.shape[1:])):
            block = of(z)
            if block is None:
                return None
            found[rows] = undo_derivatives(block, self.inputs, self.targets)
        return found

    def _block_jacobian(self, z: Array) -> Array | None:
        """dy/dz, (n, m, p): dy/dc c'."""
        jacobian = self.derivatives_of.jacobian(self._clipped(z))
        if jacobian is None:
            return None
        first, _ = clipping_slopes(z, self._limit)
        chained: Array = jacobian.astype(FLOAT64) * first[:, np.newaxis]
        return chained

    def _block_hessian(self, z: Array) -> Array | None:
        """d2y/dz2, (n, m, p, p): d2y/dc2 c' c' and, where an input is derived by twice, dy/dc c''."""
        c = self._clipped(z)
        hessian, jacobian = self.derivatives_of.hessian(c), self.derivatives_of.jacobian(c)
        if hessian is None or jacobian is None:
            return None
        first, second = clipping_slopes(z, self._limit)
        chained: Array = hessian.astype(FLOAT64) * (first[:, :, np.newaxis] * first[:, np.newaxis])[:, np.newaxis]
        own = np.arange(z.shape[1])
        chained[:, :, own, own] += jacobian * second[:, np.newaxis]
        return chained

    @property
    def _limit(self) -> float:
        assert self.inputs.limit is not None
        return self.inputs.limit

    def _blocks(self, X: Array, columns: int) -> Iterator[tuple[slice, Array]]:
        """z, block after block."""
        for rows in row_blocks(len(X), columns):
            yield rows, self.inputs.standardised(X[rows])

    def _clipped(self, z: Array) -> Array:
        """c as the network sees it; not finite where an entry of X is not, which its predictor refuses."""
        with np.errstate(invalid="ignore"):
            return self.inputs.limited(z).astype(self.dtype)


def clipped_predictor(
    engine: Engine, network: Network, parameters: Array, inputs: Scaling, targets: Scaling | None
) -> ClippedPredictor:
    """An engine's predictor for inputs that are clipped once they are scaled."""
    of = engine.predictor(network, parameters, None, targets), engine.predictor(network, parameters)
    return ClippedPredictor(network, parameters.dtype, inputs, targets, *of)
