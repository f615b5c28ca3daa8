"""One training over two ranks of a thread each, beside one process with two threads; bytes sent, and latency.

    python -m benchmarks.scale_ranks --repeats 3

needs the MPI that `make test` installs in .venv/mpi/mpich.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

ROWS, QUICK_ROWS, EPOCHS = 1_000_000, 20_000, 12
MOST_TIMES, MOST_BYTES = 1.15, 2.2
BINARIES = Path(sys.prefix) / "mpi" / "mpich" / "bin"
PROGRAM = "benchmarks.scale_ranks_program"


def measured(rows: int | None, repeats: int, quick: bool) -> list[str]:
    """Print what both ways take and what is sent; the goals that were missed."""
    if not (BINARIES / "mpiexec").exists():
        print(f"No MPI in {BINARIES}: `make test` installs it.")
        return ["ranks: nothing could be measured"]
    rows = min(rows or (QUICK_ROWS if quick else ROWS), ROWS)
    print(f"A full batch of {rows:,} rows, 3-64-64-1, float32, Adam; an epoch is a step:", flush=True)
    ratios, threads, ranks, same = [], [], [], True
    for _ in range(repeats):
        one = alone("epochs", rows, EPOCHS, 2)
        two = over(2, "epochs", rows, EPOCHS, 1, "ranks")
        threads.append(one["epoch"])
        ranks.append(two["epoch"])
        ratios.append(two["epoch"] / one["epoch"])
        same &= one["bits"] == two["bits"]
    for name, seconds in (("two threads", threads), ("two ranks", ranks)):
        spread = f"{min(seconds):.4f} to {max(seconds):.4f}"
        print(
            f"{name:12} {median(seconds):8.4f} s ({spread}), {rows / median(seconds) / 1e6:.1f} million rows a second"
        )
    print(
        f"{median(ratios):.2f} times ({min(ratios):.2f} to {max(ratios):.2f}), {'the same' if same else 'OTHER'} bits"
    )
    missed = [] if same else ["ranks: other bits"]
    if median(ratios) > MOST_TIMES:
        missed.append(f"ranks: {median(ratios):.2f} times, asked {MOST_TIMES}")
    return missed + sent()


def sent() -> list[str]:
    """Print what four ranks send a step; the goals that were missed."""
    found = over(4, "bytes")
    print("Sent for a step by each of four ranks, in times the bytes of the parameters:")
    missed = []
    for name in [name for name in found if "float" in name]:
        print(f"{name:34}", *(f"{times:10.2f}" for times in found[name]))
        if not name.startswith("lm") and max(found[name]) > MOST_BYTES:
            missed.append(f"ranks: {name} sends {max(found[name]):.2f} times the parameters, asked {MOST_BYTES}")
    two, four = (each["latency"] * 1e6 for each in (over(2, "bytes"), found))
    print(
        f"A step of next to no rows on {os.cpu_count()} cores: {two:.0f} us by two ranks, {four:.0f} by four",
        flush=True,
    )
    return missed


def alone(*arguments: Any) -> dict[str, Any]:
    """What the program says in one process."""
    return said_by([sys.executable, "-m", PROGRAM, *arguments])


def over(size: int, *arguments: Any) -> dict[str, Any]:
    """What it says over so many ranks."""
    return said_by([BINARIES / "mpiexec", "-n", size, BINARIES / "python", "-m", "mpi4py", "-m", PROGRAM, *arguments])


def said_by(command: list[Any]) -> dict[str, Any]:
    """The JSON that a command prints."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True, timeout=600)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure, and exit 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="few rows, once; nothing is judged")
    arguments = parser.parse_args()
    missed = measured(arguments.rows, 1 if arguments.quick else arguments.repeats, arguments.quick)
    if missed and not arguments.quick:
        print("Missed:", *missed, sep="\n  ")
        sys.exit(1)


if __name__ == "__main__":
    main()
