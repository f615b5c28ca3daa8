"""What the quadratic commands say: the facts of a run for --json, and tables for people."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from fitnet.quadratic.experiment import Recipe, Run

ROOT_TITLES = {"largest": "Largest real root", "all": "All roots"}
AVERAGED = ("train_accuracy", "test_accuracy", "excluded_entries", "train_loss", "test_loss", "seconds")


def run_facts(run: "Run", model: Path | None) -> dict[str, Any]:
    """One run as the JSON object of `fitnet quadratic train`; excluded_entries counts the test set's."""
    return {
        "roots": run.recipe.problem.roots,
        "architecture": run.model.architecture,
        "epochs": run.history.epochs,
        "seed": run.seed,
        "train_rows": len(run.training.triplets),
        "test_rows": len(run.test.triplets),
        "train_accuracy": run.train_accuracy.value,
        "test_accuracy": run.test_accuracy.value,
        "excluded_entries": run.test_accuracy.excluded_entries,
        "train_loss": run.train_loss,
        "test_loss": run.test_loss,
        "seconds": run.seconds,
        "engine": run.model.provenance["engine"],
        "model": None if model is None else str(model),
    }


def summary(facts: Sequence[dict[str, Any]]) -> dict[str, float]:
    """The mean over runs of every measured figure."""
    return {key: float(np.mean([run[key] for run in facts])) for key in AVERAGED}


def print_runs(recipe: "Recipe", facts: Sequence[dict[str, Any]], pictures: Sequence[Path]) -> None:
    """A table with a row a seed, mean and spread, and the paper's figures; then where the files are."""
    from fitnet.quadratic.experiment import PAPER_FIGURES

    roots = recipe.problem.roots
    table = Table(title=f"{ROOT_TITLES[roots]}: {facts[0]['architecture']}, {recipe.activation}", title_justify="left")
    for column in ("", "training", "test", "left out", "rows", "epochs", "seconds"):
        table.add_column(column, justify="right" if column else "left")
    for run in facts:
        table.add_row(
            f"seed {run['seed']}",
            f"{run['train_accuracy']:.1%}",
            f"{run['test_accuracy']:.1%}",
            str(run["excluded_entries"]),
            f"{run['train_rows']} + {run['test_rows']}",
            str(run["epochs"]),
            f"{run['seconds']:.1f}",
        )
    if len(facts) > 1:
        for name, statistic in (("mean", np.mean), ("spread (SD)", sample_deviation)):
            shares = [f"{statistic([run[key] for run in facts]):.1%}" for key in ("train_accuracy", "test_accuracy")]
            table.add_row(name, *shares)
    paper = PAPER_FIGURES[roots]
    table.add_row("paper", f"~{paper[0]:.0%}", f"~{paper[1]:.0%}", "", "3000 drawn", "10000")
    console = Console()
    console.print(table)
    console.print("Accuracy is 1 - mean |relative error|; test entries whose true value is 0 are left out.")
    for run in facts:
        if run["model"] is not None:
            console.print(f"Model:   {run['model']}", soft_wrap=True, highlight=False)
    for path in pictures:
        console.print(f"Picture: {path}", soft_wrap=True, highlight=False)
    if not pictures:
        console.print("Nothing was kept; --out DIR keeps the model and the pictures.")


def sample_deviation(values: Sequence[float]) -> float:
    """The standard deviation estimated from a sample."""
    return float(np.std(values, ddof=1))


def print_answer(answer: dict[str, Any]) -> None:
    """The network's answer beside the exact one, and whether it is to be trusted."""
    a, b, c = answer["triplet"]
    table = Table(title=f"{a:g} x^2 + {b:g} x + {c:g} = 0", title_justify="left")
    for column in ("", "network", "exact", "relative error"):
        table.add_column(column, justify="right" if column else "left")
    rows = zip(answer["outputs"], answer["prediction"], answer["exact"], answer["relative_error"], strict=True)
    for name, predicted, exact, error in rows:
        missing = "no real root" if answer["roots"] == "largest" else "no root"
        table.add_row(
            name,
            f"{predicted:.6g}",
            missing if exact is None else f"{exact:.6g}",
            "-" if error is None else f"{error:.2%}",
        )
    console = Console()
    console.print(table)
    if answer["outside_training"]:
        console.print(f"Outside what the model was trained on: {'; '.join(answer['outside_training'])}.")
