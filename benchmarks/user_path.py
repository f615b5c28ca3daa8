"""What users call beside the bare engine and JAX: python -m benchmarks.user_path [--quick] [--out DIR].

Rows and peers take turns, round after round, each in a process of its own; the ways of a row take turns within theirs.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers import PEERS
from benchmarks.processes import ROOT, Failure, run_module
from benchmarks.record import circumstances
from benchmarks.user_path_rows import JAX, ROWS, Row, selected, with_threads
from benchmarks.user_path_table import judge, print_user_path
from fitnet.files.atomic_write import write_atomically

RESULTS = ROOT / "benchmarks" / "results"
LARGE_ROWS, QUICK_ROWS = 10_000_000, 2_000_000  # the fewer are still too large to be read at once
JAX_THREADS = (1, 2)

Figures = dict[str, dict[str, list[float]]]  # by row and way, one a round, in the row's unit


def main() -> None:
    """Measure, print the table, write user_path.json."""
    arguments = command_line()
    began = datetime.now(UTC)
    figures: Figures = {row.key: {} for row in ROWS.values()}
    failures: dict[str, str] = {}
    rows = selected(arguments.row)
    try:
        for current in range(arguments.rounds):
            for row in rows:
                print(f"round {current + 1} of {arguments.rounds}: {row.title}", file=sys.stderr)
                measure(row, current, arguments, figures[row.key], failures)
    except KeyboardInterrupt:
        print("Interrupted: the table shows what was measured.", file=sys.stderr)
    print_user_path(rows, figures, judged=not arguments.quick)
    for what, reason in failures.items():
        print(f"{what}: {reason}")
    out = arguments.out or (RESULTS / "quick" if arguments.quick else RESULTS)
    out.mkdir(parents=True, exist_ok=True)
    command = shlex.join(["python", "-m", "benchmarks.user_path", *sys.argv[1:]])
    contents = {
        **circumstances(began, command, vars(arguments)),
        "rows": [row_facts(row, figures[row.key], judged=not arguments.quick) for row in rows],
        "failures": failures,
    }
    write_atomically(out / "user_path.json", (json.dumps(contents, indent=1) + "\n").encode())
    print(f"Written: {out}/user_path.json")


def command_line() -> argparse.Namespace:
    """The options; --quick only fills in what was not given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one short round: to see that all runs, not how fast")
    parser.add_argument("--out", type=Path, help="folder of user_path.json")
    parser.add_argument("--rounds", type=int, help="how often everything is measured (5)")
    parser.add_argument("--seconds", type=float, help="of timing, about, a way (1)")
    parser.add_argument("--row", nargs="+", default=[], choices=list(ROWS), help="only these")
    parser.add_argument("--large-rows", type=int, help=f"of the Parquet file ({LARGE_ROWS:,})")
    arguments = parser.parse_args()
    quick = arguments.quick
    defaults = {
        "rounds": 1 if quick else 5,
        "seconds": 0.1 if quick else 1.0,
        "large_rows": QUICK_ROWS if quick else LARGE_ROWS,
    }
    for name, value in defaults.items():
        given = getattr(arguments, name)
        if given is not None and given <= 0:
            parser.error(f"argument --{name.replace('_', '-')}: must be above 0")
        setattr(arguments, name, value if given is None else given)
    return arguments


@cache
def large_file(current: int, rows: int) -> dict[str, Any] | Failure:
    """One measurement a round, of which several rows show one fact each."""
    return run_module("benchmarks.large_data", "--parquet", "--json", "--rows", rows)


def measure(
    row: Row, current: int, arguments: argparse.Namespace, figures: dict[str, list[float]], failures: dict[str, str]
) -> None:
    """One round of a row: every figure is added to those of its way."""
    if row.measured == "file":
        result = large_file(current, arguments.large_rows)
        add(row, row.asked[0].way, result, row.fact, figures, failures)
        return
    for threads in row.threads:
        options = ("--row", row.key, "--threads", threads, "--seconds", arguments.seconds)
        result = run_module("benchmarks.user_path_row", *options)
        if isinstance(result, Failure):
            failures[f"{row.key}, {threads} thread(s)"] = result.reason
            continue
        for way, microseconds in result["microseconds"].items():
            figures.setdefault(row.named(way, threads), []).append(microseconds / row.in_unit)
    peer = PEERS["jax"]
    if row.jax and peer.missing:
        failures[JAX] = f"not installed: {', '.join(peer.missing)}"
    elif row.jax:
        for threads in JAX_THREADS:
            options = ("--workload", row.jax, "--threads", threads, "--seconds", arguments.seconds)
            result = run_module(peer.module, *options)
            add(row, with_threads(JAX, threads), result, "microseconds_a_step", figures, failures)


def add(
    row: Row,
    way: str,
    result: Mapping[str, Any] | Failure,
    fact: str,
    figures: dict[str, list[float]],
    failures: dict[str, str],
) -> None:
    """One figure of a process's answer, or why there is none."""
    if isinstance(result, Failure):
        failures[f"{row.key}, {way}"] = result.reason
    else:
        figures.setdefault(way, []).append(float(result[fact]))


def row_facts(row: Row, figures: Mapping[str, Sequence[float]], judged: bool) -> dict[str, Any]:
    """One row for the record."""
    judgements = [one for one in (judge(figures, asked, judged) for asked in row.asked) if one is not None]
    return {
        "row": row.key,
        "work": row.title,
        "unit": row.unit,
        "ways": {
            way: {"median": median(rounds), "least": min(rounds), "largest": max(rounds), "rounds": rounds}
            for way, rounds in figures.items()
        },
        "asked": [asdict(one) for one in judgements],
    }


if __name__ == "__main__":
    main()
