"""Ranks that are threads of this process, behind what of mpi4py's communicators fitnet uses: for tests without mpiexec.

A message is what its bytes say when it is sent, as with MPI. A rank that aborts ends all others.
"""

import pickle
import threading
from collections import defaultdict, deque

import numpy as np

LONGEST = 60  # seconds until ranks that wait for each other are a failure


class AbortedError(Exception):
    """Some rank has called Abort."""


class World:
    """What the ranks share."""

    def __init__(self, size):
        self.size, self.aborted = size, False
        self.boxes = defaultdict(deque)  # by source, destination and tag
        self.said, self.barrier = [None] * size, threading.Barrier(size)


class Done:
    """A message that has been sent."""

    def Test(self):
        return True


class Communicator:
    """One rank's side of a world."""

    def __init__(self, world, rank):
        self.world, self.rank, self.freed = world, rank, 0

    def __deepcopy__(self, known):
        return self

    def Get_rank(self):
        return self.rank

    def Get_size(self):
        return self.world.size

    def Dup(self):
        return self

    def Free(self):
        self.freed += 1

    def Abort(self, code):
        self.world.aborted = True
        self.world.barrier.abort()

    def Iprobe(self, source, tag):
        if self.world.aborted:
            raise AbortedError
        return bool(self.world.boxes[source, self.rank, tag])

    def send(self, what, dest, tag):
        self.world.boxes[self.rank, dest, tag].append(pickle.dumps(what))

    def recv(self, source, tag):
        return pickle.loads(self.world.boxes[source, self.rank, tag].popleft())

    def Isend(self, array, dest, tag):
        assert array.flags.c_contiguous
        self.world.boxes[self.rank, dest, tag].append(array.tobytes())
        return Done()

    def Recv(self, array, source, tag):
        array[:] = np.frombuffer(self.world.boxes[source, self.rank, tag].popleft(), array.dtype)

    def allgather(self, what):
        self.world.said[self.rank] = pickle.dumps(what)
        self.world.barrier.wait(LONGEST)
        said = [pickle.loads(each) for each in self.world.said]
        self.world.barrier.wait(LONGEST)
        return said


def on_ranks(size, work):
    """What `work(communicator)` gives on every rank, or the error it ends with."""
    world, outcomes = World(size), [None] * size

    def run(rank):
        try:
            outcomes[rank] = work(Communicator(world, rank))
        except BaseException as error:
            outcomes[rank] = error

    threads = [threading.Thread(target=run, args=(rank,), daemon=True) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
        assert not thread.is_alive(), "ranks wait for each other"
    left = {place: len(box) for place, box in world.boxes.items() if box}
    assert world.aborted or not left, f"messages that nobody took: {left}"
    return outcomes
