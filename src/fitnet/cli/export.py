"""fitnet export: a model as code that needs nothing of fitnet."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from fitnet.cli import choices
from fitnet.cli.commands import Command, option
from fitnet.cli.destinations import check_apart, check_exported, check_file
from fitnet.cli.options import model_argument
from fitnet.cli.output import complain, print_line
from fitnet.cli.shares import Share
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.model.ensemble import AnyModel

# What to try next, of a file in a language; {name} begins the names in it.
NEXT = {
    "numpy": "python {path}",
    "c": "printf '#include \"{file}\"\\nint main(void) {{ return {name}_self_test(); }}\\n'"
    " | cc -O2 -I{folder} -xc - -o {name}_self_test -lm && ./{name}_self_test && echo passed",
    "fortran": "gfortran -O2 {path} {others} -o {name}_self_test && ./{name}_self_test",
    "onnx": "python -c \"import onnxruntime; print(onnxruntime.InferenceSession('{path}').get_outputs())\"",
}


@click.command(
    cls=Command,
    examples=("fitnet export airfoil.fitnet --to numpy", "fitnet export airfoil.fitnet --to c --derivatives hessian"),
)
@model_argument
@option(
    "--to",
    metavar="LANGUAGE",
    help="numpy, c, fortran or onnx; what FILE's name ends in tells it too.",
    choices=choices.LANGUAGES,
)
@option(
    *("-o", "--out"),
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where; MODEL's name with .py, .h, .f90 or .onnx, beside it, unless given.",
)
@option(
    "--derivatives",
    metavar="WHICH",
    show_default="jacobian; of onnx none",
    help="none, jacobian or hessian, which gives the first ones too; by the inputs that are numbers.",
    choices=choices.DERIVATIVES,
)
@option(
    *("--interval", "coverage"),
    type=Share(),
    metavar="SHARE",
    default=0.9,
    show_default=True,
    help="The share of new targets that intervals are to hold.",
)
@option(
    "--precision",
    metavar="KIND",
    default="double",
    show_default=True,
    help="In which the code computes: single or double.",
    choices=choices.PRECISIONS,
)
@option("--prefix", metavar="NAME", help="What names in the code begin with; FILE's name unless given.")
@option(
    "--inputs",
    metavar="FORM",
    default="matrix",
    show_default=True,
    help="Of onnx: one matrix X, or by-name: an input a column.",
    choices=choices.INPUTS,
)
def export(
    model_file: str,
    to: str | None,
    out: Path | None,
    derivatives: str | None,
    precision: str,
    prefix: str | None,
    coverage: float,
    inputs: str,
) -> None:
    """Write a model as code that needs nothing of fitnet: predictions, derivatives, intervals where it has them, and a
    test of itself.
    """
    from fitnet.export.write import LANGUAGES
    from fitnet.model.exporting.door import language_of
    from fitnet.model.loading import load

    if to is None and out is None:
        raise ArgumentValueError(
            f"`to` is not given; it must be one of {', '.join(LANGUAGES)}, or `out` a file's name.", "to", "out"
        )
    language = language_of(Path() if out is None else out, to, "out")
    destination = Path(model_file).with_suffix(LANGUAGES[language].extension) if out is None else out
    check_apart(MODEL=Path(model_file), out=destination)
    if out is None:
        check_exported(destination)
    model = load(model_file)
    check_file("out", destination)
    written = model.export(
        destination,
        language,
        derivatives=derivatives,
        precision=precision,
        prefix=prefix,
        coverage=coverage,
        inputs=inputs,
    )
    say_what_is_left_out(model, language, derivatives)
    for path in written:
        print_line(f"Exported: {path}, {path.stat().st_size:,} bytes")
    print_line(f"Check it: {next_command(written, language, prefix)}")


def say_what_is_left_out(model: "AnyModel", language: str, derivatives: str | None) -> None:
    """Notices of what the code does not give although it was not declined."""
    from fitnet.export.write import LANGUAGES
    from fitnet.model.exporting.interval import why_no_interval

    reason = why_no_interval(model, language)
    if reason is not None:
        complain(f"Intervals are left out: {reason}.")
    if not model.number_names and derivatives != "none":
        complain("Derivatives are left out: the model has no column of numbers.")
    elif derivatives is None and LANGUAGES[language].derivatives == "none":
        complain(f"Derivatives are left out, as {language} computes all outputs: --derivatives jacobian adds them.")


def next_command(written: Sequence[Path], language: str, prefix: str | None) -> str:
    """A command that runs the code's test of itself, or shows what it gives."""
    from fitnet.export.names import plain_prefix

    first, *others = written
    return NEXT[language].format(
        path=quote(str(first)),
        file=first.name,
        folder=quote(str(first.parent)),
        others=" ".join(quote(str(each)) for each in others),
        name=plain_prefix(first.stem) if prefix is None else prefix.lower(),
    )
