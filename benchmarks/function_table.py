"""The tables a run of `benchmarks.functions` ends with."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.function_comparison import Curves, EqualTime, Point
from benchmarks.function_coverage import LEVELS
from benchmarks.function_peers import REFERENCE
from benchmarks.table import WIDTH


def print_function_tables(
    curves: Curves, times: Sequence[EqualTime], coverage: Sequence[Mapping[str, Any]], failures: Mapping[str, str]
) -> None:
    """Errors by budget, at equal time, and coverage."""
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    console.print(error_table(curves))
    if times:
        console.print(equal_time_table(times))
    if coverage:
        console.print(coverage_table(coverage))
    for what, reason in failures.items():
        console.print(f"{what}: {reason}", markup=False)


def error_table(curves: Curves) -> Table:
    """A block a function, a line a peer, a column a budget."""
    most = max((len(curve) for peers in curves.values() for curve in peers.values()), default=0)
    table = Table(title="RMSE / SD on points not learnt from, and the seconds that fitting took", title_justify="left")
    for column in ("function", "peer"):
        table.add_column(column)
    for i in range(most):
        table.add_column(f"budget {i + 1}", justify="right")
    for function, peers in curves.items():
        for i, (peer, curve) in enumerate(peers.items()):
            cells = [cell(one) for one in curve] + [""] * (most - len(curve))
            table.add_row("" if i else function, peer, *cells)
        table.add_section()
    return table


def cell(one: Point) -> str:
    """Error and seconds."""
    return f"{one.error:.2e} in {one.seconds:5.1f} s"


def equal_time_table(times: Sequence[EqualTime]) -> Table:
    """A line a function and time, a column a peer."""
    peers = list(dict.fromkeys(peer for one in times for peer in one.errors))
    title = f"At equal time: error of the peer / error of {REFERENCE}; above 1 {REFERENCE} is more accurate"
    table = Table(title=title, title_justify="left")
    table.add_column("function")
    for column in ("seconds", REFERENCE, *(peer for peer in peers if peer != REFERENCE)):
        table.add_column(column, justify="right")
    for one in times:
        ratios = [f"{one.ratios[peer]:.2g}" if peer in one.ratios else "" for peer in peers if peer != REFERENCE]
        own = f"{one.errors[REFERENCE]:.2e}" if REFERENCE in one.errors else ""
        table.add_row(one.function, f"{one.seconds:g}", own, *ratios)
    return table


def coverage_table(coverage: Sequence[Mapping[str, Any]]) -> Table:
    """A line a function."""
    table = Table(title="Held-out noisy targets within fitnet's intervals (noise 5 % of SD)", title_justify="left")
    table.add_column("function")
    for column in (*(f"of {level:.0%}" for level in LEVELS), "RMSE / SD", "mean deviation", "seconds"):
        table.add_column(column, justify="right")
    for one in coverage:
        shares = [f"{one['coverage'][f'{level:g}']:.1%}" for level in LEVELS]
        table.add_row(
            one["function"], *shares, f"{one['error']:.4f}", f"{one['mean_deviation']:.4f}", f"{one['seconds']:.1f}"
        )
    return table
