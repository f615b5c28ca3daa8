"""What `scale_ranks` starts, alone or by mpiexec: prints a JSON line of seconds an epoch, or of bytes and latency.

python -m benchmarks.scale_ranks_program epochs ROWS EPOCHS THREADS [ranks]
mpiexec -n 4 python -m benchmarks.scale_ranks_program bytes
"""

import json
import sys
import warnings
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

WIDTHS, COLUMNS = (64, 64), 3
WIDTHS_OF_LM = (16, 16)
QUESTIONS = 200  # for a latency
FEW_ROWS = 64  # whose gradient takes next to no time


def epochs(rows: int, count: int, threads: int, over_ranks: bool) -> dict[str, Any]:
    """Seconds an epoch of a full batch takes, the first two apart, and the seconds of the whole fit."""
    from fitnet import Regressor

    communicator = None
    share = slice(None)
    if over_ranks:
        from mpi4py import MPI

        communicator = MPI.COMM_WORLD
        rank, size = communicator.Get_rank(), communicator.Get_size()
        share = slice(rows * rank // size, rows * (rank + 1) // size)
    generator = np.random.default_rng(0)
    X = generator.normal(size=(rows, COLUMNS))
    y = np.sin(X[:, 0]) + X[:, 1] * X[:, 2]
    began = perf_counter()
    regressor = Regressor(
        WIDTHS, solver="adam", batch_size=rows, max_epochs=count, random_state=0, n_threads=threads,
        communicator=communicator, callbacks=(Every(),),
    ).fit(X[share], y[share])  # fmt: skip
    seconds = regressor.history_.seconds
    return {
        "epoch": (seconds[-1] - seconds[1]) / (count - 2),
        "fit": perf_counter() - began,
        "bits": float(regressor.history_.loss[-1]).hex(),
        "speaks": communicator is None or communicator.Get_rank() == 0,
    }


class Every:
    """Looks after every epoch, so that each has its own seconds."""

    every = 1

    def on_epoch_end(self, state: Any) -> None:
        """Nothing."""


def sent() -> dict[str, Any]:
    """Bytes that a rank sends for a step of each solver, as times the parameters' bytes, and a sum's latency."""
    from mpi4py import MPI

    from fitnet.algorithm.losses import SquaredError
    from fitnet.algorithm.network import Network
    from fitnet.engine.ranks.leading import lead
    from fitnet.engine.ranks.meeting import meeting
    from fitnet.engine.ranks.ranks_engine import RanksEngine
    from fitnet.engine.ranks.server import serve
    from fitnet.engine.ranks.spread_rows import SpreadRows

    found: dict[str, Any] = {}
    with meeting(MPI.COMM_WORLD, 1) as (ranks, n_threads):
        engine = RanksEngine(ranks, n_threads)
        for name, dtype, rows, times in (
            ("adam, float32", np.float32, 4000, 5),
            ("lbfgs, float64", np.float64, 4000, 5),
            ("lm, float64", np.float64, 70000, 2),
            ("latency", np.float32, FEW_ROWS * ranks.size, QUESTIONS),
        ):
            network = Network.of_widths((COLUMNS, *(WIDTHS_OF_LM if name.startswith("lm") else WIDTHS), 1), "tanh")
            generator = np.random.default_rng(ranks.rank)
            own = rows // ranks.size
            X = generator.normal(size=(own, COLUMNS)).astype(dtype)
            Y = np.ascontiguousarray(X[:, :1])
            parameters = network.initial_parameters(np.random.default_rng(0), dtype=dtype)
            taken: list[float] = []
            counted: list[int] = []
            if ranks.rank == 0:
                ends = own * np.arange(1, ranks.size + 1)
                spread = [SpreadRows(each, given, ends, ranks) for each, given in (("X", X), ("Y", Y))]

                def ask(
                    name: str = name, network: Any = network, spread: Any = spread, parameters: Any = parameters
                ) -> None:
                    if name.startswith("lm"):
                        engine.normal_equations(network, parameters, *spread)
                    else:
                        engine.loss_and_gradient(network, SquaredError(), parameters, *spread)

                def work(ask: Any = ask, times: int = times, taken: Any = taken, counted: Any = counted) -> None:
                    ask()  # gives the rows out
                    for _ in range(times):
                        began, before = perf_counter(), ranks.bytes_sent
                        ask()
                        taken.append(perf_counter() - began)
                        counted.append(ranks.bytes_sent - before)

                lead(ranks, work)
                before = 0
            else:
                before = ranks.bytes_sent
                serve(ranks, {"X": X, "Y": Y}, engine)
            # Of others all that they sent: for the first question their rows too, which are taken off.
            others = (ranks.bytes_sent - before - X.nbytes - Y.nbytes) // (times + 1)
            everyone = ranks.communicator.gather(counted[0] if counted else others)
            if ranks.rank == 0 and name == "latency":
                found["latency"] = median(taken)
            elif ranks.rank == 0:
                found[f"{name}, {network.n_parameters:,} parameters"] = [each / parameters.nbytes for each in everyone]
        found["speaks"] = ranks.rank == 0
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1] == "bytes":
        said = sent()
    else:
        said = epochs(*(int(each) for each in sys.argv[2:5]), sys.argv[5:] == ["ranks"])
    if said.pop("speaks"):
        print(json.dumps(said), flush=True)
