"""The class scores of an ensemble: what rows out of fold were told of their own class, for sets of classes; or None."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, finite_cast, numeric_array
from fitnet.errors import ArgumentValueError
from fitnet.model.parts.contract import CLASSES, StoredModel

SCORES = "class_scores"


@dataclass(frozen=True, eq=False)
class ClassScoresPart:
    """Scores (J,) in a tensor, ascending, float64, from 0 to 1."""

    TENSORS: ClassVar[Mapping[str, int]] = {SCORES: 9}
    KEYS: ClassVar[Mapping[str, int]] = {}

    scores: Array | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """They may come in any order."""
        if given[SCORES] is None:
            return cls(None)
        if given["members"][0].classes is None:
            raise ArgumentValueError(f"`{SCORES}` is given and the ensemble predicts numbers; it must be None.", SCORES)
        scores = numeric_array(SCORES, given[SCORES])
        if scores.ndim != 1 or len(scores) == 0:
            raise ArgumentValueError(
                f"`{SCORES}` has shape {scores.shape}; it must have one score a row, of one row or more.", SCORES
            )
        scores = np.sort(finite_cast(SCORES, scores, FLOAT64))
        if scores[0] < 0 or scores[-1] > 1:
            wrong = scores[0] if scores[0] < 0 else scores[-1]
            raise ArgumentValueError(f"`{SCORES}` holds {wrong:g}; it must hold probabilities, from 0 to 1.", SCORES)
        scores.flags.writeable = False
        return cls(scores)

    def fields(self) -> dict[str, Any]:
        return {SCORES: self.scores}

    def tensors(self) -> dict[str, Array]:
        return {} if self.scores is None else {SCORES: self.scores}

    def description(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        if SCORES not in stored.tensors:
            return cls(None)
        if CLASSES not in stored.description:
            raise stored.damaged("it holds scores of classes, and its outputs are numbers")
        scores = stored.tensor(SCORES, (stored.tensors[SCORES].size,), FLOAT64)
        if len(scores) == 0 or scores[0] < 0 or scores[-1] > 1 or np.any(np.diff(scores) < 0):
            raise stored.damaged("its scores of classes are no ascending probabilities")
        return cls(scores)
