"""Fortran: a module of the standard of 2008 that computes a model, and a program that tests it.

The templates say what the code is; here are the numbers and the names that stand in it. Each part of the model gives
what templates ask of it, and lines that name its constants.
"""

from typing import Any

import numpy as np

from fitnet.algorithm.steps import Dense
from fitnet.errors import ArgumentValueError
from fitnet.export.checked_steps import all_steps
from fitnet.export.fortran_branches import LONGEST
from fitnet.export.fortran_checks import checks_of
from fitnet.export.fortran_head import classes_of, head_of, levels_of, test_command
from fitnet.export.fortran_intervals import intervals_of
from fitnet.export.fortran_members import members_of
from fitnet.export.fortran_rows import rows_of
from fitnet.export.fortran_text import comment, wrapped
from fitnet.export.subject import Subject
from fitnet.export.template import rendered

BITS = {True: ("int64", "7FF0000000000000", "7FF8000000000000"), False: ("int32", "7F800000", "7FC00000")}
TOLERANCES = {True: ("1e-12_wp",) * 3, False: ("1e-5_wp", "1e-4_wp", "1e-3_wp")}  # of outputs and their derivatives


def files(subject: Subject) -> dict[str, bytes]:
    """The module, and a program that runs its self-test.

    Raises
    ------
    ArgumentValueError
        If a layer has so many inputs that no constant holds the weights of one neuron, or an encoding so many numbers,
        or no row of the checks has finite outputs.
    """
    check_widths(subject)
    context = context_of(subject)
    made = {"": "fortran_module.f90.jinja", "_self_test.f90": "fortran_test.f90.jinja"}
    return {behind: wrapped(tidy(rendered(template, context))).encode() for behind, template in made.items()}


def check_widths(subject: Subject) -> None:
    """Refuse layers that are too wide; errors are those of `files`."""
    widest = max(step.weights.shape[0] for step in all_steps(subject.steps) if isinstance(step, Dense))
    if widest >= LONGEST:
        raise ArgumentValueError(
            f"`to` is 'fortran' and a layer has {widest:,} inputs; there it may have {LONGEST - 1:,} at most.", "to"
        )


def tidy(code: str) -> str:
    """The code with blank lines where they help: of several one; in a procedure one, behind its declarations."""
    lines: list[str] = []
    inside = False
    for line in map(str.rstrip, code.split("\n")):
        declared = bool(lines) and "::" in lines[-1]
        if inside and declared and line and "::" not in line:
            lines.append("")
        if line or (not inside and lines and lines[-1]):
            lines.append(line)
        if line.startswith(("  pure ", "  elemental ", "  end ")):
            inside = not line.startswith("  end ")
    return "\n".join(lines).rstrip()


def context_of(subject: Subject) -> dict[str, Any]:
    """What the templates are given."""
    derivatives = subject.wants_jacobian and bool(subject.numbers)
    layers = [step for step in all_steps(subject.steps) if isinstance(step, Dense)]
    single = not subject.in_double
    stored_in_single = single or all(layer.weights.dtype == np.float32 for layer in layers)
    rows, row_lines = rows_of(subject, derivatives)
    members, member_lines = members_of(subject, rows["width"], derivatives, stored_in_single)
    intervals, interval_lines = intervals_of(subject, members["structures"][0])
    checks, check_lines = checks_of(subject, derivatives)
    return {
        **kinds(subject, stored_in_single, members["projected"]),
        **rows,
        **members,
        **intervals,
        **checks,
        "head": head_of(subject, derivatives),
        "test_head": comment(f"Tests the module {subject.name}_model: {test_command(subject)}"),
        "name": subject.name,
        "inputs": subject.inputs,
        "outputs": subject.outputs,
        "numbers": subject.numbers,
        "levels": levels_of(subject),
        "classes": classes_of(subject),
        "public": public(subject, derivatives),
        "data": [*row_lines, *member_lines, *interval_lines, *check_lines],
        "rest": ", rest" if single else "",
        "coverage": f"{subject.coverage:g}",
        "wants_jacobian": derivatives,
        "wants_hessian": derivatives and subject.wants_hessian,
    }


def kinds(subject: Subject, parameters_in_single: bool, projected: bool) -> dict[str, str]:
    """Of numbers, in Fortran and in C; projections are summed in real64."""
    bits, infinite, nan = BITS[subject.in_double]
    kind = "real64" if subject.in_double else "real32"
    stored = "real32" if parameters_in_single else "real64"
    tolerances = dict(
        zip(("tolerance", "jacobian_tolerance", "hessian_tolerance"), TOLERANCES[subject.in_double], strict=True)
    )
    return {
        "kind": kind,
        "parameters_kind": stored,
        "kinds": ", ".join(sorted({bits, kind, stored, *(["real64"] if projected else [])})),
        "c_kind": "c_double" if subject.in_double else "c_float",
        "c_type": "double" if subject.in_double else "float",
        "bits": bits,
        "infinite_bits": infinite,
        "nan_bits": nan,
        **tolerances,
    }


def public(subject: Subject, derivatives: bool) -> list[str]:
    """The procedures that others may call."""
    found = ["predict", "predict_rows", "self_test", "predict_c", "predict_rows_c"]
    if subject.classes:
        found.append("classify")
    if derivatives:
        found += ["jacobian", "tangent", "adjoint", "jacobian_c"]
    if derivatives and subject.wants_hessian:
        found.append("hessian")
    if subject.interval is not None:
        found.append("interval")
    return [f"{subject.name}_{procedure}" for procedure in found]
