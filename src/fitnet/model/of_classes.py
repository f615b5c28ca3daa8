"""A model of classes: what its network says in logits, as probabilities.

Shapes: X (n, p), logits (n, m), probabilities (n, K).
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.classes import class_hessian, class_jacobian, class_probabilities
from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.engine.contract import Predictor
from fitnet.engine.reference_predictor import fits

if TYPE_CHECKING:
    from fitnet.model.model import Model


@dataclass(frozen=True, eq=False)
class ClassPredictor:
    """What `Predictor` says, in float64, from one that gives the logits of so many classes."""

    of_logits: Predictor
    n_classes: int

    def __call__(self, X: Any, out: Any, /) -> Array | None:
        z = self.of_logits(X, None)
        if z is None:
            return None
        if out is None:
            return class_probabilities(z)
        if not fits(out, FLOAT64, (len(z), self.n_classes)) or np.may_share_memory(X, out):
            return None
        out[:] = class_probabilities(z)
        return out  # type: ignore[no-any-return]

    def jacobian(self, X: Any, /) -> Array | None:
        first, z = self.of_logits.jacobian(X), self.of_logits(X, None)
        return None if first is None or z is None else class_jacobian(first, z)

    def hessian(self, X: Any, /) -> Array | None:
        second, first, z = self.of_logits.hessian(X), self.of_logits.jacobian(X), self.of_logits(X, None)
        return None if second is None or first is None or z is None else class_hessian(second, first, z)


def of_logits(model: "Model") -> "Model":
    """The model of the logits alone, one a class or, of two classes, that of the second; errors are none."""
    if model.classes is None:
        return model
    names = model.output_names[-model.network.n_outputs :]
    units = {name: unit for name, unit in model.units.items() if name in model.input_names or name in names}
    return replace(model, classes=None, output_names=names, units=units)
