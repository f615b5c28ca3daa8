"""From a model to the subject that exporters write of.

Shapes: g given columns, q of numbers; outputs (c, m) of c rows.
"""

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.errors import DerivativeWarning
from fitnet.export.checked_steps import check_activations, check_single
from fitnet.export.names import distinct, printable
from fitnet.export.subject import Checks, Input, Output, Subject
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.exporting.interval import exported_interval
from fitnet.model.exporting.rows import drawn_rows, encoded_rows
from fitnet.model.intervals import coverages_of
from fitnet.model.model import Model
from fitnet.version import __version__

INSIDE, BEYOND = 8, 4  # rows to check with
FURTHER = 1.5  # times the ranges
NO_CHECKS = Checks(np.empty(0), np.empty(0), None, None, None, None, np.empty(0))
TOLD = ("rows", "best_epoch", "seed", "random_state", "data_sha256", "command")  # of the provenance


def subject_of(model: AnyModel, name: str, derivatives: str, precision: str, coverage: float, by_name: bool) -> Subject:
    """All that an exporter needs to know; arguments are `export`'s, checked.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If the model has an activation of the user's own, float32 cannot hold its numbers where that is asked for, or
        `coverage` is anything but a number that its intervals may hold.
    """
    coverage = coverages_of(coverage)[0]
    steps = tuple(model.steps())
    check_activations(steps)
    inputs = exported_inputs(model)
    if precision == "single":
        check_single(steps, inputs)
    exported = Subject(
        name,
        inputs,
        tuple(
            map(Output, model.output_names, distinct(model.output_names), (each.unit or "" for each in model.outputs))
        ),
        steps,
        exported_interval(model, coverage),
        coverage,
        lines_of(model),
        NO_CHECKS,
        derivatives,
        precision,
        by_name,
    )
    return replace(exported, checks=checks_of(model, exported))


def exported_inputs(model: AnyModel) -> tuple[Input, ...]:
    """The given columns."""
    words, gaps = model.categories, model.imputation is not None
    names = model.given_names
    levels = [None] * len(names) if words is None else words.levels
    places = range(len(names)) if words is None else [place.start for place in words.places]
    lows, highs = known_ranges(model)
    found = []
    for name, code, own, place in zip(names, distinct(names), levels, places, strict=True):
        number = own is None
        level_codes = () if own is None else distinct("missing" if each is None else each for each in own)
        low, high = (lows[place], highs[place]) if number else (None, None)
        own_gaps = gaps or (own is not None and None in own)
        found.append(Input(name, code, model.units.get(name, ""), low, high, own, level_codes, own_gaps))
    return tuple(found)


def known_ranges(model: AnyModel) -> tuple[Sequence[float | None], Sequence[float | None]]:
    """The lowest and the highest of every input: where an ensemble has a domain, that of training, a little wider."""
    if isinstance(model, Ensemble) and model.domain is not None:
        low, high = model.domain.ranges
        return low.tolist(), high.tolist()
    if model.input_ranges is None:
        return [None] * len(model.input_names), [None] * len(model.input_names)
    low, high = model.input_ranges
    return low.tolist(), high.tolist()


def checks_of(model: AnyModel, subject: Subject) -> Checks:
    """Rows inside the ranges and beyond, and what the model says of them in float64."""
    generator, model = np.random.default_rng(0), in_double(model)
    kinds = [(INSIDE, 1.0), (BEYOND, FURTHER)]
    rows = np.vstack([drawn_rows(model, subject.inputs, generator, n, beyond) for n, beyond in kinds])
    if not subject.in_double:
        rows = rows.astype(np.float32).astype(FLOAT64)
    X = encoded_rows(subject.inputs, rows)
    ends = None if subject.interval is None else model.predict_interval(X, subject.coverage)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DerivativeWarning)
        return Checks(
            rows,
            model.predict(X),
            model.jacobian(X) if subject.wants_jacobian else None,
            model.hessian(X) if subject.wants_hessian else None,
            None if ends is None else ends[..., 0],
            None if ends is None else ends[..., 1],
            outside(subject.inputs, rows),
        )


def outside(inputs: Sequence[Input], rows: Array) -> Array:
    """Which rows (n, g) have a number beyond its range: (n,) bool."""
    low = np.array([-np.inf if each.lowest is None else each.lowest for each in inputs])
    high = np.array([np.inf if each.highest is None else each.highest for each in inputs])
    beyond: Array = np.any((rows < low) | (rows > high), axis=1)
    return beyond


def in_double(model: AnyModel) -> AnyModel:
    """The same numbers, computed with in float64."""
    if isinstance(model, Ensemble):
        return replace(model, members=[network_in_double(member) for member in model.members])
    return network_in_double(model)


def network_in_double(model: Model) -> Model:
    """The same of one network."""
    return replace(model, parameters=model.parameters.astype(FLOAT64), example_inputs=None)


def lines_of(model: AnyModel) -> tuple[str, ...]:
    """What the model is and where it comes from."""
    told = [f"{name}: {model.provenance[name]}" for name in TOLD if name in model.provenance]
    return tuple(printable(line) for line in (repr(model)[1:-1], *told, f"Exported by fitnet {__version__}"))
