"""Numbers as C reads them: literals, and tables of them."""

from collections.abc import Iterable

import numpy as np

from fitnet.arguments import Array

LINE = 120  # characters that a line of a table has at most


def literals(numbers: Array, single: bool) -> list[str]:
    """Of every number the shortest literal that is read back as the same: of type float where `single`, else double."""
    values = np.ravel(numbers)
    if not single:
        return [literal(text) for text in map(repr, values.astype(np.float64).tolist())]
    with np.errstate(over="ignore", under="ignore"):
        rounded = values.astype(np.float32)
    return [literal(text, "f") for text in rounded.astype("U").tolist()]


def literal(text: str, suffix: str = "") -> str:
    """A number's text in Python as C's: no zero before the point, and macros of <math.h> for what is not finite."""
    if text.lstrip("-") in ("inf", "nan"):
        return text.replace("inf", "INFINITY").replace("nan", "NAN")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    if digits.startswith("0.") and digits != "0.0":
        digits = digits[1:]
    return f"{sign}{digits}{suffix}"


def wrapped(words: Iterable[str]) -> str:
    """Entries of a table in lines."""
    words = list(words)
    per_line = max(1, LINE // (1 + max(map(len, words))))
    return ",\n".join(",".join(words[start : start + per_line]) for start in range(0, len(words), per_line))


def table(numbers: Array, single: bool) -> str:
    """Numbers in lines."""
    return wrapped(literals(np.asarray(numbers), single))


def is_single(numbers: Array) -> bool:
    """Whether float32 holds every one of them exactly."""
    with np.errstate(over="ignore", under="ignore"):
        return bool((numbers.astype(np.float32) == numbers).all())
