"""Where a page knows the training inputs to lie, as JSON can hold it.

Shapes: p numbers and G groups of levels; references (R, p).
"""

from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.reports.arrays import held, size_of
from fitnet.uncertainty.nearest_rows import NEIGHBOURS


def live_domain(model: AnyModel, budget_bytes: int) -> dict[str, Any] | None:
    """What the page needs for `domainScore`: of an ensemble with a `domain` that, of others the ranges; or None.

    Returns
    -------
    dict
        "ranges" (2, p + G), "groups" (p numbers, -1 for none). "references" (R, p) in standard units, with "shift" and
        "scale" (p,), "threshold" and how many "neighbours" count: None where the model has none, or the budget, in
        bytes of JSON, does not take them; the ranges alone then tell. In float32 where float64 takes too much.
    """
    domain = model.domain if isinstance(model, Ensemble) else None
    if domain is None:
        ranges = model.input_ranges
        return None if ranges is None else of_ranges(ranges, [-1] * ranges.shape[1])
    found = of_ranges(domain.ranges, domain.groups.tolist())
    for dtype in (np.float64, np.float32):
        references = domain.references.astype(dtype)
        if size_of(references) <= budget_bytes:
            k = max(1, min(NEIGHBOURS, len(references) - 1))
            standard = {"shift": held(domain.shift), "scale": held(domain.scale)}
            return found | {"references": held(references), "threshold": domain.threshold, "neighbours": k} | standard
    return found


def of_ranges(ranges: Array, groups: list[int]) -> dict[str, Any]:
    """A domain that knows no more than ranges."""
    return {"ranges": held(ranges), "groups": groups, "references": None}
