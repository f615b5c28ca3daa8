"""From measured times to ratios and verdicts. A ratio is the peer's time / fitnet's time: above 1 fitnet is faster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.peers import FITNET, PEERS
from benchmarks.plan import CONTROL, Case
from benchmarks.processes import Failure
from benchmarks.workloads import BEST_PEER, Workload

Times = Mapping[Case, Sequence[float]]


@dataclass(frozen=True)
class Best:
    """The fastest variant and thread count by median microseconds; `rounds` are what the median is of."""

    case: Case
    microseconds: float
    rounds: Sequence[float]

    @property
    def description(self) -> str:
        return f"{self.case.variant}, {self.case.threads} thread{'s' if self.case.threads > 1 else ''}"


@dataclass(frozen=True)
class Ratio:
    """A peer beside fitnet: the ratio of medians, and the least and largest of a round.

    `verdict` is "yes", "no", "too close" where the control is further from 1 than the ratio is from what is asked,
    or "" where nothing is asked.
    """

    peer: str
    best: Best
    ratio: float
    least: float
    largest: float
    asked: float | None
    verdict: str


@dataclass(frozen=True)
class Summary:
    """One workload: fitnet's best, through `fitnet.train` as well, and every peer's; `absent` says why one is not."""

    workload: Workload
    fitnet: Best
    train: Best | None
    gigaflops: float
    share_of_peak: float | None
    ratios: list[Ratio]
    control: Ratio | None
    one_to_two: float | None
    absent: dict[str, str]


def summarise(
    workload: Workload, times: Times, failures: Mapping[Case, Failure], peak: float | None, judged: bool
) -> Summary | None:
    """What `times` say of `workload`, nothing where fitnet itself failed; `judged` False leaves verdicts out."""
    times = {case: rounds for case, rounds in times.items() if case.workload == workload.name}
    first = PEERS[FITNET].variants(workload.kind)[0]
    fitnet = best_of(times, FITNET, first)
    if fitnet is None:
        return None
    again = best_of({case: rounds for case, rounds in times.items() if case.threads == fitnet.case.threads}, CONTROL)
    control = None if again is None else ratio(CONTROL, again, fitnet, None, 0.0, False)
    noise = 0.0 if control is None else abs(control.ratio - 1)
    bests = {peer: best for peer in PEERS if peer != FITNET and (best := best_of(times, peer)) is not None}
    if BEST_PEER in workload.asked and bests:
        bests[BEST_PEER] = min(bests.values(), key=lambda best: best.microseconds)
    gigaflops = workload.flop / fitnet.microseconds / 1e3
    return Summary(
        workload=workload,
        fitnet=fitnet,
        train=best_of(times, FITNET, "train"),
        gigaflops=gigaflops,
        share_of_peak=None if peak is None else gigaflops / peak,
        ratios=[ratio(peer, best, fitnet, workload.asked.get(peer), noise, judged) for peer, best in bests.items()],
        control=control,
        one_to_two=one_to_two(times, first),
        absent=absent(workload, bests, failures),
    )


def best_of(times: Times, peer: str, variant: str | None = None) -> Best | None:
    """The peer's fastest, of that variant if one is given."""
    found = [
        Best(case, median(rounds), rounds)
        for case, rounds in times.items()
        if case.peer == peer and variant in (None, case.variant) and rounds
    ]
    return min(found, key=lambda best: best.microseconds, default=None)


def ratio(peer: str, best: Best, fitnet: Best, asked: float | None, noise: float, judged: bool) -> Ratio:
    """The peer's best beside fitnet's, round by round and by medians."""
    value = best.microseconds / fitnet.microseconds
    of_rounds = [theirs / ours for theirs, ours in zip(best.rounds, fitnet.rounds, strict=False)]
    verdict = ""
    if asked is not None and judged:
        close = abs(value / asked - 1) < noise
        verdict = "too close" if close else "yes" if value >= asked else "no"
    return Ratio(peer, best, value, min(of_rounds), max(of_rounds), asked, verdict)


def one_to_two(times: Times, variant: str) -> float | None:
    """How many times faster fitnet is with two threads than with one."""
    medians = {
        case.threads: median(rounds)
        for case, rounds in times.items()
        if case.peer == FITNET and case.variant == variant and rounds
    }
    return medians[1] / medians[2] if {1, 2} <= medians.keys() else None


def absent(workload: Workload, bests: Mapping[str, Best], failures: Mapping[Case, Failure]) -> dict[str, str]:
    """Why a peer that does this kind of work has no time."""
    reasons = {}
    for peer, description in PEERS.items():
        if peer in bests or peer == FITNET or not description.variants(workload.kind):
            continue
        failed = [
            failure.reason for case, failure in failures.items() if (case.workload, case.peer) == (workload.name, peer)
        ]
        reasons[peer] = (
            f"not installed: {', '.join(description.missing)}"
            if description.missing
            else f"failed: {failed[0] if failed else 'not reached'}"
        )
    return reasons
