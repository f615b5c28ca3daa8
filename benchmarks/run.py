"""All measurements of one run: python -m benchmarks.run [--quick] [--out DIR].

Peers run in turn, round after round, so that what slows the machine for a while slows all of them.
"""

import argparse
import shlex
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks import requirements
from benchmarks.chart import chart
from benchmarks.comparison import Summary, summarise
from benchmarks.peak import compile_peak, gigaflops
from benchmarks.plan import Case, cases, selected, worth_repeating
from benchmarks.processes import ROOT, Failure, run_module
from benchmarks.record import Measurements, as_json, engine_name, processor_name
from benchmarks.table import print_tables
from benchmarks.workloads import WORKLOADS
from fitnet.files.atomic_write import write_atomically

RESULTS = ROOT / "benchmarks" / "results"
PEAK_SECONDS = 0.5


def main() -> None:
    """Measure, print the table, write results.json and chart.png."""
    arguments = command_line()
    began = datetime.now(UTC)
    measurements = Measurements()
    collect(arguments, measurements)
    judged = not arguments.quick
    peaks = {threads: max(values) for threads, values in measurements.peaks.items()}
    found = [
        summarise(workload, measurements.times, measurements.failures, peaks.get(2), judged)
        for workload in selected(arguments.workload)
    ]
    summaries: list[Summary] = [summary for summary in found if summary is not None]
    others = requirements.of_summaries(summaries, judged)
    others += requirements.of_startup(measurements.startup, judged)
    others += [
        requirements.of_paper(
            roots, arguments.paper_epochs, seconds, measurements.paper_failures.get(roots, ""), judged
        )
        for roots, seconds in measurements.paper.items()
    ]
    text = "; ".join(f"peak {value:.0f} GFLOP/s with {threads} thread(s)" for threads, value in sorted(peaks.items()))
    text = text or f"peak not measured: {measurements.peak_failure}"
    print_tables(summaries, others, f"fitnet's {engine_name()} engine; {text}")
    for case, failure in measurements.failures.items():
        print(f"{case.workload}, {case.peer}, {case.variant}, {case.threads} thread(s): {failure.reason}")

    arguments.out.mkdir(parents=True, exist_ok=True)
    record = as_json(began, command(), vars(arguments), measurements, peaks, summaries, others)
    write_atomically(arguments.out / "results.json", record)
    if summaries:
        note = "a quick look, not a measurement; " if arguments.quick else ""
        picture = chart(summaries, f"{note}{processor_name()}, {began:%Y-%m-%d}")
        write_atomically(arguments.out / "chart.png", picture)
    print(f"Written: {arguments.out}/results.json and chart.png")


def command_line() -> argparse.Namespace:
    """The options, checked; --quick only fills in what was not given."""
    parser = argparse.ArgumentParser(description="Measure fitnet beside other packages on the same work.")
    parser.add_argument("--quick", action="store_true", help="one short round: to see that all runs, not how fast")
    parser.add_argument("--out", type=Path, help="folder of results.json and chart.png")
    parser.add_argument("--rounds", type=int, help="how often everything is measured (5)")
    parser.add_argument("--seconds", type=float, help="of timing in every process (1)")
    parser.add_argument("--threads", type=int, nargs="+", help="thread counts to try (1 2; with --quick 2)")
    parser.add_argument("--workload", nargs="+", default=[], choices=list(WORKLOADS), help="only these")
    parser.add_argument("--paper-epochs", type=int, help="of the paper's experiment (10,000)")
    arguments = parser.parse_args()
    quick = arguments.quick
    defaults = {
        "out": RESULTS / "quick" if quick else RESULTS,
        "rounds": 1 if quick else 5,
        "seconds": 0.05 if quick else 1.0,
        "threads": [2] if quick else [1, 2],
        "paper_epochs": 20 if quick else requirements.PAPER_EPOCHS,
    }
    for name, value in defaults.items():
        if getattr(arguments, name) is None:
            setattr(arguments, name, value)
    for name in ("rounds", "seconds", "paper_epochs"):
        if getattr(arguments, name) <= 0:
            parser.error(f"argument --{name.replace('_', '-')}: must be above 0")
    if min(arguments.threads) < 1:
        parser.error("argument --threads: must be above 0")
    return arguments


def collect(arguments: argparse.Namespace, measurements: Measurements) -> None:
    """Run everything, with a bar on standard error; Ctrl-C ends it and keeps what is there."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with tempfile.TemporaryDirectory() as folder, Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("starting", total=None)
        try:
            for description, done, total in steps(arguments, measurements, Path(folder)):
                progress.update(task, description=description, completed=done, total=total)
        except KeyboardInterrupt:
            progress.console.print("Interrupted: the table shows what was measured.")


def steps(arguments: argparse.Namespace, measurements: Measurements, folder: Path) -> Iterator[tuple[str, int, int]]:
    """Do one measurement after another; before each gives its name, how many are done and how many there are."""
    plan = {workload.name: cases(workload, arguments.threads) for workload in selected(arguments.workload)}
    first: dict[Case, float | Failure] = {}
    done = 0
    peak = compile_peak(folder)
    measurements.peak_failure = peak.reason if isinstance(peak, Failure) else ""
    for current in range(arguments.rounds):
        for name, members in plan.items():
            for case in members:
                total = done + sum(map(len, plan.values())) * (arguments.rounds - current) - already(plan, name, case)
                yield f"round {current + 1}, {name}, {case.peer}", done, total
                time = case.measure(arguments.seconds)
                done += 1
                if isinstance(time, Failure):
                    measurements.failures[case] = time
                else:
                    measurements.times.setdefault(case, []).append(time)
                if current == 0:
                    first[case] = time
            if not isinstance(peak, Failure):
                for threads in (1, 2):
                    value = gigaflops(peak, threads, min(PEAK_SECONDS, arguments.seconds))
                    measurements.peaks.setdefault(threads, []).append(value)
        if current == 0:
            plan = {name: worth_repeating({case: first[case] for case in members}) for name, members in plan.items()}
        for roots in requirements.PAPER_SECONDS:
            yield f"round {current + 1}, paper's experiment, {roots}", done, done + 1
            result = run_module("benchmarks.paper_experiment", "--roots", roots, "--epochs", arguments.paper_epochs)
            measurements.paper.setdefault(roots, [])
            if isinstance(result, Failure):
                measurements.paper_failures[roots] = result.reason
            else:
                measurements.paper[roots].append(result["seconds"])
    yield "start of a process", done, done + 1
    measurements.startup = run_module("benchmarks.startup", "--repeats", 2 * arguments.rounds)
    yield "done", done, done


def already(plan: dict[str, list[Case]], name: str, case: Case) -> int:
    """How many cases of this round come before `case`."""
    before = 0
    for other, members in plan.items():
        if other == name:
            return before + members.index(case)
        before += len(members)
    return before


def command() -> str:
    """What was typed."""
    return shlex.join(["python", "-m", "benchmarks.run", *sys.argv[1:]])


if __name__ == "__main__":
    main()
