"""Accuracy on two tables that anyone can have, through the shell as a user would: one network beside two baselines.

Every seed keeps a fifth of the rows out, fits to the others and is judged on those kept out, in two commands:
`fitnet fit training.csv` and `fitnet evaluate model.fitnet test.csv`. RMSE in the target's unit, mean and standard
deviation over the seeds; the seconds are those of the training alone.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.record import engine_name, installed, processor_name

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT.parent / "shared" / "data" / "tables"
RESULTS = ROOT / "benchmarks" / "results" / "accuracy.json"
FITNET = Path(sys.executable).with_name("fitnet")
TEST_FRACTION = 0.2
PREDICTED_BY = ("network", "mean", "least squares")


@dataclass(frozen=True)
class Case:
    """A table, its target, and the options that ask for one network; the others are the defaults."""

    table: str
    target: str
    options: tuple[str, ...]


CASES = (
    Case("airfoil_self_noise.csv", "SPL_dB", ("--activation", "relu")),
    Case("airfoil_self_noise.csv", "SPL_dB", ("--epochs", "1000")),
    Case("california_housing.csv", "MedHouseVal", ("--activation", "relu")),
    Case("california_housing.csv", "MedHouseVal", ("--early-stopping", "--alpha", "1e-4")),
)


def main() -> None:
    """Fit and judge every case with every seed; print the table, write the JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--tables", type=Path, default=TABLES, help="the folder with the two tables")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    results = []
    print(f"{'table':<24} {'options':<34} {'network':>16} {'mean':>16} {'least squares':>16} {'seconds':>12}")
    for case in CASES:
        if not (arguments.tables / case.table).exists():
            sys.exit(f"{arguments.tables / case.table} is missing; --tables names the folder that has it.")
        runs = [judged(case, arguments.tables, seed) for seed in range(arguments.seeds)]
        results.append(summary(case, runs))
        print(line(results[-1]), flush=True)
    contents = {
        "processor": processor_name(),
        "engine": engine_name(),
        "versions": {name: installed(name) for name in ("fitnet", "numpy", "polars")},
        "test_fraction": TEST_FRACTION,
        "results": results,
    }
    arguments.out.write_text(json.dumps(contents, indent=1) + "\n")


def judged(case: Case, tables: Path, seed: int) -> dict[str, Any]:
    """One fit and its errors on rows it did not see."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        split_table(tables / case.table, folder, seed)
        target, options = ["--target", case.target], ["--test-fraction", "0", "--seed", str(seed), *case.options]
        fit = fitnet(folder, "fit", "training.csv", *target, *options, "--out", "model.fitnet")
        evaluation = fitnet(folder, "evaluate", "model.fitnet", "test.csv")
    errors = evaluation["evaluation"][case.target]
    return {
        "seed": seed,
        "training_rows": fit["training_rows"],
        "test_rows": evaluation["rows"],
        "epochs": fit["epochs"],
        "seconds": fit["seconds"],
        "rmse": {name: errors[name]["rmse"] for name in PREDICTED_BY},
        "r2": {name: errors[name]["r2"] for name in PREDICTED_BY},
    }


def split_table(table: Path, folder: Path, seed: int) -> None:
    """Lines of `table` as training.csv and test.csv in `folder`, drawn by the seed."""
    header, *lines = table.read_text().splitlines()
    order = np.random.default_rng(seed).permutation(len(lines))
    test = round(TEST_FRACTION * len(lines))
    for name, rows in (("test.csv", order[:test]), ("training.csv", order[test:])):
        (folder / name).write_text("\n".join([header, *(lines[row] for row in sorted(rows))]) + "\n")


def fitnet(folder: Path, *arguments: str) -> dict[str, Any]:
    """What a command answers with --json."""
    done = subprocess.run([FITNET, *arguments, "--json"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def summary(case: Case, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Mean and standard deviation over the seeds."""
    rmse = {name: [run["rmse"][name] for run in runs] for name in PREDICTED_BY}
    return {
        "table": case.table,
        "options": " ".join(case.options),
        "rmse_mean": {name: float(np.mean(values)) for name, values in rmse.items()},
        "rmse_deviation": {name: float(np.std(values, ddof=len(values) > 1)) for name, values in rmse.items()},
        "seconds_mean": float(np.mean([run["seconds"] for run in runs])),
        "runs": runs,
    }


def line(result: dict[str, Any]) -> str:
    """A case as a line of the table."""
    cells = [f"{result['rmse_mean'][name]:.4f} +- {result['rmse_deviation'][name]:.4f}" for name in PREDICTED_BY]
    columns = " ".join(f"{cell:>16}" for cell in cells)
    return f"{result['table']:<24} {result['options']:<34} {columns} {result['seconds_mean']:>12.1f}"


if __name__ == "__main__":
    main()
