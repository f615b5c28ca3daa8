"""Writing a file so that nothing is lost: beside the target first, then renamed over it."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from fitnet.files.partial_files import partial_file
from fitnet.files.paths import followed

ACCESS_LIST = "system.posix_acl_access"


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Replace the file at `path` by `data`, as a whole or not at all; all else is as for `replace_atomically`."""
    replace_atomically(path, lambda descriptor: write_all(descriptor, data))


def replace_atomically(path: str | os.PathLike[str], write: Callable[[int], None]) -> None:
    """Replace the file at `path` by what `write` writes to the descriptor it gets, as a whole or not at all.

    A full disk or a kill leaves what was there before; a link is followed, so it keeps pointing where it did. A file
    that was there keeps its mode, its access list and, where the system permits it, its owner and group. What killed
    writers left in the folder is removed.

    Raises
    ------
    OSError
        If the folder does not exist or cannot be written, or the disk is full; `filename` is `path`.
    """
    target = followed(path)
    try:
        before = target.stat() if target.exists() else None
        with partial_file(target.parent, 0o666 if before is None else 0o600) as partial:
            write(partial.descriptor)
            if before is not None:
                keep_access(partial.descriptor, target, before)
            os.fsync(partial.descriptor)
            partial.rename(target)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None
    sync_folder(target.parent)


def probe_folder(folder: Path) -> None:
    """Try whether a file can be written in `folder`.

    Raises
    ------
    OSError
        If it cannot; `filename` is `folder`.
    """
    try:
        with partial_file(followed(folder), 0o600):
            pass
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(folder)) from None


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`, in as many pieces as the system likes."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def keep_access(descriptor: int, target: Path, before: os.stat_result) -> None:
    """Let the new file be read and written by whom the old one could be, as far as the system permits."""
    if not hasattr(os, "fchown"):
        return
    mode = stat.S_IMODE(before.st_mode)
    try:
        os.fchown(descriptor, before.st_uid, before.st_gid)
    except OSError:
        try:
            os.fchown(descriptor, -1, before.st_gid)
        except OSError:  # another group gets no more than everybody
            mode &= ~0o070 | (mode & 0o007) << 3
        mode &= ~(stat.S_ISUID | stat.S_ISGID)
    os.fchmod(descriptor, mode)
    with suppress(OSError, AttributeError):  # only Linux has it, and not on every file system
        os.setxattr(descriptor, ACCESS_LIST, os.getxattr(target, ACCESS_LIST))


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):  # Windows renames durably enough and cannot open folders
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some network file systems cannot; the file itself is safe
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
