"""First parameters: what a network has before its first step, drawn as it suits its activation."""

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.fitting.recipe import Recipe

HE = {"relu", "leaky_relu", "silu", "gelu"}  # the initialization that suits them; Glorot's the others


def first_parameters(recipe: Recipe, network: Network, generator: np.random.Generator) -> Array:
    """Random parameters (P,)."""
    return network.initial_parameters(generator, initialization(recipe), recipe.dtype)


def initialization(recipe: Recipe) -> str:
    """How parameters are drawn for the recipe's activation."""
    return "he" if recipe.activation in HE else "glorot"
