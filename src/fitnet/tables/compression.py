"""Bytes of a text table that do not lie in a file as they are: compressed, or on standard input."""

import bz2
import gzip
import lzma
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

from fitnet.errors import TableError

STANDARD_INPUT = "-"
INPUT_NAME = "standard input"  # in sentences
COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".bz2": bz2.decompress,
    ".xz": lzma.decompress,
}
GZIP_START = b"\x1f\x8b"
NO_TEXT = {b"PAR1": "a Parquet file", b"ARROW1": "a Feather file", b"PK\x03\x04": "a spreadsheet", b"SIMPLE  =": "FITS"}


def uncompressed(name: str) -> bytes:
    """What a compressed file holds, whose extension says how.

    Raises
    ------
    TableError
        If it is damaged.
    OSError
        If it cannot be opened.
    """
    return decompressed(name, Path(name).read_bytes(), Path(name).suffix.lower())


def decompressed(name: str, data: bytes, kind: str) -> bytes:
    """The bytes that were compressed as `kind`, one of `COMPRESSED`, says."""
    if not data:
        raise TableError(f"{name} is empty.")
    try:
        return COMPRESSED[kind](data)
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        raise TableError(f"{name} is not a {kind} file, or it was cut short or damaged.") from None


def standard_input() -> bytes:
    """All that standard input holds, text or text that gzip compressed.

    Raises
    ------
    TableError
        If it is closed, or holds a file of another format.
    """
    if sys.stdin is None or sys.stdin.closed:
        raise TableError(f"{INPUT_NAME} is closed; a table must be there, or in a file that is named.")
    data: bytes = sys.stdin.buffer.read()
    for start, what in NO_TEXT.items():
        if data.startswith(start):
            raise TableError(f"{INPUT_NAME} holds {what}; it must be text: name the file instead.")
    return decompressed(INPUT_NAME, data, ".gz") if data.startswith(GZIP_START) else data
