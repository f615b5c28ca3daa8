"""The error bars of a model in its file: four tensors in float64, all of them or none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.errors import ArgumentValueError, ModelFileError
from fitnet.model.error_bars import ErrorBars, check_error_bars
from fitnet.model.parts.contract import StoredModel

NAMES = (
    "error_bars_factor",
    "error_bars_variance",
    "error_bars_noise_covariance",
    "error_bars_effective_parameters",
)  # in the order of the fields of `ErrorBars`


@dataclass(frozen=True, eq=False)
class ErrorBarsPart:
    """What is left open about the parameters, or None."""

    TENSORS: ClassVar[Mapping[str, int]] = dict.fromkeys(NAMES, 3)
    KEYS: ClassVar[Mapping[str, int]] = {}

    error_bars: ErrorBars | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        check_error_bars(given["error_bars"], given["network"])
        return cls(given["error_bars"])

    def fields(self) -> dict[str, Any]:
        return {"error_bars": self.error_bars}

    def tensors(self) -> dict[str, Array]:
        if self.error_bars is None:
            return {}
        return dict(zip(NAMES, (np.atleast_1d(field) for field in self.error_bars.parts), strict=True))

    def description(self) -> dict[str, Any]:
        return {}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        if not stored.holds(NAMES):
            return cls(None)
        P, m = stored.network.n_parameters, stored.network.n_outputs
        shapes = ((P * (P + 1) // 2,), (1,), (m, m), (1,))
        factor, variance, noise, effective = (
            stored.tensor(name, shape, FLOAT64) for name, shape in zip(NAMES, shapes, strict=True)
        )
        try:
            return cls(ErrorBars(factor, float(variance[0]), noise, float(effective[0])))
        except ArgumentValueError as error:
            raise ModelFileError(f"{stored.name} is damaged: {stored.place}in its error bars {error}") from None
