"""Standard output and standard error as they are: closed, full, without a reader, in an encoding that lacks letters."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import Any, TextIO, cast


class ReaderGoneError(Exception):
    """Whoever read standard output has left, as `head` does; no OSError, for click ends those its own way."""


class Stream:
    """A stand-in for a standard stream, or for None where there is none; what the encoding lacks is written escaped."""

    def __init__(self, stream: TextIO | None) -> None:
        self.stream = stream

    def __getattr__(self, name: str) -> Any:
        if name == "buffer" or self.stream is None:
            raise AttributeError(name)  # so that text comes through `write`
        return getattr(self.stream, name)

    @property
    def encoding(self) -> str:
        return getattr(self.stream, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        return self.stream is not None and self.stream.isatty()

    def encodable(self, text: str) -> str:
        """`text` with escapes for what the encoding lacks."""
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)


class Output(Stream):
    """Standard output: an answer that cannot be written is an error."""

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError("standard output takes text")
        if not text:  # in these two ways click asks what it may write
            return 0
        if self.stream is None:
            raise OSError(errno.EBADF, "it is closed, so the answer is lost", "standard output")
        with told_of_the_stream(self.stream):
            write_all(self.stream, self.encodable(text))
        return len(text)

    def flush(self) -> None:
        if self.stream is not None:
            with told_of_the_stream(self.stream):
                self.stream.flush()


class Notices(Stream):
    """Standard error: a notice that nobody can read is lost without a word."""

    def write(self, text: str) -> int:
        if self.stream is not None:
            with lost_if_it_must(self.stream):
                self.stream.write(self.encodable(text))
        return len(text)

    def flush(self) -> None:
        if self.stream is not None:
            with lost_if_it_must(self.stream):
                self.stream.flush()


def write_all(stream: TextIO, text: str) -> None:
    """Write the text; a bare file (PYTHONUNBUFFERED) would take what there is room for and say nothing."""
    bare = getattr(stream, "buffer", None)
    if not isinstance(bare, io.RawIOBase):
        stream.write(text)
        return
    rest = memoryview(text.replace("\n", os.linesep).encode(stream.encoding))
    while rest:
        rest = rest[bare.write(rest) or 0 :]


@contextmanager
def standard_streams() -> Iterator[None]:
    """Put `Output` and `Notices` in the place of the standard streams."""
    open_missing_descriptors()
    with (
        redirect_stdout(cast(TextIO, Output(sys.stdout))),
        redirect_stderr(cast(TextIO, Notices(sys.stderr))),
    ):
        yield


def open_missing_descriptors() -> None:
    """Open standard descriptors that are closed: else a model's file gets their number, and what others print."""
    for descriptor, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, mode)  # gives the lowest number that is free; writing to standard output still fails


@contextmanager
def told_of_the_stream(stream: TextIO) -> Iterator[None]:
    """Name standard output in the system's errors; what it still holds is dropped, or Python would try again."""
    try:
        yield
    except BrokenPipeError:
        drop(stream)
        raise ReaderGoneError from None
    except OSError as error:
        drop(stream)
        raise type(error)(error.errno, error.strerror, "standard output") from None


@contextmanager
def lost_if_it_must(stream: TextIO) -> Iterator[None]:
    """Go on where a notice cannot be written."""
    try:
        yield
    except OSError:
        drop(stream)


def drop(stream: TextIO) -> None:
    """Let what the stream holds go nowhere."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
