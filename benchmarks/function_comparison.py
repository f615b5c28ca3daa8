"""From single fits to curves, error against seconds, and to errors at the same time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log
from statistics import median

from benchmarks.function_peers import REFERENCE


@dataclass(frozen=True)
class FunctionCase:
    """One fit: who learns what, with which budget (seconds, or rows of a Gaussian process) and seed."""

    function: str
    peer: str
    budget: float
    seed: int


@dataclass(frozen=True)
class Point:
    """One budget: medians over the seeds of the seconds the fit took and of RMSE / SD on other points."""

    budget: float
    seconds: float
    error: float
    seeds: int


@dataclass(frozen=True)
class EqualTime:
    """Errors that peers reach in the same time, and how many times the reference's they are (above 1: it is better)."""

    function: str
    seconds: float
    errors: dict[str, float]
    ratios: dict[str, float]


Fits = Mapping[FunctionCase, Mapping[str, float]]
Curves = Mapping[str, Mapping[str, Sequence[Point]]]


def curves(fits: Fits) -> dict[str, dict[str, list[Point]]]:
    """For every function and peer its points, by seconds."""
    found: dict[str, dict[str, dict[float, list[Mapping[str, float]]]]] = {}
    for case, fit in fits.items():
        found.setdefault(case.function, {}).setdefault(case.peer, {}).setdefault(case.budget, []).append(fit)
    return {
        function: {peer: sorted(map(point, budgets, budgets.values()), key=seconds) for peer, budgets in peers.items()}
        for function, peers in found.items()
    }


def point(budget: float, fits: Sequence[Mapping[str, float]]) -> Point:
    """The medians of a budget's fits."""
    return Point(budget, median(fit["seconds"] for fit in fits), median(fit["error"] for fit in fits), len(fits))


def seconds(one: Point) -> float:
    """What a curve is sorted by."""
    return one.seconds


def error_at(curve: Sequence[Point], time: float) -> float | None:
    """The error after `time` seconds: between two points a straight line of logarithms, after the last point its error.

    None before the first: there the peer has nothing to give.
    """
    if time < curve[0].seconds:
        return None
    for before, after in pairwise(curve):
        if before.seconds <= time < after.seconds:
            share = log(time / before.seconds) / log(after.seconds / before.seconds)
            return exp((1 - share) * log(before.error) + share * log(after.error))
    return curve[-1].error


def equal_times(of_functions: Curves, times: Mapping[str, Sequence[float]]) -> list[EqualTime]:
    """All peers at the `times` of each function; one who needs longer for his first point is left out."""
    found = []
    for function, of_peers in of_functions.items():
        for time in times[function]:
            at = {peer: error_at(curve, time) for peer, curve in of_peers.items()}
            errors = {peer: error for peer, error in at.items() if error is not None}
            reference = errors.get(REFERENCE)
            ratios = {} if reference is None else {peer: error / reference for peer, error in errors.items()}
            found.append(EqualTime(function, time, errors, ratios))
    return found
