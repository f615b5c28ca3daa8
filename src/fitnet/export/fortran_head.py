"""The head of a Fortran module: what the model is, its columns, how to compile and call it; and names of levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from fitnet.export.fortran_text import comment
from fitnet.export.names import printable
from fitnet.export.subject import Input, Subject

LONGEST_NAME = 63
# What else the module names, with three words or more, as a level's name has.
TAKEN = (
    "predict_rows predict_c predict_rows_c jacobian_c self_test",
    "add_product_of_rows leaky_relu_slope leaky_relu_curvature",
)


@dataclass(frozen=True)
class Level:
    """A level's or a class's name in code, and its number."""

    identifier: str
    number: int


def levels_of(subject: Subject) -> list[Level]:
    """The levels of all columns of words: NAME_COLUMN_LEVEL, cut where that is too long; no two are alike."""
    taken = {f"{subject.name}_{word}" for word in TAKEN[0].split()} | {f"{subject.name}_model", *TAKEN[1].split()}
    taken |= {each.identifier for each in classes_of(subject)}
    return [
        Level(free_name(f"{subject.name}_{column.identifier}_{code}", taken), number)
        for column in subject.inputs
        for number, code in enumerate(column.level_identifiers)
    ]


def classes_of(subject: Subject) -> list[Level]:
    """The classes' names, NAME_CLASS_LABEL, and their numbers among the outputs, from 1."""
    taken: set[str] = set()
    codes = subject.class_identifiers
    return [Level(free_name(f"{subject.name}_{code}", taken), number) for number, code in enumerate(codes, 1)]


def free_name(text: str, taken: set[str]) -> str:
    """The text as a name, cut where it is too long, with a number where it is taken; now it is."""
    first = name = text[:LONGEST_NAME].rstrip("_").lower()
    again = 2
    while name in taken:
        name = f"{first[: LONGEST_NAME - len(str(again)) - 1]}_{again}"
        again += 1
    taken.add(name)
    return name


def head_of(subject: Subject, derivatives: bool) -> list[str]:
    """The lines of the comment."""
    name = subject.name
    blocks = [
        list(subject.lines),
        ["Inputs, in the order of x:", *described(subject)],
        ["Outputs, in the order of y:", *outputs_of(subject), *told_classes(subject), *interval_of(subject)],
        usage(subject, derivatives),
        [f"Test:  {test_command(subject)} && ./{name}_self_test"],
    ]
    lines: list[str] = []
    for block in blocks:
        lines += ["!"] if lines else []
        lines += [line for text in block for line in comment(text)]
    return lines


def test_command(subject: Subject) -> str:
    """What compiles the program that tests the module, from the files as they are called."""
    file = subject.file_with(".f90")
    program = f"{Path(file).stem}_self_test.f90"
    return f"gfortran -O2 {quote(file)} {quote(program)} -o {subject.name}_self_test"


def described(subject: Subject) -> list[str]:
    """A line or more for every input."""
    lines = []
    names = iter(levels_of(subject))
    for number, column in enumerate(subject.inputs, 1):
        about = [title(number, column.name, column.identifier, column.unit), *facts(column)]
        lines.append(", ".join(about))
        for level in column.levels or ():
            code = next(names)
            text = "a missing word" if level is None else printable(level)
            lines.append(f"       {code.number} = {code.identifier}: {text}")
    return lines


def facts(column: Input) -> list[str]:
    """What a column may hold."""
    found = [] if column.levels is None else ["words by their number"]
    if column.lowest is not None and column.highest is not None:
        found.append(f"from {column.lowest:g} to {column.highest:g}")
    if column.gaps or (column.levels is not None and None in column.levels):
        found.append("may be missing (NaN)")
    return found


def title(number: int, name: str, identifier: str, unit: str) -> str:
    """A column's number, name and unit."""
    code = "" if name == identifier else f" ({identifier})"
    return f"  {number:3} {printable(name)}{code}" + (f" in {printable(unit)}" if unit else "")


def outputs_of(subject: Subject) -> list[str]:
    """A line for every output."""
    return [title(i, each.name, each.identifier, each.unit) for i, each in enumerate(subject.outputs, 1)]


def told_classes(subject: Subject) -> list[str]:
    """A line for every class."""
    pairs = zip(classes_of(subject), subject.classes, strict=True)
    lines = [f"       {code.number} = {code.identifier}: {printable(str(label))}" for code, label in pairs]
    return ["They are the probabilities of the classes:", *lines] if lines else []


def interval_of(subject: Subject) -> Sequence[str]:
    """What the intervals are."""
    return (
        [] if subject.interval is None else [f"Intervals are to hold a share of {subject.coverage:g} of new targets."]
    )


def use_lines(name: str) -> list[str]:
    """The statement that makes the module known, which goes on in another line where the name is long."""
    statement, kind = f"Use:  use {name}_model, only: {name}_predict,", f"wp => {name}_kind"
    return [f"{statement} &", f"        {kind}"] if len(statement) > LONGEST_NAME else [f"{statement} {kind}"]


def usage(subject: Subject, derivatives: bool) -> list[str]:
    """How to compile and call."""
    name = subject.name
    lines = [
        f"Compile:  gfortran -O2 -c {quote(subject.file_with('.f90'))}",
        *use_lines(name),
        f"      call {name}_predict(x, y, status)             ! x({len(subject.inputs)}), y({len(subject.outputs)})",
        f"      call {name}_predict_rows(x, y, status)        ! x(n, {len(subject.inputs)}), "
        f"y(n, {len(subject.outputs)}), status(n)",
    ]
    if subject.classes:
        lines.append(
            f"      call {name}_classify(x, k, status)            ! k is one of {name}_class_..., 0 if invalid"
        )
    if derivatives:
        lines += [
            f"      call {name}_jacobian(x, y, jacobian, status)  ! jacobian({len(subject.outputs)}, "
            f"{len(subject.numbers)})",
            f"      call {name}_tangent(x, dx, y, dy, status)     ! dy = J dx",
            f"      call {name}_adjoint(x, y_bar, x_bar, status)  ! x_bar = J^T y_bar",
        ]
    if derivatives and subject.wants_hessian:
        lines.append(f"      call {name}_hessian(x, y, jacobian, hessian, status)")
    if subject.interval is not None:
        lines.append(f"      call {name}_interval(x, lower, upper, status)")
    status = f"Status:  {name}_ok 0, {name}_outside 1 (computed all the same), {name}_invalid 2 (all results are NaN)"
    return [*lines, status]
