"""What a model knows about its columns: their names and units, and the ranges its inputs had in training."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np

from fitnet.algorithm.scaling import FLOAT64
from fitnet.arguments import Array, counted, listed, matrix
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.parts.contract import CLASSES, StoredModel, columns_given, columns_made
from fitnet.rows import Categories, Imputation


@dataclass(frozen=True)
class Column:
    """An input or output of a model.

    Attributes
    ----------
    name
        No other input, or no other output, has it.
    unit
        As text, such as "m/s"; "" where it is not known.
    kind
        What its entries are: numbers, or 1 where a column of words has this level and 0 elsewhere.
    low, high
        The lowest and the highest entry in training; None where they are not known.
    """

    name: str
    unit: str = ""
    kind: Literal["number", "level"] = "number"
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Columns:
    """Inputs (p of them) and outputs (m), in order."""

    TENSORS: ClassVar[Mapping[str, int]] = {"input_ranges": 2}
    KEYS: ClassVar[Mapping[str, int]] = {"input_names": 1, "output_names": 1, "units": 4}

    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Names are x1, x2, ... and y1, y2, ..., or of classes their labels, where none are given."""
        ranges, p = given["input_ranges"], columns_given(given)
        parts = given.get("categories"), given.get("imputation")
        names = checked_inputs(given["input_names"], p, *parts)
        labels = given.get("classes")
        called = given["output_names"] if labels is None or len(given["output_names"]) else [*map(str, labels)]
        outputs = checked_names("output_names", called, "y", columns_made(given))
        units = checked_units(given["units"], (*names, *outputs))
        ranges = None if ranges is None else checked_ranges(ranges, p)
        lows_and_highs = [(None, None)] * len(names) if ranges is None else ranges.T.tolist()
        levels = set() if parts[0] is None else {*parts[0].input_names} - {*parts[0].number_names}
        return cls(
            tuple(
                Column(name, units.get(name, ""), "level" if name in levels else "number", low, high)
                for name, (low, high) in zip(names, lows_and_highs, strict=True)
            ),
            tuple(Column(name, units.get(name, "")) for name in outputs),
        )

    def fields(self) -> dict[str, Any]:
        return {
            "input_names": self.input_names,
            "output_names": self.output_names,
            "input_ranges": self.input_ranges,
            "units": self.units,
        }

    @property
    def input_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.inputs)

    @property
    def output_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.outputs)

    @property
    def units(self) -> dict[str, str]:
        """Those that are known, by the columns' names."""
        return {column.name: column.unit for column in (*self.inputs, *self.outputs) if column.unit}

    @property
    def input_ranges(self) -> Array | None:
        """(2, p): low and high, read-only; None where they are not known."""
        if any(column.low is None or column.high is None for column in self.inputs):
            return None
        ranges = np.array([[column.low for column in self.inputs], [column.high for column in self.inputs]], FLOAT64)
        ranges.flags.writeable = False
        return ranges

    def tensors(self) -> dict[str, Array]:
        ranges = self.input_ranges
        return {} if ranges is None else {"input_ranges": ranges}

    def description(self) -> dict[str, Any]:
        names = {"input_names": list(self.input_names), "output_names": list(self.output_names)}
        return names | ({"units": self.units} if self.units else {})

    @classmethod
    def from_stored(cls, stored: StoredModel) -> Self:
        network = stored.network
        names = {key: stored_names(stored, key) for key in ("input_names", "output_names")}
        if [len(each) for each in names.values()] != [stored.n_inputs, stored.n_outputs]:
            raise stored.damaged("its column names do not fit its layers")
        ranges = None
        if "input_ranges" in stored.tensors:
            ranges = stored.tensor("input_ranges", (2, stored.n_inputs), FLOAT64)
            if np.any(ranges[0] > ranges[1]):
                raise stored.damaged("its tensor 'input_ranges' holds a range that ends below its start")
        try:
            units = stored.description.get("units", {})
            given = {"network": network, "n_inputs": stored.n_inputs, "classes": stored.description.get(CLASSES)}
            return cls.of({**given, **names, "input_ranges": ranges, "units": units})
        except (ArgumentValueError, ArgumentTypeError):
            raise stored.damaged("its units do not fit its columns") from None


def checked_names(argument: str, names: Sequence[str], prefix: str, count: int) -> tuple[str, ...]:
    """The names, one a column and none twice; prefix1, prefix2, ... where none are given."""
    if isinstance(names, str) or not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
        raise ArgumentTypeError(f"`{argument}` is {names!r}; it must be a sequence of names.", argument)
    names = [str(name) for name in names]  # also from an array or a table's columns
    if not names:
        return tuple(f"{prefix}{i}" for i in range(1, count + 1))
    if len(names) != count:
        raise ArgumentValueError(f"`{argument}` has {len(names)} names; it must have {count}, one a column.", argument)
    doubled = sorted(name for name, times in Counter(names).items() if times > 1)
    if doubled:
        raise ArgumentValueError(
            f"`{argument}` has {doubled[0]!r} more than once; every column needs its own name.", argument
        )
    return tuple(names)


def checked_inputs(
    names: Sequence[str], count: int, categories: Categories | None, imputation: Imputation | None
) -> tuple[str, ...]:
    """The inputs' names; of columns of words, and where gaps are imputed, those of the given columns are enough."""
    if categories is not None and not isinstance(names, str):
        names = checked_encoded(names, categories, imputation)
    if imputation is None or len(names) not in (0, imputation.given):
        return checked_names("input_names", names, "x", count)
    given = checked_names("input_names", names, "x", imputation.given)
    return checked_names("input_names", imputation.names(given), "x", count)


def checked_encoded(names: Sequence[str], categories: Categories, imputation: Imputation | None) -> tuple[str, ...]:
    """The names of the encoded columns, if these are they, or those of the given ones, or none."""
    encoded = categories.input_names
    names = tuple(names)
    whole = encoded if imputation is None else imputation.names(encoded)
    if names not in ((), categories.names, encoded, whole):
        raise ArgumentValueError(
            f"`input_names` is {listed(names)}; it must be {listed(categories.names)}, as `categories` has it.",
            "input_names",
            "categories",
        )
    return encoded


def checked_units(units: object, names: Sequence[str]) -> dict[str, str]:
    """The units by the columns' names, as plain text; columns without one are left out, or have ""."""
    if not isinstance(units, Mapping):
        raise ArgumentTypeError(
            f"`units` is {units!r}; it must be a dict from columns to units, such as {{'T': 'K'}}.", "units"
        )
    known = set(names)
    for name, unit in units.items():
        if name not in known:
            raise ArgumentValueError(
                f"`units` has a unit for {name!r}, which is no column of numbers; it must name inputs or "
                f"outputs, such as {names[0]!r}.",
                "units",
            )
        if not isinstance(unit, str):
            raise ArgumentTypeError(f"`units` has {unit!r} for {name!r}; a unit must be text, such as 'm/s'.", "units")
        if not unit.isprintable():
            raise ArgumentValueError(f"`units` has {unit!r} for {name!r}; a unit must be printable text.", "units")
    return {str(name): str(unit) for name, unit in units.items()}


def checked_ranges(ranges: Any, columns: int) -> Array:
    """The lowest and the highest of every input, (2, columns), in float64."""
    checked = matrix("input_ranges", ranges, FLOAT64, columns)
    if len(checked) != 2:
        raise ArgumentValueError(
            f"`input_ranges` has {counted(len(checked), 'row')}; it must have 2, low and high.", "input_ranges"
        )
    if np.any(checked[0] > checked[1]):
        column = int(np.argmax(checked[0] > checked[1]))
        raise ArgumentValueError(
            f"`input_ranges` is from {checked[0, column]} to {checked[1, column]} in column {column}; "
            "no range may end below where it begins.",
            "input_ranges",
        )
    return checked


def stored_names(stored: StoredModel, key: str) -> list[str]:
    """Column names from JSON: a list of strings, none twice."""
    names = stored.description[key]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or len(set(names)) < len(names):
        raise stored.foreign_description()
    return names
