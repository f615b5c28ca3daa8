"""A network between scalings: it takes inputs and gives outputs in the users' units.

Inputs are scaled in float64 and rounded to the parameters' dtype; the network's outputs are scaled back in float64.
Both happen in blocks of rows, so that memory beside the result does not grow with n. Every operation but the network's
own works entry by entry, so a row's prediction does not depend on the rows beside it.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import FLOAT64, Scaling, undo_derivatives
from fitnet.arguments import Array, finite_cast
from fitnet.engine.compute import Compute
from fitnet.engine.contract import Predictor
from fitnet.rows import row_blocks


@dataclass(frozen=True, eq=False)
class ScaledNetwork:
    """What a model computes with where it has a scaling; either may be None. It is an `Predictor`, too."""

    compute: Compute
    network: Network
    parameters: Array
    input_scaling: Scaling | None
    target_scaling: Scaling | None

    @cached_property
    def predictor(self) -> Predictor:
        """The network's own, in scaled inputs and outputs."""
        return self.compute.chosen.predictor(self.network, self.parameters)

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        """What `Predictor` says, in the users' units.

        X may be any array (n, p) of float32 or float64, a memory map too. Where an entry of it is not finite, or too
        large once it is scaled, that is raised at once, and `out` may hold outputs of rows before it.
        """
        if not self._takes(X):
            return None
        shape = (len(X), self.network.n_outputs)
        dtype = self.parameters.dtype if self.target_scaling is None else FLOAT64
        if out is None:
            out = np.empty(shape, dtype)
        elif not fits(out, dtype, shape) or np.may_share_memory(X, out):
            return None
        for rows in row_blocks(len(X), max(X.shape[1], shape[1])):
            outputs = self.predictor(self._scaled(X[rows], rows.start), None)
            assert outputs is not None
            out[rows] = outputs if self.target_scaling is None else self.target_scaling.undo(outputs)
        return out  # type: ignore[no-any-return]

    def jacobian(self, X: Any, /) -> Array | None:
        """dy/dx (n, m, p), float64, in the users' units; X is taken as for predictions."""
        return self._derivatives(X, self.predictor.jacobian, self.network.n_inputs) if self._takes(X) else None

    def hessian(self, X: Array) -> Array:
        """d2y/dx2 (n, m, p, p), float64, in the users' units for the finite matrix `X`."""
        p = self.network.n_inputs
        return self._derivatives(
            X, lambda rows: self.compute.chosen.input_hessian(self.network, self.parameters, rows), p, p
        )

    def _derivatives(self, X: Array, derivative: Callable[[Array], Array | None], *by: int) -> Array:
        """What `derivative` (n, m, *by) gives at the scaled rows, scaled back."""
        derivatives = np.empty((len(X), self.network.n_outputs, *by))
        for rows in row_blocks(len(X), math.prod(derivatives.shape[1:])):
            block = derivative(self._scaled(X[rows], rows.start))
            assert block is not None
            derivatives[rows] = undo_derivatives(block, self.input_scaling, self.target_scaling)
        return derivatives

    def _scaled(self, block: Array, first_row: int) -> Array:
        """The rows of X that begin at `first_row`, as the network takes them."""
        if self.input_scaling is None:
            return finite_cast("X", block, self.parameters.dtype, first_row)
        return self.input_scaling.apply_block("X", block, self.parameters.dtype, first_row)

    def _takes(self, X: Any) -> bool:
        """Whether X is an array (n, p) of float32 or float64 with a row or more, in any layout."""
        return (
            type(X) in (np.ndarray, np.memmap)
            and X.dtype in (np.float32, np.float64)
            and X.ndim == 2
            and X.shape[1] == self.network.n_inputs
            and len(X) > 0
        )


def fits(out: Any, dtype: np.dtype[Any], shape: tuple[int, int]) -> bool:
    """Whether outputs can be written to `out` as it is."""
    return type(out) is np.ndarray and out.dtype == dtype and out.shape == shape and out.flags.carray
