"""What a page needs for intervals of new targets, as JSON can hold it.

Shapes: outputs (m,), c coverages, P parameters. An ensemble's ends are multiples of a row's unit, which is 1 where
scores are plain and hypot(factor * spread, floor) where they are normalised, the spread being the mean of the groups'
weighted standard deviations; a model's are multiples of its standard deviation by Laplace's approximation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.model.ensemble import Ensemble
from fitnet.model.interval_units import multiples, spread_groups
from fitnet.model.model import Model
from fitnet.model.weighted import Group
from fitnet.reports.arrays import held, size_of
from fitnet.uncertainty.conformal import CrossConformal

COVERAGES = (0.5, 0.68, 0.9, 0.95)


@dataclass(frozen=True, eq=False)
class Units:
    """How a row's unit comes from members' outputs: floors and factors (m,), and groups of members."""

    floors: Array
    factors: Array
    groups: Sequence[Group]


def units_of(ensemble: Ensemble) -> Units:
    """The ensemble's own: its folds' spreads as they are."""
    assert ensemble.conformal is not None
    return Units(ensemble.conformal.floors, np.ones(len(ensemble.outputs)), spread_groups(ensemble))


def conformal_interval(conformal: CrossConformal, units: Units) -> dict[str, Any] | None:
    """{"kind": "conformal"} with "coverages", "lower" and "upper" (c, m), "floors", "factors" and "groups".

    A group has the places of its "members" and their "weights". None where so few rows allow no coverage.
    """
    coverages = [each for each in COVERAGES if each <= conformal.most_coverage]
    if not coverages:
        return None
    lower, upper = (each.T for each in multiples(conformal, coverages))
    groups = [{"members": list(places), "weights": list(weights)} for places, weights in units.groups]
    ends = {"lower": held(lower), "upper": held(upper)}
    spread = {"floors": held(units.floors), "factors": held(units.factors), "groups": groups}
    return {"kind": "conformal", "coverages": coverages} | ends | spread


def laplace_interval(model: Model, budget_bytes: int) -> dict[str, Any] | None:
    """{"kind": "laplace"} with "coverages", "multiples" (c,), "factor", "variance", "noise" (m,), "unused" inputs.

    The factor is `ErrorBars`'. None where the model has no error bars, or the budget, in bytes of JSON, does not take
    the factor.
    """
    bars = model.error_bars
    if bars is None or size_of(bars.factor) > budget_bytes:
        return None
    return {
        "kind": "laplace",
        "coverages": list(COVERAGES),
        "multiples": held(np.array([NormalDist().inv_cdf((1 + share) / 2) for share in COVERAGES])),
        "factor": held(bars.factor),
        "variance": bars.variance,
        "noise": held(np.diagonal(bars.noise_covariance)),
        "unused": np.flatnonzero(model.network.unused_inputs(model.parameters)).tolist(),
    }
