"""A table as it was read, and the sentences about its names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from fitnet.arguments import counted
from fitnet.errors import ArgumentTypeError, ArgumentValueError, TableError
from fitnet.spellings import did_you_mean

LISTED_NAMES = 20  # a sentence lists no more


@dataclass(frozen=True, eq=False)
class Table:
    """What a file holds; cells of a CSV file are still text.

    Attributes
    ----------
    path
        The file, as the user wrote it.
    frame
        The columns (polars).
    place
        Where a row, counted from 0, is in the file: "line 2" of a CSV file, "row 1" of a Parquet file.
    separator
        What separates the cells of a text file, " " for any number of spaces and tabs; None for other files.
    units
        Of the columns for which the file has one, by name.
    missing_values
        Numbers that stand for a missing value, such as -9999.
    is_joined
        Whether it is made of many files, which `place` then names.
    part_of
        What tells the whole table apart of which this is one process's part; "" where it is the whole.
    """

    path: str
    frame: pl.DataFrame
    place: Callable[[int], str]
    separator: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    missing_values: tuple[float, ...] = ()
    is_joined: bool = False
    part_of: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in the file's order."""
        return tuple(self.frame.columns)

    @property
    def decimal_comma(self) -> bool:
        """Whether a comma in a cell may be a decimal comma."""
        return self.separator in (";", " ")

    @property
    def n_rows(self) -> int:
        return self.frame.height


def row_numbers(first: int = 0) -> Callable[[int], str]:
    """The places of rows in a file without lines; the table's first row is the file's row `first`, counted from 0."""
    return lambda row: f"row {first + row + 1}"


def checked_names(argument: str, names: Sequence[str]) -> tuple[str, ...]:
    """`names` as a tuple, if it is a list of at least one name, each once."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise ArgumentTypeError(f"`{argument}` is {names!r}; it must be a list of column names.", argument)
    names = tuple(names)
    for name in names:
        if not isinstance(name, str):
            raise ArgumentTypeError(f"`{argument}` holds {name!r}; it must hold column names.", argument)
    if not names:
        raise ArgumentValueError(f"`{argument}` is empty; it must name at least one column.", argument)
    twice = first_repeated(names)
    if twice is not None:
        raise ArgumentValueError(f"`{argument}` holds {twice!r} twice; it must name every column once.", argument)
    return names


def require_columns(path: str, wanted: Iterable[str], there: Sequence[str]) -> None:
    """Refuse the first wanted column that is not there, with the nearest one and those that are."""
    known = set(there)
    for name in wanted:
        if name not in known:
            hint = did_you_mean(name, there)
            raise TableError(f"{path} has no column {name!r}{hint}; it has {listed(there)}.", name)


def listed(names: Sequence[str]) -> str:
    """The names in a row, the first few of them if there are many."""
    shown = ", ".join(names[:LISTED_NAMES])
    more = len(names) - LISTED_NAMES
    return f"{shown} and {counted(more, 'other')}" if more > 0 else shown


def first_repeated(names: Iterable[str]) -> str | None:
    """The first name that was there before, or None."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def cell(text: str) -> str:
    """A cell in a sentence: quoted, and cut where it is long."""
    return repr(text if len(text) <= 40 else text[:37] + "...")


def first_true(flags: pl.Series) -> int:
    """The first row that is flagged, of which there must be one."""
    row = flags.arg_max()
    assert row is not None
    return row
