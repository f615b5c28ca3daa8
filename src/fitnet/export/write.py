"""Writing a model in another language: which there are, and what each can take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from fitnet.algorithm.steps import Dense, Step
from fitnet.errors import ArgumentValueError
from fitnet.export.checked_steps import all_steps
from fitnet.export.subject import Subject
from fitnet.files.atomic_write import write_atomically

Files = Mapping[str, bytes]  # by what stands behind the name: "" the file itself, "_self_test.f90" another beside it


@dataclass(frozen=True)
class Language:
    """A language to export to.

    Attributes
    ----------
    module
        In this room; its `files(subject)` makes the files.
    extension
        Of the file's name.
    derivatives
        Unless others are asked for.
    most_parameters
        That a file may hold.
    error_bars
        Whether it holds intervals that come from them.
    """

    module: str
    extension: str
    derivatives: str
    most_parameters: int
    error_bars: bool = True


LANGUAGES = {
    "numpy": Language("numpy_module", ".py", "jacobian", 10_000_000),
    "c": Language("c_header", ".h", "jacobian", 2_000_000),
    "fortran": Language("fortran_module", ".f90", "jacobian", 1_000_000),
    "onnx": Language("onnx_graph", ".onnx", "none", 100_000_000, error_bars=False),
}


def files_of(subject: Subject, language: str) -> Files:
    """The files in a language, one of LANGUAGES."""
    make: Callable[[Subject], Files] = import_module(f"fitnet.export.{LANGUAGES[language].module}").files
    return make(subject)


def write(files: Files, path: Path) -> list[Path]:
    """Write the files, `path` and those beside it; what was there is replaced as a whole."""
    written = [path if not behind else path.with_name(path.stem + behind) for behind in files]
    for each, data in zip(written, files.values(), strict=True):
        write_atomically(each, data)
    return written


def check_size(steps: Sequence[Step], language: str) -> None:
    """Refuse a model that is too large.

    Raises
    ------
    ArgumentValueError
        If it is.
    """
    layers = [step for step in all_steps(steps) if isinstance(step, Dense)]
    parameters = sum(layer.weights.size + layer.biases.size for layer in layers)
    most = LANGUAGES[language].most_parameters
    if parameters > most:
        larger = [name for name, each in LANGUAGES.items() if each.most_parameters >= parameters]
        advice = f"export it to {' or '.join(larger)}" if larger else "save it as .fitnet"
        raise ArgumentValueError(
            f"`to` is {language!r} and the model has {parameters:,} parameters; a file for that may hold {most:,} at "
            f"most: {advice}.",
            "to",
        )
