"""Data larger than memory: 10 million rows of 8 float32 columns in a file, one epoch of Regressor, and predictions.

Prints seconds and the peak of resident memory; exits 1 where that is not below 400 MB. `--rows` makes a smaller file.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

COLUMNS = 8
BLOCK_ROWS = 500_000
MOST_MEGABYTES = 400
PEAK_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere


def main() -> None:
    """Make the files, and train on them in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--batch-size", type=int, default=256)
    parser.add_argument("--folder", type=Path, help="train on the files there (what the other process does)")
    arguments = parser.parse_args()
    if arguments.folder is not None:
        train(arguments.folder, arguments.batch_size)
        return
    with tempfile.TemporaryDirectory() as name:
        write_files(Path(name), arguments.rows)
        command = [sys.executable, "-m", "benchmarks.large_data", "--folder", name]
        command += ["--batch-size", str(arguments.batch_size)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = json.loads(done.stdout)
    print(*(f"{key} {value}" for key, value in line.items()), sep="\n")
    sys.exit(line["peak_megabytes"] >= MOST_MEGABYTES)


def write_files(folder: Path, rows: int) -> None:
    """X.npy (rows, 8) and y.npy (rows,), float32, written block by block.

    Not through a memory map: on Linux the peak of this process would count as that of the one it starts.
    """
    generator = np.random.default_rng(0)
    with (folder / "X.npy").open("wb") as inputs, (folder / "y.npy").open("wb") as targets:
        for file, shape in ((inputs, (rows, COLUMNS)), (targets, (rows,))):
            header = {"descr": "<f4", "fortran_order": False, "shape": shape}
            np.lib.format.write_array_header_1_0(file, header)
        for start in range(0, rows, BLOCK_ROWS):
            block = generator.standard_normal((min(BLOCK_ROWS, rows - start), COLUMNS), np.float32)
            inputs.write(block.data)
            targets.write((np.sin(block[:, 0]) * block[:, 1] + block[:, 2]).data)


def train(folder: Path, batch_size: int) -> None:
    """One epoch, and predictions for all rows; one JSON line."""
    from fitnet import Regressor

    X, y = (np.load(folder / name, mmap_mode="r") for name in ("X.npy", "y.npy"))
    before = peak()
    began = perf_counter()
    regressor = Regressor(batch_size=batch_size, max_epochs=1, random_state=0).fit(X, y)
    fitted, fitted_peak = perf_counter(), peak()
    predictions = regressor.predict(X)
    seconds = perf_counter() - fitted
    line = {
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
    print(json.dumps(line))


def peak() -> int:
    """The peak of this process's resident memory so far, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * PEAK_UNIT / 1e6)


if __name__ == "__main__":
    main()
