"""What "auto" takes beside every solver by name: errors on known functions, from few rows, with and without noise.

    python -m benchmarks.solver_choice --quick
    python -m benchmarks.solver_choice --rows 20,60 --seeds 3 --out somewhere.json

The rule in `fitnet/fitting/solver_choice.py` comes from this table (docs/explanations/solvers.md). Errors are against
the function itself, without noise, on points that were not learnt: root mean squared, over the function's standard
deviation.
"""

import argparse
import json
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.function_data import drawn, relative_error
from benchmarks.known_functions import FUNCTIONS, Array, KnownFunction

WAYS: dict[str, dict[str, Any]] = {
    "auto": {},
    "lm": {"solver": "lm"},
    "lm-bayesian": {"solver": "lm-bayesian"},
    "lbfgs": {"solver": "lbfgs"},
    "adam": {"solver": "adam", "max_epochs": 5000},
}
TEST_ROWS = 2000
ALLOWED, NEVER = 1.1, 2.0  # times the best median: in nine cells of ten, and in any
SAME = 1e-6  # of the function's spread: errors below it are as good as none
WIDTH = 170


def sine(x: Array) -> Array:
    """sin(3 x)."""
    return np.sin(3 * x[:, 0])


def two_inputs(x: Array) -> Array:
    """sin(3 x1) x2."""
    return np.sin(3 * x[:, 0]) * x[:, 1]


PROBLEMS = {
    function.name: function
    for function in (
        KnownFunction("sin-3x", ((-1.0, 1.0),), sine),
        KnownFunction("two-inputs", ((-1.0, 1.0),) * 2, two_inputs),
        FUNCTIONS["otl-circuit"],
        FUNCTIONS["friedman-1"],
        FUNCTIONS["ishigami"],
    )
}


@dataclass(frozen=True)
class Cell:
    """One line of the table: a function, how many rows of it, and their noise as a share of its spread."""

    function: str
    rows: int
    noise: float


@dataclass(frozen=True)
class Fit:
    """One fit: its error, and the seconds it took."""

    cell: Cell
    way: str
    seed: int
    error: float
    seconds: float


def data(cell: Cell, seed: int) -> tuple[Array, Array, Array, Array]:
    """X (n, p) and y (n,) to learn, noise among it; X and y to judge by, without."""
    function = PROBLEMS[cell.function]
    training, judging = np.random.default_rng(seed).spawn(2)
    X, y = drawn(function, cell.rows, training)
    X_test, y_test = drawn(function, TEST_ROWS, judging)
    return X, y + cell.noise * y_test.std() * training.standard_normal(cell.rows), X_test, y_test


def fitted(cell: Cell, way: str, seed: int, hidden: tuple[int, ...] | None) -> Fit:
    """The outcome of one fit."""
    from fitnet import Regressor

    X, y, X_test, y_test = data(cell, seed)
    sizes = {} if hidden is None else {"hidden_layer_sizes": hidden}
    regressor = Regressor(activation="tanh", random_state=seed, n_threads=1, error_bars=False, **sizes, **WAYS[way])
    began = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        regressor.fit(X, y)
    seconds = perf_counter() - began
    return Fit(cell, way, seed, max(relative_error(regressor.predict(X_test), y_test), SAME), seconds)


def fits(cells: Sequence[Cell], ways: Sequence[str], seeds: int, hidden: tuple[int, ...] | None) -> Iterator[Fit]:
    """Every cell by every way, as they are done."""
    for cell in cells:
        for way in ways:
            for seed in range(seeds):
                yield fitted(cell, way, seed, hidden)


def medians(done: Sequence[Fit], cell: Cell) -> dict[str, tuple[float, float, float]]:
    """By way: the median error over the seeds, the worst, and the median seconds."""
    found = {}
    for way in WAYS:
        of = [fit for fit in done if fit.cell == cell and fit.way == way]
        if of:
            errors = [fit.error for fit in of]
            found[way] = (float(np.median(errors)), max(errors), float(np.median([fit.seconds for fit in of])))
    return found


def table(done: Sequence[Fit], cells: Sequence[Cell]) -> Table:
    """A line a cell: the median (worst) error of every way, and how many times the best median auto's is."""
    shown = Table(title="Relative error: median (worst); auto / best named solver", title_justify="left")
    for column in ("function", "rows", "noise", *WAYS, "auto / best", "auto, s"):
        shown.add_column(column, justify="left" if column == "function" else "right")
    for cell in cells:
        found = medians(done, cell)
        errors = [f"{found[way][0]:.2g} ({found[way][1]:.2g})" if way in found else "" for way in WAYS]
        seconds = f"{found['auto'][2]:.2g}" if "auto" in found else ""
        ratio = beside_best(found)
        shown.add_row(cell.function, str(cell.rows), f"{cell.noise:g}", *errors, f"{ratio:.2f}", seconds)
    return shown


def beside_best(found: dict[str, tuple[float, float, float]]) -> float:
    """auto's median over the best of the others; NaN where either is missing."""
    others = [median for way, (median, _, _) in found.items() if way != "auto"]
    return found["auto"][0] / min(others) if others and "auto" in found else float("nan")


def verdict(done: Sequence[Fit], cells: Sequence[Cell]) -> str:
    """In how many cells auto is as good as the best, and where it is worst."""
    ratios = [beside_best(medians(done, cell)) for cell in cells]
    good = sum(ratio <= ALLOWED for ratio in ratios)
    return f"auto within {ALLOWED}x of the best median in {good} of {len(cells)} cells; at most {max(ratios):.2f}x."


def numbers(text: str) -> list[float]:
    """Numbers between commas."""
    return [float(part) for part in text.split(",")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a few short cells, to see that everything runs")
    parser.add_argument("--functions", default=",".join(PROBLEMS))
    parser.add_argument("--rows", type=numbers, default=[10, 15, 20, 30, 40, 60, 75, 100, 150, 200])
    parser.add_argument("--noise", type=numbers, default=[0.0, 0.05, 0.2])
    parser.add_argument("--ways", default=",".join(WAYS))
    parser.add_argument("--seeds", type=int, default=7)
    parser.add_argument("--hidden", help="10 or 16,16; the default of Regressor unless given")
    parser.add_argument("--out", type=Path, help="a JSON file for every fit")
    given = parser.parse_args()
    if given.quick:
        given.functions, given.rows, given.seeds = "sin-3x,two-inputs", [20, 60], 2
    hidden = None if given.hidden is None else tuple(int(size) for size in given.hidden.split(","))
    cells = [
        Cell(name, int(rows), noise)
        for name in given.functions.split(",")
        for rows in given.rows
        for noise in given.noise
    ]
    done = list(fits(cells, given.ways.split(","), given.seeds, hidden))
    if given.out is not None:
        given.out.write_text(json.dumps([asdict(fit) for fit in done], indent=1))
    Console(width=WIDTH).print(table(done, cells))
    print(verdict(done, cells))


if __name__ == "__main__":
    main()
