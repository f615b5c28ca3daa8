"""Checks for Fortran: rows and what the model says of them, as named constants.

Shapes: c rows to check with, g given columns, m outputs, q columns of numbers. A gap is written as minus the largest
number, for the standard has no constant that is NaN.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from fitnet.errors import ArgumentValueError
from fitnet.export.fortran_text import integers, real_matrix, reals
from fitnet.export.subject import Checks, Subject

MOST_DERIVATIVES = 10_000  # numbers of each order that are checked, but of one row at least


def checks_of(subject: Subject, derivatives: bool) -> tuple[dict[str, Any], list[str]]:
    """What templates ask of the checks, and their constants; errors are those of `finite`."""
    single = not subject.in_double
    checks = finite(subject.checks, single)
    lowest = -float(np.finfo(np.float32 if single else np.float64).max)
    rows = np.where(np.isnan(checks.rows), lowest, checks.rows)
    lines = [
        f"integer, parameter :: checks = {len(rows)}",
        *real_matrix("check_rows", rows.T, single),
        *integers("check_status", checks.outside.astype(int).tolist()),
        *real_matrix("outputs_expected", checks.outputs.T, single),
        *reals("output_scale", np.abs(checks.outputs).max(axis=0), single),
    ]
    found = {}
    for name, values in (("jacobian", checks.jacobian), ("hessian", checks.hessian)):
        found[f"check_{name}"] = derivatives and values is not None
        if derivatives and values is not None:
            flat = np.stack([each.ravel(order="F") for each in values])
            lines += reals(f"{name}_scale", np.abs(flat).max(axis=0), single)
            lines += real_matrix(f"{name}_expected", flat[: max(1, MOST_DERIVATIVES // flat.shape[1])].T, single)
    if checks.lower is not None and checks.upper is not None:
        ends = np.concatenate([checks.lower, checks.upper])
        lines += real_matrix("lower_expected", checks.lower.T, single) + real_matrix(
            "upper_expected", checks.upper.T, single
        )
        lines += reals("interval_scale", np.abs(ends).max(axis=0), single)
    return found, lines


def finite(checks: Checks, single: bool) -> Checks:
    """The checks whose numbers are all finite, in float32 where `single`.

    Raises
    ------
    ArgumentValueError
        If there are none.
    """
    given = {name: value for name, value in vars(checks).items() if value is not None}
    kept = np.ones(len(checks.rows), bool)
    largest = np.finfo(np.float32 if single else np.float64).max
    for name, value in given.items():
        if name not in ("rows", "outside"):
            kept &= (np.abs(value.reshape(len(value), -1)) <= largest).all(axis=1)
    if not kept.any():
        raise ArgumentValueError(
            f"`model` gives numbers above {largest:.2g} at all rows that its code would be checked with"
            + ("; `precision` must be 'double'." if single else "."),
            "precision" if single else "model",
        )
    return replace(checks, **{name: value[kept] for name, value in given.items()})
