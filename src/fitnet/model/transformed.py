"""A model whose targets were transformed: what its network says in their transforms, brought back to the users' units.

Shapes: X (n, p), outputs y and their transforms t (n, m), bounds (m,).
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.scaling import Scaling
from fitnet.algorithm.target_transform import exponentials, transformed_hessian, transformed_jacobian
from fitnet.arguments import Array
from fitnet.engine.contract import Predictor

if TYPE_CHECKING:
    from fitnet.model.model import Model


@dataclass(frozen=True, eq=False)
class TransformedPredictor:
    """What `Predictor` says, from one that gives the transforms t in float64, for LogTransforms with these bounds."""

    of_transforms: Predictor
    bounds: Array

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        outputs = self.of_transforms(X, out)
        return None if outputs is None else exponentials(outputs, self.bounds)

    def jacobian(self, X: Any, /) -> Array | None:
        first, T = self.of_transforms.jacobian(X), self.of_transforms(X, None)
        return None if first is None or T is None else transformed_jacobian(first, T, self.bounds)

    def hessian(self, X: Any, /) -> Array | None:
        second, first = self.of_transforms.hessian(X), self.of_transforms.jacobian(X)
        T = self.of_transforms(X, None)
        if second is None or first is None or T is None:
            return None
        return transformed_hessian(second, first, T, self.bounds)


def of_transforms(model: "Model") -> "Model":
    """The model of the transforms t alone, whose outputs are float64; a model without a transform itself."""
    if model.target_transform is None:
        return model
    m = model.network.n_outputs
    scaling = Scaling(np.zeros(m), np.ones(m)) if model.target_scaling is None else model.target_scaling
    return replace(model, target_transform=None, target_scaling=scaling)
