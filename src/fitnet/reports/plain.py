"""Plain values: facts as JSON can hold them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from math import isfinite
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """The same in dicts, lists, text, numbers and None: None for what is not finite, no NumPy types."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return value if isfinite(value) else None
    return value


def rounded(values: Any, digits: int = 6) -> Any:
    """Numbers in nested lists with so many digits."""
    if isinstance(values, list | tuple):
        return [rounded(each, digits) for each in values]
    if isinstance(values, Mapping):
        return {name: rounded(each, digits) for name, each in values.items()}
    return float(f"{values:.{digits}g}") if isinstance(values, float) else values
