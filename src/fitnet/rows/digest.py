"""Digests: SHA-256 of training rows as they lie, and of a table's numbers whatever its format.

Both take the inputs first and the targets after them, each with a heading, so that no two tables share a digest.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.rows.sources import Rows, row_chunks

Digest = Any  # what hashlib makes


def data_digest(*parts: Rows) -> str:
    """SHA-256, as hexadecimal digits, of matrices as they lie, in their own dtype; weights (n,) may be among them."""
    digest = sha256()
    for part in parts:
        for _ in hashed(part, digest):
            pass
    return digest.hexdigest()


def hashed(rows: Rows, digest: Digest) -> Iterator[Array]:
    """The chunks of `rows` in order, which go into the `digest` on their way."""
    digest.update(data_heading(rows))
    for _, chunk in row_chunks(rows):
        digest.update(np.ascontiguousarray(chunk).data)
        yield chunk


def data_heading(rows: Rows) -> bytes:
    """What goes before a matrix in `data_digest`."""
    return f"{rows.dtype.str} {rows.shape}".encode()


def table_digest(X: Rows, Y: Rows) -> str:
    """SHA-256, as hexadecimal digits, of the numbers in inputs (n, p) and targets (n, m) as float64."""
    digest = sha256()
    for part in (X, Y):
        digest.update(table_heading(part))
        for _, chunk in row_chunks(part):
            digest.update(canonical(chunk))
    return digest.hexdigest()


def table_heading(rows: Rows) -> bytes:
    """What goes before a matrix in `table_digest`."""
    return f"{rows.shape[0]} {rows.shape[1]}\n".encode()


def canonical(chunk: Array) -> memoryview:
    """The bytes of a chunk's numbers as float64, the same on every machine."""
    return np.add(chunk, 0.0, dtype="<f8", order="C").data  # + 0.0: -0.0 is the same number as 0.0
