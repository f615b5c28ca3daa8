"""The classes of a model: the labels whose probabilities its outputs are, or None where they are numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from fitnet.algorithm.classes import Label, check_gives_classes, checked_labels
from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.parts.contract import CLASSES, StoredModel
from fitnet.model.parts.error_bars import ErrorBarsPart
from fitnet.model.parts.scalings import TARGETS
from fitnet.model.parts.target_transform import BOUNDS

ALONE = ("target_scaling", "target_transform", "error_bars")  # what a model of classes has none of


OF_NUMBERS = {*ErrorBarsPart.TENSORS, *TARGETS, BOUNDS}  # what they are in a file


@dataclass(frozen=True, eq=False)
class ClassesPart:
    """In the description a list of labels, in the outputs' order."""

    TENSORS: ClassVar[Mapping[str, int]] = {}
    KEYS: ClassVar[Mapping[str, int]] = {CLASSES: 8}

    labels: tuple[Label, ...] | None

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        if given["classes"] is None:
            return cls(None)
        labels = checked_labels("classes", given["classes"])
        check_gives_classes("classes", len(labels), given["network"])
        for name in ALONE:
            if given.get(name) is not None:
                raise ArgumentValueError(
                    f"`{name}` is given and `classes` too; of a model of classes it must be None.", name, "classes"
                )
        return cls(labels)

    def fields(self) -> dict[str, Any]:
        return {"classes": self.labels}

    def tensors(self) -> dict[str, Array]:
        return {}

    def description(self) -> dict[str, Any]:
        return {} if self.labels is None else {CLASSES: list(self.labels)}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        if CLASSES not in stored.description:
            return cls(None)
        if not OF_NUMBERS.isdisjoint([*stored.tensors, *stored.description]):
            raise stored.damaged("its classes have what only numbers can have")
        try:
            return cls.of({"classes": stored.description[CLASSES], "network": stored.network})
        except (ArgumentValueError, ArgumentTypeError):
            raise stored.damaged("its classes do not fit its layers") from None
