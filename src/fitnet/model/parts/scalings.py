"""The scalings of a model: what was done to inputs and targets before the network was trained on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.scaling import FLOAT64, Scaling, check_scaling
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError
from fitnet.model.parts.contract import StoredModel, columns_given

INPUTS = ("input_shift", "input_scale")
TARGETS = ("target_shift", "target_scale")
LIMIT = "input_limit"


@dataclass(frozen=True, eq=False)
class Scalings:
    """One of the inputs and one of the targets; either may be None. Shifts and scales (k,) are float64.

    The limit that scaled inputs are clipped to is in the description.
    """

    TENSORS: ClassVar[Mapping[str, int]] = dict.fromkeys((*INPUTS, *TARGETS), 2)
    KEYS: ClassVar[Mapping[str, int]] = {LIMIT: 6}

    inputs: Scaling | None
    targets: Scaling | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        network, inputs, targets = (given[name] for name in ("network", "input_scaling", "target_scaling"))
        check_scaling("input_scaling", inputs, columns_given(given))
        check_scaling("target_scaling", targets, network.n_outputs)
        if targets is not None and targets.limit is not None:
            raise ArgumentValueError(
                f"`target_scaling` has the limit {targets.limit:g}; it must have none, for targets are not clipped.",
                "target_scaling",
            )
        return cls(inputs, targets)

    def fields(self) -> dict[str, Any]:
        return {"input_scaling": self.inputs, "target_scaling": self.targets}

    def tensors(self) -> dict[str, Array]:
        named: dict[str, Array] = {}
        for scaling, (shift, scale) in ((self.inputs, INPUTS), (self.targets, TARGETS)):
            if scaling is not None:
                named |= {shift: scaling.shift, scale: scaling.scale}
        return named

    def description(self) -> dict[str, Any]:
        return {} if self.inputs is None or self.inputs.limit is None else {LIMIT: self.inputs.limit}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        network = stored.network
        inputs = stored_scaling(stored, INPUTS, stored.n_inputs)
        if LIMIT in stored.description:
            limit = stored.description[LIMIT]
            if inputs is None or type(limit) not in (int, float):
                raise stored.foreign_description()
            try:
                inputs = Scaling(inputs.shift, inputs.scale, limit)
            except ArgumentValueError:
                raise stored.foreign_description() from None
        return cls(inputs, stored_scaling(stored, TARGETS, network.n_outputs))


def stored_scaling(stored: StoredModel, names: tuple[str, str], columns: int) -> Scaling | None:
    """The scaling of so many columns whose shift and scale have these names; None where the file has neither."""
    if not stored.holds(names):
        return None
    shift, scale = (stored.tensor(name, (columns,), FLOAT64) for name in names)
    if np.any(scale <= 0):
        raise stored.damaged(f"its tensor {names[1]!r} holds numbers that are not above 0")
    return Scaling(shift, scale)
