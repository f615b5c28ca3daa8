"""Members made by the workers of a Dask cluster, which may die and come back.

Nothing of Dask is imported before members are made; then the client is there already.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fitnet.blas import one_blas_thread
from fitnet.errors import ArgumentTypeError, ArgumentValueError, WorkersDiedError
from fitnet.fitting.placement import Arguments, Function, Placement
from fitnet.version import __version__

TRIES = 5  # that a job is given out anew: Dask itself gives it to four workers each time
NEEDED = ("scatter", "submit", "cancel", "scheduler_info")


@dataclass(frozen=True, eq=False)
class DaskWorkers:
    """The workers of a `distributed.Client`; each makes as many members at a time as it has threads.

    Attributes
    ----------
    client
        Any number of fits may use it side by side.
    """

    client: Any
    shares_files: ClassVar[bool] = False

    def results(self, function: Function, shared: Arguments, jobs: Sequence[Arguments]) -> Generator[Any, None, None]:
        """As `Placement` says; `shared` is sent to the workers once.

        Raises
        ------
        WorkersDiedError
            If a job is lost with its workers again and again.
        """
        given_out = GivenOut(self.client, function, shared, jobs)
        try:
            for k in range(len(jobs)):
                yield given_out.result(k)
        finally:
            given_out.cancel()


@dataclass(eq=False)
class GivenOut:
    """Jobs that workers have, and what they share, which lies with the workers too."""

    client: Any
    function: Function
    shared: Arguments
    jobs: Sequence[Arguments]
    futures: dict[int, Any] = field(default_factory=dict)
    table: Any = None

    def __post_init__(self) -> None:
        if self.jobs:
            self._give_out(range(len(self.jobs)))

    def result(self, k: int) -> Any:
        """What job k gives; its worker is free of it then."""
        from distributed import CancelledError, KilledWorker

        for _ in range(TRIES):
            try:
                found = self.futures[k].result()
            except KilledWorker:
                self._give_out([k])
            except CancelledError:  # what it needs was lost with the last worker that had it
                if self.client.status != "running":
                    break
                self._give_out([other for other, future in self.futures.items() if future.status in LOST])
            else:
                del self.futures[k]
                return found
        raise WorkersDiedError(
            "Dask's workers died again and again while they trained the same member, or the client lost them; they may "
            "have too little memory, which the workers' logs say."
        )

    def cancel(self) -> None:
        """Take back what nobody waits for any more."""
        self.client.cancel(list(self.futures.values()))
        self.futures.clear()
        self.table = None

    def _give_out(self, places: Sequence[int]) -> None:
        """Give these jobs to the workers, with what they share if no worker has it."""
        if self.table is None or self.table.status != "finished":
            [self.table] = self.client.scatter([self.shared], broadcast=True, hash=False)
        for k in places:
            self.futures[k] = self.client.submit(
                on_a_worker, __version__, self.function, self.table, self.jobs[k], pure=False
            )


LOST = ("cancelled", "lost", "error")


def on_a_worker(version: str, function: Function, shared: Arguments, job: Arguments) -> Any:
    """What the function gives there, if that is the fitnet that asks: another could give other bits."""
    if version != __version__:
        raise ArgumentValueError(
            f"`client` has a worker with fitnet {__version__}, and this is {version}; they must be the same.", "client"
        )
    with one_blas_thread():
        return function(*shared, *job)


def placement_on(client: Any, n_jobs: int) -> int | Placement:
    """The client's workers, or without a client so many threads.

    Raises
    ------
    ArgumentTypeError, ArgumentValueError
        If it is no client of Dask's, an asynchronous one, or one without workers.
    """
    if client is None:
        return n_jobs
    if not all(callable(getattr(client, name, None)) for name in NEEDED):
        raise ArgumentTypeError(
            f"`client` is {type(client).__name__}; it must be a distributed.Client, or None for threads.", "client"
        )
    if client.asynchronous:
        raise ArgumentValueError("`client` is asynchronous; it must be one that waits, distributed.Client().", "client")
    if not client.scheduler_info()["workers"]:
        raise ArgumentValueError(
            "`client` has no workers; client.wait_for_workers(1) waits until there is one.",
            "client",
        )
    return DaskWorkers(client)
