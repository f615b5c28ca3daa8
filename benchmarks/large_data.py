"""Data larger than memory: 10 million rows of 8 float32 columns in a file, one epoch, and predictions.

Memory maps go through `Regressor`; with --parquet a Parquet file goes through `fitnet fit`. Prints seconds and the peak
of resident memory; exits 1 where that is not below 400 MB, 300 MB with --parquet. `--rows` makes a smaller file.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

COLUMNS = 8
BLOCK_ROWS = 500_000
MOST_MEGABYTES, MOST_MEGABYTES_OF_PARQUET = 400, 300
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
Array = np.ndarray


def main() -> None:
    """Make the files, and train on them, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--parquet", action="store_true", help="one Parquet file, and `fitnet fit`")
    parser.add_argument("--json", action="store_true", help="print one JSON line, and exit 0 whatever it says")
    parser.add_argument("--folder", type=Path, help="where the files are (for the processes that this one starts)")
    parser.add_argument("--task", choices=["write", "train"], help="what to do there")
    arguments = parser.parse_args()
    if arguments.task == "write":
        write_parquet(arguments.folder / "table.parquet", arguments.rows)
    elif arguments.task == "train":
        train = fit_parquet if arguments.parquet else fit_maps
        print(json.dumps(train(arguments.folder, arguments.batch_size)))
    else:
        line = measured(arguments.rows, arguments.batch_size, arguments.parquet)
        if arguments.json:
            print(json.dumps(line))
            return
        print(*(f"{key} {value}" for key, value in line.items()), sep="\n")
        most = MOST_MEGABYTES_OF_PARQUET if arguments.parquet else MOST_MEGABYTES
        sys.exit(line["peak_megabytes"] >= most)


def measured(rows: int, batch_size: int, parquet: bool) -> dict[str, Any]:
    """The facts about one training, on files that are there no longer afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.large_data", "--folder", folder, "--rows", str(rows)]
        if parquet:
            subprocess.run([*command, "--task", "write"], check=True)
        else:
            write_maps(Path(folder), rows)
        command += ["--task", "train", "--batch-size", str(batch_size), *(["--parquet"] if parquet else [])]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts


def block(generator: np.random.Generator, rows: int) -> tuple[Array, Array]:
    """Inputs (rows, 8), normally distributed, and targets (rows,), a smooth function of three of them; float32."""
    X = generator.standard_normal((rows, COLUMNS), np.float32)
    return X, np.sin(X[:, 0]) * X[:, 1] + X[:, 2]


def write_maps(folder: Path, rows: int) -> None:
    """X.npy (rows, 8) and y.npy (rows,), float32, written block by block.

    Not through a memory map: on Linux the peak of this process would count as that of the one it starts.
    """
    generator = np.random.default_rng(0)
    with (folder / "X.npy").open("wb") as inputs, (folder / "y.npy").open("wb") as targets:
        for file, shape in ((inputs, (rows, COLUMNS)), (targets, (rows,))):
            header = {"descr": "<f4", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, rows, BLOCK_ROWS):
            X, y = block(generator, min(BLOCK_ROWS, rows - start))
            inputs.write(X.data)
            targets.write(y.data)


def write_parquet(path: Path, rows: int) -> None:
    """Columns x1 to x8 and y, float32, in row groups of a block; all of it in memory, so in a process of its own."""
    import polars as pl

    X, y = block(np.random.default_rng(0), rows)
    table = pl.DataFrame({f"x{i + 1}": np.ascontiguousarray(X[:, i]) for i in range(COLUMNS)} | {"y": y})
    table.write_parquet(path, row_group_size=BLOCK_ROWS)


def fit_parquet(folder: Path, batch_size: int) -> dict[str, Any]:
    """`fitnet fit` for one epoch, from the command to its last line."""
    began = perf_counter()
    from fitnet.cli import main as fitnet

    table, model = folder / "table.parquet", folder / "table.fitnet"
    options = ["--target", "y", "--epochs", "1", "--batch-size", str(batch_size), "--json"]
    try:
        fitnet(["fit", str(table), *options, "--out", str(model)])
    except SystemExit as ended:
        if ended.code:
            raise
    return {
        "file_megabytes": round(table.stat().st_size / 1e6),
        "fit_seconds": round(perf_counter() - began, 2),
        "peak_megabytes": peak(),
    }


def fit_maps(folder: Path, batch_size: int) -> dict[str, Any]:
    """One epoch of `Regressor`, and predictions for all rows."""
    from fitnet import Regressor

    X, y = (np.load(folder / name, mmap_mode="r") for name in ("X.npy", "y.npy"))
    before = peak()
    began = perf_counter()
    regressor = Regressor(batch_size=batch_size, max_epochs=1, random_state=0).fit(X, y)
    fitted, fitted_peak = perf_counter(), peak()
    predictions = regressor.predict(X)
    seconds = perf_counter() - fitted
    return {
        "rows": len(X),
        "file_megabytes": round((X.nbytes + y.nbytes) / 1e6),
        "fit_seconds": round(fitted - began, 2),
        "epoch_seconds": round(regressor.history_.seconds[-1], 2),
        "predict_seconds": round(seconds, 2),
        "loss": regressor.history_.loss[-1],
        "imports_peak_megabytes": before,
        "fit_peak_megabytes": fitted_peak,
        "peak_megabytes": peak(),
        "predictions_megabytes": round(predictions.nbytes / 1e6),
    }


def peak() -> int:
    """The peak of this process's resident memory so far, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT / 1e6)


if __name__ == "__main__":
    main()
