"""Dropout: hidden units that a training step sets to 0, and the others, which it makes larger (Srivastava et al. 2014).

Every hidden unit of every row is dropped with the same probability, by itself; those kept are multiplied by
1 / (1 - probability), so that the mean of each is what it is without ("inverted" dropout: nothing is scaled when
predicting). Whether a unit is kept is a hash of the epoch's seed, the step within the epoch, the layer, the row within
the batch and the unit, all counted from 0. So it is the same in every engine, on any number of threads, in any order.
"""

from collections.abc import Sequence

import numpy as np

from fitnet.arguments import Array

KEY_STEP, UNIT_STEP = np.uint64(0x9E3779B97F4A7C15), np.uint32(0x9E3779B9)
KEY_MIXING = (30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)
UNIT_MIXING = (16, 0x85EBCA6B), (13, 0xC2B2AE35)


def new_seed(generator: "np.random.Generator") -> np.uint64:
    """What an epoch's masks follow from."""
    return generator.integers(2**64, dtype=np.uint64)


def masks(
    probability: float, seed: np.uint64, step: int, rows: int, widths: Sequence[int], dtype: np.dtype[np.floating]
) -> list[Array]:
    """What the activations of every hidden layer are multiplied with in a step, (rows, width) for each of the `widths`.

    0 with the given probability, to a part in 2^32, else 1 / (1 - probability).
    """
    of_step = keys_below(np.array([seed], np.uint64), np.array([step]))
    dropped_below, larger = int(probability * 2**32), 1 / (1 - probability)
    found = []
    for layer, width in enumerate(widths):
        of_rows = keys_below(keys_below(of_step, np.array([layer])), np.arange(rows))
        kept = unit_hashes(of_rows, width) >= np.uint32(dropped_below)
        found.append(np.where(kept, larger, 0).astype(dtype))
    return found


def keys_below(keys: Array, numbers: Array) -> Array:
    """The next of a chain of 64-bit keys for each number: SplitMix64's output (Steele, Lea and Flood 2014)."""
    mixed: Array = keys + (numbers.astype(np.uint64) + np.uint64(1)) * KEY_STEP  # modulo 2^64
    for shift, factor in KEY_MIXING:
        mixed = (mixed ^ mixed >> np.uint64(shift)) * np.uint64(factor)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def unit_hashes(keys: Array, units: int) -> Array:
    """(rows, units) of uint32 for rows with these keys: MurmurHash3's finaliser (Appleby 2011).

    It begins with a key's lower half; the upper half comes midway.
    """
    lower, upper = (half.astype(np.uint32)[:, np.newaxis] for half in (keys, keys >> np.uint64(32)))
    (first, factor), (second, other_factor) = UNIT_MIXING
    mixed: Array = lower + np.arange(units, dtype=np.uint32) * UNIT_STEP  # modulo 2^32
    mixed = (mixed ^ mixed >> np.uint32(first)) * np.uint32(factor) ^ upper
    mixed = (mixed ^ mixed >> np.uint32(second)) * np.uint32(other_factor)
    mixed ^= mixed >> np.uint32(16)
    return mixed
