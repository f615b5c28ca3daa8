"""Steps of a model as JSON can hold them: {"kind": ..., and what the step holds}, arrays as `arrays.held` has them.

They take completed rows X (n, p); what comes before is told by the inputs. `Round` is left out: the page computes in
float64 throughout.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fitnet.algorithm.steps import Activate, Dense, Encode, Exponentiate, Mean, Scale, Softmax, Step, Unscale
from fitnet.reports.arrays import held


def live_steps(steps: Sequence[Step], dtype: Any = None) -> list[dict[str, Any]]:
    """The steps that the page takes, in order; the layers' numbers in a dtype, if given."""
    return [found for step in steps if (found := live_step(step, dtype))]


def live_step(step: Step, dtype: Any = None) -> dict[str, Any]:
    """One of them; nothing where the page has nothing to do."""
    match step:
        case Scale(shift, scale, limit):
            return {"kind": "scale", "shift": held(shift), "scale": held(scale), "limit": limit}
        case Encode(scaling, edges, projections):
            counts = [len(each) for each in edges]
            pieces = {"edges": held(np.concatenate([np.empty(0), *edges])), "counts": counts}
            more = {"projections": held(projections)} if len(projections) else {}
            return live_step(scaling) | {"kind": "encode"} | pieces | more
        case Dense(weights, biases):
            of_layer = (each if dtype is None else each.astype(dtype) for each in (weights, biases))
            return {"kind": "dense"} | dict(zip(("weights", "biases"), map(held, of_layer), strict=True))
        case Activate(name):
            return {"kind": "activate", "name": name}
        case Unscale(shift, scale):
            return {"kind": "unscale", "shift": held(shift), "scale": held(scale)}
        case Exponentiate(bounds):
            return {"kind": "exponentiate", "bounds": held(bounds)}
        case Softmax():
            return {"kind": "softmax"}
        case Mean(weights, branches):
            return {
                "kind": "mean",
                "weights": held(weights),
                "branches": [live_steps(each, dtype) for each in branches],
            }
    return {}
