"""The state of a random generator as plain numbers, so that a file can hold it, and back."""

from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError

BIT_GENERATORS: dict[str, type[np.random.BitGenerator]] = {
    kind.__name__: kind
    for kind in (np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64)
}
# NumPy takes any number for these: where MT19937 and Philox read next in their buffers, whose end they would pass,
# and whether half a draw is left.
LARGEST = {"pos": 624, "buffer_pos": 4, "has_uint32": 1}


def generator_state(generator: np.random.Generator) -> dict[str, Any]:
    """What JSON can hold of a generator, and all that its draws depend on.

    Raises
    ------
    ArgumentValueError
        If its bit generator is not one of NumPy's.
    """
    kind = type(generator.bit_generator).__name__
    if BIT_GENERATORS.get(kind) is not type(generator.bit_generator):
        raise ArgumentValueError(
            f"`generator` draws from {kind}, which a checkpoint cannot hold; it must draw from one of "
            f"{', '.join(BIT_GENERATORS)}.",
            "generator",
        )
    state: dict[str, Any] = plain(generator.bit_generator.state)
    return state


def generator_from(state: Any) -> np.random.Generator:
    """The generator in that state; ValueError, TypeError, KeyError, IndexError or OverflowError if there is none."""
    generator = np.random.Generator(BIT_GENERATORS[state["bit_generator"]](0))
    for name, largest in LARGEST.items():
        if not 0 <= (state | state["state"]).get(name, 0) <= largest:
            raise ValueError(f"{name} is out of range")
    generator.bit_generator.state = state
    if generator_state(generator) != state:
        raise ValueError("no generator has this state")
    return generator


def plain(value: Any) -> Any:
    """`value` with lists in place of arrays and ints in place of NumPy's."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    numbers: Array | Any = value
    return numbers.tolist() if isinstance(numbers, np.ndarray | np.integer) else value
