"""The problem: triplets (a, b, c) and the roots a network is to find (paper, section 3.1).

Shapes: triplets (n, 3); targets (n, 1), the largest real root, or (n, 4), both roots as [Re, Im, Re, Im].
"""

from dataclasses import dataclass

import numpy as np

from fitnet.arguments import Array, one_of, real_number, whole_number
from fitnet.errors import ArgumentValueError
from fitnet.quadratic.roots import all_roots, largest_real_root

ROOTS = ("largest", "all")
NUMBERS = ("whole", "real")
WIDEST = 1e6  # float32 tells all whole numbers apart up to here
OUTPUT_NAMES = {"largest": ("largest real root",), "all": ("Re 1", "Im 1", "Re 2", "Im 2")}


@dataclass(frozen=True, eq=False)
class Rows:
    """Triplets (n, 3) and their targets (n, m), float64."""

    triplets: Array
    targets: Array


@dataclass(frozen=True)
class Problem:
    """Which roots of which triplets.

    Parameters
    ----------
    roots
        "largest": the largest real root; triplets without one are dropped.
        "all": both roots, complex ones too; triplets without any (a = b = 0) are dropped.
    low, high
        The range of a, b and c, both ends included.
    numbers
        "whole" numbers or uniform "real" numbers. The paper does not say; whole ones reproduce its figures.
    zero_a
        Whether a = 0 is allowed.
    """

    roots: str = "largest"
    low: float = -10
    high: float = 10
    numbers: str = "whole"
    zero_a: bool = False

    def __post_init__(self) -> None:
        one_of("roots", self.roots, ROOTS)
        one_of("numbers", self.numbers, NUMBERS)
        real_number("low", self.low, -WIDEST, WIDEST)
        real_number("high", self.high, -WIDEST, WIDEST)
        if self.low >= self.high:
            raise ArgumentValueError(
                f"`low` and `high` are {self.low:g} and {self.high:g}; low must be below high.", "low", "high"
            )
        if self.numbers == "whole" and not (float(self.low).is_integer() and float(self.high).is_integer()):
            raise ArgumentValueError(
                f"`low` and `high` are {self.low:g} and {self.high:g}; for whole numbers they must be whole.",
                "low",
                "high",
            )

    @property
    def output_names(self) -> tuple[str, ...]:
        """One name a target column."""
        return OUTPUT_NAMES[self.roots]

    def targets(self, triplets: Array) -> Array:
        """The targets (n, m) of `triplets` (n, 3); NaN where there is nothing to find."""
        return largest_real_root(triplets)[:, np.newaxis] if self.roots == "largest" else all_roots(triplets)

    def draw(
        self, generator: np.random.Generator, triplets: int = 3000, test_triplets: int = 1000
    ) -> tuple[Rows, Rows]:
        """Training and test rows that share no triplet.

        Training triplets are drawn independently, so some come twice; test triplets are all different. Those
        without a root to find are dropped afterwards, so fewer rows come back than were drawn.

        Raises
        ------
        ArgumentValueError
            If `test_triplets` is more than half of the triplets in the range, or no row is left.
        """
        whole_number("triplets", triplets)
        whole_number("test_triplets", test_triplets)
        if 2 * test_triplets > self.n_possible:
            raise ArgumentValueError(
                f"`test_triplets` is {test_triplets}; it must be at most half of the {self.n_possible:.0f} different "
                f"triplets of whole numbers in [{self.low:g}, {self.high:g}], so that enough are left for training.",
                "test_triplets",
            )
        test = np.empty((0, 3))
        while len(test) < test_triplets:
            drawn = self._triplets(generator, test_triplets - len(test))
            test = np.concatenate([test, drawn])
            test = test[np.sort(np.unique(test, axis=0, return_index=True)[1])]  # the first of each, in order drawn
        training = np.empty((0, 3))
        while len(training) < triplets:
            drawn = self._triplets(generator, triplets - len(training))
            training = np.concatenate([training, drawn[~rows_in(drawn, test)]])
        return self._rows("triplets", training), self._rows("test_triplets", test)

    @property
    def n_possible(self) -> float:
        """How many different triplets there are; infinity for real numbers."""
        if self.numbers == "real":
            return np.inf
        width = self.high - self.low + 1
        without_zero = width - (self.low <= 0 <= self.high and not self.zero_a)
        return without_zero * width * width

    def _triplets(self, generator: np.random.Generator, count: int) -> Array:
        """`count` triplets (count, 3), drawn independently."""
        if self.numbers == "whole":
            drawn = generator.integers(int(self.low), int(self.high), (count, 3), endpoint=True).astype(np.float64)
        else:
            drawn = generator.uniform(self.low, self.high, (count, 3))
        refused = (drawn[:, 0] == 0) & (not self.zero_a)
        if refused.any():
            drawn[refused] = self._triplets(generator, int(refused.sum()))
        return drawn

    def _rows(self, argument: str, triplets: Array) -> Rows:
        targets = self.targets(triplets)
        kept = ~np.isnan(targets).any(axis=1)
        if not kept.any():
            raise ArgumentValueError(
                f"`{argument}` is {len(triplets)}, and none of those drawn has a root to find.", argument
            )
        return Rows(triplets[kept], targets[kept])


def rows_in(rows: Array, others: Array) -> Array:
    """For every row (n, k) whether it is one of `others` (l, k), shape (n,)."""
    _, labels = np.unique(np.concatenate([others, rows]), axis=0, return_inverse=True)
    return np.isin(labels[len(others) :], labels[: len(others)])
