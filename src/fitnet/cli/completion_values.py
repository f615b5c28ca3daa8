"""What a shell offers behind options and for MODEL and TABLE: files of the right kind, and the table's columns.

A key waits for the answer, so no package for tables is loaded: of text the first line is read, of other files nothing.
"""

import csv
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path

import click
from click.shell_completion import CompletionItem

MODELS = (".fitnet",)
TEXT = (".csv", ".tsv", ".txt", ".dat")
COMPRESSED = tuple(ending + packed for ending in TEXT for packed in (".gz", ".bz2", ".xz"))
TABLES = (*TEXT, *COMPRESSED, ".parquet", ".pq", ".feather", ".arrow", ".xlsx", ".xlsm", ".fits", ".fit", ".fts")
LINES, LONGEST_LINE = 100, 1_000_000  # of a file: where the names must stand, and characters
SEPARATORS = "\t;,"


def files_ending(
    endings: tuple[str, ...], _ctx: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """The files that begin so and have one of these endings; where there are none, what the shell itself offers."""
    folder, start = os.path.split(begun)
    found: list[str] = []
    with suppress(OSError):
        found = sorted(
            entry.name
            for entry in os.scandir(Path(folder).expanduser())
            if entry.name.startswith(start) and entry.name.lower().endswith(endings) and entry.is_file()
        )
    seen = [name for name in found if start or not name.startswith(".")]
    return [CompletionItem(begun.removesuffix(start) + name) for name in seen] or [CompletionItem(begun, type="file")]


model_files = partial(files_ending, MODELS)
table_files = partial(files_ending, TABLES)


def column(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """The columns of TABLE that begin so."""
    return [CompletionItem(name) for name in columns_of(ctx.params.get("table")) if name.startswith(begun)]


def columns(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """What is typed of a list a,b,c with each of the columns of TABLE that are not in it yet."""
    before, comma, last = begun.rpartition(",")
    listed = before.split(",")
    names = (name for name in columns_of(ctx.params.get("table")) if name.startswith(last) and name not in listed)
    return [CompletionItem(f"{before}{comma}{quoted(name)}") for name in names]


def quoted(name: str) -> str:
    """A name as a list has it: in quotation marks where it has a comma itself."""
    return '"' + name.replace('"', '""') + '"' if "," in name or '"' in name else name


def listed_words(
    words: Sequence[str], _ctx: click.Context, _parameter: click.Parameter, begun: str
) -> list[CompletionItem]:
    """What is typed of a list a,b,c with each of the words that are not in it yet."""
    before, comma, last = begun.rpartition(",")
    fit = (word for word in words if word.startswith(last) and word not in before.split(","))
    return [CompletionItem(f"{before}{comma}{word}") for word in fit]


def columns_of(table: str | None) -> list[str]:
    """The names that a text table's first line has, or the last comment above the rows; none where that is unclear."""
    path = Path(table or "").expanduser()
    if not path.name.lower().endswith(TEXT) or not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig") as file:
            lines = [line.strip("\r\n") for line in islice(file, LINES) if len(line) < LONGEST_LINE]
    except (OSError, UnicodeDecodeError):
        return []
    comments = [line.lstrip("# ") for line in lines if line.startswith("#")]
    rows = [line for line in lines if line.strip() and not line.startswith("#")]
    if not rows:
        return []
    names = cells(rows[0])
    if comments and all(map(is_number, names)):
        names = cells(comments[-1]) if len(cells(comments[-1])) == len(names) else []
    return names if all(names) else []


def cells(line: str) -> list[str]:
    """The cells of a line, which the first separator that is in it parts, or spaces."""
    separator = next((mark for mark in SEPARATORS if mark in line), None)
    if separator is None:
        return line.split()
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])]


def is_number(text: str) -> bool:
    """Whether it is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True
