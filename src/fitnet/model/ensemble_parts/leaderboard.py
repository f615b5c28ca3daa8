"""The leaderboard of an ensemble: how well the recipes did that its members were chosen from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np

from fitnet.arguments import Array, real_number
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.parts.contract import StoredModel

LEADERBOARD = "leaderboard"


class Standing(NamedTuple):
    """A line of the leaderboard.

    Attributes
    ----------
    recipe
        What was trained, in words.
    error
        Out of fold, in the units that the recipes were compared in.
    weight
        What its members count for in the ensemble; 0 where it has none there.
    """

    recipe: str
    error: float
    weight: float


@dataclass(frozen=True, eq=False)
class Leaderboard:
    """The lines in the order they were given; in the description as lists. Where there are none it is left out."""

    TENSORS: ClassVar[Mapping[str, int]] = {}
    KEYS: ClassVar[Mapping[str, int]] = {LEADERBOARD: 7}

    lines: tuple[Standing, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        lines = given["leaderboard"]
        if isinstance(lines, str) or not np.iterable(lines):
            raise ArgumentTypeError(
                f"`leaderboard` is {lines!r}; it must be a sequence of (recipe, error, weight).", "leaderboard"
            )
        return cls(tuple(checked_line(i, line) for i, line in enumerate(lines)))

    def fields(self) -> dict[str, Any]:
        return {"leaderboard": self.lines}

    def tensors(self) -> dict[str, Array]:
        return {}

    def description(self) -> dict[str, Any]:
        return {LEADERBOARD: [list(line) for line in self.lines]} if self.lines else {}

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        lines = stored.description.get(LEADERBOARD, [])
        if not isinstance(lines, list) or not all(isinstance(line, list) for line in lines):
            raise stored.foreign_description()
        try:
            return cls.of({"leaderboard": lines})
        except (ArgumentValueError, ArgumentTypeError):
            raise stored.damaged("its leaderboard does not hold recipes with their numbers") from None


def checked_line(place: int, line: Any) -> Standing:
    """One line: printable text and finite numbers."""
    name = f"leaderboard[{place}]"
    if not isinstance(line, tuple | list) or len(line) != len(Standing._fields):
        raise ArgumentTypeError(f"`{name}` is {line!r}; it must be (recipe, error, weight).", name)
    recipe, *numbers = line
    if not isinstance(recipe, str) or not recipe.isprintable():
        raise ArgumentTypeError(f"`{name}` has the recipe {recipe!r}; it must be printable text.", name)
    named = zip(Standing._fields[1:], numbers, strict=True)
    return Standing(str(recipe), *(real_number(f"{name}.{field}", number) for field, number in named))
