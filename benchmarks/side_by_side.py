"""Several ways to do the same work, timed in turns in one process, so that what slows the machine slows all of them."""

import gc
from collections.abc import Callable, Mapping
from statistics import median

from benchmarks.stopwatch import measure, repeated, timed

TURNS = 5
LONGER = 3  # times as many epochs in the long training as in the short one


def microseconds_an_epoch(ways: Mapping[str, Callable[[int], object]], seconds: float) -> dict[str, float]:
    """Of one more epoch of each way, which is a training of so many epochs, in about `seconds`.

    It is the difference of a long and a short training, medians over the turns, divided by the epochs between them: so
    neither checks, nor scalings, nor the first epochs count.
    """
    shortest = seconds / (TURNS * (1 + LONGER))
    counts = {name: epochs_that_take(train, shortest) for name, train in ways.items()}
    short: dict[str, list[float]] = {name: [] for name in ways}
    long: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    gc.disable()
    for _ in range(TURNS):
        for name, train in ways.items():
            short[name].append(timed(train, counts[name]))
            long[name].append(timed(train, LONGER * counts[name]))
    gc.enable()
    return {name: 1e6 * (median(long[name]) - median(short[name])) / ((LONGER - 1) * counts[name]) for name in ways}


def epochs_that_take(train: Callable[[int], object], seconds: float) -> int:
    """How many epochs take at least `seconds`; it also warms up."""
    timed(train, 1)
    count = 1
    while (elapsed := timed(train, count)) < seconds:
        count = max(2 * count, min(20 * count, round(count * seconds / elapsed)))
    return count


def microseconds_a_call(ways: Mapping[str, Callable[[], object]], seconds: float) -> dict[str, float]:
    """Of one call of each way, in about `seconds`, the median over the turns."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TURNS):
        for name, call in ways.items():
            found[name].append(measure(repeated(call), seconds / TURNS).microseconds)
    return {name: median(times) for name, times in found.items()}
