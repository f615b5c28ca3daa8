"""The model that runs in a page: all that its script needs to predict as the model does, as JSON can hold it.

Shapes: completed rows X (n, p), the numbers that the networks take; outputs (n, m).
"""

import json
from typing import Any

import numpy as np

from fitnet.algorithm.steps import Mean
from fitnet.arguments import Array
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.model import Model
from fitnet.model.steps import steps_of_member
from fitnet.reports.kept_members import MOST_KEPT, KeptMembers, kept_members, rounded_members
from fitnet.reports.live_domain import live_domain
from fitnet.reports.live_inputs import live_inputs
from fitnet.reports.live_interval import Units, conformal_interval, laplace_interval, units_of
from fitnet.reports.live_steps import live_step, live_steps

BUDGET = 1_200_000  # bytes of JSON: with the rest a page stays below 2 MB
DOMAIN_SHARE = 5  # of the budget: a fifth may go to the training inputs among which a row lies
MEMBER_TEXT, OUTPUT_TEXT = 40, 26  # bytes at most: of a kept member's place and weights, of an output's difference
NO_ROOM = "the page has no room for the model, whose parameters take more than its budget"
NO_ROOM_FOR_INTERVALS = "the page has no room for what the model's error bars are made of"
NO_INTERVALS_OF_CLASSES = "a probability says itself how sure the model is, and no measured value lies around it"
NO_INTERVALS = "the model has neither error bars nor residuals of rows that it did not see"
TOO_FEW_ROWS = "too few rows were kept from the members for intervals"


def live_model(model: AnyModel, budget_bytes: int = BUDGET, *, rows: Array | None = None) -> dict[str, Any]:
    """What `new LiveModel(...)` in the page takes.

    Parameters
    ----------
    budget_bytes
        How large it may be as JSON.
    rows
        Completed rows X (n, p), float64, that tell where to begin, and on which members are compared where the budget
        does not take all; or None.

    Returns
    -------
    dict
        "inputs" as `live_inputs` has them; "outputs" with "name" and "unit", and whether they are the
        probabilities "of_classes"; "columns" (p). "steps" from completed rows to outputs, or None where the
        budget does not take a single network. "interval" and "domain", or None, and then "interval_reason".
        "members", "members_held" and, where the budget does not take all as they are, "kept": whether they are
        "rounded" to half precision, the held members' "places", the root mean square "difference" (m,) of their
        predictions from the model's, and its largest "share" of the standard deviation "of" new targets
        ("error") or of the predictions ("spread").
    """
    found: dict[str, Any] = {
        "inputs": live_inputs(model, rows),
        "outputs": [{"name": output.name, "unit": output.unit} for output in model.outputs],
        "of_classes": model.classes is not None,
        "columns": len(model.input_names),
        "members": len(model.members) if isinstance(model, Ensemble) else 1,
        "domain": live_domain(model, budget_bytes // DOMAIN_SHARE),
        "kept": None,
    }
    left = budget_bytes - length(found | without_steps())
    return found | (of_ensemble(model, left, rows) if isinstance(model, Ensemble) else of_model(model, left, rows))


def of_model(model: Model, budget: int, rows: Array | None) -> dict[str, Any]:
    """What a single network needs."""
    steps = live_steps(steps_of_member(model))
    left = budget - length(steps)
    if left < 0:
        rounded = of_rounded(Ensemble([model]), budget, rows)
        if rounded["steps"] and model.error_bars is not None:
            rounded["interval_reason"] = NO_ROOM_FOR_INTERVALS
        return rounded
    interval = laplace_interval(model, left)
    if interval and length(interval) > left:
        interval = None
    reason = None if interval else no_intervals(model) if model.error_bars is None else NO_ROOM_FOR_INTERVALS
    return {"steps": steps, "members_held": 1, "interval": interval, "interval_reason": reason}


def of_ensemble(ensemble: Ensemble, budget: int, rows: Array | None) -> dict[str, Any]:
    """What an ensemble needs: its members or, where the budget does not take them, rounded and perhaps fewer ones."""
    branches = [live_steps(steps_of_member(member)) for member in ensemble.members]
    sizes = [length(branch) for branch in branches]
    units = None if ensemble.conformal is None else units_of(ensemble)
    interval = interval_of(ensemble, units)
    left = budget - length(interval) - length(live_step(Mean(ensemble.weights, ())))
    if sum(sizes) <= left:
        return mean_of(ensemble.weights, branches, interval)
    return of_rounded(ensemble, left, rows)


def of_rounded(ensemble: Ensemble, budget: int, rows: Array | None) -> dict[str, Any]:
    """The same with members in half precision, as many as the budget takes."""
    members = rounded_members(ensemble)
    dtype = None if members[0] is ensemble.members[0] else np.float16
    branches = [live_steps(steps_of_member(member), dtype) for member in members]
    left = budget - MEMBER_TEXT * min(MOST_KEPT, len(members)) - OUTPUT_TEXT * len(ensemble.outputs)
    X = compared_rows(ensemble) if rows is None else rows
    kept = kept_members(ensemble, members, [length(branch) for branch in branches], left, X)
    if kept is None:
        return without_steps()
    held = [branches[place] for place in kept.places]
    found = mean_of(kept.ensemble.weights, held, interval_of(ensemble, kept.units))
    return found | {"kept": description(kept) | {"rounded": dtype is not None}}


def interval_of(ensemble: Ensemble, units: Units | None) -> dict[str, Any]:
    """Those of an ensemble whose rows have these units, and why where there are none."""
    if ensemble.conformal is None or units is None:
        return {"interval": None, "interval_reason": no_intervals(ensemble)}
    interval = conformal_interval(ensemble.conformal, units)
    return {"interval": interval, "interval_reason": None if interval else TOO_FEW_ROWS}


def no_intervals(model: AnyModel) -> str:
    """Why a model that knows of no errors has none."""
    return NO_INTERVALS if model.classes is None else NO_INTERVALS_OF_CLASSES


def mean_of(weights: Array, branches: list[Any], interval: dict[str, Any]) -> dict[str, Any]:
    """The step of an ensemble, with what its intervals need."""
    mean = live_step(Mean(weights, ())) | {"branches": branches}
    return {"steps": [mean], "members_held": len(branches)} | interval


def without_steps() -> dict[str, Any]:
    """What a page has of a model that is too large for it."""
    return {"steps": None, "members_held": 0, "interval": None, "interval_reason": NO_ROOM}


def description(kept: KeptMembers) -> dict[str, Any]:
    """How far the kept members are from all."""
    return {
        "places": kept.places,
        "difference": kept.difference.tolist(),
        "share": kept.share,
        "of": kept.of,
    }


def compared_rows(ensemble: Ensemble) -> Array:
    """Rows (n, p) to compare members on: training rows that the domain has, else the members' examples."""
    if ensemble.domain is not None:
        return ensemble.domain.references * ensemble.domain.scale + ensemble.domain.shift
    return np.vstack([np.asarray(member.example_inputs, np.float64) for member in ensemble.members])


def length(value: Any) -> int:
    """How many bytes a value takes as JSON."""
    return len(json.dumps(value))
