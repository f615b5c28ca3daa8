"""Order statistics of the union of sorted samples, each stretched and shifted: what CV+ intervals are made of.

Shapes: K samples of n_k values; for every one of B rows a shift and a unit for each sample, (K, B).
"""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array

MOST_KEPT = 2000  # values of a sample; of more, so many order statistics evenly apart stand for all
HALVINGS = 4  # of the search's brackets, between two looks whether it has ended
ROUNDINGS = 16  # of the largest term: brackets are wider by as many


def kept_ranks(n: int) -> Array:
    """The ranks from 1 to n, evenly apart and both ends among them, of the values that are kept of n."""
    J = min(n, MOST_KEPT)
    return np.arange(1, n + 1) if n == J else 1 + np.arange(J) * (n - 1) // (J - 1)


@dataclass(frozen=True, eq=False)
class SortedSamples:
    """Sorted samples as padded matrices (K, J + 1), J values of the longest.

    Attributes
    ----------
    values
        Each sample's kept values in rising order, then infinity.
    ranks
        0, then the ranks that those values have among all n_k of their sample, then n_k.
    """

    values: Array
    ranks: Array

    @classmethod
    def of(cls, values: Array, rows: Array) -> "SortedSamples":
        """Those whose kept values, sorted, lie one sample after another in `values`; `rows` (K,) are the n_k."""
        ranks = [kept_ranks(int(n)) for n in rows]
        ends = np.cumsum([len(each) for each in ranks])
        width = 1 + max(len(each) for each in ranks)
        padded, ranked = np.full((len(rows), width), np.inf), np.zeros((len(rows), width), np.int64)
        for k, (each, end) in enumerate(zip(ranks, ends, strict=True)):
            J = len(each)
            padded[k, :J] = values[end - J : end]
            ranked[k, 1 : J + 1], ranked[k, J + 1 :] = each, rows[k]
        return cls(padded, ranked)

    def negated(self) -> "SortedSamples":
        """The samples of the values' negatives."""
        values, ranks = np.full_like(self.values, np.inf), np.zeros_like(self.ranks)
        for k, n in enumerate(self.ranks[:, -1]):
            J = int(np.isfinite(self.values[k]).sum())
            values[k, :J] = -self.values[k, :J][::-1]
            ranks[k, 1 : J + 1], ranks[k, J + 1 :] = n + 1 - self.ranks[k, 1 : J + 1][::-1], n
        return SortedSamples(values, ranks)

    def order_statistic(self, rank: int, shifts: Array, units: Array) -> Array:
        """The value of this rank, from 1, among all shift_k + unit_k value: (B,), each from its own row alone.

        Where samples kept every value it is that value, to rounding. Else it is the smallest kept value that certainly
        has the rank: never below the exact one, above it by 1 / (2 MOST_KEPT) of the distribution on average.

        Parameters
        ----------
        rank
            1 to the sum of the n_k.
        shifts, units
            (K, B), finite; units above 0.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            low, high = self.bracket(rank, shifts, units)
            while True:
                for _ in range(HALVINGS):
                    width = high - low
                    middle = np.where(np.isfinite(width), low + width / 2, low / 2 + high / 2)
                    enough = self.count(self.positions(middle, shifts, units)) >= rank
                    low, high = np.where(enough, low, middle), np.where(enough, middle, high)
                below = self.positions(low, shifts, units)
                value, fold = self.following(below, shifts, units)
                step = self.step(below, fold)
                certain = np.maximum(self.count(below) + step, self.count(self.positions(value, shifts, units)))
                ended = (certain >= rank) | (np.nextafter(low, high) >= high)
                if ended.all():
                    return value
                low = np.where(ended, low, np.clip(value, low, high))

    def bracket(self, rank: int, shifts: Array, units: Array) -> tuple[Array, Array]:
        """(B,) each: below it there are too few values, up to it enough. Every sample has its share on one side."""
        n_k = self.ranks[:, -1:]
        places = (self.ranks[:, 1:] * n_k.sum() < rank * n_k).sum(axis=1)
        near = shifts + units * self.values[np.arange(len(n_k)), places][:, np.newaxis]
        margin = ROUNDINGS * np.finfo(float).eps * (np.abs(near).max(axis=0) + np.abs(shifts).max(axis=0))
        low, high = near.min(axis=0) - margin, near.max(axis=0) + margin
        return np.nextafter(low, -np.inf), np.nextafter(high, np.inf)

    def positions(self, ends: Array, shifts: Array, units: Array) -> Array:
        """How many kept values of each sample are at most `ends` (B,): (K, B)."""
        scaled = (ends - shifts) / units
        return np.stack([np.searchsorted(v[:-1], at, "right") for v, at in zip(self.values, scaled, strict=True)])

    def count(self, positions: Array) -> Array:
        """How many values there certainly are up to these positions, those not kept included: (B,)."""
        counts: Array = np.take_along_axis(self.ranks, positions, axis=1).sum(axis=0)
        return counts

    def following(self, positions: Array, shifts: Array, units: Array) -> tuple[Array, Array]:
        """The lowest of the samples' next values, and whose it is: (B,) each."""
        following = shifts + units * np.take_along_axis(self.values, positions, axis=1)
        return following.min(axis=0), following.argmin(axis=0)

    def step(self, positions: Array, fold: Array) -> Array:
        """By how much the count rises with the next value of the sample `fold` (B,): (B,)."""
        at = positions[fold, np.arange(len(fold))]
        after = np.minimum(at + 1, self.ranks.shape[1] - 1)
        steps: Array = self.ranks[fold, after] - self.ranks[fold, at]
        return steps
