"""Placement: where the members of an ensemble's fit are made, several at a time."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

Function = Callable[..., Any]
Arguments = tuple[Any, ...]


class Placement(Protocol):
    """Makes members somewhere; which of them is ready first decides nothing.

    Attributes
    ----------
    shares_files
        Whether what is made there can be written there, to the folder that keeps the members.
    """

    @property
    def shares_files(self) -> bool: ...

    def results(self, function: Function, shared: Arguments, jobs: Sequence[Arguments]) -> Generator[Any, None, None]:
        """What `function(*shared, *job)` gives for every job, in their order, each as soon as those before it are."""
        ...


@dataclass(frozen=True)
class Threads:
    """So many threads of this process, or what `joblib.parallel_config` puts in their place."""

    n_jobs: int
    shares_files: ClassVar[bool] = True

    def results(self, function: Function, shared: Arguments, jobs: Sequence[Arguments]) -> Generator[Any, None, None]:
        """As `Placement` says."""
        from sklearn.utils.parallel import Parallel, delayed

        with Parallel(self.n_jobs, prefer="threads", return_as="generator") as parallel:
            yield from parallel(delayed(function)(*shared, *job) for job in jobs)


def placement_of(n_jobs: int | Placement) -> Placement:
    """Threads, if it is their number."""
    return Threads(n_jobs) if isinstance(n_jobs, int) else n_jobs
