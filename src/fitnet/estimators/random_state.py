"""Random states: from what scikit-learn's users give as `random_state` to a generator."""

import math
from typing import Any

import numpy as np

from fitnet.arguments import whole_number


def random_generator(random_state: Any) -> np.random.Generator:
    """A generator from a seed, a generator (itself), a RandomState (which is advanced) or None (always another)."""
    if random_state is None or isinstance(random_state, np.random.Generator):
        return np.random.default_rng(random_state)
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(0, 2**32, 4, np.uint32))
    return np.random.default_rng(whole_number("random_state", random_state, 0, math.inf))
