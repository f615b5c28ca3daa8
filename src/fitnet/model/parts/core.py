"""The core of a model: its network and the parameters, of the dtype that the model computes in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.arguments import Array, float_dtype, vector
from fitnet.errors import ArgumentTypeError
from fitnet.model.parts.contract import StoredModel


@dataclass(frozen=True, eq=False)
class Core:
    """The layers, and the parameters (P,) in float32 or float64."""

    TENSORS: ClassVar[Mapping[str, int]] = {"parameters": 1}
    KEYS: ClassVar[Mapping[str, int]] = {"layers": 1}

    network: Network
    parameters: Array

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        network, parameters = given["network"], given["parameters"]
        if not isinstance(network, Network):
            raise ArgumentTypeError(
                f"`network` is {network!r}; it must be a Network, such as Network.of_widths((3, 64, 1)).", "network"
            )
        if not isinstance(parameters, np.ndarray):
            raise ArgumentTypeError(
                f"`parameters` is {type(parameters).__name__}; it must be a NumPy array of float32 or float64.",
                "parameters",
            )
        dtype = float_dtype("parameters.dtype", parameters.dtype)
        checked = vector("parameters", parameters, dtype, network.n_parameters).copy()
        checked.flags.writeable = False
        return cls(network, checked)

    def fields(self) -> dict[str, Any]:
        return {"network": self.network, "parameters": self.parameters}

    def tensors(self) -> dict[str, Array]:
        return {"parameters": self.parameters}

    def description(self) -> dict[str, Any]:
        return {
            "layers": [
                {"inputs": layer.inputs, "outputs": layer.outputs, "activation": layer.activation}
                for layer in self.network.layers
            ]
        }

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        network = stored.network
        return cls(network, stored.tensor("parameters", (network.n_parameters,), stored.dtype))
