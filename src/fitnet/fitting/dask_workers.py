"""Members made by the workers of a Dask cluster, which may die and come back.

Nothing of Dask is imported before members are made; then the client is there already.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, ClassVar

from fitnet.blas import one_blas_thread
from fitnet.errors import ArgumentTypeError, ArgumentValueError, WorkersDiedError
from fitnet.fitting.placement import Arguments, Function, Placement
from fitnet.version import __version__

TRIES = 5  # that a job is given out anew: Dask itself gives it to four workers each time
LOST = ("cancelled", "lost", "error")
NEEDED = ("scatter", "submit", "cancel", "nthreads")


@dataclass(eq=False)
class DaskWorkers:
    """The workers of a `distributed.Client`; each makes as many members at a time as it has threads.

    Attributes
    ----------
    client
        Any number of fits may use it side by side.
    sent
        What jobs share, and the future of its copy that lies with the workers; None before there are any.
    """

    client: Any
    sent: tuple[Arguments, Any] | None = None
    shares_files: ClassVar[bool] = False

    def results(self, function: Function, shared: Arguments, jobs: Sequence[Arguments]) -> Generator[Any, None, None]:
        """As `Placement` says; what is shared is sent to the workers once, also for later jobs.

        Raises
        ------
        WorkersDiedError
            If a job is lost with its workers again and again.
        """
        given_out = GivenOut(self, function, shared, jobs)
        try:
            for k in range(len(jobs)):
                yield given_out.result(k)
        finally:
            if self.client.status == "running":
                self.client.cancel([*given_out.futures.values()])

    def lying_with_workers(self, shared: Arguments) -> Any:
        """The future of what jobs share, sent anew where it is another or was lost."""
        kept = self.sent is not None and all(a is b for a, b in zip(self.sent[0], shared, strict=True))
        if self.sent is None or not kept or self.sent[1].status != "finished":
            self.sent = shared, self._scattered(shared)
        return self.sent[1]

    def _scattered(self, shared: Arguments) -> Any:
        """The future of a copy with every worker."""
        tries = 0
        while True:
            try:
                [future] = self.client.scatter([shared], broadcast=True, hash=False)
                return future
            except OSError as error:  # of Dask's connections: one of the workers died meanwhile
                tries += 1
                if tries == TRIES or isinstance(error, TimeoutError):  # in time no worker came
                    raise


@dataclass(eq=False)
class GivenOut:
    """Jobs in their order, of which as many are with the workers at a time as these have threads.

    Of more, Dask would put one behind another that takes long, while a worker is left without any.

    Attributes
    ----------
    futures
        Of the jobs that are with the workers or done there, by the jobs' places.
    ended
        Something for each of these futures that is pending no longer.
    """

    workers: DaskWorkers
    function: Function
    shared: Arguments
    jobs: Sequence[Arguments]
    futures: dict[int, Any] = field(default_factory=dict)
    ended: SimpleQueue[None] = field(default_factory=SimpleQueue)
    next: int = 0  # the first job that was not given out

    def result(self, k: int) -> Any:
        """What job k gives; the jobs before it have given theirs, and its worker is free of it then."""
        from distributed import CancelledError, KilledWorker

        self._give_out_more()
        while self.futures[k].status == "pending":
            self.ended.get()
            self._give_out_more()
        for _ in range(TRIES):
            try:
                found = self.futures[k].result()
            except KilledWorker:
                self._give_out(k)
            except CancelledError:  # what it needs was lost with the last worker that had it
                if self.workers.client.status != "running":
                    break
                for lost in [other for other, future in self.futures.items() if future.status in LOST]:
                    self._give_out(lost)
            else:
                del self.futures[k]
                return found
        raise WorkersDiedError(
            "Dask's workers died again and again while they trained the same member, or the client lost them; they may "
            "have too little memory, which the workers' logs say."
        )

    def _give_out_more(self) -> None:
        """Give out jobs until there is one for each of the workers' threads, at least one where they are all dead."""
        closed = self.workers.client.status != "running"
        if self.next == len(self.jobs) or (closed and self.futures):  # those that are out say what came of it
            return
        threads = max(1, sum(self.workers.client.nthreads().values()))
        pending = sum(future.status == "pending" for future in self.futures.values())
        for k in range(self.next, min(self.next + threads - pending, len(self.jobs))):
            self._give_out(k)
            self.next = k + 1

    def _give_out(self, k: int) -> None:
        """Give job k to the workers, with what jobs share if no worker has it."""
        shared = self.workers.lying_with_workers(self.shared)
        self.futures[k] = self.workers.client.submit(
            on_a_worker, __version__, self.function, shared, self.jobs[k], pure=False
        )
        self.futures[k].add_done_callback(lambda _: self.ended.put(None))


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
    if not client.nthreads():
        raise ArgumentValueError(
            "`client` has no workers; client.wait_for_workers(1) waits until there is one.",
            "client",
        )
    return DaskWorkers(client)
