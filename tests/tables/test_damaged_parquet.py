"""Damaged Parquet files: read or refused, and the process lives on. `--mutants 50000` tries fifty thousand."""

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from thrift_compact import Reader, struct_bytes

from fitnet.errors import TableError
from fitnet.tables import StoredColumns, chunks, read_table

PROGRAM = Path(__file__).with_name("parquet_mutants.py")
SENTENCE = "is not a Parquet file, or it was cut short or damaged"


@pytest.mark.skipif(sys.platform == "win32", reason="there is no resource module there")
def test_no_damage_ends_the_process(request):
    mutants = request.config.getoption("--mutants")
    command = [sys.executable, PROGRAM, "0", str(mutants)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60 + mutants, check=False)
    *_, number, last = done.stdout.splitlines()
    assert done.returncode == 0, f"mutant {number if last.startswith('done') else last}:\n{done.stderr[-2000:]}"
    _, read, refused, _ = last.split()
    assert int(read) + int(refused) == 3 * mutants
    assert min(int(read), int(refused)) > mutants // 10


@pytest.fixture
def sound():
    """The bytes of a sound file of two columns in two row groups."""
    buffer = io.BytesIO()
    frame = pl.DataFrame({"a": np.arange(50.0), "b": [None if i % 5 == 0 else i for i in range(50)]})
    frame.write_parquet(buffer, row_group_size=25, compression="uncompressed")
    return buffer.getvalue()


def with_page(data, change):
    """The file with another first page header, of the same length."""
    reader = Reader(data, 4)
    header = reader.struct()
    change({field: entry for entry in header for field in entry[:1]})
    altered = struct_bytes(header)
    assert len(altered) == reader.place - 4
    return data[:4] + altered + data[reader.place :]


def with_footer(data, change):
    """The file with another footer."""
    start = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    footer = Reader(data, start).struct()
    change({entry[0]: entry for entry in footer})
    altered = struct_bytes(footer)
    return data[:start] + altered + len(altered).to_bytes(4, "little") + b"PAR1"


def in_page(count, field=1):
    def change(header):
        next(entry for entry in header[5][2] if entry[0] == field)[2] = count

    return lambda data: with_page(data, change)


def in_group(field, value):
    """Another number in the first row group."""

    def change(footer):
        next(entry for entry in footer[4][2].items[0] if entry[0] == field)[2] = value

    return lambda data: with_footer(data, change)


def in_column(field, value):
    """Another number in the first column of the first row group."""

    def change(footer):
        chunk = footer[4][2].items[0][0][2].items[0]
        column = next(entry for entry in chunk if entry[0] == 3)[2]
        next(entry for entry in column if entry[0] == field)[2] = value

    return lambda data: with_footer(data, change)


def in_footer(field, value):
    def change(footer):
        footer[field][2] = value

    return lambda data: with_footer(data, change)


DAMAGE = {
    "a page of -1 values": in_page(-1),
    "a page of too many values": in_page(63),
    "a page of too few values": in_page(1),
    "an encoding that there is not": in_page(1, field=2),
    "a compression that there is not": in_column(4, 8),
    "rows of the file": in_footer(3, 2**40),
    "rows of a row group": in_group(3, 26),
    "rows below zero": in_group(3, -25),
    "values of a column": in_column(5, 2**62),
    "bytes of a column": in_column(7, 2**50),
    "bytes below zero": in_column(7, -1),
    "where a page begins": in_column(9, 2**63 - 1),
    "where a page begins, below zero": in_column(9, -5),
    "cut short": lambda data: data[: len(data) // 2],
    "cut in the footer": lambda data: data[:-30] + data[-8:],
    "a footer longer than the file": lambda data: data[:-8] + (2**31).to_bytes(4, "little") + data[-4:],
    "marks alone": lambda data: b"PAR1PAR1PAR1",
    "structs within structs": lambda data: b"PAR1" + b"\x1c" * 100_000 + (100_000).to_bytes(4, "little") + b"PAR1",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_numbers_that_do_not_fit_are_refused_at_once(write, sound, damage):
    path = write("t.parquet", DAMAGE[damage](sound))
    for way in (read_table, lambda path: chunks(path, ["a"], 10), lambda path: StoredColumns(path, ["a"])):
        with pytest.raises(TableError, match=SENTENCE):
            way(path)


def test_the_tools_that_damage_can_leave_a_file_as_it_is(write, sound):
    for whole in (with_page(sound, lambda header: None), with_footer(sound, lambda footer: None)):
        assert whole == sound
    assert read_table(write("t.parquet", sound)).n_rows == 50


def test_file_that_changes_is_checked_again(write, sound):
    path = write("t.parquet", sound)
    assert read_table(path).n_rows == 50
    with pytest.raises(TableError, match=SENTENCE):
        read_table(write("t.parquet", in_page(-1)(sound)))
