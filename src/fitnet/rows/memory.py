"""Memory: whether what is asked for can be held in it."""

import os
from pathlib import Path

from fitnet.errors import ArgumentValueError

COPIES = 2  # the rows, and the same as the network sees them
SYSTEM = Path("/proc/meminfo")
GROUP = Path("/sys/fs/cgroup")


def check_fits(argument: str, size: int, what: str, rule: str) -> None:
    """Refuse an argument that takes `size` bytes a copy where there are not so many; `what` says when it does."""
    free = free_bytes()
    if free is not None and COPIES * size > free:
        raise ArgumentValueError(
            f"`{argument}` {what} would take {COPIES * size / 1e9:,.1f} GB, of which {free / 1e9:,.1f} GB are free; "
            f"{rule}.",
            argument,
        )


def free_bytes() -> int | None:
    """How much memory this process could still take, by its system and its group; None where they do not say."""
    known = []
    try:
        fields = dict(line.split(":", 1) for line in SYSTEM.read_text().splitlines())
        known.append(1024 * int(fields["MemAvailable"].split()[0]))
    except (OSError, ValueError, KeyError):
        if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
            known.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    try:
        limit, used = (int((GROUP / name).read_text()) for name in ("memory.max", "memory.current"))
        known.append(max(0, limit - used))
    except (OSError, ValueError):  # no such group, or one without a limit
        pass
    return min(known, default=None)
