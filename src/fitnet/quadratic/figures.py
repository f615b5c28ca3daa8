"""The pictures: figures 3.1 and 3.2, loss curves and a parity plot, as PNG.

Blue and vermilion of Okabe and Ito's palette, told apart by the colour-blind, and by shape and shade in grey print.
"""

from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from fitnet.files.atomic_write import write_atomically
from fitnet.quadratic.experiment import Run

BLUE, VERMILION = "#0072B2", "#D55E00"
ENTRY = {
    "largest": "test triplet, in order of the true root",
    "all": "test entry (4 a triplet), in order of the true value",
}


def true_and_predicted(run: Run) -> Figure:
    """Figure 3.1 (largest root) or 3.2 (all roots): true and predicted value of every test entry, by true value."""
    true, predicted = run.test.targets.ravel(), run.model.predict(run.test.triplets).ravel()
    order = np.argsort(true, kind="stable")
    figure, axes = single_axes(8, 4.5)
    entries = np.arange(len(true))
    axes.plot(entries, predicted[order], ".", color=VERMILION, markersize=3, alpha=0.7, label="predicted")
    axes.plot(entries, true[order], "-", color=BLUE, linewidth=2, label="true")
    axes.set(xlabel=ENTRY[run.recipe.problem.roots], ylabel="root", title=title(run))
    axes.legend(frameon=False, markerscale=3)
    return figure


def loss_curves(run: Run) -> Figure:
    """Mean squared error on training and test rows against epochs, both axes logarithmic."""
    figure, axes = single_axes(8, 4.5)
    axes.loglog(np.arange(1, run.history.epochs + 1), run.history.loss, color=BLUE, linewidth=1, label="training rows")
    if run.test_curve:
        epochs, losses = zip(*run.test_curve, strict=True)
        axes.loglog(epochs, losses, "--", color=VERMILION, linewidth=2, label="test rows")
    axes.set(xlabel="epoch", ylabel="mean squared error", title=title(run))
    axes.legend(frameon=False)
    return figure


def parity(run: Run) -> Figure:
    """Predicted against true value; on the line they are equal."""
    figure, axes = single_axes(5.5, 5.5)
    for rows, color, marker, label in (
        (run.training, BLUE, ".", "training rows"),
        (run.test, VERMILION, "x", "test rows"),
    ):
        predicted = run.model.predict(rows.triplets)
        axes.plot(rows.targets.ravel(), predicted.ravel(), marker, color=color, markersize=4, alpha=0.6, label=label)
    ends = [run.test.targets.min(), run.test.targets.max()]
    axes.plot(ends, ends, "-", color="black", linewidth=0.8)
    axes.set(xlabel="true value", ylabel="predicted value", title=title(run), aspect="equal")
    axes.legend(frameon=False)
    return figure


def save_figures(run: Run, folder: Path) -> list[Path]:
    """Write all pictures of `run` into `folder`, each as a whole, and return their paths."""
    pictures = {"true-and-predicted": true_and_predicted, "loss": loss_curves, "parity": parity}
    paths = []
    for name, draw in pictures.items():
        buffer = BytesIO()
        draw(run).savefig(buffer, format="png", dpi=150)
        path = folder / f"{run.recipe.problem.roots}-{name}.png"
        write_atomically(path, buffer.getvalue())
        paths.append(path)
    return paths


def single_axes(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of that size in inches with one pair of axes."""
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    return figure, axes


def title(run: Run) -> str:
    """Which roots, and how well, in one line."""
    roots = {"largest": "Largest real root", "all": "All roots"}[run.recipe.problem.roots]
    return f"{roots}: accuracy {run.train_accuracy.value:.1%} training, {run.test_accuracy.value:.1%} test"
