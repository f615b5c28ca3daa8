"""An ensemble's members on two threads, and on two workers of Dask's: the same bits, and how much longer it takes."""

import json
import sys
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.processes import Failure, run_module

Table = tuple[np.ndarray, np.ndarray]
ROWS, QUICK_ROWS, WARM_ROWS, COLUMNS = 5000, 200, 200, 6
MOST_TIMES = 1.15


def main() -> None:
    """Fit by both ways in turn, both warm and the cluster there for its own fits alone; prints a JSON line."""
    from distributed import Client, LocalCluster

    rows, repeats, effort = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    table = example(rows)
    threads, workers, same = [], [], True
    settings: dict[str, Any] = {"host": "127.0.0.1", "dashboard_address": None}
    fitted(example(WARM_ROWS), effort, n_jobs=2)
    for seed in range(repeats):
        seconds, one = fitted(table, effort, seed, n_jobs=2)
        threads.append(seconds)
        with LocalCluster(n_workers=2, threads_per_worker=1, **settings) as cluster, Client(cluster) as client:
            client.run(fitted, example(WARM_ROWS), effort, n_jobs=1)  # each worker imports what any member needs
            seconds, other = fitted(table, effort, seed, client=client)
        workers.append(seconds)
        same &= bits(one) == bits(other)
    print(json.dumps({"threads": threads, "workers": workers, "same": same}))


def example(rows: int) -> Table:
    """X (rows, COLUMNS) and y (rows,)."""
    generator = np.random.default_rng(0)
    X = generator.uniform(-1, 1, (rows, COLUMNS))
    return X, np.sin(3 * X[:, 0]) * X[:, 1] + X[:, 2] ** 2 + 0.05 * generator.standard_normal(rows)


def fitted(
    table: Table, effort: str, seed: int = 0, n_jobs: int | None = None, client: Any = None
) -> tuple[float, Any]:
    """Seconds, and the regressor."""
    from fitnet import AutoRegressor

    began = perf_counter()
    regressor = AutoRegressor(effort, random_state=seed, n_jobs=n_jobs).fit(*table, client=client)
    return perf_counter() - began, regressor


def bits(regressor: Any) -> bytes:
    """All that the ensemble's predictions depend on."""
    ensemble = regressor.model_
    return b"".join(member.parameters.tobytes() for member in ensemble.members) + ensemble.weights.tobytes()


def measured(rows: int | None, repeats: int, quick: bool) -> list[str]:
    """Print what both ways take; the goals that were missed."""
    rows, effort = rows or (QUICK_ROWS if quick else ROWS), "fast" if quick else "standard"
    rows = min(rows, ROWS)
    print(f"AutoRegressor({effort!r}) of {rows:,} rows and {COLUMNS} columns:", flush=True)
    found = run_module("benchmarks.scale_members", rows, repeats, effort)
    if isinstance(found, Failure):
        print(found.reason)
        return [f"members: {found.reason}"]
    ratios = [b / a for a, b in zip(found["threads"], found["workers"], strict=True)]
    for name in ("threads", "workers"):
        seconds = found[name]
        print(f"two {name:10} {median(seconds):8.1f} s ({min(seconds):.1f} to {max(seconds):.1f})")
    same = "the same" if found["same"] else "NOT the same"
    print(f"{median(ratios):.2f} times ({min(ratios):.2f} to {max(ratios):.2f}), {same} bits", flush=True)
    missed = [] if found["same"] else ["members: other bits on workers"]
    return [
        *missed,
        *([f"members: {median(ratios):.2f} times, asked {MOST_TIMES}"] if median(ratios) > MOST_TIMES else []),
    ]


if __name__ == "__main__":
    main()
