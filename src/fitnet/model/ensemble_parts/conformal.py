"""The conformal part of an ensemble: the scores of out-of-fold residuals that intervals are made of, or None."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.ensemble_parts.weighting import FOLDS
from fitnet.model.parts.contract import StoredModel
from fitnet.uncertainty.conformal import CrossConformal

SCORES, SHRINKAGE = "conformal_scores", "conformal_shrinkage"
CONFORMAL = "conformal"
KINDS = {"fold_rows": (int,), "floors": (int, float, type(None)), "symmetric": (bool,)}  # of lists' entries


@dataclass(frozen=True, eq=False)
class ConformalPart:
    """Scores (N, m) and shrinkage (m,) in tensors; the rest in the description, by its names in `CrossConformal`.

    There a floor is null where it is infinite.
    """

    TENSORS: ClassVar[Mapping[str, int]] = dict.fromkeys((SCORES, SHRINKAGE), 7)
    KEYS: ClassVar[Mapping[str, int]] = {CONFORMAL: 7}

    conformal: CrossConformal | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        conformal, folds = given["conformal"], given["folds"]
        if conformal is None:
            return cls(None)
        if not isinstance(conformal, CrossConformal):
            raise ArgumentTypeError(
                f"`conformal` is {type(conformal).__name__}; it must be a CrossConformal or None.", "conformal"
            )
        if folds is None:
            raise ArgumentValueError("`folds` is None; beside `conformal` it must be one fold a member.", "folds")
        outputs = len(given["members"][0].output_names)
        there = (conformal.scores.shape[1], len(conformal.fold_rows))
        wanted = (outputs, max(folds) + 1)
        if there != wanted:
            m, K = there
            raise ArgumentValueError(
                f"`conformal` is for {counted(m, 'output')} and {counted(K, 'fold')}; it must be for {wanted[0]} and "
                f"{wanted[1]}, as the ensemble has.",
                "conformal",
            )
        return cls(conformal)

    def fields(self) -> dict[str, Any]:
        return {"conformal": self.conformal}

    def tensors(self) -> dict[str, Array]:
        if self.conformal is None:
            return {}
        return {SCORES: self.conformal.scores, SHRINKAGE: self.conformal.shrinkage}

    def description(self) -> dict[str, Any]:
        if self.conformal is None:
            return {}
        floors = [floor if floor < float("inf") else None for floor in self.conformal.floors.tolist()]
        rows, symmetric = self.conformal.fold_rows.tolist(), self.conformal.symmetric.tolist()
        return {CONFORMAL: {"fold_rows": rows, "floors": floors, "symmetric": symmetric}}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        if stored.holds((SCORES, SHRINKAGE)) != (CONFORMAL in stored.description):
            raise stored.damaged("it holds one half of its conformal scores")
        if CONFORMAL not in stored.description:
            return cls(None)
        rows, floors, symmetric = stored_lists(stored)
        folds, m = stored.description.get(FOLDS), len(stored.description["output_names"])
        N = len(stored.tensors[SCORES]) if stored.tensors[SCORES].ndim else 0
        scores, shrinkage = stored.tensor(SCORES, (N, m), FLOAT64), stored.tensor(SHRINKAGE, (m,), FLOAT64)
        if folds is None or [len(rows), len(floors), len(symmetric)] != [max(folds) + 1, m, m]:
            raise stored.damaged("its conformal scores do not fit its outputs and folds")
        try:
            vectors = np.array(rows), np.array(floors), np.array(symmetric)
            return cls(CrossConformal(scores, *vectors, shrinkage))
        except (ArgumentValueError, ArgumentTypeError, OverflowError):
            raise stored.damaged("its conformal scores are none that rows leave") from None


def stored_lists(stored: StoredModel) -> tuple[list[int], list[float], list[bool]]:
    """The rows of each fold, the floors and what is symmetric, as a description has them."""
    described = stored.description[CONFORMAL]
    if not isinstance(described, dict) or described.keys() != KINDS.keys():
        raise stored.foreign_description()
    for name, kinds in KINDS.items():
        values = described[name]
        if not isinstance(values, list) or not all(type(value) in kinds for value in values):
            raise stored.foreign_description()
    floors = [float("inf") if floor is None else floor for floor in described["floors"]]
    return described["fold_rows"], floors, described["symmetric"]
