"""The pretrained models that ship with the package, and what each was trained on."""

from importlib.resources import as_file, files

import numpy as np

from fitnet.arguments import Array, one_of
from fitnet.model.loading import load
from fitnet.model.model import Model
from fitnet.quadratic.problem import ROOTS, Problem


def pretrained(roots: str = "largest") -> Model:
    """The pretrained model for "largest" or "all" roots; `provenance["command"]` says how it was made."""
    one_of("roots", roots, ROOTS)
    with as_file(files("fitnet.quadratic") / "pretrained" / f"{roots}.fitnet") as path:
        model = load(path)
    assert isinstance(model, Model)  # the package holds no other
    return model


def outside_training(model: Model, triplet: Array) -> list[str]:
    """Why the model's answer for `triplet` (3,) is not to be trusted: one phrase a reason, empty if it is inside."""
    kept = model.provenance
    low, high = kept["low"], kept["high"]
    reasons = [
        f"{name} = {value:g} lies outside [{low:g}, {high:g}]"
        for name, value in zip("abc", triplet, strict=True)
        if not low <= value <= high
    ]
    if kept["numbers"] == "whole" and not np.all(triplet == np.round(triplet)):
        reasons.append("it was trained on whole numbers only")
    if triplet[0] == 0 and not kept["zero a"]:
        reasons.append("it was trained with a different from 0")
    if np.isnan(Problem(kept["roots"]).targets(triplet[np.newaxis])).any():
        kind = "real root" if kept["roots"] == "largest" else "root"
        reasons.append(f"it was trained on triplets with a {kind}, and this one has none")
    return reasons
