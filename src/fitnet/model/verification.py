"""Verification: whether a model file still predicts what it did when it was written."""

from dataclasses import dataclass
from os import PathLike

import numpy as np

from fitnet.algorithm.target_transform import slopes
from fitnet.arguments import Array
from fitnet.model import ensemble_file, file
from fitnet.model.ensemble_parts.members import stored_members
from fitnet.model.loading import model_of
from fitnet.model.parts.core import Core
from fitnet.model.parts.examples import Examples
from fitnet.model.parts.scalings import Scalings
from fitnet.model.parts.target_transform import TargetTransform

ALLOWED_UNITS = 1000  # in the last place


@dataclass(frozen=True)
class Verification:
    """How a model's stored predictions compare with today's, on `rows` stored rows, in the outputs' units.

    Where targets are scaled each output has its own allowance; both numbers are of the output that came nearest to its
    own or went furthest beyond it. Of an ensemble every member has rows and allowances of its own.
    """

    rows: int
    largest_difference: float
    allowed_difference: float

    @property
    def passed(self) -> bool:
        """Whether every stored prediction came out again."""
        return self.largest_difference <= self.allowed_difference

    @property
    def share(self) -> float:
        """The difference in parts of what is allowed."""
        with np.errstate(all="ignore"):
            return float(np.divide(self.largest_difference, self.allowed_difference))


def verify(path: str | PathLike[str]) -> Verification:
    """Read the file at `path` and replay its stored rows.

    Another processor may sum in another order, so predictions may differ by rounding: 1000 units in the last
    place of the largest output the network gave (at least 1) are allowed. Where targets are scaled that is so for
    every output before it is scaled back, and 1000 units in float64 of the largest stored value come on top.

    Raises
    ------
    ModelFileError, OSError
        As for `load`.
    """
    stored = file.opened(path)
    if not ensemble_file.holds_ensemble(stored):
        return replayed(file.contents_of(stored))
    ensemble_file.contents_of(stored)  # refuses what is no ensemble
    replays = [replayed(contents) for contents in stored_members(stored)]
    worst = max(replays, key=lambda replay: (not replay.passed, replay.share))
    return Verification(sum(replay.rows for replay in replays), worst.largest_difference, worst.allowed_difference)


def replayed(contents: file.Contents) -> Verification:
    """How the rows that a model, or a member, keeps come out today."""
    examples = contents[Examples]
    stored = examples.outputs
    assert stored is not None
    with np.errstate(all="ignore"):
        differences = np.abs(model_of(contents).predict(examples.inputs) - stored)
        allowed = np.broadcast_to(allowed_differences(contents, stored), differences.shape)
        ratios = differences / allowed
        worst = np.unravel_index(np.argmax(ratios), ratios.shape)
    return Verification(len(stored), float(differences[worst]), float(allowed[worst]))


def allowed_differences(contents: file.Contents, stored: Array) -> Array:
    """How far rounding may carry each output, (m,) or, of transformed targets, (k, m), from the stored ones (k, m)."""
    transform = contents[TargetTransform].transform
    if transform is not None:
        bounds, T = transform.bounds(stored.shape[1]), transform.forward(stored)
        share = allowed_of_scaled(contents, T) * slopes(T, bounds)
        return share + ALLOWED_UNITS * float(np.finfo(np.float64).eps) * np.abs(stored)
    return allowed_of_scaled(contents, stored)


def allowed_of_scaled(contents: file.Contents, stored: Array) -> Array:
    """The same, (m,), of targets that were scaled only, or of transforms."""
    stored, scaling = stored.astype(np.float64), contents[Scalings].targets
    own = ALLOWED_UNITS * float(np.finfo(contents[Core].parameters.dtype).eps)
    if scaling is None:
        return np.full(stored.shape[1], own * max(1.0, float(np.abs(stored).max())))
    rounding_back = ALLOWED_UNITS * float(np.finfo(np.float64).eps) * np.abs(stored).max(axis=0)
    from_shift = np.abs(own * stored - own * scaling.shift).max(axis=0)  # the network's output times its scale
    allowed: Array = np.maximum(own * scaling.scale, from_shift) + rounding_back
    return allowed
