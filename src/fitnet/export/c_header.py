"""C: a model as one header in C99, which is C++ too; what it says is in templates/c_*.jinja.

Shapes: g given columns, q of them numbers, completed rows (p,), outputs (m,), M networks.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fitnet.algorithm.steps import Dense
from fitnet.export.c_comment import comment
from fitnet.export.c_networks import Shape, Tables, member_tables, shape_of
from fitnet.export.c_numbers import is_single, literals, table
from fitnet.export.c_rows import completed_width, rows_of
from fitnet.export.subject import ConformalInterval, LaplaceInterval, Subject
from fitnet.export.template import rendered

TANH_SERIES = np.array(  # tanh z / z by powers of z^2
    [
        *(1, -1 / 3, 2 / 15, -17 / 315, 62 / 2835, -1382 / 155925, 21844 / 6081075, -929569 / 638512875),
        *(6404582 / 10854718875, -443861162 / 1856156927625),
    ]
)
IN_STEP = 4  # numbers that vector instructions take at once
FIELDS = (  # of the structure of a network
    *("parameters", "shift", "shift_rest", "scale", "limit", "edges", "edges_rest"),
    *("exact_shift", "exact_scale", "projections", "projections_edges"),
    *("target_shift", "target_scale", "bounds", "least"),
)
IN_DOUBLE = (
    "exact_shift",
    "exact_scale",
    "projections",
    "projections_edges",
)  # tables of them, in single precision too
ALLOWED = {"double": ("1e-12", "1e-12", "1e-12"), "single": ("1e-5f", "1e-4f", "1e-3f")}  # y, jacobian, hessian
CALLS_BYTES = 1024  # of the stack, for what compilers keep beside arrays


def files(subject: Subject) -> dict[str, bytes]:
    """The header."""
    return {"": rendered("c_header.h.jinja", values(subject)).encode()}


def values(subject: Subject) -> dict[str, Any]:
    """All that the templates ask for."""
    single, name = not subject.in_double, subject.name
    networks = networks_of(subject)
    shapes: Sequence[Shape] = networks["shapes"]
    interval = subject.interval
    q, m = len(subject.numbers), len(subject.outputs)
    jacobian = subject.wants_jacobian and q > 0
    slopes = jacobian or isinstance(interval, LaplaceInterval)
    layers = [layer for shape in shapes for layer in shape.layers]
    found = rows_of(subject) | networks | checks_of(subject)
    return found | {
        "subject": subject,
        "head": comment(subject, found["levels"]),
        "n": name,
        "N": name.upper(),
        "f": "f" if single else "",
        "single": single,
        "real": "float" if single else "double",
        "largest": "3.40282347e+38f" if single else "1.7976931348623157e+308",
        "m": m,
        "q": q,
        "jacobian": jacobian,
        "hessian": jacobian and subject.wants_hessian,
        "slopes": slopes,
        "interval": interval is not None,
        "coverage": f"{100 * subject.coverage:g} %",
        "conformal": conformal_of(interval, single) if isinstance(interval, ConformalInterval) else None,
        "scaled": any(shape.scaled for shape in shapes),
        "limited": any(shape.limited for shape in shapes),
        "encoded": any(shape.pieces for shape in shapes),
        "projected": any(shape.projected for shape in shapes),
        "projections_cut": any(any(shape.projected) for shape in shapes),
        "products": sorted({(layer.inputs, layer.outputs) for layer in layers}),
        "sparse": {(shape.layers[0].inputs, shape.layers[0].outputs) for shape in shapes if shape.cut},
        "dots": sorted({layer.outputs for layer in layers}) if slopes else [],
        "activations": {layer.activation for layer in layers},
        "needs_logistic": needs_logistic({layer.activation for layer in layers}, slopes),
        "series": literals(TANH_SERIES, single),
        "evenly": evenly,
        "stack": stack_bytes(subject, shapes, found["width"], len(networks["networks"])),
    }


def evenly(count: int) -> list[tuple[int, int]]:
    """0 ... count as ranges of which the first is a multiple of what vector instructions take at once."""
    middle = count // IN_STEP * IN_STEP
    return [(start, stop) for start, stop in ((0, middle), (middle, count)) if start < stop]


def needs_logistic(activations: set[str], slopes: bool) -> bool:
    """Whether any of them is computed by the logistic function."""
    return bool(activations & {"logistic", "silu"}) or (slopes and "softplus" in activations)


def networks_of(subject: Subject) -> dict[str, Any]:
    """Shapes, tables and what every network has of them."""
    single, width = not subject.in_double, completed_width(subject)
    tables = Tables(single)
    layers = [step for branch in subject.branches for step in branch if isinstance(step, Dense)]
    as_float = single or all(is_single(numbers) for step in layers for numbers in (step.weights, step.biases))
    shapes: list[Shape] = []
    members: list[dict[str, str]] = []
    for branch in subject.branches:
        shape = shape_of(branch, width)
        if shape not in shapes:
            shapes.append(shape)
        members.append({"shape": str(1 + shapes.index(shape))} | member_tables(branch, tables, as_float))
    fields = [field for field in FIELDS if any(field in member for member in members)]
    laplace = laplace_of(subject.interval, tables) if isinstance(subject.interval, LaplaceInterval) else None
    return {
        "laplace": laplace,
        "shapes": shapes,
        "parameters": sum(step.weights.size + step.biases.size for step in layers),
        "tables": {
            name: (number_type(name.rsplit("_", 1)[0], subject.name), numbers)
            for name, numbers in tables.written.items()
        },
        "number": "float" if as_float else "double",
        "fields": {field: number_type(field, subject.name) for field in fields},
        "networks": [
            [member["shape"], *(field_value(field, member, subject.name) for field in fields)] for member in members
        ],
        "weights": table(np.asarray(subject.weights), single),
    }


def number_type(kind: str, name: str) -> str:
    """Of the numbers in tables of a kind."""
    return "double" if kind in IN_DOUBLE else f"{name}_number" if kind == "parameters" else f"{name}_real"


def field_value(field: str, member: dict[str, str], name: str) -> str:
    """What a network's structure has in a field."""
    if field not in member:
        return "0"
    return member[field] if field == "limit" else f"{name}_{member[field]}"


def conformal_of(interval: ConformalInterval, single: bool) -> dict[str, Any]:
    """The numbers of an ensemble's intervals."""
    return {
        "normalised": interval.normalised,
        "below": table(interval.lower, single),
        "above": table(interval.upper, single),
        "floors": table(interval.floors, single),
        "group_sizes": [len(places) for places, _ in interval.groups],
        "group_networks": [place for places, _ in interval.groups for place in places],
        "group_weights": table(np.concatenate([weights for _, weights in interval.groups]), single),
    }


def laplace_of(interval: LaplaceInterval, tables: Tables) -> dict[str, Any]:
    """Those of a single network's."""
    tables.add("factor", interval.factor)
    multiple, variance = literals(np.array([interval.multiple, interval.variance]), tables.single)
    noise, scale = table(interval.noise, tables.single), table(interval.scale, tables.single)
    return {"multiple": multiple, "variance": variance, "noise": noise, "scale": scale, "unused": interval.unused}


def checks_of(subject: Subject) -> dict[str, Any]:
    """Rows for the self-test, and what must come of them."""
    checks, single = subject.checks, not subject.in_double
    parts = {
        "x": checks.rows,
        "y": checks.outputs,
        "jacobian": checks.jacobian,
        "hessian": checks.hessian,
        "lower": checks.lower,
        "upper": checks.upper,
    }
    tables = {name: table(each, single) for name, each in parts.items() if each is not None and each.size}
    allowed = dict(zip(("y", "jacobian", "hessian"), ALLOWED[subject.precision], strict=True))
    return {"checks": checks.outside.astype(int).tolist(), "check_tables": tables, "allowed": allowed}


def stack_bytes(subject: Subject, shapes: Sequence[Shape], width: int, networks: int) -> int:
    """More than all arrays of the functions that call each other, and of the self-test around them."""
    m, q = len(subject.outputs), len(subject.numbers)
    results = m * (4 + (q if subject.wants_jacobian else 0) + (q * q if subject.wants_hessian else 0))
    numbers = width + 2 * results + m * networks
    most = 0
    for shape in shapes:
        own = 8 * shape.widest + 2 * shape.entries + 6 * q + (q + 3) * len(shape.projected)
        own += q * shape.entries if subject.wants_hessian else 0
        if isinstance(subject.interval, LaplaceInterval):
            own += sum((layer.inputs + 1) * layer.outputs for layer in shape.layers) + shape.layers[0].inputs
        most = max(most, own)
    return CALLS_BYTES + (8 if subject.in_double else 4) * (numbers + most)
