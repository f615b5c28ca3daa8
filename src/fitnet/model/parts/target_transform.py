"""The target transform of a model: what was done to its targets before they were scaled, or None."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.target_transform import LogTransform, checked_transform
from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.parts.contract import StoredModel

BOUNDS = "target_lower_bounds"


@dataclass(frozen=True, eq=False)
class TargetTransform:
    """In the description the lower bound of every target's logarithm, None where a target is as it is."""

    TENSORS: ClassVar[Mapping[str, int]] = {}
    KEYS: ClassVar[Mapping[str, int]] = {BOUNDS: 6}

    transform: LogTransform | None
    bounds: tuple[float | None, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        transform = checked_transform("target_transform", given["target_transform"])
        if transform is None:
            return cls(None, ())
        bounds = transform.bounds(given["network"].n_outputs)
        return cls(transform, tuple(bound if np.isfinite(bound) else None for bound in bounds.tolist()))

    def fields(self) -> dict[str, Any]:
        return {"target_transform": self.transform}

    def tensors(self) -> dict[str, Array]:
        return {}

    def description(self) -> dict[str, Any]:
        return {} if self.transform is None else {BOUNDS: list(self.bounds)}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        if BOUNDS not in stored.description:
            return cls(None, ())
        bounds = stored.description[BOUNDS]
        if not isinstance(bounds, list) or len(bounds) != stored.network.n_outputs:
            raise stored.damaged("its target transform does not fit its layers")
        if not all(bound is None or type(bound) in (int, float) for bound in bounds):
            raise stored.foreign_description()
        same = all(bound == bounds[0] for bound in bounds) and bounds[0] is not None
        try:
            return cls(LogTransform(bounds[0] if same else bounds), tuple(bounds))
        except (ArgumentValueError, ArgumentTypeError):
            raise stored.foreign_description() from None
