"""A program for mpiexec: trains over some of its ranks, and prints as JSON what every number of them comes to.

    mpiexec -n 7 python -m mpi4py ranks_program.py FOLDER 1 2 3 4 7

FOLDER has, or else gets, a checkpoint that a training of two epochs left behind.
"""

import hashlib
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np

from fitnet import LBFGS, LevenbergMarquardt, Network, Regressor, train
from fitnet.algorithm.cross_entropy import CrossEntropy

N = 16500  # enough for two slots of normal equations
SMALL = {"hidden_layer_sizes": (6, 5), "max_epochs": 4, "error_bars": False, "random_state": 1}
SMOOTH = {**SMALL, "activation": "tanh"}
BATCHES = {**SMALL, "solver": "adam", "batch_size": 999, "early_stopping": True, "patience": 3}
# By name: settings, rows, and whether a plain fit comes to the same bits.
FITS = {
    "lm": (SMOOTH | {"solver": "lm"}, N, True),
    "lm-bayesian": (SMOOTH | {"solver": "lm-bayesian"}, 500, True),
    "lbfgs": (SMOOTH | {"solver": "lbfgs", "alpha": 1e-4}, 3000, True),
    "adam": (SMALL | {"solver": "adam", "batch_size": 3000, "alpha": 1e-4}, 3000, True),
    "adam in float64": (SMALL | {"solver": "adam", "batch_size": 3000, "dtype": "float64"}, 3000, True),
    "more threads than cores": (
        SMALL | {"solver": "adam", "batch_size": 3000, "alpha": 1e-4, "n_threads": 9},
        3000,
        True,
    ),
    "batches, early stopping": (BATCHES, 3000, False),
    "batches, float64": (BATCHES | {"dtype": "float64", "batch_size": 250, "alpha": 1e-5}, 3000, False),
    "three rows": (SMOOTH | {"solver": "lm"}, 3, True),
}


def table(n):
    """Rows that everybody draws alike."""
    generator = np.random.default_rng(5)
    X = generator.normal(size=(n, 3))
    return X, np.sin(X[:, 0]) + X[:, 1] * X[:, 2] + 0.1 * generator.normal(size=n)


def rows_of(communicator, n):
    """This rank's: rank 1 has one, rank 3 none, and the others have as many each."""
    if communicator is None:
        return slice(0, n)
    size = communicator.Get_size()
    counts = [{1: 1, 3: 0}.get(rank) for rank in range(size)]
    others = n - (size > 1)
    places = [rank for rank, count in enumerate(counts) if count is None]
    for i, rank in enumerate(places):
        counts[rank] = others * (i + 1) // len(places) - others * i // len(places)
    end = sum(counts[: communicator.Get_rank() + 1])
    return slice(end - counts[communicator.Get_rank()], end)


def digest(*arrays):
    return hashlib.sha256(b"".join(np.ascontiguousarray(each).tobytes() for each in arrays)).hexdigest()[:16]


def of_regressor(regressor):
    history = regressor.history_
    measured = np.array(history.loss), np.array(history.validation_loss), regressor.predict(table(50)[0])
    sha256 = regressor.model_.provenance["data_sha256"].encode()
    return digest(regressor.model_.parameters, *measured, np.frombuffer(sha256, np.uint8))


def fitted(settings, n, communicator):
    """A fit's digest."""
    rows = rows_of(communicator, n)
    X, y = (each[rows] for each in table(n))
    return of_regressor(Regressor(**{"n_threads": 1} | settings, communicator=communicator).fit(X, y))


def resumed(folder, communicator):
    """The digest of a training that goes on after the checkpoint's epochs."""
    own = folder / f"kept-{communicator.Get_size()}"
    if communicator.Get_rank() == 0:
        own.write_bytes((folder / "kept").read_bytes())
    rows = rows_of(communicator, 3000)
    X, y = (each[rows] for each in table(3000))
    return of_regressor(Regressor(**BATCHES, checkpoint=own, communicator=communicator).fit(X, y, resume=True))


class Interrupting:
    """Ctrl-C after two epochs."""

    every = 2

    def on_epoch_end(self, state):
        raise KeyboardInterrupt


def interrupted(folder, communicator):
    rows = rows_of(communicator, 3000)
    X, y = (each[rows] for each in table(3000))
    regressor = Regressor(**BATCHES, checkpoint=folder / "kept", callbacks=(Interrupting(),), communicator=communicator)
    assert regressor.fit(X, y).stopped_ == "interrupted"


def classes(communicator):
    """The digest of the cross-entropy's training by `train` itself."""
    X, y = table(N)
    X, Y = np.ascontiguousarray(X), (y > 0).astype(float)[:, np.newaxis]
    network = Network.of_widths((3, 5, 1), "tanh")

    def work(X, Y, engine):
        found = [
            train(
                network,
                X,
                Y,
                epochs=4,
                generator=np.random.default_rng(2),
                loss=CrossEntropy(),
                solver=solver,
                dtype="float64",
                engine=engine,
                verbose=False,
            )
            for solver in (LevenbergMarquardt(), LBFGS())
        ]
        return digest(*(each.parameters for each in found), *(np.array(each.history.loss) for each in found))

    if communicator is None:
        return work(X, Y, "native")
    from fitnet.engine.ranks.leading import lead
    from fitnet.engine.ranks.meeting import meeting
    from fitnet.engine.ranks.ranks_engine import RanksEngine
    from fitnet.engine.ranks.server import serve
    from fitnet.engine.ranks.spread_rows import SpreadRows

    rows = rows_of(communicator, N)
    with meeting(communicator) as (ranks, n_threads):
        ends = np.cumsum(ranks.communicator.allgather(rows.stop - rows.start))
        engine = RanksEngine(ranks, n_threads)
        if ranks.rank > 0:
            outcome = serve(ranks, {"X": X[rows], "Y": Y[rows]}, engine)
        else:
            spread = (SpreadRows(name, each[rows], ends, ranks) for name, each in (("X", X), ("Y", Y)))
            outcome = lead(ranks, lambda: work(*spread, engine))
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


def refused(communicator):
    """By what is wrong on rank 1, what every rank says."""
    from fitnet.engine.ranks import meeting

    X, y = table(60)
    first, version = communicator.Get_rank() == 0, meeting.__version__
    cases = {
        "dtypes": (X if first else X.astype(np.float32), y),
        "columns": (X if first else X[:, :2], y),
        "gap": (X if first else np.where(X > 1, np.nan, X), y),
        "version": (X, y),
    }
    said = {}
    for name, rows in cases.items():
        if name == "version" and not first:
            meeting.__version__ = "0.0.1"
        try:
            Regressor(**SMALL, communicator=communicator).fit(*rows)
        except Exception as error:
            said[name] = str(error).splitlines()[0]
        meeting.__version__ = version
    return said


def main():
    from mpi4py import MPI

    warnings.simplefilter("ignore")
    world, folder, sizes = MPI.COMM_WORLD, Path(sys.argv[1]), [int(each) for each in sys.argv[2:]]
    found = {name: {} for name in (*FITS, "classes", "resumed")}
    if not (folder / "kept").exists():
        some = world.Split(int(world.Get_rank() < sizes[-1]))
        interrupted(folder, some)
    for size in sizes:
        wait(world)
        some = world.Split(int(world.Get_rank() < size))
        if world.Get_rank() < size:
            for name, (settings, n, _) in FITS.items():
                found[name][size] = same(some, fitted(settings, n, some))
            found["classes"][size] = same(some, classes(some))
            found["resumed"][size] = same(some, resumed(folder, some))
            if size == 2:
                found["refused"] = same(some, refused(some))
    wait(world)
    if world.Get_rank() == 0:
        for name, (settings, n, is_plain) in FITS.items():
            if is_plain:
                found[name]["plain"] = fitted(settings, n, None)
        found["classes"]["plain"] = classes(None)
        print(json.dumps(found), flush=True)


def wait(communicator):
    """Until all are here, without taking the cores of those that work."""
    request = communicator.Ibarrier()
    while not request.Test():
        time.sleep(0.01)


def same(communicator, what):
    """What all ranks of the communicator say alike."""
    everyone = communicator.allgather(what)
    assert all(each == what for each in everyone), everyone
    return what


if __name__ == "__main__":
    main()
