"""One table in many files, in memory: the rows of one below those of the other, each with its place in its file."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import numpy as np
import polars as pl

from fitnet.errors import TableError
from fitnet.tables.alike import WORDS, Header, common_columns, family
from fitnet.tables.csv_text import parse_text
from fitnet.tables.parts import described, parquet_frame
from fitnet.tables.reading import PARQUET
from fitnet.tables.shares import Share
from fitnet.tables.table import Table, row_numbers
from fitnet.tables.units import with_units

HEAD_BYTES = 2**16  # of a text, in which its header is looked for where no row is needed

WHOLE = Share(0, 1)


def joined_files(
    path: str,
    files: Sequence[str],
    units_row: bool,
    marks: tuple[float, ...],
    wanted: Sequence[str] | None,
    share: Share | None,
) -> Table:
    """The table that the files hold, or a share of its rows; columns as `common_columns` has them.

    A share of Parquet files is a range of all rows, of text it is whole files of about as many bytes.

    Raises
    ------
    TableError
        As `read_format` and `common_columns`, the file named; if no file has rows, or they have unlike units or
        separators.
    OSError
        If one cannot be read; the file is named.
    """
    if files[0].lower().endswith(PARQUET):
        tables = parquet_tables(path, files, wanted, share or WHOLE)
    else:
        tables = text_tables(files, units_row, share or WHOLE)
    headers = [Header(table.path, dict(table.frame.schema), table.n_rows) for table in tables]
    names = common_columns(headers, wanted)
    check_separators(tables)
    filled = [table for table in tables if table.n_rows] or tables[:1]
    if share is None and not filled[0].n_rows:
        raise no_rows(path)
    whole = "" if share is None else " ".join(f"{name} {Path(name).stat().st_size}" for name in files)
    return Table(
        path,
        stacked([table.frame.select(names) for table in filled], marks),
        places(filled),
        filled[0].separator,
        units_of_all(tables),
        marks,
        is_joined=True,
        part_of=whole,
    )


def no_rows(path: str) -> TableError:
    """The sentence about files that are all empty."""
    return TableError(f"{path} has no rows in any of its files; a table must have at least one.")


def parquet_headers(files: Sequence[str]) -> list[Header]:
    """What all of the files say of themselves."""
    return [Header(name, *described(name)) for name in files]


def parquet_tables(path: str, files: Sequence[str], wanted: Sequence[str] | None, share: Share) -> list[Table]:
    """Of each file the rows that are in the share."""
    headers = parquet_headers(files)
    names = tuple(common_columns(headers, wanted))
    n = sum(header.rows for header in headers)
    if n == 0:
        raise no_rows(path)
    low, high = share.rows(n)
    tables, begin = [], 0
    for header in headers:
        first, stop = max(low - begin, 0), min(high - begin, header.rows)
        if first < stop:
            frame = parquet_frame(header.name, names, first, stop - first)
            tables.append(Table(header.name, frame, row_numbers(first)))
        begin += header.rows
    nothing = {name: headers[0].kinds[name] for name in names}
    return tables or [Table(headers[0].name, pl.DataFrame(schema=nothing), row_numbers())]


def text_tables(files: Sequence[str], units_row: bool, share: Share) -> list[Table]:
    """The tables in the files that are in the share, behind the columns of the first file, which all must have."""
    own = share.files([Path(name).stat().st_size for name in files])
    tables = [text_table(files[i], Path(files[i]).read_bytes(), units_row) for i in own]
    return tables if 0 in own else [columns_of_text(files[0], units_row), *tables]


def text_table(name: str, data: bytes, units_row: bool) -> Table:
    """The table in a text, which may have no rows."""
    return with_units(parse_text(name, data, least=0), units_row, least=0)


def columns_of_text(name: str, units_row: bool) -> Table:
    """The columns of a text file, without rows."""
    with Path(name).open("rb") as file:
        head = file.read(HEAD_BYTES)
    whole = len(head) < HEAD_BYTES
    try:
        table = text_table(name, head if whole else head[: head.rfind(b"\n") + 1], units_row)
    except TableError:
        if whole:
            raise
        table = text_table(name, Path(name).read_bytes(), units_row)  # a header longer than that, or a cell with lines
    return replace(table, frame=table.frame.clear())


def check_separators(tables: Sequence[Table]) -> None:
    """Refuse files of which some may have decimal commas and some not."""
    for table in tables:
        if table.decimal_comma != tables[0].decimal_comma:
            raise TableError(
                f"{table.path} separates cells by {table.separator!r} and {tables[0].path} by "
                f"{tables[0].separator!r}; the files of one table must be alike."
            )


def units_of_all(tables: Sequence[Table]) -> dict[str, str]:
    """The columns' units, which files that have them must agree on."""
    units: dict[str, str] = {}
    for table in tables:
        for name, unit in table.units.items():
            if units.setdefault(name, unit) != unit:
                raise TableError(
                    f"{table.path} has the unit {unit!r} for column {name!r} and another file {units[name]!r}; the "
                    "files of one table must be alike.",
                    name,
                )
    return units


def stacked(frames: Sequence[pl.DataFrame], marks: Sequence[float]) -> pl.DataFrame:
    """One frame of all rows; whole numbers become fractions where others are, unlike kinds of words one kind.

    The `marks` stand for missing values: as 32 bits have them they would not be found any more among 64.
    """
    kinds = {name: {frame.schema[name] for frame in frames} for name in frames[0].columns}
    words = {name for name, found in kinds.items() if len(found) > 1 and any(family(kind) == WORDS for kind in found)}
    common = {name: pl.String if pl.String in kinds[name] else pl.Categorical for name in words}
    alike = [frame.with_columns(pl.col(name).cast(pl.String).cast(common[name]) for name in words) for frame in frames]
    for name in (name for name, found in kinds.items() if pl.Float32 in found and len(found) > 1):
        alike = [without(marks, each, name) if each.schema[name] == pl.Float32 else each for each in alike]
    return pl.concat(alike, how="vertical_relaxed")


def without(marks: Sequence[float], frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The frame with null for these numbers in a column of 32 bits."""
    found = [pl.col(name) == pl.lit(mark, pl.Float32) for mark in marks]
    return frame.with_columns(pl.when(pl.any_horizontal(pl.lit(False), *found).not_()).then(pl.col(name)).alias(name))


def places(tables: Sequence[Table]) -> Callable[[int], str]:
    """Where a row of all is, and in which file."""
    ends = np.array(list(accumulate(table.n_rows for table in tables)))

    def place(row: int) -> str:
        i = int(np.searchsorted(ends, row, side="right"))
        return f"{tables[i].place(row - int(ends[i]) + tables[i].n_rows)} of {tables[i].path}"

    return place
