"""Loading: from a model's file to a model, or an ensemble of models, that predicts."""

from os import PathLike

from fitnet.engine.compute import Compute
from fitnet.model import ensemble_file, file
from fitnet.model.ensemble import AnyModel, Ensemble
from fitnet.model.model import Model


def load(path: str | PathLike[str], engine: str = "auto", n_threads: int | None = None) -> AnyModel:
    """The `Model` or `Ensemble` in the file at `path`, by what it holds.

    It predicts with `engine` on `n_threads`; both as `Compute` has them.

    Raises
    ------
    ModelFileError
        If the file is not a whole, unaltered fitnet model of a format this version reads.
    ArgumentValueError, ArgumentTypeError
        For an engine or threads that there are not.
    OSError
        If it cannot be opened.
    """
    compute, stored = Compute(engine, n_threads), file.opened(path)
    if ensemble_file.holds_ensemble(stored):
        return Ensemble(**ensemble_file.contents_of(stored).fields, compute=compute)
    return model_of(file.contents_of(stored), compute)


def model_of(contents: file.Contents, compute: Compute | None = None) -> Model:
    """The model that a file holds."""
    return Model(**contents.fields, compute=compute or Compute())
