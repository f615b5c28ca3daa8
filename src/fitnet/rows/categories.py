"""Categories: which columns hold words, their levels, and the columns of 0 and 1 that stand for them.

Rows as they are given have p columns, some of numbers and some of words. Encoded they are numbers alone: a column of
numbers stays what it is, and one of words becomes a column a level, 1 where the row has that level and 0 elsewhere. Of
words that lie elsewhere their codes are enough: the level's place, `UNKNOWN` or `ABSENT`. Shapes: a given column (n,),
encoded rows (n, k).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress

import numpy as np

from fitnet.arguments import Array, counted
from fitnet.errors import ArgumentTypeError, ArgumentValueError

MOST_LEVELS = 100  # of a column
UNKNOWN, ABSENT = -1, -2  # the codes of a level that is none of these, and of a missing word that is no level either

Levels = tuple[str | None, ...]  # the last may be None: words that are missing, as a level of their own


@dataclass(frozen=True)
class Categories:
    """The columns of a table, of which at least one holds words, each of a few levels.

    Attributes
    ----------
    names
        (p,): of the columns as they are given, in order.
    levels
        (p,): of every column of words its levels, sorted, with None at the end where a missing word is one of them;
        None of a column of numbers.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For names that are not different texts, and for levels that are not at least one and at most 100 of them.
    """

    names: tuple[str, ...]
    levels: tuple[Levels | None, ...]

    def __post_init__(self) -> None:
        """Refuse what is not that."""
        if not all(isinstance(name, str) for name in self.names):
            raise ArgumentTypeError(f"`names` is {self.names!r}; it must hold text.", "names")
        if len(self.levels) != len(self.names) or all(levels is None for levels in self.levels):
            raise ArgumentValueError(
                f"`levels` is {self.levels!r}; it must have one entry a name, and one at least that is not None.",
                "levels",
            )
        for name, levels in zip(self.names, self.levels, strict=True):
            if levels is not None:
                check_levels(name, levels)
        doubled = doubled_input(self.names, self.levels)
        if doubled is not None:
            raise ArgumentValueError(
                f"`names` and `levels` give the input {doubled!r} twice; every one must have its own name.",
                "names",
                "levels",
            )

    @property
    def given(self) -> int:
        """p: how many columns rows have as they are given."""
        return len(self.names)

    @property
    def columns(self) -> int:
        """k: how many they have once they are encoded."""
        return len(self.input_names)

    @cached_property
    def input_names(self) -> tuple[str, ...]:
        """(k,): "T" for the column of numbers T, "colour=red" for the level red of the column colour."""
        return encoded_names(self.names, self.levels)

    @property
    def words(self) -> tuple[str, ...]:
        """The names of the columns of words."""
        return tuple(name for name, levels in zip(self.names, self.levels, strict=True) if levels is not None)

    @property
    def number_names(self) -> tuple[str, ...]:
        """The names of the columns of numbers."""
        return tuple(name for name, levels in zip(self.names, self.levels, strict=True) if levels is None)

    @cached_property
    def places(self) -> tuple[slice, ...]:
        """(p,): where every given column is among the encoded ones."""
        ends = np.cumsum([1 if levels is None else len(levels) for levels in self.levels]).tolist()
        return tuple(slice(start, end) for start, end in zip([0, *ends], ends, strict=False))

    @property
    def number_places(self) -> list[int]:
        """Where the columns of numbers are among the encoded ones."""
        return [place.start for place, levels in zip(self.places, self.levels, strict=True) if levels is None]

    def encoded(self, columns: Sequence[Array]) -> Array:
        """Rows (n, k) of the given columns, numbers or codes, in float32 where all numbers are, else in float64.

        A level that is unknown is 0 in all of its column's; where a word is absent they are NaN.
        """
        numbers = [column for column, levels in zip(columns, self.levels, strict=True) if levels is None]
        single = numbers and all(column.dtype == np.float32 for column in numbers)
        rows = np.zeros((len(columns[0]), self.columns), np.float32 if single else np.float64)
        for column, levels, place in zip(columns, self.levels, self.places, strict=True):
            if levels is None:
                rows[:, place.start] = column
                continue
            known = np.flatnonzero(column >= 0)
            rows[known, place.start + column[known]] = 1
            rows[column == ABSENT, place] = np.nan
        return rows

    def without_gaps(self, rows: Array) -> Array:
        """Encoded rows in which an absent word is 0 in all of its column's; numbers may still be NaN."""
        words = np.ones(self.columns, bool)
        words[self.number_places] = False
        absent = np.isnan(rows[:, : self.columns]) & words
        return np.where(np.pad(absent, ((0, 0), (0, rows.shape[1] - self.columns))), 0, rows) if absent.any() else rows

    def strange(self, rows: Array) -> Array:
        """(n, p) bool: which words of encoded rows are of no known level; False for numbers."""
        return np.stack(
            [
                np.zeros(len(rows), bool) if levels is None else ~rows[:, place].any(axis=1)
                for levels, place in zip(self.levels, self.places, strict=True)
            ],
            axis=1,
        )

    def seen_in(self, rows: Array) -> "Categories":
        """The same with the levels that these encoded rows have."""
        there = np.any(rows != 0, axis=0)
        return Categories(
            self.names,
            tuple(
                None if levels is None else tuple(compress(levels, there[place].tolist()))
                for levels, place in zip(self.levels, self.places, strict=True)
            ),
        )

    def inputs_in(self, wider: "Categories") -> list[int]:
        """(k,): the places of these inputs among those of categories with more levels."""
        places = {name: place for place, name in enumerate(wider.input_names)}
        return [places[name] for name in self.input_names]


def encoded_names(names: Sequence[str], levels: Sequence[Levels | None]) -> tuple[str, ...]:
    """The names of the encoded columns."""
    pairs = zip(names, levels, strict=True)
    return tuple(name if each is None else level_name(name, level) for name, each in pairs for level in (each or ("",)))


def doubled_input(names: Sequence[str], levels: Sequence[Levels | None]) -> str | None:
    """A name that two encoded columns would have, such as a level's and a column's own; None if there is none."""
    counts = Counter(encoded_names(names, levels))
    return next((name for name, times in counts.items() if times > 1), None)


def level_name(name: str, level: str | None) -> str:
    """What the input is called that says where a column has a level."""
    return f"{name} is missing" if level is None else f"{name}={level}"


def sorted_levels(levels: set[str], missing: bool) -> Levels:
    """Levels in the order that does not depend on the rows'."""
    return (*sorted(levels), None) if missing else tuple(sorted(levels))


def check_levels(name: str, levels: object) -> None:
    """Refuse what no column of words has as its levels."""
    words = levels[:-1] if isinstance(levels, tuple) and levels and levels[-1] is None else levels
    if not isinstance(words, tuple) or not all(isinstance(level, str) for level in words):
        raise ArgumentTypeError(f"`levels` has {levels!r} for {name!r}; it must be a tuple of texts.", "levels")
    if not 1 <= len(words) <= MOST_LEVELS or list(words) != sorted(set(words)):
        raise ArgumentValueError(
            f"`levels` has {counted(len(words), 'level')} for {name!r}; they must be from 1 to {MOST_LEVELS}, sorted "
            "and different.",
            "levels",
        )
