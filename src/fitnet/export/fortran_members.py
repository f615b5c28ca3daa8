"""Members for Fortran: their numbers as named constants, and the procedures that they share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fitnet.export.fortran_branches import branch_of
from fitnet.export.fortran_structure import Structure
from fitnet.export.fortran_text import integers, logicals, reals
from fitnet.export.subject import LaplaceInterval, Subject


@dataclass(frozen=True)
class Member:
    """A member: its structure's number, the vectors that its procedures take, and its weight as a factor."""

    structure: int
    vectors: str
    weight: str


def members_of(
    subject: Subject, width: int, derivatives: bool, stored_in_single: bool
) -> tuple[dict[str, Any], list[str]]:
    """What templates ask of the members, which take `width` completed columns, and their constants.

    Constants that are alike are there once. Parameters are `stored_in_single` where that loses nothing.
    """
    single, kept = not subject.in_double, derivatives and subject.wants_hessian
    structures: dict[Structure, Structure] = {}
    constants: dict[bytes, str] = {}
    members: list[Member] = []
    lines = [] if len(subject.branches) == 1 else reals("weights", np.array(subject.weights), single)
    for i, steps in enumerate(subject.branches, 1):
        branch = branch_of(steps, width, single)
        own, key = branch.structure, branch.constants.tobytes()
        if own not in structures:
            structures[own] = replace(own, number=len(structures) + 1, kept=kept and own.units > 0)
        if key and key not in constants:
            constants[key] = f"constants_{i}"
            lines += reals(constants[key], branch.constants, single)
        names = [constants[key]] if key else []
        for j, vector in enumerate(branch.parameters, 1):
            names.append(f"parameters_{i}" + (f"_part_{j}" if len(branch.parameters) > 1 else ""))
            lines += reals(names[-1], vector, stored_in_single, "pk")
        weight = "" if len(subject.branches) == 1 else f"weights({i}) * "
        members.append(Member(structures[own].number, ", ".join(names), weight))
    found = list(structures.values())
    sloped = derivatives or isinstance(subject.interval, LaplaceInterval)
    context = {"members": members, "single_member": len(members) == 1, "structures": found, **used(found)}
    return context, lines + structure_data(found, sloped, kept)


def used(structures: Sequence[Structure]) -> dict[str, Any]:
    """What of the kernels the structures need."""
    names = {layer.activation for structure in structures for layer in structure.layers} - {"identity"}
    return {
        "activations": sorted(names),
        "bounded": any(structure.bounded for structure in structures),
        "softmax": any(structure.classes for structure in structures),
        "limits": any(structure.limited for structure in structures),
        "encoded": any(structure.pieces is not None for structure in structures),
        "projected": any(structure.projections for structure in structures),
    }


def structure_data(structures: Iterable[Structure], sloped: bool, curved: bool) -> list[str]:
    """What every structure's procedures know of it beside its numbers."""
    lines = []
    for each in structures:
        if each.bounded:
            lines += integers(f"bounded_{each.number}", each.bounded)
        if each.pieces is None:
            continue
        sources = [i for i, count in enumerate(each.pieces, 1) for _ in range(count + 1)]
        lines += integers(f"pieces_{each.number}", each.pieces)
        if each.terms:
            sums, terms = zip(*each.terms, strict=True)
            lines += integers(f"sums_{each.number}", sums) + integers(f"terms_{each.number}", terms)
        if sloped:
            lines += integers(f"sources_{each.number}", sources)
        if curved:
            firsts = [i == 0 for count in each.pieces for i in range(count + 1)]
            lines += logicals(f"firsts_{each.number}", firsts)
    return lines
