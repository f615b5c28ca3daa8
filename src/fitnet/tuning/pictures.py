"""Pictures of a sweep: how the trials went, what matters, and the loss by each setting.

Blue and vermilion of Okabe and Ito's palette, told apart by the colour-blind, and by shape and shade in grey print.
"""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.files.atomic_write import write_atomically
from fitnet.tuning.outcome import alike, importances
from fitnet.tuning.study import best_of, of_states

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, VERMILION, GREY = "#0072B2", "#D55E00", "#888888"
COLUMNS = 3  # of panels, one a setting
LOGARITHMIC = 20.0  # from so large a ratio of values on


def save_pictures(study: Any, folder: Path) -> list[Path]:
    """Write history.png, importance.png and settings.png, those there is something to show in; each whole or not."""
    drawn = {"history": history(study), "importance": importance(study), "settings": settings(study)}
    written = []
    for name, figure in drawn.items():
        if figure is not None:
            buffer = BytesIO()
            figure.savefig(buffer, format="png", dpi=150)
            written.append(folder / f"{name}.png")
            write_atomically(written[-1], buffer.getvalue())
    return written


def new_figure(width: float, height: float) -> "Figure":
    """An empty figure of that size in inches."""
    from matplotlib.figure import Figure  # an extra

    return Figure(figsize=(width, height), layout="constrained")


def history(study: Any) -> "Figure | None":
    """The loss of every trial in turn, and the lowest so far; None without one."""
    complete = of_states(study, "COMPLETE")
    if not complete:
        return None
    numbers, losses = [trial.number for trial in complete], [trial.value for trial in complete]
    figure = new_figure(8, 4)
    axes = figure.subplots()
    axes.plot(numbers, losses, "o", color=BLUE, markersize=4, label="complete")
    given_up = [(trial.number, min(seen)) for trial in of_states(study, "PRUNED") if (seen := reported(trial))]
    if given_up:
        axes.plot(*zip(*given_up, strict=True), "x", color=GREY, markersize=5, label="pruned: lowest before")
    last = max([numbers[-1], *(number for number, _ in given_up)])
    lowest = np.minimum.accumulate([*losses, losses[-1]])
    axes.step([*numbers, last], lowest, where="post", color=VERMILION, label="lowest so far")
    scale(axes, [*losses, *(loss for _, loss in given_up)])
    finish(axes, "trial", "loss on the watched rows")
    axes.legend(frameon=False, fontsize="small")
    axes.set_title(f"{len(complete)} complete trials, {len(given_up)} pruned", fontsize="medium", loc="left")
    return figure


def importance(study: Any) -> "Figure | None":
    """A bar a setting, the one that matters most on top; None where that cannot be told."""
    shares = importances(study)
    if shares is None:
        return None
    names = [name.replace("_", " ") for name in reversed(shares)]
    figure = new_figure(7, 1.2 + 0.35 * len(names))
    axes = figure.subplots()
    bars = axes.barh(names, list(reversed(shares.values())), color=BLUE)
    axes.bar_label(bars, fmt="%.2f", padding=3)
    finish(axes, "share of what tells the best trials from the others", "")
    axes.set_title(f"{len(alike(study))} complete trials like the best", fontsize="medium", loc="left")
    axes.set_xlim(0, 1.12 * max(shares.values()))
    return figure


def settings(study: Any) -> "Figure | None":
    """The loss of complete trials against each setting, the best one marked; None where nothing was varied."""
    complete, best = of_states(study, "COMPLETE"), best_of(study)
    names = sorted({name for trial in complete for name in trial.params})
    if not names:
        return None
    rows = -(-len(names) // COLUMNS)
    figure = new_figure(3.2 * COLUMNS, 0.4 + 2.4 * rows)
    panels = figure.subplots(rows, COLUMNS, sharey=True, squeeze=False)
    for name, axes in zip(names, panels.flat, strict=False):
        with_it = [trial for trial in complete if name in trial.params]
        values = [shown(trial.params[name]) for trial in with_it]
        axes.plot(values, [trial.value for trial in with_it], "o", color=BLUE, markersize=3)
        if name in best.params:
            axes.plot([shown(best.params[name])], [best.value], "D", color=VERMILION, markersize=6)
        numbers = [value for value in values if not isinstance(value, str)]
        if numbers and min(numbers) > 0 and max(numbers) >= LOGARITHMIC * min(numbers):
            axes.set_xscale("log")
        elif numbers and all(isinstance(value, int) for value in numbers):
            from matplotlib.ticker import MaxNLocator

            axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        finish(axes, name.replace("_", " "), "")
    for axes in panels.flat[len(names) :]:
        axes.set_visible(False)
    scale(panels[0, 0], [trial.value for trial in complete])
    figure.supylabel("loss on the watched rows", fontsize="medium")
    figure.suptitle("Complete trials; the diamond is the best", fontsize="medium")
    return figure


def reported(trial: Any) -> list[float]:
    """What a trial reported that is finite."""
    return [loss for loss in trial.intermediate_values.values() if np.isfinite(loss)]


def shown(value: Any) -> Any:
    """A number as it is, anything else as a word."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def scale(axes: "Axes", losses: list[float]) -> None:
    """A logarithmic axis where losses span decades."""
    if min(losses) > 0 and max(losses) >= LOGARITHMIC * min(losses):
        axes.set_yscale("log")


def finish(axes: "Axes", below: str, beside: str) -> None:
    """Names of the axes, and no more lines than are read."""
    axes.set_xlabel(below)
    axes.set_ylabel(beside)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
