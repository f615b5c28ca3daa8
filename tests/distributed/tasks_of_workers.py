"""Tasks that worker processes do in the tests, in a module that they can import."""

import os
import signal
import warnings
from pathlib import Path

from fitnet.errors import ArgumentValueError, TableWarning


class UnsendableError(Exception):
    """An error that no other process can be told."""

    def __reduce__(self):
        raise TypeError("it cannot be copied")


def prepared(folder):
    """What does a task: a name, of what is to happen, and a number to double."""

    def do(task, share):
        what, number = task
        share(0.5)
        if what == "dies once" and not (Path(folder) / "died").exists():
            (Path(folder) / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if what == "fails":
            raise ArgumentValueError("`X` is wrong.", "X")
        if what == "fails beyond words":
            raise UnsendableError("of another kind")
        if what == "warns":
            warnings.warn("Numbers look odd.", TableWarning, stacklevel=1)
        return 2 * number

    return do


def unprepared():
    """What cannot even begin."""
    raise ArgumentValueError("`model` is wrong.", "model")
