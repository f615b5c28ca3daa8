"""Where a path leads: links followed to their end."""

import errno
import os
from pathlib import Path


def followed(path: str | os.PathLike[str]) -> Path:
    """The absolute path without links that `path` leads to; the last parts need not be there.

    Raises
    ------
    OSError
        If the links lead in a circle; `filename` is `path`.
    """
    target = Path(os.path.realpath(path))  # Path.resolve raises a RuntimeError there, before Python 3.13
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), os.fspath(path))
    return target
