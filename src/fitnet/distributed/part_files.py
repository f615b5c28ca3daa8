"""Predictions for the tables in many files, by several processes: one file of answers for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from pathlib import Path
from typing import Any

from fitnet.distributed.part_record import Record, counted_before
from fitnet.distributed.processes import done_by_workers
from fitnet.errors import ArgumentError, ArgumentValueError
from fitnet.files.partial_files import remove_left_over
from fitnet.files.paths import followed
from fitnet.files.patterns import folder_of, matching_files
from fitnet.model.loading import load
from fitnet.tables.predictions import Asked
from fitnet.tables.reading import CSV, PARQUET, extension
from fitnet.tables.streaming import Counted, predict_file

MEGABYTE = 10**6
Shown = Callable[[int, int], None]


@dataclass(frozen=True)
class Part:
    """A table's file, and the file for the answers to its rows."""

    source: str
    target: str

    def __str__(self) -> str:
        return self.source


def parts_of(table: str, folder: Path) -> list[Part]:
    """The files that a pattern such as parts/*.parquet or a folder stands for, each with its namesake below `folder`.

    Their order is that of the rows of a table to train on. Folders that the pattern matches are there again. A file's
    own name stands for this file.

    Raises
    ------
    ArgumentValueError
        If there are none, or answers would take the place of a table.
    TableError
        If one of them is neither CSV nor Parquet.
    """
    sources = matching_files(table, (*CSV, *PARQUET))
    if not sources:
        raise ArgumentValueError(
            f"`table` is {table!r}, which is no file and matches none; it must be a table's name, or a pattern such as "
            "'parts/*.parquet'.",
            "table",
        )
    fixed = folder_of(table)
    parts = [Part(source, str(folder / Path(source).relative_to(fixed))) for source in sources]
    tables = {followed(source) for source in sources}
    for part in parts:
        extension(part.source, (*CSV, *PARQUET))
        if followed(part.target) in tables:
            raise ArgumentValueError(
                f"`out` is {str(folder)!r}, where {part.target} is one of the tables; it must be another folder.",
                "out",
            )
    return parts


def megabytes_of(parts: Sequence[Part]) -> int:
    """What the tables take, rounded."""
    return round(sum(Path(part.source).stat().st_size for part in parts) / MEGABYTE)


def predict_files(
    model_file: str, parts: Sequence[Part], folder: Path, asked: Asked, n_workers: int, resume: bool, show: Shown
) -> Counted:
    """Answer the rows of all parts with the model in the file, and count them, by so many processes of one thread.

    Every file of answers is written as a whole or not at all; where a process is killed another does its file again.
    With `resume`, files that are there are taken as they are if this very model made them of these very tables. `show`
    is told how many megabytes of the tables are done, and how many files.

    Raises
    ------
    TableError, ArgumentValueError, OSError
        As `predict_file`, the file named; those that are done stay.
    WorkersDiedError
        If several processes were killed while they worked on the same file.
    """
    record = Record.of(folder, model_file, asked)
    before = record.done() if resume else {}
    if not resume:
        record.begin()
    lines = [counted_before(before.get(each.target), Path(each.source), Path(each.target)) for each in parts]
    counts = {k: line for k, line in enumerate(lines) if line is not None}
    left = [k for k in range(len(parts)) if k not in counts]
    for target in {Path(parts[k].target).parent for k in left}:
        target.mkdir(parents=True, exist_ok=True)
        remove_left_over(target)
    sizes = [Path(each.source).stat().st_size for each in parts]
    shares = [float(k in counts) for k in range(len(parts))]

    def told(number: int, share: float) -> None:
        shares[left[number]] = share
        done = sum(size * part for size, part in zip(sizes, shares, strict=True))
        show(round(done / MEGABYTE), len(counts))

    tasks = [parts[k] for k in left]
    try:
        for number, found in done_by_workers(answering, (model_file, asked), tasks, n_workers, told):
            counts[left[number]] = found
            record.add(Path(tasks[number].source), Path(tasks[number].target), found)
            told(number, 1.0)
    finally:
        for target in {Path(each.target).parent for each in tasks}:
            remove_left_over(target)
    return reduce(Counted.joined, (counts[k] for k in sorted(counts)))


def answering(model_file: str, asked: Asked) -> Callable[[Part, Callable[[float], None]], Counted]:
    """What a process does with each part."""
    return partial(answered, load(model_file, n_threads=1), asked)


def answered(model: Any, asked: Asked, part: Part, share: Callable[[float], None]) -> Counted:
    """Answer one part; an error that is about no file names it."""
    try:
        return predict_file(model, part.source, part.target, asked, share)
    except ArgumentError as error:
        raise type(error)(f"{part.source}: {error}", *error.arguments) from None
    except OSError as error:
        if error.filename is None:
            raise type(error)(error.errno, error.strerror or str(error), part.source) from None
        raise
