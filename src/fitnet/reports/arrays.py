"""Arrays as JSON can hold them: their bytes, little endian and row by row, as text in base64."""

from base64 import b64encode
from typing import Any

import numpy as np

from fitnet.arguments import Array

DTYPES = ("float16", "float32", "float64")


def held(array: Array) -> dict[str, Any]:
    """{"dtype", "shape", "base64"} of an array of float16, float32 or float64; anything else becomes float64."""
    array = np.asarray(array)
    dtype = array.dtype.name if array.dtype.name in DTYPES else "float64"
    little = np.ascontiguousarray(array, np.dtype(dtype).newbyteorder("<"))
    return {"dtype": dtype, "shape": list(array.shape), "base64": b64encode(little.tobytes()).decode("ascii")}


def size_of(array: Array) -> int:
    """How many bytes the text of its numbers takes, in its dtype of float32 or float64."""
    return 4 * -(-array.nbytes // 3)
