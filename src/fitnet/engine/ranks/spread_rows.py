"""Rows that are spread over ranks: read by rank 0 as from a file, and held once more as a network sees them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.engine.ranks.held_rows import HeldRows
from fitnet.engine.ranks.messages import Ranks, share_of
from fitnet.engine.slots import SlotRange
from fitnet.rows import RowSource, rows_a_chunk


@dataclass(frozen=True, eq=False)
class SpreadRows:
    """A matrix (n, k) of which every rank has some rows, one after the other; rank 0 reads it.

    Attributes
    ----------
    ends
        (ranks,): the number of rows up to a rank and with it.
    own
        Those of rank 0.
    """

    name: str
    own: Array
    ends: Array
    ranks: Ranks
    is_spread = True

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.own.dtype

    @property
    def shape(self) -> tuple[int, int]:
        return int(self.ends[-1]), self.own.shape[1]

    def read(self, start: int, stop: int) -> Array:
        self.ranks.end_if_interrupted()
        found = np.empty((max(0, stop - start), self.shape[1]), self.dtype)
        begin = 0  # of a rank's rows
        for rank, end in enumerate(self.ends.tolist()):
            low, high = max(start, begin), min(stop, end)
            if low < high:
                part = found[low - start : high - start]
                if rank == 0:
                    part[:] = self.own[low:high]
                else:
                    self.ranks.command(rank, "read", self.name, low - begin, high - begin)
                    self.ranks.receive(rank, part)
            begin = end
        return found


def give_out(ranks: Ranks, key: int, X: RowSource, Y: RowSource, slots: int) -> HeldRows:
    """Let every rank hold the rows of its slots, for `key`; rank 0, whose own it gives, reads and passes them on."""
    n = X.shape[0]
    shares = [share_of(rank, ranks.size, n, slots) for rank in range(ranks.size)]
    for rank in range(1, ranks.size):
        ranks.command(rank, "hold", key, shares[rank], X.shape[1], Y.shape[1], X.dtype)
    own = empty_rows(shares[0], X.shape[1], Y.shape[1], X.dtype)
    step = rows_a_chunk(X.shape[1] + Y.shape[1])
    for begin in range(0, n, step):
        end = min(n, begin + step)
        chunk = X.read(begin, end), Y.read(begin, end)
        for rank, share in enumerate(shares):
            low, high = max(begin, share.start), min(end, share.stop)
            if low >= high:
                continue
            parts = [np.ascontiguousarray(each[low - begin : high - begin]) for each in chunk]
            place = slice(low - share.start, high - share.start)
            if rank == 0:
                own.X[place], own.Y[place] = parts
            else:
                ranks.command(rank, "store", key, place)
                for part in parts:
                    ranks.send(rank, part)
    return own


def empty_rows(share: SlotRange, p: int, m: int, dtype: np.dtype[Any]) -> HeldRows:
    """Room for the rows of a share."""
    rows = share.stop - share.start
    return HeldRows(share, np.empty((rows, p), dtype), np.empty((rows, m), dtype))
