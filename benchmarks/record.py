"""results.json: every figure of a run with what is needed to judge it."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.comparison import Ratio, Summary
from benchmarks.plan import Case
from benchmarks.processes import Failure
from benchmarks.requirements import Requirement

DISTRIBUTIONS = ("fitnet", "numpy", "torch", "jax", "jaxlib", "scikit-learn", "onnxruntime", "onnx")


@dataclass
class Measurements:
    """What a run collects: microseconds of every case by round, and the rest."""

    times: dict[Case, list[float]] = field(default_factory=dict)
    failures: dict[Case, Failure] = field(default_factory=dict)
    peaks: dict[int, list[float]] = field(default_factory=dict)
    peak_failure: str = ""
    startup: dict[str, Any] | Failure = field(default_factory=lambda: Failure("not run"))
    paper: dict[str, list[float]] = field(default_factory=dict)
    paper_failures: dict[str, str] = field(default_factory=dict)


def as_json(
    began: datetime,
    command: str,
    options: Mapping[str, Any],
    measurements: Measurements,
    peaks: Mapping[int, float],
    summaries: Sequence[Summary],
    requirements: Sequence[Requirement],
) -> bytes:
    """The run as JSON, indented so that two runs can be compared line by line."""
    startup = measurements.startup
    contents = {
        **circumstances(began, command, options),
        "peak_gigaflops": {str(threads): value for threads, value in peaks.items()},
        "peak_not_measured": measurements.peak_failure,
        "comparisons": [summary_facts(summary) for summary in summaries],
        "requirements": [{**asdict(one), "verdict": one.verdict} for one in requirements],
        "startup": {"failed": startup.reason} if isinstance(startup, Failure) else startup,
        "paper_experiment_seconds": measurements.paper,
        "times": [
            {**asdict(case), "microseconds": median(rounds), "spread": spread(rounds), "rounds": rounds}
            for case, rounds in measurements.times.items()
        ],
        "failures": [{**asdict(case), "reason": failure.reason} for case, failure in measurements.failures.items()],
    }
    return (json.dumps(contents, indent=1) + "\n").encode()


def circumstances(began: datetime, command: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """When, how, and on what a run was made."""
    return {
        "date": began.isoformat(timespec="seconds"),
        "command": command,
        "rounds": options["rounds"],
        "quick": options["quick"],
        "seconds_a_process": options["seconds"],
        "processor": processor_name(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: installed(name) for name in DISTRIBUTIONS},
        "engine": engine_name(),
    }


def summary_facts(summary: Summary) -> dict[str, Any]:
    """One workload's ratios."""
    facts = [*summary.ratios, *([] if summary.control is None else [summary.control])]
    return {
        "workload": summary.workload.name,
        "fitnet_microseconds": summary.fitnet.microseconds,
        "fitnet_best": summary.fitnet.description,
        "gigaflops": summary.gigaflops,
        "share_of_two_thread_peak": summary.share_of_peak,
        "one_thread_to_two": summary.one_to_two,
        "ratios": [ratio_facts(ratio) for ratio in facts],
        "absent": summary.absent,
    }


def ratio_facts(ratio: Ratio) -> dict[str, Any]:
    """One peer's best beside fitnet."""
    return {
        "peer": ratio.peer,
        "best": f"{ratio.best.case.peer}, {ratio.best.description}",
        "microseconds": ratio.best.microseconds,
        "ratio": ratio.ratio,
        "least_of_a_round": ratio.least,
        "largest_of_a_round": ratio.largest,
        "asked": ratio.asked,
        "verdict": ratio.verdict,
    }


def spread(rounds: Sequence[float]) -> float:
    """Largest minus least, as a share of the median."""
    return (max(rounds) - min(rounds)) / median(rounds)


def installed(distribution: str) -> str | None:
    """Its version, None where it is missing."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def engine_name() -> str:
    """The engine that "auto" takes here."""
    from fitnet import engine

    return engine.choose("auto").name


def processor_name() -> str:
    """As the system gives it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
