"""What was measured between the engine and the user as a table: medians, ratios, and what is asked."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.table import COLORS, WIDTH, amount
from benchmarks.user_path_rows import BARE, JAX, Asked, Row

Figures = Mapping[str, Sequence[float]]  # of every way of a row, one a round, in the row's unit


@dataclass(frozen=True)
class Judgement:
    """A way beside another, or alone where `than` is empty.

    `value` is how many times longer the way takes, or how many times faster it is where `faster` is asked, or its
    own figure; `least` and `largest` are those of a round. `verdict` is "yes", "no", or "" where nothing is judged.
    """

    asked: Asked
    value: float
    least: float
    largest: float
    verdict: str


def fastest(figures: Figures, way: str) -> Sequence[float]:
    """The rounds of a way; where it was tried with several thread counts those of the best, by medians."""
    found = [rounds for name, rounds in figures.items() if rounds and (name == way or name.startswith(f"{way}, "))]
    exact = figures.get(way)
    return exact if exact else min(found, key=median, default=())


def judge(figures: Figures, asked: Asked, judged: bool) -> Judgement | None:
    """Whether the way does what is asked; None where it, or what it is compared with, was not measured."""
    own = fastest(figures, asked.way)
    others = fastest(figures, asked.than) if asked.than else [1.0] * len(own)
    if not own or not others:
        return None
    pairs = list(zip(own, others, strict=False))
    of_medians = (median(own), median(others) if asked.than else 1.0)
    value, *rounds = [
        other / ours if asked.faster is not None else ours / other for ours, other in [of_medians, *pairs]
    ]
    reached = value >= asked.faster if asked.faster is not None else asked.most is None or value <= asked.most
    return Judgement(asked, value, min(rounds), max(rounds), ("yes" if reached else "no") if judged else "")


def user_path_table(rows: Sequence[Row], figures: Mapping[str, Figures], judged: bool) -> Table:
    """A block a row: a line a way, and a further one for what else is asked of it."""
    table = Table(title="Between the engine and the user", title_justify="left")
    for column in ("work", "unit", "way"):
        table.add_column(column)
    for column in ("median", "rounds"):
        table.add_column(column, justify="right")
    table.add_column("beside")
    for column in ("ratio", "rounds", "asked", "reached"):
        table.add_column(column, justify="right")
    for row in rows:
        heading = (row.title, row.unit)
        for way, measured in figures.get(row.key, {}).items():
            own = (*heading, way, amount(median(measured)), f"{amount(min(measured))} to {amount(max(measured))}")
            for beside in comparisons(row, figures[row.key], way, judged) or [("",) * 5]:
                table.add_row(*own, *beside)
                own = ("",) * 5
            heading = ("", "")
        table.add_section()
    return table


def comparisons(row: Row, figures: Figures, way: str, judged: bool) -> list[tuple[str, ...]]:
    """The right half of a way's lines: what is asked of it, and the bare engine where that is not among it."""
    asked = [one for one in row.asked if one.way == way]
    if way not in (BARE, *(one for one in figures if one.startswith(JAX))) and all(one.than != BARE for one in asked):
        asked.append(Asked(way, BARE))
    found = [judge(figures, one, judged) for one in asked]
    return [judgement_cells(one, row.unit) for one in found if one is not None]


def judgement_cells(one: Judgement, unit: str) -> tuple[str, ...]:
    """What it stands beside, the ratio with its spread, what is asked and whether it is reached."""
    asked = one.asked
    if not asked.than:
        return ("", "", "", f"<= {asked.most:g} {unit.split()[0]}", COLORS.get(one.verdict, one.verdict))
    bound = (
        f">= {asked.faster:g}x as fast"
        if asked.faster is not None
        else ""
        if asked.most is None
        else f"<= {asked.most:g}x"
    )
    nothing = asked.faster is None and asked.most is None
    verdict = "" if nothing else COLORS.get(one.verdict, one.verdict)
    return (asked.than, f"{one.value:.2f}", f"{one.least:.2f} to {one.largest:.2f}", bound, verdict)


def print_user_path(rows: Sequence[Row], figures: Mapping[str, Figures], judged: bool) -> None:
    """On standard output."""
    Console(width=None if sys.stdout.isatty() else WIDTH).print(user_path_table(rows, figures, judged))
