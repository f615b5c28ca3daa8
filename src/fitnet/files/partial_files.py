"""Files that are being written: named so that they are known again, locked so that the dead are told from the living.

A writer holds the lock of its partial file until it has its last name; the kernel drops the lock when the writer dies,
whatever happens to its process number. On a network drive another machine's lock may not be seen, so there, as where
locks do not exist, only files that nobody has written to for a day count as left over.
"""

import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows, which removes no file that somebody has open
    fcntl = None  # type: ignore[assignment]

NAME = re.compile(r"\.(?:([0-9a-f]{12})-)?[0-9a-f]{16}\.partial")  # releases to 0.1 wrote no machine before the dash
SECONDS_OF_SILENCE = 86_400
WRITING: set[str] = set()  # by this process: some network drives grant it a lock that it has already


class PartialFile:
    """A file that is being written.

    Attributes
    ----------
    path
        Where it is until it gets its last name.
    descriptor
        Open for writing, and locked.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self.descriptor = descriptor
        self._open = self._unfinished = True

    def rename(self, target: Path) -> None:
        """Put the file in the place of `target`."""
        if fcntl is None:
            self.close()  # Windows renames no file that somebody has open
        self.path.replace(target)
        self._unfinished = False

    def close(self) -> None:
        if self._open:
            self._open = False
            os.close(self.descriptor)

    def remove_unfinished(self) -> None:
        """Remove the file unless it was renamed."""
        self.close()
        if self._unfinished:
            self.path.unlink(missing_ok=True)
        WRITING.discard(self.path.name)


@contextmanager
def partial_file(folder: Path, mode: int) -> Iterator[PartialFile]:
    """A new file of that mode in `folder`, locked; removed unless it was renamed. What the dead left there goes."""
    remove_left_over(folder)
    partial = locked_file(folder, mode)
    try:
        yield partial
    finally:
        partial.remove_unfinished()


def locked_file(folder: Path, mode: int) -> PartialFile:
    """A new file, locked."""
    while True:
        path = folder / f".{machine()}-{secrets.token_hex(8)}.partial"
        WRITING.add(path.name)
        partial = PartialFile(
            path, os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), mode)
        )
        lock(partial.descriptor, wait=True)
        if path.exists():  # who looked for dead writers before it was locked may have removed it
            return partial
        partial.remove_unfinished()


def lock(descriptor: int, *, wait: bool) -> bool:
    """Lock the file, and say whether that was possible."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def remove_left_over(folder: Path) -> None:
    """Remove the partial files in `folder` whose writers are dead; what cannot be looked at or removed stays."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name = NAME.fullmatch(entry.name)
            if name is not None and entry.name not in WRITING:
                with suppress(OSError):
                    remove_if_left_over(entry.path, name.group(1) == machine())


def remove_if_left_over(path: str, ours: bool) -> None:
    """Remove a partial file if its writer, on this machine where `ours`, is dead."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        status = os.fstat(descriptor)
        dead = lock(descriptor, wait=False) and ours
        if stat.S_ISREG(status.st_mode) and (dead or is_silent(status)):
            Path(path).unlink()
    finally:
        os.close(descriptor)


def is_silent(status: Any) -> bool:
    """Whether nobody has written to the file for so long that nobody will."""
    return time.time() - float(status.st_mtime) > SECONDS_OF_SILENCE


@cache
def machine() -> str:
    """Which machine this is, since it was started: what shares its kernel shares its locks."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    try:
        identity = boot.read_text()
    except OSError:
        import uuid

        identity = f"{uuid.getnode()}"
    return sha256(identity.encode()).hexdigest()[:12]
