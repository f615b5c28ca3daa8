"""The table a run ends with."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.comparison import Ratio, Summary
from benchmarks.requirements import Requirement

WIDTH = 170  # where no terminal says how wide it is
COLORS = {"yes": "[green]yes[/]", "no": "[red]no[/]", "too close": "[yellow]too close[/]"}


def print_tables(summaries: Sequence[Summary], requirements: Sequence[Requirement], peaks: str) -> None:
    """Ratios by workload, then the other requirements."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    console.print(ratio_table(summaries, peaks))
    console.print(requirement_table(requirements))


def ratio_table(summaries: Sequence[Summary], peaks: str) -> Table:
    """A block a workload, a line a peer."""
    table = Table(title=f"Microseconds a training step or a prediction; {peaks}", title_justify="left")
    for column in ("workload", "fitnet", "us", "GFLOP/s", "of peak"):
        table.add_column(column, justify="left" if column in ("workload", "fitnet") else "right")
    table.add_column("peer")
    table.add_column("its best")
    for column in ("us", "ratio", "rounds", "asked", "reached"):
        table.add_column(column, justify="right")
    for summary in summaries:
        lines = [ratio_cells(ratio) for ratio in summary.ratios]
        if summary.control is not None:
            lines.append(ratio_cells(summary.control))
        lines += [(peer, reason, "", "", "", "", "") for peer, reason in summary.absent.items()]
        for i, own in enumerate(fitnet_cells(summary, len(lines))):
            table.add_row(*own, *(lines[i] if i < len(lines) else [""] * 7))
        table.add_section()
    return table


def fitnet_cells(summary: Summary, lines: int) -> list[tuple[str, ...]]:
    """The left half of a workload's block, one entry a line."""
    share = "" if summary.share_of_peak is None else f"{summary.share_of_peak:.0%}"
    best, name = summary.fitnet, summary.workload.name
    cells = [(name, best.description, amount(best.microseconds), f"{summary.gigaflops:.1f}", share)]
    if summary.train is not None:
        cells.append(("", summary.train.description, amount(summary.train.microseconds), "", ""))
    return cells + [("",) * 5] * (lines - len(cells))


def ratio_cells(ratio: Ratio) -> tuple[str, ...]:
    """The right half of one line."""
    return (
        ratio.peer,
        ratio.best.description if ratio.peer != "best peer" else f"{ratio.best.case.peer}, {ratio.best.description}",
        amount(ratio.best.microseconds),
        f"{ratio.ratio:.2f}",
        f"{ratio.least:.2f} to {ratio.largest:.2f}",
        "" if ratio.asked is None else f"{ratio.asked:g}",
        COLORS.get(ratio.verdict, ratio.verdict),
    )


def requirement_table(requirements: Sequence[Requirement]) -> Table:
    """The figures that are no ratios to a peer."""
    table = Table(title="Scaling, share of peak, and times", title_justify="left")
    table.add_column("what")
    for column in ("measured", "asked", "reached"):
        table.add_column(column, justify="right")
    for requirement in requirements:
        value = requirement.note or "-" if requirement.value is None else f"{requirement.value:.3g} {requirement.unit}"
        bound = f"{'>=' if requirement.at_least else '<='} {requirement.bound:g} {requirement.unit}"
        table.add_row(requirement.name, value, bound, COLORS.get(requirement.verdict, requirement.verdict))
    return table


def amount(microseconds: float) -> str:
    """Three digits, or a whole number from 100 on."""
    return f"{microseconds:,.0f}" if microseconds >= 100 else f"{microseconds:.3g}"
