"""Slots: the runs of rows whose sums are added in order, so that any number of threads or ranks comes to the same bits.

Shapes: n rows in memory, cut at n s / slots for s from 0 to `slots`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fitnet.algorithm.network import Network
from fitnet.arguments import Array

if TYPE_CHECKING:
    from fitnet.engine.contract import Engine

ROWS_A_SLOT = 8192  # of normal equations, at least: a slot's matrix is then cheap beside its rows
# How many there are at most, by the parameters: ranks keep the matrices of their slots until those before are summed.
MOST_SLOTS = ((1000, 32), (4000, 8), (None, 4))


@dataclass(frozen=True)
class SlotRange:
    """Slots `first`, `first` + 1, ..., `count` of them, of those that n rows are cut into."""

    n: int
    slots: int
    first: int
    count: int

    @property
    def start(self) -> int:
        """The first row."""
        return self.n * self.first // self.slots

    @property
    def stop(self) -> int:
        """The row after the last one."""
        return self.n * (self.first + self.count) // self.slots

    def finer(self, n: int, slots: int) -> "SlotRange":
        """The same share of `slots` slots, a multiple of these, of a batch of n rows."""
        times = slots // self.slots
        return SlotRange(n, slots, self.first * times, self.count * times)

    def rows(self) -> Iterator[slice]:
        """Every slot's rows among those of this range."""
        for slot in range(self.first, self.first + self.count):
            begin, end = (self.n * edge // self.slots for edge in (slot, slot + 1))
            yield slice(begin - self.start, end - self.start)


def whole(n: int, slots: int) -> SlotRange:
    """All slots of n rows."""
    return SlotRange(n, slots, 0, slots)


def normal_slots(network: Network, n: int) -> int:
    """Into how many slots the normal equations of n rows are cut: a power of two, by shape alone."""
    P = network.n_parameters
    most = next(slots for parameters, slots in MOST_SLOTS if parameters is None or parameters >= P)
    wanted = max(1, min(most, n // ROWS_A_SLOT))
    return 1 << (wanted.bit_length() - 1)


def sum_of_squares(
    engine: "Engine", network: Network, parameters: Array, X: Array, Y: Array, weights: Array | None = None
) -> float:
    """r^T W r of the rows of one slot, r = prediction - target."""
    residual = engine.predict(network, parameters, X) - Y
    residual *= residual
    return float(residual.sum() if weights is None else residual.sum(axis=1) @ weights)
