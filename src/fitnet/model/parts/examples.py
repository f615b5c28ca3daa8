"""The examples of a model: a few rows with its outputs for them, which `fitnet verify` replays.

Example inputs are float64 where there is any scaling, example outputs where the targets are scaled or transformed;
otherwise both are of the parameters' dtype.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, finite_cast, matrix
from fitnet.errors import ArgumentValueError
from fitnet.model.parts.contract import CLASSES, StoredModel, columns_given
from fitnet.model.parts.encoding import EncodingPart
from fitnet.model.parts.scalings import TARGETS, Scalings
from fitnet.model.parts.target_transform import BOUNDS

EXAMPLE_ROWS = 8


@dataclass(frozen=True, eq=False)
class Examples:
    """Inputs (k, p) and what the model gave for them when it was saved, (k, m), or None before that."""

    TENSORS: ClassVar[Mapping[str, int]] = {"example_inputs": 1, "example_outputs": 1}
    KEYS: ClassVar[Mapping[str, int]] = {}

    inputs: Array
    outputs: Array | None = None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """At most `EXAMPLE_ROWS` rows; between -1 and 1, once they are scaled, where none are given."""
        scalings, p = Scalings.of(given), columns_given(given)
        examples, scaling = given["example_inputs"], scalings.inputs
        if examples is None:
            reach = 1.0 if scaling is None or scaling.limit is None else min(1.0, scaling.limit / 2)
            examples = np.linspace(-reach, reach, EXAMPLE_ROWS * p).reshape(EXAMPLE_ROWS, p)
            examples = examples if scaling is None else scaling.undo(examples)
        dtype = given["parameters"].dtype if scaling is scalings.targets is None else FLOAT64
        checked = matrix("example_inputs", examples, dtype, p)[:EXAMPLE_ROWS].copy()
        checked.flags.writeable = False
        return cls(checked)

    def with_outputs(self, outputs: Array) -> Self:
        """The same inputs with the model's outputs, which must be finite for it to be kept."""
        if not np.isfinite(outputs).all():
            raise ArgumentValueError(
                "The model's outputs for `example_inputs` are not finite; "
                "a model that is kept must predict finite numbers.",
                "example_inputs",
            )
        return replace(self, outputs=outputs)

    def fields(self) -> dict[str, Any]:
        return {"example_inputs": self.inputs}

    def tensors(self) -> dict[str, Array]:
        assert self.outputs is not None
        return {"example_inputs": self.inputs, "example_outputs": self.outputs}

    def description(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        own = stored.dtype
        rows = len(np.atleast_1d(stored.tensors["example_inputs"]))
        scaled, targets_scaled = (
            not names.isdisjoint(stored.tensors) for names in (set(Scalings.TENSORS), {TARGETS[0]})
        )
        inputs = stored.tensor("example_inputs", (rows, stored.n_inputs), FLOAT64 if scaled else own)
        wide = targets_scaled or BOUNDS in stored.description or CLASSES in stored.description
        outputs = stored.tensor("example_outputs", (rows, stored.n_outputs), FLOAT64 if wide else own)
        if rows == 0:
            raise stored.damaged("it holds no example rows")
        scaling, encoding = Scalings.from_stored(stored).inputs, EncodingPart.from_stored(stored).encoding
        try:
            if scaling is None:
                finite_cast("example_inputs", inputs, own)
            elif encoding is None:
                scaling.apply(inputs, own)
            else:
                encoding.apply(inputs, scaling, own)
        except ArgumentValueError:
            raise stored.damaged("its scaling does not fit its example rows") from None
        return cls(inputs, outputs)
