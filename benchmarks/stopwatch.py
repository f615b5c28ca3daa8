"""How long a step or a call takes: warmed up, repeated, the median."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any

LEAST_REPEATS = 3
WANTED_REPEATS = 10


@dataclass(frozen=True)
class Work:
    """What is timed: `run(count)` does it `count` times, each of them `steps` steps or calls, and waits for the end."""

    run: Callable[[int], None]
    steps: int


def repeated(call: Callable[[], object]) -> Work:
    """One call a time."""

    def run(count: int) -> None:
        for _ in range(count):
            call()

    return Work(run, 1)


@dataclass(frozen=True)
class Timing:
    """Median microseconds a step or call, over `repeats` timings of many each, and the cores that were busy."""

    microseconds: float
    repeats: int
    cores: float


def measure(work: Work, seconds: float) -> Timing:
    """Time `work` for about `seconds`; compilation and first touches come before and are not counted."""
    for _ in range(2):
        work.run(1)
    count, elapsed = 1, timed(work.run, 1)
    while elapsed < seconds / WANTED_REPEATS:
        count = max(2 * count, min(100 * count, round(count * seconds / WANTED_REPEATS / max(elapsed, 1e-9))))
        elapsed = timed(work.run, count)
    durations: list[float] = []
    gc.collect()
    gc.disable()
    processor_began = process_time()
    while len(durations) < LEAST_REPEATS or sum(durations) < seconds:
        durations.append(timed(work.run, count))
    processor = process_time() - processor_began
    gc.enable()
    return Timing(1e6 * median(durations) / (count * work.steps), len(durations), processor / sum(durations))


def timed(function: Callable[..., Any], *arguments: Any) -> float:
    """Wall-clock seconds of one call."""
    began = perf_counter()
    function(*arguments)
    return perf_counter() - began
