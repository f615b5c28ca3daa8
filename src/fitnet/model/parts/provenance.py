"""The provenance of a model: where it comes from, as text and numbers by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError
from fitnet.model.parts.contract import StoredModel


@dataclass(frozen=True, eq=False)
class Provenance:
    """Whatever JSON can hold, by name."""

    TENSORS: ClassVar[Mapping[str, int]] = {}
    KEYS: ClassVar[Mapping[str, int]] = {"provenance": 1}

    entries: dict[str, Any]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """What JSON cannot hold is refused when the model is saved."""
        entries = given["provenance"]
        if not isinstance(entries, Mapping):
            raise ArgumentTypeError(f"`provenance` is {entries!r}; it must be a dict.", "provenance")
        return cls(dict(entries))

    def fields(self) -> dict[str, Any]:
        return {"provenance": self.entries}

    def tensors(self) -> dict[str, Array]:
        return {}

    def description(self) -> dict[str, Any]:
        return {"provenance": self.entries}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        entries = stored.description["provenance"]
        if not isinstance(entries, dict):
            raise stored.foreign_description()
        return cls(entries)
