"""Intervals for Fortran: their numbers as named constants."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np

from fitnet.export.fortran_branches import LONGEST
from fitnet.export.fortran_structure import Structure
from fitnet.export.fortran_text import integers, logicals, real, reals
from fitnet.export.subject import ConformalInterval, LaplaceInterval, Subject


@dataclass(frozen=True)
class Rows:
    """Rows of a triangle that stand in one constant: its name, the first and the last, from 1."""

    name: str
    first: int
    last: int


@dataclass(frozen=True)
class Laplace:
    """What templates ask of error bars: the triangle's rows, the unused inputs from 1, slices of the constants."""

    factor: tuple[Rows, ...]
    unused: tuple[int, ...]
    bounds: str
    least: str


def intervals_of(subject: Subject, first: Structure) -> tuple[dict[str, Any], list[str]]:
    """What templates ask of intervals, and their constants; `first` is the first member's structure."""
    interval, single = subject.interval, not subject.in_double
    found: dict[str, Any] = {"interval": interval is not None, "conformal": None, "laplace": None}
    match interval:
        case ConformalInterval():
            return {**found, "conformal": interval}, conformal_data(interval, len(subject.branches), single)
        case LaplaceInterval():
            parts, lines = laplace_data(interval, first, single)
            return {**found, "laplace": parts}, lines
    return found, []


def conformal_data(interval: ConformalInterval, members: int, single: bool) -> list[str]:
    """The constants of conformal intervals."""
    lines = [
        *reals("interval_lower", interval.lower, single),
        *reals("interval_upper", interval.upper, single),
    ]
    if not interval.normalised:
        return lines
    finite = np.isfinite(interval.floors)
    ends = list(accumulate((len(places) for places, _ in interval.groups), initial=0))
    return [
        *lines,
        f"integer, parameter :: members = {members}, groups = {len(interval.groups)}",
        *logicals("normalised", finite),
        *reals("floors", np.where(finite, interval.floors, 1), single),
        *integers("group_ends", ends),
        *integers("group_members", [place + 1 for places, _ in interval.groups for place in places]),
        *reals("group_weights", np.array([weight for _, weights in interval.groups for weight in weights]), single),
    ]


def laplace_data(interval: LaplaceInterval, structure: Structure, single: bool) -> tuple[Laplace, list[str]]:
    """What templates ask of error bars, and their constants."""
    P = structure.parameters[0]
    lines = [
        f"real(wp), parameter :: multiple = {real(interval.multiple, single, 'wp')}",
        f"real(wp), parameter :: parameter_variance = {real(interval.variance, single, 'wp')}",
        *reals("noise", interval.noise, single),
        *reals("noise_scale", interval.scale, single),
    ]
    parts = []
    for first, last in rows_of_parts(P):
        parts.append(Rows(f"factor_{first}", first, last))
        start, end = first * (first - 1) // 2, last * (last + 1) // 2
        lines += reals(parts[-1].name, interval.factor[start:end], single)
    slices = [
        f"constants_1({structure.slice[name]})" if name in structure.slice else "" for name in ("bounds", "least")
    ]
    return Laplace(tuple(parts), tuple(place + 1 for place in interval.unused), *slices), lines


def rows_of_parts(P: int) -> Iterator[tuple[int, int]]:
    """The first and the last row of each part of a triangle of P rows, as many as a constant may hold."""
    first, held = 1, 0
    for row in range(1, P + 1):
        if held + row > LONGEST:
            yield first, row - 1
            first, held = row, 0
        held += row
    yield first, P
