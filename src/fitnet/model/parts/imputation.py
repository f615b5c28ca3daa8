"""The imputation of a model: what it fills in for missing values, or None."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.parts.contract import StoredModel, columns_given
from fitnet.rows.imputation import Imputation

MEDIANS = "imputed_medians"
TOLD = "imputed_told"


@dataclass(frozen=True, eq=False)
class ImputationPart:
    """Medians (p,) in a tensor, and in the description the columns whose gaps are told, with p + q network inputs."""

    TENSORS: ClassVar[Mapping[str, int]] = {MEDIANS: 5}
    KEYS: ClassVar[Mapping[str, int]] = {TOLD: 5}

    imputation: Imputation | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        imputation, p = given["imputation"], columns_given(given)
        if imputation is None:
            return cls(None)
        if not isinstance(imputation, Imputation):
            raise ArgumentTypeError(f"`imputation` is {imputation!r}; it must be an Imputation or None.", "imputation")
        if imputation.columns != p:
            raise ArgumentValueError(
                f"`imputation` gives {imputation.columns} columns; it must give {p}, as many as the "
                "network has inputs.",
                "imputation",
            )
        return cls(imputation)

    def fields(self) -> dict[str, Any]:
        return {"imputation": self.imputation}

    def tensors(self) -> dict[str, Array]:
        return {} if self.imputation is None else {MEDIANS: self.imputation.medians}

    def description(self) -> dict[str, Any]:
        return {} if self.imputation is None else {TOLD: list(self.imputation.told)}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        if (MEDIANS in stored.tensors) != (TOLD in stored.description):
            raise stored.damaged("it holds one half of an imputation")
        if MEDIANS not in stored.tensors:
            return cls(None)
        told = stored.description[TOLD]
        if not isinstance(told, list) or not all(type(column) is int for column in told):
            raise stored.foreign_description()
        medians = stored.tensor(MEDIANS, (max(0, stored.n_inputs - len(told)),), FLOAT64)
        try:
            return cls(Imputation(medians, tuple(told)))
        except ArgumentValueError:
            raise stored.damaged("its imputation does not fit its layers") from None
