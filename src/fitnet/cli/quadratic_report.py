"""What the quadratic commands say to people: tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from fitnet.cli.output import escaped

if TYPE_CHECKING:
    from fitnet.quadratic.experiment import Recipe
    from fitnet.quadratic.facts import RunFacts

ROOT_TITLES = {"largest": "Largest real root", "all": "All roots"}


def print_runs(recipe: "Recipe", facts: "Sequence[RunFacts]", pictures: Sequence[Path]) -> None:
    """A table of the runs, and where the files are."""
    console = Console()
    console.print(table_of_runs(recipe, facts))
    console.print("Accuracy is 1 - mean |relative error|; test entries whose true value is 0 are left out.")
    for run in facts:
        if run.model is not None:
            console.print(f"Model:   {escaped(str(run.model))}", soft_wrap=True, highlight=False)
    for path in pictures:
        console.print(f"Picture: {escaped(str(path))}", soft_wrap=True, highlight=False)
    if all(run.model is None for run in facts):
        console.print("Nothing was kept; --out DIR keeps the model and the pictures.")


def table_of_runs(recipe: "Recipe", facts: "Sequence[RunFacts]") -> Table:
    """A row a seed, mean and spread where there are several, and the paper's figures."""
    from fitnet.quadratic.experiment import PAPER_FIGURES
    from fitnet.quadratic.facts import deviations, means

    roots = recipe.problem.roots
    table = Table(title=f"{ROOT_TITLES[roots]}: {facts[0].architecture}, {recipe.activation}", title_justify="left")
    for column in ("", "training", "test", "left out", "rows", "epochs", "seconds"):
        table.add_column(column, justify="right" if column else "left")
    for run in facts:
        table.add_row(
            f"seed {run.seed}",
            f"{run.train_accuracy:.1%}",
            f"{run.test_accuracy:.1%}",
            str(run.excluded_entries),
            f"{run.train_rows} + {run.test_rows}",
            str(run.epochs),
            f"{run.seconds:.1f}",
        )
    if len(facts) > 1:
        for name, figures in (("mean", means(facts)), ("spread (SD)", deviations(facts))):
            table.add_row(name, f"{figures['train_accuracy']:.1%}", f"{figures['test_accuracy']:.1%}")
    paper = PAPER_FIGURES[roots]
    table.add_row("paper", f"~{paper[0]:.0%}", f"~{paper[1]:.0%}", "", "3000 drawn", "10000")
    return table


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
