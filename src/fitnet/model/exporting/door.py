"""The door: a model written in another language."""

from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from fitnet.arguments import one_of
from fitnet.errors import ArgumentValueError

if TYPE_CHECKING:
    from fitnet.model.ensemble import AnyModel

INPUTS = ("matrix", "by-name")
FIXED_FORM = (".f", ".for", ".ftn", ".f77", ".fpp")  # of files that compilers read as Fortran in fixed form


def export(
    model: "AnyModel",
    path: str | PathLike[str],
    to: str | None = None,
    *,
    derivatives: str | None = None,
    precision: str = "double",
    prefix: str | None = None,
    coverage: float = 0.9,
    inputs: str = "matrix",
) -> list[Path]:
    """Write the model as code that needs nothing of fitnet.

    Parameters
    ----------
    path
        Where; its ending tells the language unless `to` does. What was there is replaced as a whole.
    to
        "numpy", "c", "fortran" or "onnx".
    derivatives
        "jacobian", "hessian", which gives the first ones too, or "none"; unless given "jacobian", but "none" in ONNX,
        whose readers compute every output of a graph.
    precision
        "double" or "single", in which the code computes.
    prefix
        What names in the code begin with; made of the file's name unless given.
    coverage
        The share of new targets that intervals are to hold, where the model has them.
    inputs
        "matrix" or, in ONNX alone, "by-name": a graph with an input a column.

    Returns
    -------
    list of Path
        The files: `path`, in Fortran a program that tests it too.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If an argument is anything else; the model is too large, or has an activation of the user's own; or float32
        cannot hold its numbers where `precision` is "single".
    OSError
        If a file cannot be written.
    """
    # Here: models have this as a method, and who only predicts needs none of it.
    from fitnet.export.names import checked_prefix, plain_prefix
    from fitnet.export.subject import DERIVATIVES, PRECISIONS
    from fitnet.export.write import LANGUAGES, check_size, files_of, write
    from fitnet.model.exporting.subject import subject_of

    target = Path(path)
    language = language_of(target, to)
    one_of("precision", precision, PRECISIONS)
    derivatives = one_of(
        "derivatives", LANGUAGES[language].derivatives if derivatives is None else derivatives, DERIVATIVES
    )
    if one_of("inputs", inputs, INPUTS) == "by-name" and language != "onnx":
        raise ArgumentValueError(
            f"`inputs` is 'by-name' and `to` is {language!r}; only 'onnx' takes that.", "inputs", "to"
        )
    name = plain_prefix(target.stem) if prefix is None else checked_prefix(prefix)
    check_size(model.steps(), language)
    subject = subject_of(model, name, derivatives, precision, coverage, inputs == "by-name")
    return write(files_of(replace(subject, file=target.name), language), target)


def language_of(path: Path, to: str | None, argument: str = "path") -> str:
    """What `to` says, or the ending of the path, which is what `argument` names.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they say none that there is.
    """
    from fitnet.export.write import LANGUAGES

    if to is not None:
        if one_of("to", to, LANGUAGES) == "fortran" and path.suffix.lower() in FIXED_FORM:
            raise ArgumentValueError(
                f"`{argument}` is {str(path)!r}, which compilers read as Fortran in fixed form; "
                "its name must end in .f90.",
                argument,
            )
        return to
    found = next((name for name, each in LANGUAGES.items() if each.extension == path.suffix.lower()), None)
    if found is None:
        endings = ", ".join(each.extension for each in LANGUAGES.values())
        raise ArgumentValueError(
            f"`{argument}` is {str(path)!r}; its name must end in one of {endings}, or `to` say the language.",
            argument,
            "to",
        )
    return found
