"""One fit of a known function, in a process of its own; prints one JSON line.

A short trial comes first and is not counted: it loads what is loaded at the first call, shows which thread count is
faster and how many iterations the budget holds. The fit that is timed then begins from nothing.
"""

import argparse
import json
import warnings
from dataclasses import dataclass
from time import perf_counter

from benchmarks.function_data import Rows, relative_error, rows_of
from benchmarks.function_peers import PEERS, FunctionPeer
from benchmarks.known_functions import FUNCTIONS

FEW = 20  # rows of a trial that only loads


@dataclass(frozen=True)
class Plan:
    """What the trial decided."""

    iterations: int
    threads: int


def main() -> None:
    """Read the command line, fit, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", required=True, choices=list(PEERS))
    parser.add_argument("--function", required=True, choices=list(FUNCTIONS))
    parser.add_argument(
        "--budget", type=float, default=1.0, help="seconds; of the Gaussian process, rows to learn from"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=4_000)
    parser.add_argument("--test-rows", type=int, default=10_000)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")  # that it did not converge is what a budget is for
    peer = PEERS[arguments.peer]
    limited = arguments.rows if peer.trial is not None else min(round(arguments.budget), arguments.rows)
    rows = rows_of(FUNCTIONS[arguments.function], limited, arguments.test_rows, arguments.seed)
    plan = planned(peer, rows, arguments.budget, arguments.seed)
    began = perf_counter()
    predict = peer.fit(rows.X, rows.y, plan.iterations, plan.threads, arguments.seed)
    seconds = perf_counter() - began
    line = {
        "seconds": seconds,
        "error": relative_error(predict(rows.X_test), rows.y_test),
        "training_error": relative_error(predict(rows.X), rows.y),
        "rows": len(rows.X),
        "iterations": plan.iterations,
        "threads": plan.threads,
    }
    print(json.dumps(line), flush=True)


def planned(peer: FunctionPeer, rows: Rows, budget: float, seed: int) -> Plan:
    """The faster thread count, and the iterations that take about `budget` seconds with it."""
    trial, most = peer.trial, max(peer.threads)
    if trial is None:
        peer.fit(rows.X[:FEW], rows.y[:FEW], 1, most, seed)
        return Plan(1, most)
    peer.fit(rows.X, rows.y, 1, most, seed)
    rates = {}
    for threads in peer.threads:
        began = perf_counter()
        peer.fit(rows.X, rows.y, trial, threads, seed)
        rates[threads] = (perf_counter() - began) / trial
    threads = min(rates, key=lambda one: rates[one])
    return Plan(max(1, round(budget / rates[threads])), threads)


if __name__ == "__main__":
    main()
