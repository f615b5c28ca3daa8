"""Messages between ranks: commands, arrays, and sums that grow from rank to rank in the order of the slots.

The communicator is mpi4py's, of which nothing is imported here. A rank that waits gives its core away.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np

from fitnet.arguments import Array
from fitnet.engine.slots import SlotRange

COMMAND, NUMBERS = 1, 2  # tags
SEGMENT_BYTES = 2**18  # of an array that goes on while its next part comes
EAGER, LONGEST_PAUSE = 50, 1e-3  # looks without a pause, and seconds between later ones

Found = TypeVar("Found")


class Ranks:
    """The processes of a communicator of their own, and this one among them.

    Attributes
    ----------
    bytes_sent
        By this rank, of arrays; a command adds some hundred bytes.
    is_interrupted
        Whether Ctrl-C was pressed: rank 0 ends between two questions, when no rank waits for a part of an answer.
    """

    def __init__(self, communicator: Any) -> None:
        self.communicator = communicator
        self.rank, self.size = int(communicator.Get_rank()), int(communicator.Get_size())
        self.bytes_sent = 0
        self.is_interrupted = False

    def end_if_interrupted(self) -> None:
        """Let Ctrl-C take its course, once."""
        if self.is_interrupted:
            self.is_interrupted = False
            raise KeyboardInterrupt

    def command(self, to: int, *what: Any) -> None:
        """Tell one rank what to do."""
        self.communicator.send(what, dest=to, tag=COMMAND)

    def next_command(self) -> tuple[Any, ...]:
        """What rank 0 or the rank before tells this one to do."""
        source = self._wait((0, self.rank - 1), COMMAND)
        told: tuple[Any, ...] = self.communicator.recv(source=source, tag=COMMAND)
        return told

    def send(self, to: int, array: Array) -> None:
        """Send a contiguous array, part by part."""
        for part in segments(array):
            patiently(self.communicator.Isend(part, dest=to, tag=NUMBERS).Test)
            self.bytes_sent += part.nbytes

    def receive(self, source: int, array: Array) -> None:
        """Receive it into `array`."""
        for part in segments(array):
            self._receive(source, part)

    def hand_down(self, array: Array, last: int) -> None:
        """From rank 0 to rank `last` through all between, which each send it once."""
        for part in segments(array):
            if self.rank > 0:
                self._receive(self.rank - 1, part)
            if self.rank < last:
                self.send(self.rank + 1, part)

    def sum_up(self, parts: Sequence[Array], share: SlotRange, like: Array) -> Array | None:
        """The sum of all slots' vectors, those of this rank's share among them, in order; rank 0 gets it, others None.

        Every rank that has a slot takes part, and sends one vector. `like` has the vectors' shape and dtype.
        """
        last = min(self.size, share.slots) - 1
        total = np.empty_like(like)
        for piece in pieces(like):
            added = iter(parts)
            if share.first > 0:
                self._receive(self.rank - 1, total[piece])
            else:
                total[piece] = next(added)[piece]
            for part in added:
                total[piece] += part[piece]
            if self.rank < last:
                self.send(self.rank + 1, total[piece])
        if last == 0:
            return total
        if self.rank == last:
            self.send(0, total)
        if self.rank > 0:
            return None
        self.receive(last, total)
        return total

    def _receive(self, source: int, part: Array) -> None:
        self._wait((source,), NUMBERS)
        self.communicator.Recv(part, source=source, tag=NUMBERS)

    def _wait(self, sources: Sequence[int], tag: int) -> int:
        """The rank, one of these, from which a message is there."""

        def found() -> list[int]:
            return [source for source in sources if self.communicator.Iprobe(source=source, tag=tag)]

        return patiently(found)[0]


def patiently(look: Callable[[], Found]) -> Found:
    """What `look` finds, once that is something: first at once, then again with longer and longer pauses."""
    looks = 0
    while not (found := look()):
        looks += 1
        if looks > EAGER:
            time.sleep(min(LONGEST_PAUSE, 2e-5 * (looks - EAGER)))
    return found


def share_of(rank: int, size: int, n: int, slots: int) -> SlotRange:
    """Which slots of n rows are a rank's; where there are fewer slots than ranks the last ranks have none."""
    active = min(size, slots)
    first, end = (slots * min(edge, active) // active for edge in (rank, rank + 1))
    return SlotRange(n, slots, first, end - first)


def segments(array: Array) -> Iterator[Array]:
    """The numbers of a contiguous array, part by part."""
    flat = array.reshape(-1)
    for piece in pieces(flat):
        yield flat[piece]


def pieces(flat: Array) -> Iterator[slice]:
    """Where its parts are."""
    step = max(1, SEGMENT_BYTES // flat.itemsize)
    for begin in range(0, flat.size, step):
        yield slice(begin, begin + step)
