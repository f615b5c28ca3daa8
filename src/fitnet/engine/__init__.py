"""Engines: the operations that take time. `choose` gives the one to use."""

from fitnet.arguments import one_of
from fitnet.engine.contract import Best, Engine
from fitnet.engine.reference import ReferenceEngine

__all__ = ["ENGINES", "Best", "Engine", "choose"]

ENGINES: dict[str, type[Engine]] = {"reference": ReferenceEngine}


def choose(engine: str = "auto") -> Engine:
    """The engine of that name; "auto" takes the fastest that is installed."""
    name = one_of("engine", engine, ["auto", *ENGINES])
    return ENGINES["reference" if name == "auto" else name]()
