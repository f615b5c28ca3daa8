"""Shares of a table in many files: which rows are one process's own, and what all must agree on.

A process sees its own rows only, so what depends on a whole column is compared afterwards, by marks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import polars as pl

from fitnet.errors import ArgumentTypeError, TableError
from fitnet.tables.columns import MISSING, TRUTHS
from fitnet.tables.decimal_marks import COMMA, POINT, is_decimal, marked
from fitnet.tables.table import Table, cell
from fitnet.tables.words import as_words, words_of

TRUTH, OTHER = "true or false", "numbers"
COMMAS, POINTS = "decimal commas", "decimal points"
IN_TEXT = "in its numbers"
Marks = Mapping[str, frozenset[str]]  # what was seen, by where: in a column, or in all text


@dataclass(frozen=True)
class Share:
    """The rows of one process, the `rank`-th of `size` from 0 on."""

    rank: int
    size: int

    def rows(self, n: int) -> tuple[int, int]:
        """From which to before which of `n` rows."""
        return n * self.rank // self.size, n * (self.rank + 1) // self.size

    def files(self, sizes: Sequence[int]) -> list[int]:
        """Which of the files that take so many bytes: those whose middle is in its share of all bytes."""
        ends = list(accumulate(sizes))
        total = max(1, ends[-1])
        middles = [end - size // 2 for end, size in zip(ends, sizes, strict=True)]
        return [i for i, middle in enumerate(middles) if min(self.size - 1, middle * self.size // total) == self.rank]


@dataclass(frozen=True)
class Part:
    """What the process that holds a part of a table says of it to the others.

    Attributes
    ----------
    path
        What sentences call the table.
    whole
        What tells the whole table apart: its files and their sizes.
    n_dropped
        How many of its rows were left out.
    units
        Of the columns for which the part has one, by name.
    marks
        What was seen in its text, of which the parts must not differ.
    """

    path: str = ""
    whole: str = ""
    n_dropped: int = 0
    units: Mapping[str, str] = field(default_factory=dict)
    marks: Marks = field(default_factory=dict)


def together(parts: Sequence[Part]) -> Part:
    """What all parts of a table say of the whole.

    Raises
    ------
    TableError
        If one process would not take them for one table, or not with this meaning: a column is of true and false in
        one part and of numbers in another, some have decimal commas and some points, or they have unlike units.
    """
    marks: dict[str, frozenset[str]] = {}
    units: dict[str, str] = {}
    for part in parts:
        marks |= {where: marks.get(where, frozenset()) | seen for where, seen in part.marks.items()}
        for name, unit in part.units.items():
            if units.setdefault(name, unit) != unit:
                raise TableError(
                    f"{part.path} has the units {units[name]!r} and {unit!r} for column {name!r}, in different files; "
                    "all must have one.",
                    name,
                )
    for where, seen in marks.items():
        if len(seen) > 1:
            raise TableError(
                f"{parts[0].path} has {' and '.join(sorted(seen))} {where}, in different files; with ranks there must "
                "be one kind."
            )
    return Part(parts[0].path, parts[0].whole, sum(part.n_dropped for part in parts), units, marks)


def check_only_numbers(table: Table, features: Sequence[str]) -> None:
    """Refuse words in a share, of which only a process that has all can make inputs."""
    for name in features:
        words = words_of([table], name)
        if words is not None and words.places and not words.are_truths:
            word, (_, row) = next(iter(words.places.items()))
            raise ArgumentTypeError(
                f"`TABLE` has {cell(word)} in column {name!r}, {table.place(row)}; with `ranks` all must be numbers.",
                "TABLE",
                "ranks",
            )


def classes_refused() -> ArgumentTypeError:
    """The sentence about labels for targets."""
    return ArgumentTypeError("`TABLE` has classes for targets; with `ranks` they must be numbers.", "TABLE", "ranks")


def found_marks(table: Table, names: Sequence[str]) -> Marks:
    """What the text of a part of a table has: true and false among these columns, and decimal marks in any."""
    marks: dict[str, frozenset[str]] = {}
    texts = {name: as_words(table.frame[name]) for name in table.names if table.frame[name].dtype == pl.String}
    for name in (name for name in names if name in texts):
        words = texts[name].drop_nulls().str.to_lowercase()
        known = words.filter(~words.is_in(list(MISSING)))
        if len(known):
            marks[f"in column {name!r}"] = frozenset({TRUTH if known.is_in(list(TRUTHS)).any() else OTHER})
    if table.decimal_comma:
        for mark, what in ((COMMA, COMMAS), (POINT, POINTS)):
            if any((marked(text, mark) & is_decimal(text, mark)).any() for text in texts.values()):
                marks[IN_TEXT] = marks.get(IN_TEXT, frozenset()) | {what}
    return marks
