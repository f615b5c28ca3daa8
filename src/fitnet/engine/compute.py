"""Compute: which engine does the work, and on how many threads."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fitnet import engine as engines
from fitnet.engine.contract import Engine
from fitnet.engine.threads import thread_count
from fitnet.errors import ArgumentTypeError


@dataclass(frozen=True)
class Compute:
    """The engine and the threads that a model, a training or an evaluation computes with.

    Parameters
    ----------
    engine
        "auto", "native" or "reference"; "auto" takes native where it was built.
    n_threads
        Threads the native engine may use; None takes the environment variable FITNET_NUM_THREADS, or else the cores
        this process may use, when the engine is first needed.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For another name, or threads that are not a whole number from 1 to 1024.
    """

    engine: str = "auto"
    n_threads: int | None = None

    def __post_init__(self) -> None:
        engines.check_name(self.engine)
        if self.n_threads is not None:
            object.__setattr__(self, "n_threads", thread_count(self.n_threads))

    @cached_property
    def chosen(self) -> Engine:
        """The engine itself, chosen at the first use.

        Raises
        ------
        EngineUnavailableError
            If it is "native", which was not built here.
        """
        return engines.choose(self.engine, self.n_threads)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy, also on another machine, chooses anew."""
        return Compute, (self.engine, self.n_threads)

    def __getstate__(self) -> dict[str, Any]:
        """The fields, without the engine, for formats that take objects apart, such as skops'."""
        return {"engine": self.engine, "n_threads": self.n_threads}


def engine_of(engine: Any, n_threads: int | None) -> Engine:
    """The engine itself where it is one, else the one of that name."""
    chosen: Engine = engine if hasattr(engine, "loss_and_gradient") else Compute(engine, n_threads).chosen
    return chosen


def check_compute(compute: object) -> None:
    """Refuse what is no Compute."""
    if not isinstance(compute, Compute):
        raise ArgumentTypeError(
            f"`compute` is {compute!r}; it must be a Compute, such as Compute('native').", "compute"
        )
