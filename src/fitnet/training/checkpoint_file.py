"""The checkpoint file: a training at the end of an epoch, in a container that verifies itself.

Tensors: parameters and best_parameters (P,), moments (k, P), all of one dtype, and the history's series in float64.
The description holds the rest. Whatever does not fit together is refused in one sentence.
"""

from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any

import numpy as np

from fitnet.algorithm.optimizers import OptimizerState
from fitnet.arguments import DTYPES, Array, real_number, whole_number
from fitnet.engine import Best
from fitnet.errors import CheckpointFileError
from fitnet.files import container
from fitnet.training.generator_state import generator_from
from fitnet.training.history import SERIES, History

FORMAT = container.Format("fitnet-checkpoint", "fitnet checkpoint", 1, CheckpointFileError)
KEYS = ("best_epoch", "best_loss", "early", "epochs", "generator", "settings", "step")
LARGEST_STEP = 2**63 - 1


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A training at the end of an epoch: all that the next one depends on.

    Attributes
    ----------
    parameters
        (P,), and in `state` the optimizer's steps and moments.
    best
        What was best so far; in full-batch training the last step's outcome is not measured yet.
    history
        May go on after the snapshot: its first `epochs` entries belong to it.
    epochs
        Epochs done.
    generator
        The state of the random generator.
    early
        Whether training ended here before its epochs were done.
    """

    parameters: Array
    state: OptimizerState
    best: Best
    history: History
    epochs: int
    generator: dict[str, Any]
    early: bool = False


@dataclass(frozen=True, eq=False)
class Contents:
    """All that a checkpoint file holds: the snapshot, the epochs it was on its way to, the settings' fingerprints."""

    snapshot: Snapshot
    epochs: int
    settings: dict[str, str]


def write(path: str | PathLike[str], contents: Contents) -> None:
    """Write `contents` to `path`, atomically.

    Raises
    ------
    OSError
        If the file cannot be written; what was at `path` is still there.
    """
    snapshot = contents.snapshot
    description = {
        "best_epoch": snapshot.best.epoch,
        "best_loss": float(snapshot.best.loss) if np.isfinite(snapshot.best.loss) else None,
        "early": snapshot.early,
        "epochs": contents.epochs,
        "generator": snapshot.generator,
        "settings": contents.settings,
        "step": snapshot.state.step,
    }
    tensors = {
        "parameters": snapshot.parameters,
        "best_parameters": snapshot.best.parameters,
        "moments": snapshot.state.moments,
    }
    for series in SERIES:
        tensors[series] = np.array(getattr(snapshot.history, series)[: snapshot.epochs], np.float64)
    container.write(path, FORMAT, container.to_json("settings", description), tensors)


def read(path: str | PathLike[str]) -> Contents:
    """The contents of the checkpoint file at `path`, or an error that says what is wrong with it.

    Raises
    ------
    CheckpointFileError
        If the file is foreign, truncated, altered or of a newer format.
    OSError
        If it cannot be opened.
    """
    stored = container.read(path, FORMAT)
    try:
        described = container.from_json(stored.description)
        if sorted(described) != sorted(KEYS):
            raise ValueError("the description is another")
        return contents_from(described, stored.tensors)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        raise CheckpointFileError(
            f"{fspath(path)} is damaged: what it holds does not fit together as a fitnet checkpoint."
        ) from None


def contents_from(described: dict[str, Any], tensors: dict[str, Array]) -> Contents:
    """The contents of this description and these tensors; an error where they do not fit together."""
    history = history_from({series: tensors.pop(series) for series in SERIES})
    epochs, early, settings = described["epochs"], described["early"], described["settings"]
    if not isinstance(early, bool) or not 1 <= history.epochs <= whole_number("epochs", epochs):
        raise ValueError("the epochs are impossible")
    if not all(isinstance(text, str) for text in settings.values()):
        raise TypeError("a fingerprint must be text")
    vectors = vectors_from(tensors)
    if whole_number("best_epoch", described["best_epoch"], 0) > history.epochs:
        raise ValueError("the best epoch is still to come")
    if whole_number("step", described["step"], 0) > LARGEST_STEP:
        raise ValueError("no training takes so many steps")
    loss = np.inf if described["best_loss"] is None else real_number("best_loss", described["best_loss"])
    generator_from(described["generator"])
    snapshot = Snapshot(
        parameters=vectors["parameters"],
        state=OptimizerState(described["step"], vectors["moments"]),
        best=Best(loss, vectors["best_parameters"], described["best_epoch"]),
        history=history,
        epochs=history.epochs,
        generator=described["generator"],
        early=early,
    )
    return Contents(snapshot, epochs, dict(settings))


def vectors_from(tensors: dict[str, Array]) -> dict[str, Array]:
    """The parameters and moments, copied so that training may change them in place."""
    parameters = tensors["parameters"]
    shapes = {
        "parameters": (parameters.size,),
        "best_parameters": (parameters.size,),
        "moments": (len(tensors["moments"]), parameters.size),
    }
    if sorted(tensors) != sorted(shapes) or parameters.dtype.name not in DTYPES:
        raise ValueError("the tensors are others")
    for name, shape in shapes.items():
        if tensors[name].shape != shape or tensors[name].dtype != parameters.dtype:
            raise ValueError("the tensors do not fit each other")
    if not (np.isfinite(parameters).all() and np.isfinite(tensors["best_parameters"]).all()):
        raise ValueError("parameters must be finite")
    return {name: tensor.copy() for name, tensor in tensors.items()}


def history_from(series: dict[str, Array]) -> History:
    """The history with these series (epochs,); that of the validation loss may be empty."""
    epochs = series["loss"].size
    for name, entries in series.items():
        lengths = {epochs, 0} if name == "validation_loss" else {epochs}
        if entries.ndim != 1 or entries.dtype != np.float64 or len(entries) not in lengths:
            raise ValueError("the series do not fit each other")
        if not np.isfinite(entries).all():
            raise ValueError("the series must be finite")
    return History(**{name: entries.tolist() for name, entries in series.items()})
