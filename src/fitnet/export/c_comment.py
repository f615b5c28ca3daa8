"""What the head of a C header tells: the model, its inputs and outputs, and how it is compiled, called and checked."""

import textwrap
from collections.abc import Sequence

from fitnet.export.c_rows import class_macros
from fitnet.export.names import printable
from fitnet.export.subject import Input, Output, Subject

WIDTH = 112  # characters of a line


def comment(subject: Subject, levels: Sequence[tuple[str, int]]) -> list[str]:
    """Its lines; `levels` are macros and places of all levels, in order."""
    macros = iter(levels)
    lines = [*subject.lines, "", "Inputs, in the order of a row:"]
    for place, column in enumerate(subject.inputs):
        own = [next(macros)[0] for _ in column.level_identifiers]
        lines.append(f"  {place}  {titled(column)}{reach(column, own)}")
    lines += ["", "Outputs:", *(f"  {place}  {titled(each)}" for place, each in enumerate(subject.outputs)), ""]
    if subject.classes:
        classes = enumerate(class_macros(subject))
        lines += ["They are the probabilities of the classes:"]
        lines += [*(f"  {place}  {printable(label)}: {macro}" for place, (macro, label) in classes), ""]
    if subject.interval is not None:
        lines += [f"Intervals hold {100 * subject.coverage:g} % of new targets.", ""]
    return [part for line in lines + usage(subject) for part in folded(line)]


def titled(column: Input | Output) -> str:
    """Name, identifier where it is another, and unit."""
    name = printable(column.name)
    code = "" if name == column.identifier else f" ({column.identifier} in code)"
    unit = f" [{printable(column.unit)}]" if column.unit else ""
    return f"{name}{code}{unit}"


def reach(column: Input, macros: Sequence[str]) -> str:
    """Its range or its levels, and whether it may be missing."""
    gap = ", NaN where it is missing" if column.gaps or (column.levels and None in column.levels) else ""
    if column.levels is not None:
        names = ("a missing word" if each is None else printable(each) for each in column.levels)
        told = "; ".join(
            f"{place} = {name}: {macro}" for place, (name, macro) in enumerate(zip(names, macros, strict=True))
        )
        return f": {told}{gap}"
    if column.lowest is None or column.highest is None:
        return gap
    return f": {column.lowest:.6g} to {column.highest:.6g}{gap}"


def usage(subject: Subject) -> list[str]:
    """How to compile, call and check."""
    name, capitals = subject.name, subject.name.upper()
    include = f'#include "{printable(subject.file_with(".h"))}"'
    classify = [f"Class:   {name}_classify(x, &k) sets k to the most probable one."] if subject.classes else []
    return [
        f"Compile: {include} in main.c, then cc -std=c99 -O2 main.c -lm; C++11 takes it too.",
        f"Call:    {name}_predict(x, y) fills y[{capitals}_OUTPUTS] for x[{capitals}_INPUTS], both {name}_real.",
        *classify,
        f"Check:   {name}_self_test() is 0 where compiler and processor compute as they should.",
        "Data are constant and functions keep nothing: any number of threads may call them at once.",
    ]


def folded(line: str) -> list[str]:
    """A line in several, where it is too long."""
    return textwrap.wrap(line, WIDTH, subsequent_indent="     ", drop_whitespace=True) or [""]
