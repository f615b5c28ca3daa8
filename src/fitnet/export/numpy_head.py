"""What stands at the head of a NumPy module: what the model is, its columns, and how to use it."""

import keyword
from collections.abc import Iterable, Iterator
from pathlib import Path
from shlex import quote
from textwrap import wrap

from fitnet.export.names import printable
from fitnet.export.numpy_numbers import WIDTH
from fitnet.export.subject import Input, Subject


def head(subject: Subject) -> str:
    """The module's docstring."""
    text = "\n".join(line.rstrip() for line in head_lines(subject))
    return f'{"r" if chr(92) in text else ""}"""{text}\n"""'


def head_lines(subject: Subject) -> Iterator[str]:
    """Its lines."""
    yield f"{subject.name}: a model as functions of NumPy, which is all they need."
    yield ""
    for line in subject.lines:
        yield from wrap(line, WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    yield ""
    yield from ["Inputs", *table((quoted(each.name), bracketed(each.unit), values_of(each)) for each in subject.inputs)]
    yield from ["", "Outputs", *table((quoted(each.name), bracketed(each.unit)) for each in subject.outputs)]
    if subject.classes:
        told = ", ".join(f"{place} = {printable(repr(label))}" for place, label in enumerate(subject.classes))
        yield from ["", *wrap(f"They are the probabilities of the classes {told}.", WIDTH, break_on_hyphens=False)]
    if subject.interval is not None:
        yield from ["", f"Intervals are to hold {subject.coverage:.12g} of new targets."]
    yield from ["", "Use, where this file lies, with rows X (n, inputs) or a mapping of columns by name:", ""]
    yield f"    {imported(subject)}"
    yield f"    y = {subject.name}.predict(X)"
    if subject.classes:
        yield f"    labels = {subject.name}.classify(X)"
    if subject.wants_jacobian:
        yield f"    slopes = {subject.name}.jacobian(X)"
    if subject.interval is not None:
        yield f"    lower, upper = {subject.name}.interval(X).transpose(2, 0, 1)"
    yield f"    python {printable(quote(subject.file_with('.py')))}    # the self-test"


def imported(subject: Subject) -> str:
    """How the module is imported, which Python can where the file's name is an identifier."""
    name, stem = subject.name, Path(subject.file_with(".py")).stem
    if stem == name:
        return f"import {name}"
    if stem.isidentifier() and not keyword.iskeyword(stem):
        return f"import {stem} as {name}"
    return f"import {name}    # once this file is called {name}.py"


def table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """Rows of words, in columns."""
    kept = list(rows)
    widths = [max(map(len, column)) for column in zip(*kept, strict=True)]
    for row in kept:
        yield "    " + "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip()


def quoted(name: str) -> str:
    """A name, as it may stand in a docstring."""
    return f"'{printable(name)}'"


def bracketed(unit: str) -> str:
    """A unit, where there is one."""
    return f"[{printable(unit)}]" if unit else ""


def values_of(column: Input) -> str:
    """What a column holds."""
    if column.levels is not None:
        words = ("missing" if level is None else quoted(level) for level in column.levels)
        told = [", ".join(f"{place} = {word}" for place, word in enumerate(words))]
    else:
        told = [f"{column.lowest:g} to {column.highest:g}"] if is_known(column) else []
    return "; ".join([*told, "may be missing (NaN)"] if takes_gaps(column) else told)


def is_known(column: Input) -> bool:
    """Whether the column's range is."""
    return column.lowest is not None and column.highest is not None


def takes_gaps(column: Input) -> bool:
    """Whether NaN is taken: where gaps are filled in, and for a missing word where that is a level."""
    return column.gaps or (column.levels is not None and None in column.levels)
