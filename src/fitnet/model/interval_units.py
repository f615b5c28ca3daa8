"""What the intervals of an ensemble are made of: multiples of a row's unit, which come from spreads of members.

Shapes: outputs (m,), c coverages.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from fitnet.arguments import Array
from fitnet.model.ensemble_folds import members_of
from fitnet.model.weighted import Group
from fitnet.uncertainty.alike_folds import interval_around
from fitnet.uncertainty.conformal import CrossConformal

if TYPE_CHECKING:
    from fitnet.model.ensemble import Ensemble


def multiples(conformal: CrossConformal, coverages: Sequence[float]) -> tuple[Array, Array]:
    """How many units below and above a prediction the ends of its intervals are: (m, c) each, with their sign.

    Errors are `interval_around`'s.
    """
    m = conformal.scores.shape[1]
    plain = replace(conformal, floors=np.full(m, np.inf))
    lower, upper = interval_around(plain, np.zeros((1, m)), coverages, None)[0].transpose(1, 0, 2)
    return lower, upper


def spread_groups(ensemble: "Ensemble") -> list[Group]:
    """The groups of members whose spreads' mean is a row's: those of every fold, or all where there are no folds."""
    if ensemble.folds is None:
        return [(range(len(ensemble.members)), ensemble.weights.tolist())]
    return [members_of(ensemble, fold) for fold in range(max(ensemble.folds) + 1)]
