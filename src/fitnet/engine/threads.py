"""Threads: how many an engine may use."""

import os

from fitnet.arguments import whole_number
from fitnet.errors import ArgumentValueError

VARIABLE = "FITNET_NUM_THREADS"
MOST = 1024
LONGEST = 40  # characters of a number that a sentence can show


def thread_count(n_threads: int | None = None) -> int:
    """`n_threads`, or else what the environment variable FITNET_NUM_THREADS says, or else the usable cores."""
    if n_threads is not None:
        return at_most("n_threads", whole_number("n_threads", n_threads))
    text = os.environ.get(VARIABLE, "").strip()
    if not text:
        return min(usable_cores(), MOST)
    if not text.isdecimal():
        raise ArgumentValueError(f"`{VARIABLE}` is {text!r}; it must be a whole number.", VARIABLE)
    if len(text) > LONGEST:
        raise ArgumentValueError(f"`{VARIABLE}` has {len(text)} digits; it must be at most {MOST}.", VARIABLE)
    return at_most(VARIABLE, whole_number(VARIABLE, int(text)))


def at_most(name: str, count: int) -> int:
    if count > MOST:
        raise ArgumentValueError(f"`{name}` is {count}; it must be at most {MOST}.", name)
    return count


def usable_cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
