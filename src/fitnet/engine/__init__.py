"""Engines: the operations that take time. `choose` gives the one to use."""

import warnings
from collections.abc import Callable
from functools import cache

from fitnet.arguments import one_of
from fitnet.engine.advice import how_to_get_native
from fitnet.engine.contract import Engine, Predictor
from fitnet.engine.reference import ReferenceEngine
from fitnet.engine.threads import thread_count, usable_cores
from fitnet.engine.training_contract import Best, Trainer, Validation
from fitnet.errors import EngineUnavailableError, EngineWarning

__all__ = [
    "ENGINES",
    "Best",
    "Engine",
    "Predictor",
    "Trainer",
    "Validation",
    "choose",
    "thread_count",
    "usable_cores",
]

ENGINES: dict[str, Callable[[int | None], Engine]] = {"reference": ReferenceEngine}

try:
    from fitnet.engine.native import NativeEngine
except ImportError as error:  # it was not built, or does not fit this Python or NumPy
    _why_not_native = str(error)
else:
    ENGINES["native"] = NativeEngine


def choose(engine: str = "auto", n_threads: int | None = None) -> Engine:
    """The engine of that name; "auto" takes native where it was built, else reference with one warning a process.

    Parameters
    ----------
    engine
        "auto", "native" or "reference".
    n_threads
        Threads the native engine may use; None takes the environment variable FITNET_NUM_THREADS, or else the cores
        this process may use. The reference engine leaves that to NumPy.

    Raises
    ------
    EngineUnavailableError
        If "native" was not built; the sentence says how to get it.
    ArgumentValueError, ArgumentTypeError
        For another name, or threads that are not a whole number from 1 to 1024.
    """
    name = check_name(engine)
    thread_count(n_threads)
    if name == "auto":
        name = "native" if "native" in ENGINES else "reference"
        if name == "reference":
            warn_of_reference()
    if name not in ENGINES:
        raise EngineUnavailableError(
            f"The native engine is not installed ({_why_not_native}); use engine='reference', or {how_to_get_native()}"
        )
    return ENGINES[name](n_threads)


def check_name(engine: object) -> str:
    """The name of an engine that there could be, installed or not."""
    return one_of("engine", engine, dict.fromkeys(["auto", *ENGINES, "native"]))


@cache
def warn_of_reference() -> None:
    """Say once that the slower engine computes, and how to get the faster one."""
    warnings.warn(
        "fitnet computes with the reference engine, which is slower, because the native engine is not installed "
        f"({_why_not_native}); to get it, {how_to_get_native()}",
        EngineWarning,
        stacklevel=3,
    )
