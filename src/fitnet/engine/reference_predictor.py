"""The reference engine's predictor: a whole model in NumPy, scalings included.

Rows are scaled in float64 and rounded to the parameters' dtype, results are scaled back in float64, both in blocks of
rows, so that memory beside the result does not grow with n.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import FLOAT64, Scaling, undo_derivatives
from fitnet.arguments import Array
from fitnet.engine.hessian import input_hessian
from fitnet.engine.jacobian import input_jacobian
from fitnet.engine.passes import last_layer
from fitnet.rows import row_blocks


@dataclass(frozen=True, eq=False)
class ReferencePredictor:
    """What `Predictor` says, with `parameters` (P,) that nobody else changes."""

    network: Network
    parameters: Array
    input_scaling: Scaling | None
    target_scaling: Scaling | None

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        if not takes(X, self.network.n_inputs):
            return None
        shape = (len(X), self.network.n_outputs)
        dtype = self.parameters.dtype if self.target_scaling is None else FLOAT64
        if out is None:
            out = np.empty(shape, dtype)
        elif not fits(out, dtype, shape) or np.may_share_memory(X, out):
            return None
        for rows in self._blocks(len(X), max(X.shape[1], shape[1])):
            inputs = self._scaled(X[rows])
            if inputs is None:
                return None
            _, outputs = last_layer(self.network, self.parameters, inputs)
            out[rows] = outputs if self.target_scaling is None else self.target_scaling.undo(outputs)
        return out  # type: ignore[no-any-return]

    def jacobian(self, X: Any, /) -> Array | None:
        return self._derivatives(X, input_jacobian, self.network.n_inputs)

    def hessian(self, X: Any, /) -> Array | None:
        return self._derivatives(X, input_hessian, self.network.n_inputs, self.network.n_inputs)

    def _derivatives(self, X: Any, of: Callable[[Network, Array, Array], Array], *by: int) -> Array | None:
        """What `of` (n, m, *by) gives at the scaled rows, scaled back."""
        if not takes(X, self.network.n_inputs):
            return None
        scaled = self._has_scaling
        shape = (len(X), self.network.n_outputs, *by)
        derivatives = np.empty(shape, FLOAT64 if scaled else self.parameters.dtype)
        for rows in self._blocks(len(X), math.prod(shape[1:])):
            inputs = self._scaled(X[rows])
            if inputs is None:
                return None
            block = of(self.network, self.parameters, inputs)
            derivatives[rows] = undo_derivatives(block, self.input_scaling, self.target_scaling) if scaled else block
        return derivatives

    @property
    def _has_scaling(self) -> bool:
        return self.input_scaling is not None or self.target_scaling is not None

    def _blocks(self, n: int, columns: int) -> Iterable[slice]:
        """All rows at once where nothing is scaled: NumPy's products depend on how many there are."""
        return row_blocks(n, columns) if self._has_scaling else [slice(0, n)]

    def _scaled(self, rows: Array) -> Array | None:
        """The rows as the network sees them; None where its dtype cannot hold an entry."""
        dtype = self.parameters.dtype
        if self.input_scaling is None:
            with np.errstate(over="ignore"):
                inputs: Array = np.require(rows, dtype, ("C_CONTIGUOUS", "ALIGNED", "ENSUREARRAY"))
        else:
            inputs = self.input_scaling.applied(rows, dtype)
        return inputs if np.isfinite(inputs).all() else None


def takes(X: Any, p: int) -> bool:
    """Whether X is an array (n, p) of float32 or float64 with a row or more, in any layout."""
    return (
        type(X) in (np.ndarray, np.memmap)
        and X.dtype in (np.float32, np.float64)
        and X.ndim == 2
        and X.shape[1] == p
        and len(X) > 0
    )


def fits(out: Any, dtype: np.dtype[Any], shape: tuple[int, int]) -> bool:
    """Whether outputs can be written to `out` as it is."""
    return type(out) is np.ndarray and out.dtype == dtype and out.shape == shape and out.flags.carray
