"""How often every file of fitnet is entered on two walks: python -m benchmarks.walk [--json].

`Regressor.fit` takes rows to the kernel and back, and `fitnet fit` takes a CSV file to a model's. Counted are the files
that a file is entered from, all that are not fitnet's as one, and the calls that enter it.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, astuple, dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

import fitnet

HOUSE = Path(fitnet.__file__).parent
ROWS, EPOCHS = 200, 5
SETTINGS: dict[str, Any] = {"solver": "adam", "max_epochs": EPOCHS, "random_state": 0}


def main() -> None:
    """Walk, and print how often each file was entered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    as_json = parser.parse_args().json
    walks = {name: entries_of(walk) for name, walk in WALKS.items()}
    if as_json:
        counts = {name: {file: asdict(one) for file, one in found.items()} for name, found in walks.items()}
        print(json.dumps(counts, indent=1))
    else:
        Console(width=None if sys.stdout.isatty() else 100).print(walk_table(walks))


def rows() -> tuple[np.ndarray, np.ndarray]:
    """X (n, 3) and y (n,), float64."""
    X = np.random.default_rng(0).standard_normal((ROWS, 3))
    return X, np.sin(X[:, 0]) * X[:, 1] + X[:, 2]


def fit_and_predict() -> Callable[[], object]:
    """`Regressor.fit`, and `predict` back again."""
    X, y = rows()
    return lambda: fitnet.Regressor((16,), **SETTINGS).fit(X, y).predict(X)


def fit_command() -> Callable[[], object]:
    """`fitnet fit` on a CSV file of those rows."""
    from fitnet.cli import main as command

    X, y = rows()
    folder = tempfile.TemporaryDirectory()
    table = Path(folder.name) / "rows.csv"
    np.savetxt(table, np.column_stack([X, y]), delimiter=",", header="a,b,c,y", comments="")
    options = ["--target", "y", "--hidden", "16", "--solver", "adam", "--epochs", str(EPOCHS)]

    def call() -> None:
        try:
            with redirect_stdout(StringIO()):
                command(["fit", str(table), *options, "--out", f"{folder.name}/model.fitnet"])
        except SystemExit as ended:
            if ended.code:
                raise

    return call


WALKS = {"Regressor.fit and predict": fit_and_predict, "fitnet fit": fit_command}


@dataclass
class Entries:
    """Of one file: from how many other files it is entered, and by how many calls."""

    files: int = 0
    calls: int = 0


def entries_of(walk: Callable[[], Callable[[], object]]) -> dict[str, Entries]:
    """How often each file is entered; the first walk, which imports and makes what is made once, does not count."""
    call = walk()
    call()
    found: dict[str, Entries] = {}
    with counting(found):
        call()
    return found


@contextmanager
def counting(found: dict[str, Entries]) -> Iterator[None]:
    """Count into `found` every call of a file of fitnet's from another one, while the block runs, in this thread."""
    seen: set[tuple[str, str]] = set()

    def profile(frame: FrameType, event: str, argument: object) -> None:
        file, caller = place(frame.f_code.co_filename), calling_place(frame)
        if event != "call" or not file or file == caller:
            return
        entries = found.setdefault(file, Entries())
        entries.calls += 1
        entries.files += (caller, file) not in seen
        seen.add((caller, file))

    sys.setprofile(profile)
    try:
        yield
    finally:
        sys.setprofile(None)


def calling_place(frame: FrameType) -> str:
    """The file that called, and not what `dataclass` wrote in between, which lies in none."""
    caller = frame.f_back
    while caller is not None and caller.f_code.co_filename.startswith("<"):
        caller = caller.f_back
    return "" if caller is None else place(caller.f_code.co_filename)


@cache
def place(filename: str) -> str:
    """The file within fitnet, or nothing where it is another's."""
    path = Path(filename)
    return path.relative_to(HOUSE).as_posix() if path.is_relative_to(HOUSE) else ""


def walk_table(walks: dict[str, dict[str, Entries]]) -> Table:
    """A line a file, two columns a walk, and their sums."""
    table = Table(title="From how many files each file is entered, and by how many calls", title_justify="left")
    table.add_column("file")
    for name in walks:
        for column in (name, "calls"):
            table.add_column(column, justify="right")
    nothing = Entries()
    files = {file for found in walks.values() for file in found}
    for file in sorted(files, key=lambda file: [-found.get(file, nothing).files for found in walks.values()]):
        entries = [found.get(file) for found in walks.values()]
        table.add_row(file, *(str(n) if n else "" for one in entries for n in astuple(one or nothing)))
    table.add_section()
    sums = [[astuple(one) for one in found.values()] for found in walks.values()]
    table.add_row("together", *(str(sum(column)) for each in sums for column in zip(*each, strict=True)))
    table.add_row("files entered", *(text for each in sums for text in (str(len(each)), "")))
    return table


if __name__ == "__main__":
    main()
