"""What a run measures, and in which order: in every round each case in turn, then all again."""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.peers import FITNET, PEERS
from benchmarks.processes import Failure, run_module
from benchmarks.workloads import WORKLOADS, Workload

CONTROL = "control (fitnet again)"
HOPELESS = 2.0  # a variant this many times slower than its peer's best in the first round is not tried again


@dataclass(frozen=True)
class Case:
    """One peer, in one variant, with one number of threads, on one workload; CONTROL is fitnet as if a peer."""

    workload: str
    peer: str
    variant: str
    threads: int

    def measure(self, seconds: float) -> float | Failure:
        """Microseconds a step or call."""
        module = PEERS[FITNET if self.peer == CONTROL else self.peer].module
        result = run_module(
            module,
            *("--workload", self.workload),
            *("--variant", self.variant),
            *("--threads", self.threads),
            *("--seconds", seconds),
        )
        if isinstance(result, Failure):
            return result
        return float(result.get("microseconds_a_step", result.get("microseconds_a_call")))


def cases(workload: Workload, threads: Iterable[int]) -> list[Case]:
    """Every installed peer's variants and thread counts; the control comes last, furthest from what it repeats."""
    found = []
    for peer, description in {**PEERS, CONTROL: PEERS[FITNET]}.items():
        if description.missing:
            continue
        variants = description.variants(workload.kind)
        if peer == CONTROL:
            variants = variants[:1]
        for variant in variants:
            if variant.endswith("in pieces") and workload.rows < 100_000:
                continue
            found += [Case(workload.name, peer, variant, count) for count in threads]
    return found


def worth_repeating(first: dict[Case, float | Failure]) -> list[Case]:
    """Of one workload's first round those that succeeded and may yet be their peer's best; all of fitnet's."""
    times = {case: time for case, time in first.items() if not isinstance(time, Failure)}
    best: dict[str, float] = {}
    for case, time in times.items():
        best[case.peer] = min(time, best.get(case.peer, time))
    return [
        case for case, time in times.items() if case.peer in (FITNET, CONTROL) or time <= HOPELESS * best[case.peer]
    ]


def selected(names: Iterable[str]) -> list[Workload]:
    """The workloads of those names, or all."""
    wanted = list(names)
    return [workload for name, workload in WORKLOADS.items() if not wanted or name in wanted]
