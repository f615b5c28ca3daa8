"""The meeting of all ranks, before any work: that they belong together, and how many share a machine's cores."""

import os
import platform
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fitnet.engine.ranks.messages import Ranks
from fitnet.engine.threads import VARIABLE, thread_count, usable_cores
from fitnet.errors import ArgumentTypeError, EngineUnavailableError
from fitnet.version import __version__

NEEDED = ("Get_rank", "Get_size", "Dup", "Iprobe", "Isend", "Recv", "send", "recv", "allgather")


@contextmanager
def meeting(communicator: Any, n_threads: int | None = None) -> Iterator[tuple[Ranks, int]]:
    """The ranks of a copy of the communicator, and the threads that this one may use; all enter and leave together.

    Ctrl-C ends rank 0 between two questions, and the others with it.

    Raises
    ------
    ArgumentTypeError
        If it is no communicator between the ranks of one program.
    EngineUnavailableError
        On every rank, if one has another version of fitnet: its bits could differ.
    """
    if not all(hasattr(communicator, name) for name in NEEDED):
        raise ArgumentTypeError(
            f"`communicator` is {communicator!r}; it must be mpi4py's, such as MPI.COMM_WORLD.", "communicator"
        )
    ranks = Ranks(communicator.Dup())
    try:
        with signals_noted(ranks):
            said = ranks.communicator.allgather((__version__, here()))
            check_versions([version for version, _ in said])
            places = [place for _, place in said]
            yield ranks, threads_of(n_threads, places.count(places[ranks.rank]))
    finally:
        ranks.communicator.Free()


def here() -> tuple[str, tuple[int, ...]]:
    """The machine's name, and the cores that this process may use; MPI may bind a rank to some."""
    cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else ()
    return platform.node(), tuple(sorted(cores))


def threads_of(n_threads: int | None, sharing: int) -> int:
    """As many as were asked for, in the call or the environment, or a rank's part of the cores that several share."""
    if n_threads is not None or os.environ.get(VARIABLE, "").strip():
        return thread_count(n_threads)
    return max(1, usable_cores() // sharing)


def check_versions(versions: list[str]) -> None:
    """Refuse ranks with other versions than rank 0."""
    for rank, version in enumerate(versions):
        if version != versions[0]:
            raise EngineUnavailableError(
                f"Rank {rank} runs fitnet {version} and rank 0 fitnet {versions[0]}; all must run the same version."
            )


@contextmanager
def signals_noted(ranks: Ranks) -> Iterator[None]:
    """Ctrl-C interrupts no message: it is noted, and rank 0 looks; SIGTERM ends a rank, of which rank 0 says a word.

    Only the main thread can see to that.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def note(*_: Any) -> None:
        ranks.is_interrupted = True

    def end(number: int, _: Any) -> None:
        if ranks.rank == 0:
            print("fitnet: terminated, with all ranks; a checkpoint goes on.", file=sys.__stderr__, flush=True)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    before = {signal.SIGINT: signal.signal(signal.SIGINT, note)}
    if signal.getsignal(signal.SIGTERM) == signal.SIG_DFL:  # else the program has a way of its own
        before[signal.SIGTERM] = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
