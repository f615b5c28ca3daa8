"""`fitnet tune` on the airfoil's table: what pruning and TPE do, and the tuned network beside fits with nothing tuned.

    python -m benchmarks.scale_tune --seeds 3 --trials 30

A line for each seed and way of searching: processor seconds of the whole command on one thread, the loss on the watched
rows, and the RMSE on rows that no trial saw.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "examples" / "airfoil" / "airfoil.csv"
FITNET = Path(sys.executable).with_name("fitnet")
SEEDS, TRIALS = 3, 30
QUICK = ("--trials", "2", "--epochs", "5")
WAYS = {  # the first is compared with fits with nothing tuned
    "tpe, median": (),
    "tpe, no pruning": ("--pruner", "none", "--alone"),
    "random, no pruning": ("--sampler", "random", "--pruner", "none", "--alone"),
}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--trials", type=int, default=TRIALS)
    parser.add_argument("--quick", action="store_true", help="two short trials; nothing is judged")
    arguments = parser.parse_args()
    measured(arguments.trials, arguments.seeds, arguments.quick)


def measured(trials: int | None, repeats: int, quick: bool) -> list[str]:
    """Print a line for each seed and way; no goal is set."""
    print(f"{'seed':>4}  {'way':<20} {'s':>6} {'complete':>8} {'loss':>8}  RMSE on rows kept out", flush=True)
    options = QUICK if quick else ("--trials", str(trials or TRIALS))
    for seed in range(repeats):
        for way, of_way in WAYS.items():
            seconds, facts = swept("--seed", str(seed), *options, *of_way)
            judged = ", ".join(f"{by} {found['rmse']:.3f}" for by, found in facts["evaluation"]["SPL"].items())
            complete, loss = facts["trials"]["complete"], facts["best"]["loss"]
            print(f"{seed:>4}  {way:<20} {seconds:6.1f} {complete:>8} {loss:8.4f}  {judged}", flush=True)
    return []


def swept(*options: str) -> tuple[float, dict[str, Any]]:
    """Processor seconds of a sweep in a process of its own, and what it says."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "best.fitnet")
        before = os.times()
        command = [str(FITNET), "tune", str(TABLE), "--target", "SPL", *options, "--threads", "1", "--json"]
        done = subprocess.run([*command, "--out", out], capture_output=True, text=True, check=False)
        after = os.times()
    if done.returncode != 0:
        sys.exit(done.stderr)
    return after.children_user - before.children_user, json.loads(done.stdout)


if __name__ == "__main__":
    main()
