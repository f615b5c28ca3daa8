"""BLAS on one thread: small products take longer on several, and their bits depend on how many."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any


class SharedLimit:
    """What holds the process's BLAS at one thread for as long as anyone asks for it.

    `threadpoolctl.threadpool_limits` puts back what it found: of two threads whose limits overlap, the one that leaves
    last would put back the other's limit, and BLAS would stay at one thread.
    """

    def __init__(self) -> None:
        self.lock, self.users = Lock(), 0
        self.limit: Any = None  # of threadpoolctl

    def enter(self) -> None:
        """Limit BLAS, unless it is limited already."""
        import scipy.linalg  # noqa: F401  # so that its threads are there to be limited
        from threadpoolctl import threadpool_limits

        with self.lock:
            if self.users == 0:
                self.limit = threadpool_limits(1, user_api="blas")
            self.users += 1

    def leave(self) -> None:
        """Give BLAS its own number of threads back, where nobody else asks for one."""
        with self.lock:
            self.users -= 1
            if self.users == 0:
                self.limit.restore_original_limits()


OF_THIS_PROCESS = SharedLimit()  # as BLAS's number of threads is


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Within, BLAS has one thread; the last of all threads that leaves gives it its own number back."""
    OF_THIS_PROCESS.enter()
    try:
        yield
    finally:
        OF_THIS_PROCESS.leave()
