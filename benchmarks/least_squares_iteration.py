"""One Levenberg-Marquardt iteration of 3-32-32-1 (1,217 parameters) on 4,000 rows in float64: seconds, medians.

fitnet beside torch-levenberg-marquardt, and beside what no iteration can do without if it forms the Jacobian first:
LAPACK's symmetric product of a matrix of that size, dsyrk, and a Cholesky factorisation with its solution. Every
measurement has a process of its own, and they take turns; of several thread counts the faster one counts.
"""

import argparse
import json
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.processes import ROOT, Failure, run_module
from benchmarks.record import engine_name, installed, processor_name
from fitnet.files.atomic_write import write_atomically

Array = np.ndarray

ROWS, INPUTS, HIDDEN = 4_000, 3, (32, 32)
PARAMETERS = 1_217
FITNET = "fitnet"
RESULTS = ROOT / "benchmarks" / "results"


def rows() -> tuple[Array, Array]:
    """X (4000, 3), normally distributed, and y (4000,), a smooth function of it that no such network meets exactly."""
    X = np.random.default_rng(0).standard_normal((ROWS, INPUTS))
    return X, np.sin(3 * X[:, 0]) * np.cos(2 * X[:, 1]) + np.abs(X[:, 2])


def fitnet_iterations(count: int, threads: int) -> list[float]:
    """Seconds of every iteration but the first, as fitnet's history has them."""
    from fitnet import Regressor

    X, y = rows()
    settings = {"solver": "lm", "dtype": "float64", "n_threads": threads, "random_state": 0}
    regressor = Regressor(HIDDEN, "tanh", max_epochs=count + 1, **settings).fit(X, y)
    return np.diff(regressor.history_.seconds).tolist()


def torch_iterations(count: int, threads: int) -> list[float]:
    """Seconds of every step of torch-levenberg-marquardt but the first; each may try several dampings."""
    import torch

    from benchmarks.function_torch import begin, levenberg_marquardt, sequential

    begin(threads, 0)
    X, y = rows()
    inputs, targets = torch.from_numpy(X), torch.from_numpy(y).reshape(-1, 1)
    module = levenberg_marquardt(sequential(INPUTS).double())
    return [timed(lambda: module.training_step(inputs, targets)) for _ in range(count + 1)][1:]


def product_times(count: int, threads: int) -> list[float]:
    """dsyrk alone: J'J from a Jacobian (4000, 1217) that is there already."""
    from scipy.linalg.blas import dsyrk
    from threadpoolctl import threadpool_limits

    jacobian = np.asfortranarray(np.random.default_rng(0).standard_normal((ROWS, PARAMETERS)))
    with threadpool_limits(threads):
        return [timed(lambda: dsyrk(1.0, jacobian, trans=1)) for _ in range(count + 1)][1:]


def solution_times(count: int, threads: int) -> list[float]:
    """cho_factor and cho_solve of a positive definite matrix (1217, 1217)."""
    from scipy.linalg import cho_factor, cho_solve
    from threadpoolctl import threadpool_limits

    generator = np.random.default_rng(0)
    half = generator.standard_normal((PARAMETERS, PARAMETERS))
    matrix, right = np.asfortranarray(half @ half.T + np.eye(PARAMETERS)), generator.standard_normal(PARAMETERS)
    with threadpool_limits(threads):
        return [timed(lambda: cho_solve(cho_factor(matrix, lower=True), right)) for _ in range(count + 1)][1:]


def timed(call: Callable[[], object]) -> float:
    """Wall-clock seconds of one call."""
    began = perf_counter()
    call()
    return perf_counter() - began


MEASURED: dict[str, Callable[[int, int], list[float]]] = {
    FITNET: fitnet_iterations,
    "torch-levenberg-marquardt": torch_iterations,
    "dsyrk": product_times,
    "Cholesky": solution_times,
}
TOGETHER = "dsyrk + Cholesky"


def main() -> None:
    """Measure in turns, print the table, write least_squares_iteration.json; with --measure be one of the processes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how often everything is measured (3)")
    parser.add_argument("--iterations", type=int, default=6, help="in each process, after the first (6)")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="thread counts to try (1 2)")
    parser.add_argument("--quick", action="store_true", help="one short round: to see that all runs")
    parser.add_argument("--out", type=Path, help="folder of least_squares_iteration.json")
    parser.add_argument("--measure", choices=list(MEASURED), help="measure this in this process; prints one JSON line")
    arguments = parser.parse_args()
    if arguments.measure is not None:
        warnings.simplefilter("ignore")
        seconds = MEASURED[arguments.measure](arguments.iterations, arguments.threads[0])
        print(json.dumps({"seconds": seconds}), flush=True)
        return
    if arguments.quick:
        arguments.rounds, arguments.iterations, arguments.threads = 1, 2, [2]
    out = arguments.out or (RESULTS / "quick" if arguments.quick else RESULTS)
    seconds, failures = measured(arguments.rounds, arguments.iterations, arguments.threads)
    best = {name: min(median(times) for times in of.values()) for name, of in seconds.items() if of}
    if {"dsyrk", "Cholesky"} <= best.keys():
        best[TOGETHER] = best["dsyrk"] + best["Cholesky"]
    print_table(best, failures)
    contents = {
        "processor": processor_name(),
        "engine": engine_name(),
        "versions": {name: installed(name) for name in ("fitnet", "numpy", "scipy", "torch-levenberg-marquardt")},
        "median_seconds": best,
        "seconds": seconds,
        "failures": failures,
    }
    out.mkdir(parents=True, exist_ok=True)
    write_atomically(out / "least_squares_iteration.json", (json.dumps(contents, indent=1) + "\n").encode())


def measured(
    rounds: int, iterations: int, threads: Sequence[int]
) -> tuple[dict[str, dict[str, list[float]]], dict[str, str]]:
    """Seconds by what is measured and thread count, over all rounds; and why something has none."""
    seconds: dict[str, dict[str, list[float]]] = {name: {} for name in MEASURED}
    failures: dict[str, str] = {}
    for _ in range(rounds):
        for name in MEASURED:
            for count in threads:
                options = ("--measure", name, "--iterations", iterations, "--threads", count)
                result: dict[str, Any] | Failure = run_module("benchmarks.least_squares_iteration", *options)
                if isinstance(result, Failure):
                    failures[name] = result.reason
                else:
                    seconds[name].setdefault(str(count), []).extend(result["seconds"])
    return seconds, failures


def print_table(best: dict[str, float], failures: dict[str, str]) -> None:
    """A line each, and how many times fitnet's it is."""
    table = Table(title=f"One iteration, 3-32-32-1, {ROWS:,} rows, float64", title_justify="left")
    table.add_column("what")
    table.add_column("milliseconds", justify="right")
    table.add_column("of fitnet's", justify="right")
    for name, value in best.items():
        ratio = f"{value / best[FITNET]:.2f}" if FITNET in best else ""
        table.add_row(name, f"{1e3 * value:.1f}", ratio)
    console = Console(width=None if sys.stdout.isatty() else 100)
    console.print(table)
    for name, reason in failures.items():
        console.print(f"{name}: {reason}", markup=False)


if __name__ == "__main__":
    main()
