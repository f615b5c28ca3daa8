"""A model of encoded columns: from rows as they are given to a network's features, and its derivatives back.

Shapes: X (n, p), features (n, k), outputs (n, m).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.algorithm.scaling import Scaling
from fitnet.arguments import Array
from fitnet.engine.contract import Predictor
from fitnet.engine.reference_predictor import fits, takes
from fitnet.model.of_classes import ClassPredictor
from fitnet.model.transformed import TransformedPredictor
from fitnet.rows import row_blocks

if TYPE_CHECKING:
    from fitnet.model.model import Model


def predictor_of(model: "Model") -> Predictor:
    """What predicts for the model, from rows and to outputs as its users have them."""
    if model.target_transform is not None:
        of_transforms, bounds = model.of_transforms.predictor, model.target_transform.bounds(len(model.outputs))
        return TransformedPredictor(of_transforms, bounds)
    if model.classes is not None:
        return ClassPredictor(model.of_logits.predictor, len(model.classes))
    engine, network, parameters = model.compute.chosen, model.network, model.parameters
    if model.encoding is None or model.input_scaling is None:
        return engine.predictor(network, parameters, model.input_scaling, model.target_scaling)
    of_features = engine.predictor(network, parameters, None, model.target_scaling)
    return EncodedPredictor(
        of_features, model.encoding, model.input_scaling, parameters.dtype, network.n_outputs, model.output_dtype
    )


def has_corners(model: "Model") -> bool:
    """Whether its columns are cut into pieces."""
    return model.encoding is not None and model.encoding.has_corners


@dataclass(frozen=True, eq=False)
class EncodedPredictor:
    """What `Predictor` says, from one that takes the features in `dtype` and gives outputs in `output_dtype`."""

    of_features: Predictor
    encoding: PiecewiseLinear
    scaling: Scaling
    dtype: np.dtype[Any]
    n_outputs: int
    output_dtype: np.dtype[Any]

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        if not takes(X, self.encoding.n_inputs):
            return None
        shape = (len(X), self.n_outputs)
        if out is None:
            out = np.empty(shape, self.output_dtype)
        elif not fits(out, self.output_dtype, shape) or np.may_share_memory(X, out):
            return None
        for rows, features in self._features(X, self.encoding.n_features):
            if features is None or self.of_features(features, out[rows]) is None:
                return None
        return out  # type: ignore[no-any-return]

    def jacobian(self, X: Any, /) -> Array | None:
        return self._derivatives(self.of_features.jacobian, X, 1)

    def hessian(self, X: Any, /) -> Array | None:
        return self._derivatives(self.of_features.hessian, X, 2)

    def _derivatives(self, of: Callable[[Any], Array | None], X: Any, order: int) -> Array | None:
        if not takes(X, self.encoding.n_inputs):
            return None
        found = np.empty((len(X), self.n_outputs) + (self.encoding.n_inputs,) * order)
        for rows, features in self._features(X, self.n_outputs * self.encoding.n_features**order):
            by_features = None if features is None else of(features)
            if by_features is None:
                return None
            found[rows] = self.encoding.derivatives(by_features, X[rows], self.scaling)
        return found

    def _features(self, X: Array, columns: int) -> Iterator[tuple[slice, Array | None]]:
        """The features of the rows, block by block; None for those of which `dtype` cannot hold an entry."""
        for rows in row_blocks(len(X), columns):
            features = self.encoding.applied(X[rows], self.scaling, self.dtype)
            yield rows, features if np.isfinite(features).all() else None
