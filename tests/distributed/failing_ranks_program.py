"""A program for mpiexec in which something goes wrong; every rank that comes to its end prints how.

mpiexec -n 3 python -m mpi4py failing_ranks_program.py HOW FOLDER
"""

import os
import resource
import signal
import sys
import warnings
from pathlib import Path

import numpy as np
from ranks_program import SMALL, digest, rows_of, table

from fitnet import Checkpoint, Regressor

N, EPOCHS, ENDLESS = 3000, 40, 10**8
LAST_ANSWER = 25  # of a rank that is killed: as many epochs
TINY_FILE = 2000  # bytes: less than a checkpoint of this network has


class Telling:
    """Says once that training is under way."""

    every = 1

    def on_epoch_end(self, state):
        if state.epoch == 3:
            print("now", flush=True)


def fitted(communicator, folder, epochs, resume=False, **options):
    """The digest of a training whose state is kept after every epoch."""
    rows = rows_of(communicator, N)
    X, y = (each[rows] for each in table(N))
    kept = Checkpoint(folder / "kept", every=1)
    settings = SMALL | {"solver": "adam", "batch_size": N, "max_epochs": epochs, "checkpoint": kept} | options
    regressor = Regressor(**settings, communicator=communicator).fit(X, y, resume=resume)
    return regressor.stopped_, digest(regressor.model_.parameters, np.array(regressor.history_.loss))


def killed(communicator, folder):
    """Rank 1 is killed amid an epoch."""
    from fitnet.engine.ranks.held_rows import HeldRows

    answers, given = HeldRows.answers, []

    def last_of_some(self, *asked):
        given.append(0)
        if communicator.Get_rank() == 1 and len(given) == LAST_ANSWER:
            print("now", flush=True)
            os.kill(os.getpid(), signal.SIGKILL)
        return answers(self, *asked)

    HeldRows.answers = last_of_some
    return fitted(communicator, folder, EPOCHS)


def goes_on(communicator, folder):
    """What the checkpoint leads to, and an undisturbed training."""
    resumed = fitted(communicator, folder, EPOCHS, resume=True)
    return resumed == fitted(communicator, folder, EPOCHS)


def endless(communicator, folder):
    return fitted(communicator, folder, ENDLESS, callbacks=(Telling(),))[0]


def full_disk(communicator, folder):
    """Rank 0 cannot write its checkpoint."""
    if communicator.Get_rank() == 0:
        limit_files()
    try:
        return fitted(communicator, folder, EPOCHS)
    except OSError as error:
        return error.strerror


def shell(communicator, folder):
    """`fitnet fit --ranks` with the words that follow; `full`: where rank 0 can write no model."""
    from fitnet.cli import main

    os.chdir(folder)
    full, *arguments = sys.argv[3:]
    if full == "full" and communicator.Get_rank() == 0:
        limit_files()
    main(arguments)


def limit_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (TINY_FILE, TINY_FILE))


if __name__ == "__main__":
    from mpi4py import MPI

    warnings.simplefilter("ignore")
    ways = {"killed": killed, "goes-on": goes_on, "endless": endless, "full-disk": full_disk, "shell": shell}
    said = ways[sys.argv[1]](MPI.COMM_WORLD, Path(sys.argv[2]))
    print(f"rank {MPI.COMM_WORLD.Get_rank()}: {said}\n", end="", flush=True)  # in one piece, beside the others
