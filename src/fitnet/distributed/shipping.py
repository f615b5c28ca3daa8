"""Shipping: a model on its way to workers, once for each, whatever the number of parts it is to answer.

What travels is the bytes of its .fitnet file, which verifies itself and holds no code.
"""

import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from fitnet.model.ensemble import AnyModel
from fitnet.model.loading import load

IN_THE_GRAPH_BYTES = 400_000  # a larger file is scattered, where there is a client: graphs are to stay below 1 MB
KEPT = 8  # models that a process keeps ready
FILE = "model.fitnet"


@dataclass(frozen=True)
class Shipped:
    """What tells a worker which model it is and how to compute with it.

    Attributes
    ----------
    digest
        SHA-256 of the file.
    engine, n_threads
        As `fitnet.load` takes them.
    """

    digest: str
    engine: str
    n_threads: int | None


def shipped(model: AnyModel, n_threads: int | None) -> tuple[Shipped, Any]:
    """What workers know the model by, and its file's bytes as a value of dask's that all parts share.

    A small file is a single node of the graph, from which a worker that comes back gets it again. A large one is sent
    to all workers of the current client, if there is one, and is lost only with the last of them.
    """
    import dask

    blob = file_bytes(model)
    ticket = Shipped(sha256(blob).hexdigest(), model.compute.engine, n_threads)
    client = None if len(blob) <= IN_THE_GRAPH_BYTES else current_client()
    if client is None:
        return ticket, dask.delayed(blob, name=f"fitnet-model-{ticket.digest}", pure=True)
    [scattered] = client.scatter([blob], broadcast=True)
    return ticket, scattered


def current_client() -> Any:
    """The `distributed.Client` that computes what is not told otherwise; None without one."""
    if "distributed" not in sys.modules:
        return None
    from distributed import default_client

    try:
        client = default_client()
    except ValueError:
        return None
    return None if client.asynchronous else client


def file_bytes(model: AnyModel) -> bytes:
    """The model's file."""
    with TemporaryDirectory() as folder:
        model.save(Path(folder) / FILE)
        return (Path(folder) / FILE).read_bytes()


def model_from(blob: bytes, engine: str, n_threads: int | None) -> AnyModel:
    """The model in a file of these bytes."""
    with TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_bytes(blob)
        return load(Path(folder) / FILE, engine, n_threads)


@dataclass(eq=False)
class ReadyModels:
    """The models that a process used last, ready to predict."""

    load: Callable[[bytes, str, int | None], AnyModel] = model_from
    lock: Lock = field(default_factory=Lock)
    models: OrderedDict[Shipped, AnyModel] = field(default_factory=OrderedDict)

    def __call__(self, ticket: Shipped, blob: bytes) -> AnyModel:
        """The model of that ticket, made of its file's bytes unless it is there."""
        with self.lock:
            if ticket not in self.models:
                self.models[ticket] = self.load(blob, ticket.engine, ticket.n_threads)
            self.models.move_to_end(ticket)
            while len(self.models) > KEPT:
                self.models.popitem(last=False)
            return self.models[ticket]


OF_THIS_PROCESS = ReadyModels()  # every worker has its own
