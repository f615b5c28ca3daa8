"""Loading: from a model's file to a model that predicts."""

from os import PathLike

from fitnet.engine.compute import Compute
from fitnet.model import file
from fitnet.model.model import Model


def load(path: str | PathLike[str], engine: str = "auto", n_threads: int | None = None) -> Model:
    """The model in the file at `path`, which predicts with `engine` on `n_threads`; both as `Compute` has them.

    Raises
    ------
    ModelFileError
        If the file is not a whole, unaltered fitnet model of a format this version reads.
    ArgumentValueError, ArgumentTypeError
        For an engine or threads that there are not.
    OSError
        If it cannot be opened.
    """
    return model_of(compute=Compute(engine, n_threads), contents=file.read(path))


def model_of(contents: file.Contents, compute: Compute | None = None) -> Model:
    """The model that a file holds."""
    return Model(**contents.fields, compute=compute or Compute())
