"""Networks: layers, and one flat parameter vector with named views (paper, section 2.1).

Shapes: parameters (P,), all of them in one contiguous vector, layer by layer; weights[l] (inputs, outputs) and
biases[l] (outputs,) are views into it, so writing to a view writes to the vector.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.memory import check_memory
from fitnet.arguments import Array, float_dtype, one_of, whole_number
from fitnet.errors import ArgumentTypeError, ArgumentValueError

INITIALIZATIONS = ("he", "glorot")


@dataclass(frozen=True)
class Dense:
    """A layer of `outputs` neurons, each fed by all `inputs`: a = activation(a_prev @ W + b) (eqs. 2.1.2, 2.2)."""

    inputs: int
    outputs: int
    activation: str = "identity"

    def __post_init__(self) -> None:
        object.__setattr__(self, "inputs", whole_number("inputs", self.inputs, maximum=math.inf))
        object.__setattr__(self, "outputs", whole_number("outputs", self.outputs, maximum=math.inf))
        one_of("activation", self.activation, ACTIVATIONS)

    @property
    def n_parameters(self) -> int:
        """Weights and biases of this layer."""
        return (self.inputs + 1) * self.outputs


@dataclass(frozen=True)
class Network:
    """Layers that fit together; holds no numbers, only shapes and activations.

    Parameters
    ----------
    layers
        One or more `Dense` layers, each with as many inputs as the one before has outputs.

    Raises
    ------
    ArgumentValueError
        If there is no layer or two neighbours do not fit.
    """

    layers: tuple[Dense, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.layers, tuple) or not all(isinstance(layer, Dense) for layer in self.layers):
            raise ArgumentTypeError(f"`layers` is {self.layers!r}; it must be a tuple of Dense layers.", "layers")
        if not self.layers:
            raise ArgumentValueError("`layers` is empty; a network must have at least one layer.", "layers")
        for i, (layer, following) in enumerate(pairwise(self.layers), start=1):
            if layer.outputs != following.inputs:
                raise ArgumentValueError(
                    f"Layer {i} has {layer.outputs} outputs and layer {i + 1} takes {following.inputs} inputs; "
                    "they must be equal."
                )

    @classmethod
    def of_widths(
        cls, widths: Sequence[int], activation: str = "relu", output_activation: str = "identity"
    ) -> "Network":
        """The network with these widths, inputs first: (3, 64, 64, 1) is [(3, 64), (64, 64), (64, 1)]."""
        if isinstance(widths, str | bytes) or not isinstance(widths, Sequence | np.ndarray):
            raise ArgumentTypeError(f"`widths` is {widths!r}; it must be a sequence of whole numbers.", "widths")
        if len(widths) < 2:
            entries = "1 entry" if len(widths) else "no entries"
            raise ArgumentValueError(
                f"`widths` has {entries}; it must have at least two, the inputs and the outputs.", "widths"
            )
        sizes = [whole_number(f"widths[{i}]", width, maximum=math.inf) for i, width in enumerate(widths)]
        one_of("output_activation", output_activation, ACTIVATIONS)
        last = len(sizes) - 2
        return cls(
            tuple(
                Dense(inputs, outputs, output_activation if i == last else activation)
                for i, (inputs, outputs) in enumerate(pairwise(sizes))
            )
        )

    @property
    def n_inputs(self) -> int:
        """p, the columns of X."""
        return self.layers[0].inputs

    @property
    def n_outputs(self) -> int:
        """m, the columns of Y."""
        return self.layers[-1].outputs

    @property
    def n_parameters(self) -> int:
        """P, the length of the parameter vector."""
        return sum(layer.n_parameters for layer in self.layers)

    @property
    def architecture(self) -> list[tuple[int, int]]:
        """The shape of every layer, as the paper writes it: [(3, 64), (64, 64), (64, 1)]."""
        return [(layer.inputs, layer.outputs) for layer in self.layers]

    def weights(self, parameters: Array) -> list[Array]:
        """A view (inputs, outputs) into `parameters` (P,) for every layer."""
        return [
            parameters[start : start + layer.inputs * layer.outputs].reshape(layer.inputs, layer.outputs)
            for start, layer in zip(self._starts(), self.layers, strict=True)
        ]

    def biases(self, parameters: Array) -> list[Array]:
        """A view (outputs,) into `parameters` (P,) for every layer."""
        return [
            parameters[start + layer.inputs * layer.outputs : start + layer.n_parameters]
            for start, layer in zip(self._starts(), self.layers, strict=True)
        ]

    def unused_inputs(self, parameters: Array) -> Array:
        """(p,) bool: inputs whose first weights are all exactly 0, so that they have no effect."""
        return np.asarray(~self.weights(parameters)[0].any(axis=1))

    def initial_parameters(
        self, generator: "np.random.Generator", initialization: str = "he", dtype: Any = "float32"
    ) -> Array:
        """Random weights and zero biases, shape (P,).

        Parameters
        ----------
        generator
            The source of every draw; the same state gives the same parameters. Draws are made in float64 and
            rounded, so float32 and float64 networks start from the same point.
        initialization
            "he": normal, variance 2 / inputs, which keeps the size of signals through ReLU layers (He et al. 2015).
            "glorot": uniform, variance 2 / (inputs + outputs), for tanh and logistic (Glorot and Bengio 2010).
        dtype
            float32 or float64.
        """
        one_of("initialization", initialization, INITIALIZATIONS)
        if not isinstance(generator, np.random.Generator):
            raise ArgumentTypeError(
                f"`generator` is {generator!r}; it must be a numpy.random.Generator, "
                "such as numpy.random.default_rng(0).",
                "generator",
            )
        chosen = float_dtype("dtype", dtype)
        check_memory("network", self.n_parameters, chosen)
        parameters = np.zeros(self.n_parameters, chosen)
        for layer, weights in zip(self.layers, self.weights(parameters), strict=True):
            if initialization == "he":
                weights[:] = generator.normal(0, np.sqrt(2 / layer.inputs), weights.shape)
            else:
                bound = np.sqrt(6 / (layer.inputs + layer.outputs))
                weights[:] = generator.uniform(-bound, bound, weights.shape)
        return parameters

    def _starts(self) -> list[int]:
        """Where each layer's parameters begin in the flat vector."""
        return list(accumulate((layer.n_parameters for layer in self.layers[:-1]), initial=0))
