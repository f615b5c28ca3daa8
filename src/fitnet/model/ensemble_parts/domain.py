"""The domain part of an ensemble: where its training inputs lay, or None."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.parts.contract import StoredModel
from fitnet.uncertainty.domain import Domain

NAMES = {name: f"domain_{name}" for name in ("ranges", "shift", "scale", "references")}  # tensors, by field
DOMAIN = "domain"


@dataclass(frozen=True, eq=False)
class DomainPart:
    """Tensors in float64, and in the description the groups of columns and the threshold."""

    TENSORS: ClassVar[Mapping[str, int]] = dict.fromkeys(NAMES.values(), 7)
    KEYS: ClassVar[Mapping[str, int]] = {DOMAIN: 7}

    domain: Domain | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        domain = given["domain"]
        if domain is None:
            return cls(None)
        if not isinstance(domain, Domain):
            raise ArgumentTypeError(f"`domain` is {type(domain).__name__}; it must be a Domain or None.", "domain")
        p, wanted = len(domain.shift), len(given["members"][0].input_names)
        if p != wanted:
            raise ArgumentValueError(
                f"`domain` is for {counted(p, 'column')}; it must be for {wanted}, as many as the ensemble has inputs.",
                "domain",
            )
        return cls(domain)

    def fields(self) -> dict[str, Any]:
        return {"domain": self.domain}

    def tensors(self) -> dict[str, Array]:
        if self.domain is None:
            return {}
        return {name: getattr(self.domain, field) for field, name in NAMES.items()}

    def description(self) -> dict[str, Any]:
        if self.domain is None:
            return {}
        return {DOMAIN: {"groups": self.domain.groups.tolist(), "threshold": self.domain.threshold}}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        if stored.holds(NAMES.values()) != (DOMAIN in stored.description):
            raise stored.damaged("it holds one half of a domain")
        if DOMAIN not in stored.description:
            return cls(None)
        described, p = stored.description[DOMAIN], len(stored.description["input_names"])
        if not isinstance(described, dict) or described.keys() != {"groups", "threshold"}:
            raise stored.foreign_description()
        groups, threshold = described["groups"], described["threshold"]
        if not isinstance(groups, list) or not all(type(group) is int for group in groups):
            raise stored.foreign_description()
        if type(threshold) not in (int, float):
            raise stored.foreign_description()
        references = stored.tensors[NAMES["references"]]
        rows = len(references) if references.ndim else 0
        shapes = {"ranges": (2, stored.tensors[NAMES["ranges"]].size // 2), "references": (rows, p)}
        arrays = {field: stored.tensor(name, shapes.get(field, (p,)), FLOAT64) for field, name in NAMES.items()}
        try:
            return cls(Domain(**arrays, groups=np.array(groups), threshold=threshold))
        except (ArgumentValueError, ArgumentTypeError, OverflowError):
            raise stored.damaged("its domain does not fit its inputs") from None
