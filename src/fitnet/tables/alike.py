"""The files of one table: which they are, and whether their columns go together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from fitnet.errors import TableError
from fitnet.files.patterns import Source, matching_files, name_of, stands_for_files
from fitnet.tables.reading import CSV, PARQUET, extension
from fitnet.tables.words import TEXT

WORDS, NUMBERS, TRUTHS = "words", "numbers", "true and false"


@dataclass(frozen=True)
class Header:
    """What a file says of its columns.

    Attributes
    ----------
    name
        The file.
    kinds
        What the cells of its columns are, by name.
    rows
        How many it has.
    """

    name: str
    kinds: Mapping[str, pl.DataType]
    rows: int


def files_of(path: Source) -> list[str] | None:
    """The files of one table that a pattern, a folder or a list stands for, in their order; None for one file.

    Raises
    ------
    TableError
        If there are none, one is neither CSV nor Parquet, or some are CSV and some Parquet.
    """
    if isinstance(path, Sequence) and not isinstance(path, str):
        files = [name_of(each) for each in path]
    elif not stands_for_files(name_of(path)):
        return None
    else:
        files = matching_files(name_of(path), (*CSV, *PARQUET))
    if not files:
        raise no_files(name_of(path))
    stored = [extension(name, (*CSV, *PARQUET)) in PARQUET for name in files]
    if any(stored) and not all(stored):
        one, other = files[stored.index(True)], files[stored.index(False)]
        raise TableError(f"{one} is Parquet and {other} is text; the files of one table must be of one format.")
    return files


def no_files(name: str) -> TableError:
    """The sentence about a name that stands for no file."""
    if not name:
        return TableError("The list of a table's files is empty; it must name at least one.")
    if Path(name).is_dir():
        return TableError(
            f"{name} is a folder without CSV or Parquet files; it must be a file or have some in it, or be a pattern "
            f"such as '{Path(name) / '**' / '*.parquet'}', which goes through the folders below."
        )
    return TableError(f"{name} matches no file; it must be a table's name, or a pattern such as 'parts/*.parquet'.")


def common_columns(headers: Sequence[Header], wanted: Sequence[str] | None) -> list[str]:
    """The columns that all files have alike, in the first one's order.

    The `wanted` ones must be among them, or else all. A file without rows has names only: what its cells would be does
    not count.

    Raises
    ------
    TableError
        If a file lacks one of them, or holds words in it where another holds numbers.
    """
    holders: dict[str, str] = {}  # of each column the first file that has it
    for header in headers:
        for column in header.kinds:
            holders.setdefault(column, header.name)
    needed = [column for column in holders if wanted is None or column in wanted]
    for column in needed:
        for header in headers:
            if column not in header.kinds:
                advice = "" if wanted is not None else ", or --features (`features`) must leave it out"
                raise TableError(
                    f"{header.name} has no column {column!r}, which {holders[column]} has; all files of one table must "
                    f"have it{advice}.",
                    column,
                )
    common = [column for column in headers[0].kinds if all(column in header.kinds for header in headers)]
    unlike = {column: found for column in common if (found := unlike_kinds(headers, column)) is not None}
    for column in needed:
        if column in unlike:
            (name, what), (other, kind) = unlike[column]
            raise TableError(
                f"{name} holds {what} in column {column!r} and {other} {kind}; the files of one table must be alike.",
                column,
            )
    return [column for column in common if column not in unlike]


def unlike_kinds(headers: Sequence[Header], column: str) -> tuple[tuple[str, str], tuple[str, str]] | None:
    """Two files whose cells in this column do not go together, each with what it holds; or None."""
    first: tuple[str, str] | None = None
    for header in headers:
        if not header.rows or header.kinds[column] == pl.Null:
            continue
        found = header.name, family(header.kinds[column])
        if first is not None and first[1] != found[1]:
            return found, first
        first = first or found
    return None


def family(kind: pl.DataType) -> str:
    """What cells of this kind go together with."""
    if kind in TEXT:
        return WORDS
    if kind == pl.Boolean:
        return TRUTHS
    if kind.is_numeric():
        return NUMBERS
    return f"values of type {kind}"
