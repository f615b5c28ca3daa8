"""Imports, and the end of the program after them, that do not wait for the collector of garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quick_imports() -> Iterator[None]:
    """Let the collector rest, and leave alone for good what is there then.

    Packages make many objects that stay, through which it would go again and again, and once more at the end.
    """
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_at_work:
            gc.enable()
