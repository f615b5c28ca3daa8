"""Predictions from Parquet to Parquet: one process of two threads, two processes of one, two workers of Dask's.

All ways answer the same files with the same model, 8-64-64-1, and are to write the same numbers.
"""

import argparse
import json
import resource
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.large_data import COLUMNS, PEAK_UNIT, write_parquet
from benchmarks.processes import Failure, run_module

ROWS, QUICK_ROWS, FILE_ROWS = 100_000_000, 2_000_000, 5_000_000
MOST_TIMES, MOST_MEGABYTES = 1.2, 600
ONE, PROCESSES, DASK = "one process, two threads", "fitnet predict --workers 2", "LocalCluster of two workers"


def main() -> None:
    """One way, in this process; prints a JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("way", choices=[*WAYS, "write"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int)
    arguments = parser.parse_args()
    if arguments.way == "write":
        write(arguments.folder, arguments.rows)
        print("{}")
        return
    began = perf_counter()
    megabytes = WAYS[arguments.way](arguments.folder)
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(each.ru_utime + each.ru_stime for each in used)
    print(json.dumps({"seconds": perf_counter() - began, "processor": processor, "megabytes": megabytes}))


def measured(rows: int | None, repeats: int, quick: bool) -> list[str]:
    """Print what each way takes; the goals that were missed."""
    rows = rows or (QUICK_ROWS if quick else ROWS)
    print(f"Predictions for {rows:,} rows of {COLUMNS} columns, from Parquet to Parquet:", flush=True)
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        run_module("benchmarks.scale_predict", "write", folder, "--rows", rows)
        for _ in range(repeats):
            for way in WAYS:
                line = run_module("benchmarks.scale_predict", way, folder)
                if isinstance(line, Failure):
                    print(f"{way}: {line.reason}")
                    continue
                found[way].append(line)
        same = same_numbers(Path(folder))
    return judged(found, same)


def judged(found: dict[str, list[dict[str, Any]]], same: bool) -> list[str]:
    """Print the lines; the goals that were missed."""
    missed = [] if same else ["the ways wrote different numbers"]
    beside = median([line["seconds"] for line in found[ONE]] or [float("nan")])
    for way, lines in found.items():
        if not lines:
            missed.append(f"{way}: not measured")
            continue
        seconds, megabytes = [line["seconds"] for line in lines], max(line["megabytes"] for line in lines)
        times, processor = median(seconds) / beside, median(line["processor"] for line in lines)
        print(
            f"{way:30} {median(seconds):8.1f} s ({min(seconds):.1f} to {max(seconds):.1f}), {times:5.2f} times the "
            f"first; {processor:.1f} s of processors; at most {megabytes:.0f} MB a process",
            flush=True,
        )
        if way != ONE and times > MOST_TIMES:
            missed.append(f"{way}: {times:.2f} times, asked {MOST_TIMES}")
        if way != ONE and megabytes > MOST_MEGABYTES:
            missed.append(f"{way}: {megabytes:.0f} MB a worker, asked {MOST_MEGABYTES}")
    return missed


def write(folder: Path, rows: int) -> None:
    """The files part-00.parquet and so on, and the model."""
    from fitnet import Regressor

    (folder / "parts").mkdir()
    for number, first in enumerate(range(0, rows, FILE_ROWS)):
        write_parquet(folder / "parts" / f"part-{number:02}.parquet", min(FILE_ROWS, rows - first))
    X = np.random.default_rng(0).standard_normal((10_000, COLUMNS))
    regressor = Regressor((64, 64), max_epochs=5, random_state=0, dtype="float32")
    model = regressor.fit(X, np.sin(X[:, 0]) * X[:, 1] + X[:, 2]).model_
    replace(model, input_names=[f"x{i + 1}" for i in range(COLUMNS)]).save(folder / "m.fitnet")


def one_process(folder: Path) -> float:
    """Each file in turn; the peak of this process's memory."""
    from fitnet import load
    from fitnet.tables.streaming import Asked, predict_file

    model = load(folder / "m.fitnet", n_threads=2)
    (folder / "one").mkdir(exist_ok=True)
    for source in sorted((folder / "parts").iterdir()):
        predict_file(model, source, folder / "one" / source.name, Asked(), lambda _: None)
    return megabytes(resource.RUSAGE_SELF)


def several_processes(folder: Path) -> float:
    """The shell's way; the largest peak of its workers."""
    from fitnet.cli import main as fitnet

    pattern, out = str(folder / "parts" / "*.parquet"), str(folder / "several")
    try:
        fitnet(["predict", str(folder / "m.fitnet"), pattern, "--out", out, "--workers", "2", "--json"])
    except SystemExit as ended:
        if ended.code:
            raise
    return megabytes(resource.RUSAGE_CHILDREN)


def dask_workers(folder: Path) -> float:
    """A partition for each row group; the largest peak of the workers."""
    import dask.dataframe as dd
    from distributed import Client, LocalCluster

    import fitnet
    import fitnet.distributed

    settings: dict[str, Any] = {"host": "127.0.0.1", "dashboard_address": None}
    with LocalCluster(n_workers=2, threads_per_worker=1, **settings) as cluster, Client(cluster) as client:
        model = fitnet.load(folder / "m.fitnet")
        table = dd.read_parquet(folder / "parts", columns=list(model.given_names), split_row_groups=True)
        fitnet.distributed.predict(model, table).to_parquet(folder / "dask", write_index=False)
        return max(client.run(megabytes, resource.RUSAGE_SELF).values())


def megabytes(whose: int) -> float:
    """The peak of resident memory so far."""
    return resource.getrusage(whose).ru_maxrss * PEAK_UNIT / 1e6


def same_numbers(folder: Path) -> bool:
    """Whether all ways that wrote anything wrote the same predictions in the same order."""
    import polars as pl

    sums = set()
    for written in ("one", "several", "dask"):
        if (folder / written).exists():
            files = sorted((folder / written).glob("*.parquet"), key=natural)
            sums.add(
                tuple(
                    pl.scan_parquet(files).select(pl.all().hash(0).reverse().cum_sum().hash(1).sum()).collect().row(0)
                )
            )
    return len(sums) == 1


def natural(path: Path) -> tuple[int, str]:
    """Sorts part.10 behind part.9."""
    numbers = [int(word) for word in path.name.replace("-", ".").split(".") if word.isdecimal()]
    return (numbers[0] if numbers else 0), path.name


WAYS = {ONE: one_process, PROCESSES: several_processes, DASK: dask_workers}

if __name__ == "__main__":
    sys.exit(main())
