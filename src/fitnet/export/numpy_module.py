"""A model as one Python file that needs NumPy alone.

Shapes: given columns g, of which q hold numbers; outputs m; c rows to check with.
"""

from collections.abc import Iterator, Mapping
from pprint import pformat
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.export.numpy_head import head, is_known, takes_gaps
from fitnet.export.numpy_numbers import WIDTH, definition
from fitnet.export.numpy_steps import (
    completed_width,
    layers_slice,
    limited_pieces,
    n_parameters,
    networks_text,
    used,
    widest,
)
from fitnet.export.subject import ConformalInterval, LaplaceInterval, Subject
from fitnet.export.template import rendered

# How far off the functions may be in their self-test, relative to the larger of value and scale.
ALLOWED = {
    "double": {"predict": 1e-12, "jacobian": 1e-12, "hessian": 1e-12, "interval": 1e-12},
    "single": {"predict": 1e-5, "jacobian": 1e-4, "hessian": 1e-3, "interval": 1e-5},
}


def files(subject: Subject) -> Mapping[str, bytes]:
    """The file."""
    return {"": rendered("numpy_module.py.jinja", known(subject)).encode()}


def known(subject: Subject) -> dict[str, Any]:
    """What the template fills in."""
    laplace = isinstance(subject.interval, LaplaceInterval)
    functions = used(subject)
    m, most = len(subject.outputs), widest(subject)
    return {
        "name": subject.name,
        "head": head(subject),
        "input_names": formatted(tuple(each.name for each in subject.inputs)),
        "output_names": formatted(tuple(each.name for each in subject.outputs)),
        "ranges": formatted({each.name: (each.lowest, each.highest) for each in subject.inputs if is_known(each)}),
        "levels": formatted({each.name: each.levels for each in subject.inputs if each.levels is not None}),
        "gaps": formatted(tuple(each.name for each in subject.inputs if takes_gaps(each))),
        "classes": formatted(subject.classes) if subject.classes else None,
        "coverage": subject.coverage,
        "dtype": "float64" if subject.in_double else "float32",
        "g": len(subject.inputs),
        "q": len(subject.numbers),
        "m": m,
        "width": completed_width(subject),
        "widest": most,
        "interval_numbers": m * n_parameters(subject) if laplace else most,
        "n_checks": len(subject.checks.rows),
        "words": subject.one_hot is not None,
        "impute": subject.impute,
        "ensemble": subject.mean is not None,
        "interval": subject.interval is not None,
        "laplace": laplace,
        "conformal": isinstance(subject.interval, ConformalInterval),
        "normalised": isinstance(subject.interval, ConformalInterval) and subject.interval.normalised,
        "exponentiated": "Exponentiate" in functions,
        "jacobian": subject.wants_jacobian,
        "hessian": subject.wants_hessian,
        "sloped": subject.wants_jacobian or laplace,
        "used": functions,
        "limited_pieces": limited_pieces(subject),
        "data": "\n".join(data(subject)),
        "checked_functions": [(each, ALLOWED[subject.precision][each]) for each in checked(subject)],
    }


def data(subject: Subject) -> Iterator[str]:
    """Definitions of all that the functions compute with."""
    if subject.impute is not None:
        yield definition("MEDIANS", subject.impute.medians)
        yield f"TOLD = {list(subject.impute.told)}  # columns, from 0, whose gaps are told behind all others"
    yield networks_text(subject)
    match subject.interval:
        case ConformalInterval() as interval:
            yield from conformal_data(interval)
        case LaplaceInterval() as interval:
            yield from laplace_data(interval, subject)
    yield definition("CHECKED_ROWS", subject.checks.rows)
    yield f"CHECKED_OUTSIDE = {subject.checks.outside.tolist()}"
    for name, expected in checked(subject).items():
        yield definition(f"CHECKED_{name.upper()}", expected)


def conformal_data(interval: ConformalInterval) -> Iterator[str]:
    """Of intervals around an ensemble."""
    for name in ("lower", "upper"):
        yield definition(name.upper(), getattr(interval, name))
    if interval.normalised:
        yield definition("FLOORS", interval.floors)
        groups = "".join(f"    ({list(places)}, {list(map(float, weights))}),\n" for places, weights in interval.groups)
        yield f"GROUPS = [  # of members, with their weights\n{groups}]"


def laplace_data(interval: LaplaceInterval, subject: Subject) -> Iterator[str]:
    """Of error bars."""
    layers = layers_slice(subject)
    yield f"LAYERS = slice({layers.start}, {layers.stop})  # of NETWORK"
    yield f"MULTIPLE = {interval.multiple!r}"
    yield f"VARIANCE = {interval.variance!r}"
    for name, array in (("NOISE", interval.noise), ("TARGET_SCALE", interval.scale), ("FACTOR", interval.factor)):
        yield definition(name, array)
    yield f"L = np.zeros(({n_parameters(subject)}, {n_parameters(subject)}))"
    yield "L[np.tril_indices(len(L))] = FACTOR  # which has its rows up to their diagonals"
    yield f"UNUSED = {list(interval.unused)}  # inputs of the first layer whose weights are 0"


def checked(subject: Subject) -> dict[str, Array]:
    """What the model says, by the function that must say it, too."""
    checks = subject.checks
    found = {"predict": checks.outputs, "jacobian": checks.jacobian, "hessian": checks.hessian}
    if checks.lower is not None and checks.upper is not None:
        found["interval"] = np.stack([checks.lower, checks.upper], axis=-1)
    return {name: expected for name, expected in found.items() if expected is not None}


def formatted(value: Any) -> str:
    """A tuple or dict as Python writes it, in lines where it is long."""
    return pformat(value, width=WIDTH - len("OUTPUTS = "), compact=True, sort_dicts=False)
