"""The weighting of an ensemble: what every member counts for, and which fold of the rows it did not see."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, vector, whole_number
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.ensemble_parts.members import MEMBERS
from fitnet.model.parts.contract import StoredModel

WEIGHTS, FOLDS = "weights", "folds"
ROUNDING = 1e-12  # weights whose sum is as near to 1 stay as they are, so that a file gives back what was saved


@dataclass(frozen=True, eq=False)
class Weighting:
    """Weights (M,), float64, above 0, with the sum 1; and a fold a member, from 0 on, or None."""

    TENSORS: ClassVar[Mapping[str, int]] = {WEIGHTS: 1}
    KEYS: ClassVar[Mapping[str, int]] = {FOLDS: 7}

    weights: Array
    folds: tuple[int, ...] | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Members weigh alike where no weights are given."""
        M = len(given["members"])
        weights = np.ones(M) if given["weights"] is None else given["weights"]
        return cls(checked_weights(weights, M), checked_folds(given["folds"], M))

    def fields(self) -> dict[str, Any]:
        return {"weights": self.weights, "folds": self.folds}

    def tensors(self) -> dict[str, Array]:
        return {WEIGHTS: self.weights}

    def description(self) -> dict[str, Any]:
        return {} if self.folds is None else {FOLDS: list(self.folds)}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        M = len(stored.description[MEMBERS])
        weights = stored.tensors[WEIGHTS]
        if (weights.shape, weights.dtype) != ((M,), FLOAT64):
            raise stored.damaged(f"its tensor {WEIGHTS!r} does not fit its members")
        if not np.all(weights > 0) or not sums_to_one(weights):
            raise stored.damaged("its weights are not above 0 with the sum 1")
        folds = stored.description.get(FOLDS)
        if FOLDS in stored.description and not isinstance(folds, list):
            raise stored.foreign_description()
        try:
            return cls(checked_weights(weights, M), checked_folds(folds, M))
        except (ArgumentValueError, ArgumentTypeError):
            raise stored.damaged("its folds do not fit its members") from None


def checked_weights(weights: object, members: int) -> Array:
    """The weights, read-only, divided by their sum unless that is 1."""
    checked = vector("weights", weights, FLOAT64, members).copy()
    if np.any(checked <= 0):
        place = int(np.argmax(checked <= 0))
        raise ArgumentValueError(
            f"`weights` holds {checked[place]:g} at [{place}]; every weight must be above 0.", "weights"
        )
    if np.any(checked > 1) or not sums_to_one(checked):
        checked /= checked.max()  # so that no sum overflows
        checked /= fsum(checked.tolist())
        if np.any(checked == 0):
            place = int(np.argmin(checked))
            raise ArgumentValueError(
                f"`weights` has one at [{place}] that is nothing beside the largest; it must be larger.", "weights"
            )
    checked.flags.writeable = False
    return checked


def sums_to_one(weights: Array) -> bool:
    """Whether their sum is 1, but for rounding."""
    return bool(np.all(weights <= 1)) and abs(fsum(weights.tolist()) - 1) <= ROUNDING


def checked_folds(folds: Any, members: int) -> tuple[int, ...] | None:
    """One fold a member, from 0 on, with a member for every one; or None."""
    if folds is None:
        return None
    listed = list(folds.tolist() if isinstance(folds, np.ndarray) else folds) if np.iterable(folds) else None
    if listed is None or isinstance(folds, str):
        raise ArgumentTypeError(f"`folds` is {folds!r}; it must be one whole number a member, or None.", "folds")
    if len(listed) != members:
        raise ArgumentValueError(f"`folds` has {len(listed)} entries; it must have {members}, one a member.", "folds")
    checked = tuple(whole_number(f"folds[{i}]", fold, 0) for i, fold in enumerate(listed))
    absent = set(range(len(set(checked)))) - set(checked)
    if absent:
        raise ArgumentValueError(
            f"`folds` is up to {max(checked)} without {min(absent)}; every fold from 0 on must have a member.", "folds"
        )
    return checked
