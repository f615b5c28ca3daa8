"""Accuracy for the time: python -m benchmarks.functions [--quick] [--functions ...] [--peers ...] [--seeds N].

fitnet and its peers learn known functions from 4,000 points and are judged on 10,000 others. Every fit has a process of
its own, and peers run in turn, budget after budget, so that what slows the machine for a while slows all of them.
"""

import argparse
import json
import platform
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.function_chart import function_chart
from benchmarks.function_comparison import Curves, EqualTime, FunctionCase, curves, equal_times
from benchmarks.function_coverage import COVERED, ITERATIONS, NOISE, RECIPE
from benchmarks.function_fitnet import RECIPES
from benchmarks.function_peers import LEFT_OUT, PEERS, REFERENCE
from benchmarks.function_table import print_function_tables
from benchmarks.known_functions import FUNCTIONS
from benchmarks.processes import ROOT, Failure, run_module
from benchmarks.record import engine_name, installed, processor_name
from fitnet.files.atomic_write import write_atomically

RESULTS = ROOT / "benchmarks" / "results"
MAIN = "borehole"  # all budgets and all seeds; the others two budgets and one seed, to end within 40 minutes
START_SECONDS = 4.0  # of a process: imports and trial


@dataclass(frozen=True)
class Size:
    """How much is done.

    Parameters
    ----------
    seconds, rows_learnt
        Budgets on `MAIN`: of networks, and of Gaussian processes.
    other_seconds, other_rows_learnt
        The same on the other functions.
    rows, test_rows
        To learn from and to judge by.
    times
        Seconds at which errors are compared, where a budget is as long.
    coverage_iterations
        Of each fit whose intervals are judged.
    """

    seconds: tuple[float, ...] = (1.0, 4.0, 8.0, 20.0)
    rows_learnt: tuple[float, ...] = (250, 500, 1000)
    other_seconds: tuple[float, ...] = (1.0, 8.0)
    other_rows_learnt: tuple[float, ...] = (250, 1000)
    rows: int = 4_000
    test_rows: int = 10_000
    times: tuple[float, ...] = (8.0, 20.0)
    coverage_iterations: int = ITERATIONS

    def budgets(self, function: str, peer: str, full: bool) -> tuple[float, ...]:
        """What a peer gets on a function."""
        timed = PEERS[peer].trial is not None
        if function == MAIN or full:
            return self.seconds if timed else self.rows_learnt
        return self.other_seconds if timed else self.other_rows_learnt


QUICK = Size((0.2, 0.5), (60, 120), (0.3,), (100,), 1_000, 2_000, (0.5,), 5)


@dataclass
class Findings:
    """What a run collects."""

    fits: dict[FunctionCase, dict[str, Any]] = field(default_factory=dict)
    coverage: list[dict[str, Any]] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def main() -> None:
    """Fit all, print tables, write functions.json and functions.png."""
    arguments = command_line()
    size = QUICK if arguments.quick else Size()
    cases = planned(arguments, size)
    began = datetime.now(UTC)
    findings = Findings()
    for peer in arguments.peers:
        if not PEERS[peer].installed:
            findings.failures[peer] = f"not installed: {PEERS[peer].distribution}"
    collect(cases, arguments, size, findings)
    of_functions = curves(findings.fits)
    longest = {function: max(size.budgets(function, REFERENCE, arguments.full)) for function in of_functions}
    times = equal_times(of_functions, {name: [t for t in size.times if t <= most] for name, most in longest.items()})
    print_function_tables(of_functions, times, findings.coverage, findings.failures)
    arguments.out.mkdir(parents=True, exist_ok=True)
    contents = record(began, size, findings, of_functions, times)
    write_atomically(arguments.out / "functions.json", (json.dumps(contents, indent=1) + "\n").encode())
    if of_functions:
        note = "a quick look, not a measurement; " if arguments.quick else ""
        picture = function_chart(of_functions, f"{note}{processor_name()}, {began:%Y-%m-%d}")
        write_atomically(arguments.out / "functions.png", picture)
    print(f"Written: {arguments.out}/functions.json and functions.png")


def command_line() -> argparse.Namespace:
    """The options; --quick only fills in what was not given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="tiny budgets: to see that all runs, not how well")
    parser.add_argument("--full", action="store_true", help="all budgets and seeds for every function: hours")
    parser.add_argument("--functions", nargs="+", choices=list(FUNCTIONS), help="only these")
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), help="only these")
    parser.add_argument("--seeds", type=int, help="how many (3)")
    parser.add_argument("--no-coverage", action="store_true", help="without the intervals")
    parser.add_argument("--out", type=Path, help="folder of functions.json and functions.png")
    arguments = parser.parse_args()
    defaults = {
        "functions": [MAIN] if arguments.quick else list(FUNCTIONS),
        "peers": [peer for peer in PEERS if peer not in LEFT_OUT],
        "seeds": 1 if arguments.quick else 3,
        "out": RESULTS / "quick" if arguments.quick else RESULTS,
    }
    for name, value in defaults.items():
        if getattr(arguments, name) is None:
            setattr(arguments, name, value)
    if arguments.seeds < 1:
        parser.error("argument --seeds: must be above 0")
    return arguments


def planned(arguments: argparse.Namespace, size: Size) -> list[FunctionCase]:
    """All fits, peers in turn; the first budgets of all peers come before the second ones."""
    cases = []
    peers = [peer for peer in arguments.peers if PEERS[peer].installed]
    for function in arguments.functions:
        seeds = arguments.seeds if function == MAIN or arguments.full else 1
        budgets = {peer: size.budgets(function, peer, arguments.full) for peer in peers}
        for seed in range(seeds):
            for i in range(max(map(len, budgets.values()), default=0)):
                cases += [FunctionCase(function, peer, of[i], seed) for peer, of in budgets.items() if i < len(of)]
    return cases


def expected_seconds(case: FunctionCase) -> float:
    """About what a fit takes with its process; a Gaussian process of 1,000 rows some 10 s."""
    timed = PEERS[case.peer].trial is not None
    return START_SECONDS + (case.budget if timed else 10 * (case.budget / 1000) ** 2)


def collect(cases: Sequence[FunctionCase], arguments: argparse.Namespace, size: Size, findings: Findings) -> None:
    """Fit all, with a bar on standard error; Ctrl-C ends it and keeps what is there."""
    covered = [] if arguments.no_coverage else [name for name in COVERED if name in arguments.functions]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        seconds = sum(map(expected_seconds, cases))
        progress.console.print(f"{len(cases)} fits and {len(covered)} coverages: about {seconds / 60:.0f} minutes.")
        task = progress.add_task("starting", total=len(cases) + len(covered))
        try:
            for description in steps(cases, covered, size, findings):
                progress.update(task, description=description)
                progress.advance(task)
        except KeyboardInterrupt:
            progress.console.print("Interrupted: the tables show what was measured.")


def steps(cases: Sequence[FunctionCase], covered: Sequence[str], size: Size, findings: Findings) -> Iterator[str]:
    """Do one fit after another; after each gives its name."""
    rows = ("--rows", size.rows, "--test-rows", size.test_rows)
    for case in cases:
        options = [word for name, value in asdict(case).items() for word in (f"--{name}", value)]
        result = run_module("benchmarks.function_fit", *options, *rows)
        name = f"{case.function}, {case.peer}, budget {case.budget:g}, seed {case.seed}"
        if isinstance(result, Failure):
            findings.failures[name] = result.reason
        else:
            findings.fits[case] = result
        yield name
    for function in covered:
        options = ["--function", function, "--iterations", size.coverage_iterations]
        result = run_module("benchmarks.function_coverage", *options, *rows)
        if isinstance(result, Failure):
            findings.failures[f"{function}, coverage"] = result.reason
        else:
            findings.coverage.append(result)
        yield f"{function}, coverage"


def record(
    began: datetime, size: Size, findings: Findings, of_functions: Curves, times: Sequence[EqualTime]
) -> dict[str, Any]:
    """Every figure of the run with what is needed to judge it."""
    packages = ("fitnet", "numpy", "scipy", *dict.fromkeys(peer.distribution for peer in PEERS.values()))
    return {
        "date": began.isoformat(timespec="seconds"),
        "command": shlex.join(["python", "-m", "benchmarks.functions", *sys.argv[1:]]),
        "processor": processor_name(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: installed(name) for name in packages},
        "engine": engine_name(),
        "size": asdict(size),
        "fitnet_recipes": RECIPES,
        "curves": {
            function: {peer: [asdict(one) for one in curve] for peer, curve in of_peers.items()}
            for function, of_peers in of_functions.items()
        },
        "equal_time": [asdict(one) for one in times],
        "coverage": {"recipe": RECIPE, "noise": NOISE, "functions": findings.coverage},
        "fits": [{**asdict(case), **fit} for case, fit in findings.fits.items()],
        "failures": findings.failures,
    }


if __name__ == "__main__":
    main()
