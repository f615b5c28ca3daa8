"""Fingerprints: text that is equal where, and only where, two settings or data sets are the same in every bit."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from fitnet.errors import CheckpointMismatchError
from fitnet.rows import RowSource, row_chunks

PLACE_IN_MEMORY: Any = object.__repr__
DATA = ("X", "Y", "weights", "validation", "parameters", "groups")


def fingerprint(value: Any) -> str:
    """A text for `value`: the SHA-256 of an array, an object's class and attributes, and numbers to the last digit."""
    if isinstance(value, np.ndarray | RowSource):
        digest = hashlib.sha256()
        for _, chunk in row_chunks(value):
            digest.update(np.ascontiguousarray(chunk).data)
        return f"{value.dtype} {value.shape} {digest.hexdigest()}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(fingerprint(entry) for entry in value)}]"
    if isinstance(value, type) or hasattr(value, "__qualname__"):
        return str(value.__qualname__)
    if is_dataclass(value):
        attributes = {field.name: getattr(value, field.name) for field in fields(value)}
    elif type(value).__repr__ is PLACE_IN_MEMORY:
        attributes = getattr(value, "__dict__", {})
    else:
        return repr(value)
    inner = ", ".join(f"{name}={fingerprint(entry)}" for name, entry in attributes.items())
    return f"{type(value).__qualname__}({inner})"


def check_same(path: str, stored: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Refuse to go on with the training in the file at `path` where one of its settings or data is another now."""
    for name, value in now.items():
        was = stored.get(name, "unknown")
        if was == value:
            continue
        if name in DATA:
            raise CheckpointMismatchError(
                f"`{name}` is not what the training in {path} was begun with; "
                "to resume it must be the same in every bit.",
                name,
            )
        raise CheckpointMismatchError(
            f"`{name}` is {value}; to resume the training in {path} it must be {was}, as it was.", name
        )
