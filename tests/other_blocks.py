"""Results for the same rows in other blocks: the native engine gives the same bits, BLAS sums as a block is shaped."""

import numpy as np

from fitnet.engine import ENGINES
from tolerances import OTHER_BLOCKS_RTOL


def same_in_blocks(ours, theirs):
    """Whether two arrays are the same, to the bit where the native engine was built."""
    if "native" in ENGINES:
        return np.array_equal(ours, theirs)
    return np.allclose(ours, theirs, rtol=OTHER_BLOCKS_RTOL, atol=OTHER_BLOCKS_RTOL)
