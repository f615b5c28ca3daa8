"""The picture of a forecast: the last part of each series, what is to come, and its intervals.

Blue and vermilion of Okabe and Ito's palette, told apart by the colour-blind, and by shape and shade in grey print.
"""

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.files.atomic_write import write_atomically
from fitnet.files.drawing import check_drawing
from fitnet.series.table_forecast import TableForecast

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, VERMILION = "#0072B2", "#D55E00"
ENDINGS = (".png", ".svg", ".pdf")
MOST_SERIES = 6
MOST_MARKS = 60  # steps; of more, points would be a smear
PAST_STEPS, PAST_SEASONS, LEAST_PAST = 4, 3, 24  # rows of the past: the largest of these


def check_ending(path: Path) -> None:
    """Refuse a picture's file whose ending says no format that there is, and any where matplotlib is missing."""
    if path.suffix.lower() not in ENDINGS:
        raise ArgumentValueError(
            f"`picture` is {str(path)!r}; its name must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}.", "picture"
        )
    check_drawing("A picture")


def draw(found: TableForecast, coverage: float, time: str | None) -> "Figure":
    """One panel a series, the first six where there are more."""
    from matplotlib.figure import Figure  # an extra

    labels = found.series.given.labels
    shown = min(MOST_SERIES, len(found.forecast))
    figure = Figure(figsize=(8, 4 if shown == 1 else 1 + 2.2 * shown), layout="constrained")
    axes = figure.subplots(shown, sharex=True, squeeze=False)[:, 0]
    for one, each in enumerate(axes):
        draw_series(each, found, one, coverage)
        if labels is not None:
            each.set_title(str(labels[one]), fontsize="medium", loc="left")
    target = found.series.given.names[0]
    for each in axes:
        each.set_ylabel(labelled(target, found.series.table.units))
    axes[-1].set_xlabel("row" if time is None else labelled(time, found.series.table.units))
    axes[0].legend(frameon=False, loc="upper left", fontsize="small")
    figure.suptitle(title(found, shown))
    return figure


def draw_series(axes: "Axes", found: TableForecast, one: int, coverage: float) -> None:
    """The last rows of one series, its forecast, which begins at the last value, and the band of intervals."""
    given, forecast = found.series.given, found.forecast[one]
    part, season = given.series[one], found.settings.season_of(given) or 0
    rows = slice(
        max(part.start, part.stop - max(PAST_STEPS * len(forecast), PAST_SEASONS * season, LEAST_PAST)), part.stop
    )
    numbers = np.arange(1, part.stop - part.start + 1)[rows.start - part.start :]
    past: Array = numbers if given.times is None else given.times[rows]
    ahead: Any = numbers[-1] + np.arange(1, len(forecast) + 1) if found.times is None else found.times[one]
    last = given.values[part.stop - 1, 0]
    joined = np.concatenate([past[-1:], ahead])
    axes.plot(past, given.values[rows, 0], color=BLUE, linewidth=1.5, label="observed")
    if found.ends is not None:
        lower, upper = (np.concatenate([[last], each]) for each in found.ends[one].T)
        axes.fill_between(
            joined, lower, upper, color=VERMILION, alpha=0.2, linewidth=0, label=f"{100 * coverage:.4g} % interval"
        )
    marks = "." if len(forecast) <= MOST_MARKS else ""
    axes.plot(
        joined, np.concatenate([[last], forecast]), f"--{marks}", color=VERMILION, linewidth=1.5, label="forecast"
    )
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)
    if past.dtype.kind == "M":
        from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

        locator = AutoDateLocator()  # type: ignore[no-untyped-call]
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]


def labelled(name: str, units: Any) -> str:
    """A column's name with its unit, where it has one."""
    return f"{name} [{units[name]}]" if name in units else name


def title(found: TableForecast, shown: int) -> str:
    """What is forecast and how far, and how many series are left out."""
    steps, step = found.forecast.shape[1], found.series.given.step
    each = "" if step is None else f" of {step}"
    left = len(found.forecast) - shown
    more = f" (the first {shown} of {shown + left} series)" if left else ""
    return f"{found.series.given.names[0]}: {steps} step{'s' * (steps != 1)}{each} ahead{more}"


def save_picture(found: TableForecast, coverage: float, time: str | None, path: Path) -> None:
    """Write the picture, as a whole or not at all."""
    buffer = BytesIO()
    draw(found, coverage, time).savefig(buffer, format=path.suffix[1:].lower(), dpi=150)
    write_atomically(path, buffer.getvalue())
