"""Processes: tasks for worker processes of this machine, any of which may be killed; another does its task again."""

import os
import signal
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any

from fitnet.errors import WorkersDiedError

TRIES = 3  # workers that may die of one task
SECONDS_TO_LEAVE = 5.0
THREADS = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
SHARE, DONE, FAILED = "share", "done", "failed"

Prepare = Callable[..., Callable[[Any, Callable[[float], None]], Any]]


@dataclass(frozen=True)
class Message:
    """What a worker says of a task: a share of it is done, all of it is, or it failed."""

    kind: str
    content: Any
    warnings: tuple[Warning, ...] = ()


def serve(connection: Connection, prepare: Prepare, arguments: tuple[Any, ...]) -> None:
    """Do the tasks that come through the connection until it is closed; the other end decides when to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ.update({name: os.environ.get(name, number) for name, number in THREADS.items()})
    do = None
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                do = do or prepare(*arguments)
                answer = Message(DONE, do(task, lambda share: connection.send(Message(SHARE, share))))
            except Exception as error:
                answer = Message(FAILED, error)
        said = tuple(each.message for each in told if isinstance(each.message, Warning))
        try:
            connection.send(Message(answer.kind, answer.content, said))
        except OSError:
            return
        except Exception:  # an error that cannot travel is told in words
            connection.send(Message(FAILED, RuntimeError(f"{type(answer.content).__name__}: {answer.content}")))


@dataclass(eq=False)
class Worker:
    """A process that does one task at a time.

    Attributes
    ----------
    task
        The number of the last it was given.
    """

    prepare: Prepare
    arguments: tuple[Any, ...]
    task: int = -1
    connection: Connection = field(init=False)
    process: Any = field(init=False)

    def __post_init__(self) -> None:
        context = get_context("spawn")  # a copy of a process with threads, as fork makes it, may hang
        self.connection, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, self.prepare, self.arguments), daemon=True)
        self.process.start()
        other.close()

    def give(self, number: int, task: Any) -> None:
        """Give it a task; where it is dead its end of the connection tells."""
        self.task = number
        try:
            self.connection.send(task)
        except OSError:
            self.process.kill()

    def message(self) -> Message | None:
        """What it says; None where it died."""
        try:
            said = self.connection.recv()
        except (EOFError, OSError):
            return None
        assert isinstance(said, Message)
        return said

    def end(self, at_once: bool) -> None:
        """End it, and wait for that."""
        self.connection.close()
        if at_once:
            self.process.kill()
        self.process.join(SECONDS_TO_LEAVE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def done_by_workers(
    prepare: Prepare,
    arguments: tuple[Any, ...],
    tasks: Sequence[Any],
    n_workers: int,
    share: Callable[[int, float], None],
) -> Iterator[tuple[int, Any]]:
    """The tasks' numbers and outcomes, as they are ready.

    Parameters
    ----------
    prepare, arguments
        `prepare(*arguments)`, called once in each worker, gives what does a task: `do(task, share)`. A task is named by
        `str` of it in errors.
    share
        Is told of a task's number and how much of it is done.

    Raises
    ------
    WorkersDiedError
        If several workers died one after the other while they did the same task.
    Exception
        What a task raised; no other task is begun then, and those under way are given up.
    """
    waiting, tries, left = deque(range(len(tasks))), [0] * len(tasks), len(tasks)
    workers: list[Worker] = []
    try:
        while left:
            while waiting and len(workers) < n_workers:
                workers.append(Worker(prepare, arguments))
                workers[-1].give(waiting[0], tasks[waiting.popleft()])
            for worker in ready(workers):
                number, said = worker.task, worker.message()
                if said is None:
                    workers.remove(worker)
                    worker.end(at_once=True)
                    tries[number] += 1
                    check_tries(tasks[number], tries[number])
                    waiting.appendleft(number)
                elif said.kind == SHARE:
                    share(number, said.content)
                else:
                    yield number, outcome(said)
                    left -= 1
                    if waiting:
                        worker.give(waiting[0], tasks[waiting.popleft()])
                    else:
                        workers.remove(worker)
                        worker.end(at_once=False)
    finally:
        for worker in workers:
            worker.end(at_once=True)


def ready(workers: Sequence[Worker]) -> list[Worker]:
    """Those that say something, or died, of which there will be one."""
    spoken = wait([worker.connection for worker in workers])
    return [worker for worker in workers if worker.connection in spoken]


def outcome(said: Message) -> Any:
    """What a task gave, or its error; the worker's warnings come before either."""
    for warning in said.warnings:
        warnings.warn(warning, stacklevel=3)
    if said.kind == FAILED:
        raise said.content
    return said.content


def check_tries(task: Any, tries: int) -> None:
    """Give up a task of which several workers died."""
    if tries >= TRIES:
        raise WorkersDiedError(
            f"{task}: {tries} worker processes were killed one after the other while they worked on it; the system may "
            "have had too little memory, so try with fewer workers."
        )
