"""Tables of measurements that others publish errors on, with their standard splits; see ../shared/data/README.md.

Shapes: X (n, p), y (n,).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
UCI = ("concrete", "energy", "kin8nm", "naval", "power", "wine", "yacht")
CALIFORNIA = "california"
NAMES = (*UCI, CALIFORNIA)
STANDARD_SPLITS, CALIFORNIA_SPLITS = 20, 3
CALIFORNIA_SHARES = 0.64, 0.8  # of the rows: to learn from, and up to where a peer may watch; the others are the test's

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class Split:
    """Rows to learn from and rows to be judged by."""

    table: str
    number: int
    X: Array
    y: Array
    X_test: Array
    y_test: Array


def splits(table: str) -> int:
    """How many there are."""
    return CALIFORNIA_SPLITS if table == CALIFORNIA else STANDARD_SPLITS


def split(table: str, number: int, folder: Path = DATA) -> Split:
    """One split of a table: nine in ten of the rows to learn from; of California 64 in 100, with 20 to be judged by."""
    if table == CALIFORNIA:
        return california(number, folder)
    stored = np.load(folder / "uci" / f"{table}.npz", allow_pickle=False)
    X, y = np.asarray(stored["X"], float), np.asarray(stored["y"], float).ravel()
    test = np.asarray(stored["test_mask"][number], bool)
    return Split(table, number, X[~test], y[~test], X[test], y[test])


def california(seed: int, folder: Path) -> Split:
    """A drawn split; the 16 in 100 that others watch are left out, as a fit here watches its own folds."""
    numbers = np.loadtxt(folder / "tables" / "california_housing.csv", delimiter=",", skiprows=1)
    numbers = numbers[np.random.default_rng(seed).permutation(len(numbers))]
    learns, watched = (round(share * len(numbers)) for share in CALIFORNIA_SHARES)
    training, test = numbers[:learns], numbers[watched:]
    return Split(CALIFORNIA, seed, training[:, :-1], training[:, -1], test[:, :-1], test[:, -1])
