"""Streaming: from a table in a file to its predictions in another, neither ever in memory as a whole."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from os import PathLike, fspath
from typing import Any

import polars as pl

from fitnet.arguments import Array
from fitnet.evaluation.ranges import Outside, outside_of
from fitnet.files.atomic_write import replace_atomically, write_all
from fitnet.model.ensemble import AnyModel
from fitnet.rows import row_chunks, rows_a_chunk
from fitnet.tables.predictions import Asked, answered_rows, missing_rule, predict_table, rows_are_outside
from fitnet.tables.reading import PARQUET
from fitnet.tables.stored_columns import StoredColumns, large_parquet, warn_of_strange_words
from fitnet.tables.writing import checked_columns, write_table

Share = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Counted:
    """How many rows were answered and left out, and which of them lie outside; as in `Predictions`."""

    rows: int
    n_dropped: int
    outside: Outside

    def joined(self, other: "Counted") -> "Counted":
        """Those of both."""
        return Counted(self.rows + other.rows, self.n_dropped + other.n_dropped, self.outside.joined(other.outside))


def predict_file(
    model: AnyModel, source: str | PathLike[str], target: str | PathLike[str], asked: Asked, share: Share
) -> Counted:
    """Write the answers to the rows of the table `source` to `target`, as `write_table` does, and count them.

    A large Parquet file is read and, to a Parquet file, written in parts, if missing values are refused. `share` is
    told how much of the table is answered, from 0 to 1.

    Raises
    ------
    TableError, ArgumentValueError, OSError
        As `predict_table` and `write_table`; what was at `target` is still there.
    """
    streams = missing_rule(model, asked.missing) == "refuse" and not asked.missing_values and not asked.units_row
    if streams and fspath(target).lower().endswith(PARQUET) and large_parquet(source) is not None:
        return stream(model, source, target, asked, share)
    found = predict_table(
        model,
        source,
        asked.std,
        asked.missing,
        asked.units_row,
        asked.missing_values,
        coverage=asked.coverage,
        outside=asked.outside,
        set_coverage=asked.set_coverage,
        never_empty=asked.never_empty,
        derivatives=asked.derivatives,
    )
    write_table(target, found.columns)
    share(1.0)
    return Counted(found.rows, found.n_dropped, found.outside)


def stream(
    model: AnyModel, source: str | PathLike[str], target: str | PathLike[str], asked: Asked, share: Share
) -> Counted:
    """The same, of a large Parquet file."""
    X = StoredColumns(source, model.given_names, model.categories)
    warn_of_strange_words(source, model.categories)
    if asked.outside == "raise":  # before anything is written, and for all rows together
        outside = outside_of(model, X)
        if outside.rows:
            raise rows_are_outside(outside, X.shape[0])
    counts: list[Counted] = []

    def parts() -> Iterator[dict[str, Array]]:
        for first, chunk in row_chunks(X):
            step = rows_answered(model, chunk, asked)
            for start in range(0, len(chunk), step):
                rows = chunk[start : start + step]
                found = answered_rows(model, rows, 0, asked)
                counts.append(Counted(found.rows, 0, found.outside))
                yield found.columns
                share((first + start + len(rows)) / X.shape[0])

    write_parquet_parts(target, parts())
    return reduce(Counted.joined, counts)


def rows_answered(model: AnyModel, chunk: Array, asked: Asked) -> int:
    """How many rows of a chunk are answered at once: all, but fewer where a row has derivatives of many outputs."""
    if not asked.derivatives:
        return len(chunk)
    return min(len(chunk), rows_a_chunk(len(model.output_names) * chunk.shape[1]))


def write_parquet_parts(path: str | PathLike[str], parts: Iterator[dict[str, Array]]) -> None:
    """Write tables of the same columns, one below the other, to a Parquet file, atomically; a part or two is in memory.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        As `write_table`, and whatever `parts` raises.
    OSError
        If the file cannot be written; what was at `path` is still there.
    """
    frames = (pl.DataFrame(checked_columns(part)) for part in parts)
    first = next(frames)
    replace_atomically(path, lambda descriptor: sink(descriptor, first, frames))


def sink(descriptor: int, first: pl.DataFrame, others: Iterator[pl.DataFrame]) -> None:
    """Write the frames to the file; their own errors, and the system's, come through polars as they were."""
    from polars.io.plugins import register_io_source

    failed: list[Exception] = []

    def frames(*_: Any) -> Iterator[pl.DataFrame]:
        yield first
        try:
            yield from others
        except Exception as error:
            failed.append(error)

    file = Written(descriptor, failed)
    try:
        register_io_source(frames, schema=first.schema).sink_parquet(file)  # type: ignore[call-overload]
    except Exception as error:
        raise (failed or [error])[0] from None
    if failed:
        raise failed[0]


class Written(io.RawIOBase):
    """A file that polars writes to; what the system said when it could not is kept."""

    def __init__(self, descriptor: int, failed: list[Exception]) -> None:
        self.descriptor, self.failed, self.place = descriptor, failed, 0

    def write(self, data: Any) -> int:
        """Write all of `data`."""
        try:
            write_all(self.descriptor, data)
        except OSError as error:
            self.failed.append(error)
            raise
        self.place += len(data)
        return len(data)

    def tell(self) -> int:
        return self.place

    def writable(self) -> bool:
        return True
