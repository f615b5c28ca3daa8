"""What fitnet is asked beside the ratios: scaling, share of peak, start of a process, the paper's experiment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.comparison import Summary
from benchmarks.processes import Failure

LARGE_BATCH, LARGE_BATCH_SCALING, SMALL_BATCH_SCALING = 1024, 1.8, 1.0
EXTRA_SECONDS, PEAK_MEGABYTES = 0.15, 60.0
PAPER_EPOCHS = 10_000
PAPER_SECONDS = {"largest": 5.0, "all": 8.0}


@dataclass(frozen=True)
class Requirement:
    """A figure beside its bound; `at_least` says on which side of it the figure must be."""

    name: str
    value: float | None
    bound: float
    unit: str
    at_least: bool
    judged: bool
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.value is None:
            return "not measured"
        if not self.judged:
            return ""
        return "yes" if (self.value >= self.bound if self.at_least else self.value <= self.bound) else "no"


def of_summaries(summaries: Iterable[Summary], judged: bool) -> list[Requirement]:
    """Times, shares of peak and scaling from one thread to two."""
    found = []
    for summary in summaries:
        workload = summary.workload
        name = workload.name
        if workload.asked_microseconds is not None:
            time = summary.fitnet.microseconds
            found.append(Requirement(name, time, workload.asked_microseconds, "us", False, judged))
        if workload.asked_share is not None:
            share = f"{name}: share of the two-thread peak"
            found.append(Requirement(share, summary.share_of_peak, workload.asked_share, "", True, judged))
        if workload.kind == "train" and (workload.batch >= LARGE_BATCH or workload.batch == 32):
            bound = LARGE_BATCH_SCALING if workload.batch >= LARGE_BATCH else SMALL_BATCH_SCALING
            scaling = f"{name}: one thread to two"
            found.append(Requirement(scaling, summary.one_to_two, bound, "x", True, judged))
    return found


def of_startup(result: Mapping[str, Any] | Failure, judged: bool) -> list[Requirement]:
    """Process start to first prediction: seconds beyond `import numpy`, and peak memory."""
    failed = isinstance(result, Failure)
    note = result.reason if isinstance(result, Failure) else ""
    seconds, megabytes = (None, None) if failed else (result["extra_seconds"], result["peak_megabytes"])
    return [
        Requirement("start, load, predict: beyond import numpy", seconds, EXTRA_SECONDS, "s", False, judged, note),
        Requirement("start, load, predict: peak memory", megabytes, PEAK_MEGABYTES, "MB", False, judged, note),
    ]


def of_paper(roots: str, epochs: int, seconds: list[float], failure: str, judged: bool) -> Requirement:
    """The paper's experiment, the median of its rounds."""
    from statistics import median

    value = median(seconds) if seconds else None
    judged = judged and epochs == PAPER_EPOCHS
    return Requirement(
        f"paper's experiment, {roots}, {epochs:,} epochs", value, PAPER_SECONDS[roots], "s", False, judged, failure
    )
