"""In which dtype a model takes its rows, and gives its outputs."""

from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.algorithm.scaling import FLOAT64

if TYPE_CHECKING:
    from fitnet.model.model import Model


def input_dtype(model: "Model") -> np.dtype[Any]:
    """What X is converted to: float64 before a scaling, so that no digit is lost before the shift is taken away."""
    return model.parameters.dtype if model.input_scaling is model.target_scaling is None else FLOAT64


def output_dtype(model: "Model") -> np.dtype[Any]:
    """The outputs': float64 where they are scaled back, so that nothing is lost to the shift, transformed or shares."""
    plain = model.target_scaling is None and model.target_transform is None and model.classes is None
    return model.parameters.dtype if plain else FLOAT64
