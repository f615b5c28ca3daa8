"""Given inputs: the columns as users know them, a column of words as one, whatever the networks' inputs are.

Shapes: X (n, k), inputs as numbers, words encoded and gaps NaN; g given columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.model.ensemble import AnyModel
from fitnet.rows.categories import Levels


@dataclass(frozen=True)
class GivenInput:
    """A column: its name and unit, where it is among the k inputs, and its levels, None of numbers."""

    name: str
    unit: str
    place: slice
    levels: Levels | None

    def values(self, rows: Array) -> list[Any]:
        """Its entries in rows (n, k): numbers, or words; None where one is missing or of no known level."""
        if self.levels is None:
            return [None if np.isnan(value) else value for value in rows[:, self.place.start].tolist()]
        known = np.nan_to_num(rows[:, self.place])
        codes = np.where(known.any(axis=1), known.argmax(axis=1), -1).tolist()
        return [None if code < 0 else self.levels[code] for code in codes]

    def numbers(self, rows: Array) -> Array:
        """(n,): its entries as numbers, of words the places of the levels; NaN where there is none."""
        if self.levels is None:
            return np.asarray(rows[:, self.place.start])
        known = np.nan_to_num(rows[:, self.place])
        return np.where(known.any(axis=1), known.argmax(axis=1), np.nan)

    def as_dict(self) -> dict[str, Any]:
        """Name, unit and levels, None of numbers."""
        return {"name": self.name, "unit": self.unit, "levels": None if self.levels is None else list(self.levels)}


def given_inputs(model: AnyModel) -> Sequence[GivenInput]:
    """The g given columns, in order."""
    units, words = model.units, model.categories
    if words is None:
        places = [slice(place, place + 1) for place in range(len(model.given_names))]
        levels: Sequence[Levels | None] = [None] * len(places)
    else:
        places, levels = list(words.places), words.levels
    parts = zip(model.given_names, places, levels, strict=True)
    return [GivenInput(name, units.get(name, ""), place, each) for name, place, each in parts]
