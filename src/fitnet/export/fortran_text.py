"""Fortran text: numbers, lines and comments that the standard of 2008 takes.

A line holds 132 characters and a statement 256 lines, of which a comment is none.
"""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from fitnet.arguments import Array
from fitnet.export.names import printable

LINE = 128  # characters of a line, with room for " &"
STATEMENT = 200  # lines of numbers in a statement
INDENT = "    "


def real(number: float, single: bool, kind: str) -> str:
    """A number that is read back as it was, rounded to float32 where `single`."""
    return f"{np.float32(number) if single else float(number)!s}_{kind}"


def integers(name: str, values: Iterable[int]) -> list[str]:
    """A vector of whole numbers as a named constant."""
    return named_vector("integer", name, [str(value) for value in values])


def logicals(name: str, values: Iterable[bool]) -> list[str]:
    """A vector of truth values."""
    return named_vector("logical", name, [".true." if value else ".false." for value in values])


def reals(name: str, values: Array, single: bool, kind: str = "wp") -> list[str]:
    """A vector of numbers of a kind, which is real32 where `single`."""
    return named_vector(f"real({kind})", name, [real(value, single, kind) for value in values.ravel()])


def real_matrix(name: str, values: Array, single: bool) -> list[str]:
    """A matrix, whose columns are the columns of `values`."""
    rows, columns = values.shape
    text = reals(f"{name}_flat", values.ravel(order="F"), single)
    shape = f"[{rows}, {columns}]"
    return [*text, f"real(wp), parameter :: {name}({rows}, {columns}) = reshape({name}_flat, {shape})"]


def named_vector(kind: str, name: str, texts: Sequence[str]) -> list[str]:
    """A vector as a named constant: a long one is put together of several, so that no statement is too long."""
    lines = filled(texts)
    if len(lines) <= STATEMENT:
        return statement(kind, name, len(texts), lines)
    found: list[str] = []
    names: list[str] = []
    for start in range(0, len(lines), STATEMENT):
        part = lines[start : start + STATEMENT]
        count = sum(len(line.split(",")) for line in part)
        names.append(f"{name}_{len(names) + 1}")
        found += statement(kind, names[-1], count, part)
    return found + statement(kind, name, len(texts), filled(names))


def statement(kind: str, name: str, count: int, lines: Sequence[str]) -> list[str]:
    """One that names a constant vector."""
    if len(lines) == 1 and len(lines[0]) < LINE // 2:
        return [f"{kind}, parameter :: {name}({count}) = [{lines[0]}]"]
    further = [f"{INDENT}{line}" for line in lines]
    return [f"{kind}, parameter :: {name}({count}) = [ &", *(f"{line}, &" for line in further[:-1]), f"{further[-1]}]"]


def filled(texts: Iterable[str]) -> list[str]:
    """Texts with commas between them, as many a line as it takes."""
    lines: list[list[str]] = []
    width = LINE
    for text in texts:
        if width + 2 + len(text) > LINE - 2 * len(INDENT):
            lines.append([])
            width = 0
        lines[-1].append(text)
        width += 2 + len(text)
    return [", ".join(line) for line in lines]


def wrapped(code: str) -> str:
    """Code whose lines are short enough, broken behind commas or, where there are none, at spaces."""
    return "\n".join(part for line in code.split("\n") for part in broken(line)) + "\n"


def broken(line: str) -> Iterator[str]:
    """A line in as many as it needs."""
    line = line.rstrip()
    indent = line[: len(line) - len(line.lstrip())]
    if line.lstrip().startswith("!"):
        yield from textwrap.wrap(line, LINE, subsequent_indent=f"{indent}! ") if len(line) > LINE else [line]
        return
    further = indent + INDENT
    while len(line) > LINE:
        comma = line.rfind(", ", len(further), LINE - 1)
        place = comma + 1 if comma > 0 else line.rindex(" ", len(further), LINE - 1)
        yield f"{line[:place]} &"
        line = further + line[place + 1 :]
    yield line


def comment(text: str) -> list[str]:
    """A text that may come from users as lines of a comment, however long it is and whatever it holds."""
    shown, width = printable(text), LINE - 2
    indent = " " * (len(shown) - len(shown.lstrip()))
    while True:
        lines = textwrap.wrap(shown, width, subsequent_indent=indent) or [""]
        if max(len(line.encode()) for line in lines) <= LINE:  # compilers count bytes
            return [f"! {line}".rstrip() for line in lines]
        width //= 2
