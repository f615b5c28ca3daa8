"""Checkpoints: a training kept in a file as it goes on, so that nothing is lost where it is cut short.

Writing only copies: no bit of the result depends on when, or whether, a checkpoint is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.algorithm.optimizers import Optimizer, OptimizerState
from fitnet.algorithm.schedules import Constant
from fitnet.arguments import Array, whole_number
from fitnet.engine import Best
from fitnet.errors import ArgumentTypeError, ArgumentValueError, CheckpointFileError, CheckpointMismatchError
from fitnet.files.container import to_json
from fitnet.files.paths import followed
from fitnet.training import checkpoint_file
from fitnet.training.checkpoint_file import Contents, Snapshot
from fitnet.training.fingerprint import check_same, fingerprint
from fitnet.training.generator_state import generator_from, generator_state
from fitnet.training.history import History

SECONDS_BETWEEN_WRITES = 10.0
SHARE_FOR_WRITING = 0.05  # of the time, where a large network is written to a slow disk


@dataclass(frozen=True)
class Checkpoint:
    """Where and how often `train` keeps what it needs to go on.

    A checkpoint is written at the end of an epoch, as a whole or not at all: a kill or a full disk leaves the one
    before. The last is written when training ends, also by Ctrl-C. Each training needs a path of its own; a file that
    is there is replaced when the first checkpoint is written.

    Parameters
    ----------
    path
        The file, in a folder that exists.
    every
        Epochs between writes. None writes about every 10 seconds, or less often where writing would take more than
        a twentieth of the time.
    """

    path: str | PathLike[str]
    every: int | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.path, str | PathLike) or isinstance(fspath(self.path), bytes):
            raise ArgumentTypeError(f"`path` is {self.path!r}; it must be a file's name.", "path")
        if self.every is not None:
            object.__setattr__(self, "every", whole_number("every", self.every))

    def generator(self) -> np.random.Generator:
        """The random generator in the state of the file's epoch, to resume with where the seed is not known.

        Raises
        ------
        CheckpointFileError
            If the file is foreign, truncated, altered or of a newer format.
        OSError
            If it cannot be opened.
        """
        return generator_from(checkpoint_file.read(self.path).snapshot.generator)


class Keeper:
    """Keeps one training's checkpoints; without a `checkpoint` it does nothing.

    Parameters
    ----------
    checkpoint
        Where and how often, or None.
    settings
        What every bit of the result depends on, by the arguments' names; the number of epochs and the generator apart.
    epochs, generator
        As for `train`.
    """

    def __init__(
        self, checkpoint: Checkpoint | None, settings: Mapping[str, Any], epochs: int, generator: np.random.Generator
    ) -> None:
        self.checkpoint = checkpoint
        self._epochs = epochs
        self._generator = generator
        self._kept: Snapshot | None = None
        self._written: Snapshot | None = None
        self._next_write = perf_counter() + SECONDS_BETWEEN_WRITES
        if checkpoint is None:
            return
        target = Path(checkpoint.path)
        if target.is_dir():
            raise ArgumentValueError(
                f"`checkpoint` writes to {target}, which is a folder; it must be a file.", "checkpoint"
            )
        if not followed(target).parent.is_dir():
            raise ArgumentValueError(
                f"`checkpoint` writes to {target}, whose folder does not exist; it must.", "checkpoint"
            )
        self._settings = {name: fingerprint(value) for name, value in settings.items()}
        self._settings["generator"] = to_json("generator", generator_state(generator))

    def resumed(self, network: Network, optimizer: Optimizer) -> Snapshot | None:
        """The training in the file, whose generator's state `generator` takes on; None if there is no file.

        Raises
        ------
        CheckpointMismatchError
            If it was begun with other settings or data, or another state of the generator.
        CheckpointFileError
            If the file cannot be read.
        """
        if self.checkpoint is None or not Path(self.checkpoint.path).exists():
            return None
        path = fspath(self.checkpoint.path)
        stored = checkpoint_file.read(path)
        snapshot = stored.snapshot
        now = {name: text for name, text in self._settings.items() if name != "generator"}
        check_same(path, under_todays_names(stored.settings, now), now)
        check_epochs(path, stored, self._epochs, optimizer)
        begun_with = stored.settings.get("generator")
        if self._settings["generator"] != begun_with and generator_state(self._generator) != snapshot.generator:
            raise CheckpointMismatchError(
                f"`generator` is in another state than when the training in {path} began; to resume it must be seeded "
                "as it was then, or be what Checkpoint.generator() gives.",
                "generator",
            )
        shape = optimizer.n_moments, network.n_parameters
        if snapshot.state.moments.shape != shape or begun_with is None:
            raise CheckpointFileError(f"{path} is damaged: what it holds does not fit its own settings.")
        self._settings["generator"] = begun_with
        self._generator.bit_generator.state = snapshot.generator
        return snapshot

    def keep(self, parameters: Array, state: OptimizerState, best: Best, history: History) -> None:
        """Copy the training as it is at the end of an epoch."""
        if self.checkpoint is None:
            return
        copied = OptimizerState(state.step, state.moments.copy())
        drawn = generator_state(self._generator)
        self._kept = Snapshot(parameters.copy(), copied, best, history, history.epochs, drawn)

    def write_if_due(self, early: bool) -> None:
        """Write what was kept, if it is time or training ends here."""
        if self.checkpoint is None or self._kept is None:
            return
        done, every = self._kept.epochs, self.checkpoint.every
        due = perf_counter() >= self._next_write if every is None else done % every == 0
        if due or early or done == self._epochs:
            self._kept = replace(self._kept, early=early)
            self._write(self._kept)

    def write_interrupted(self) -> None:
        """Write what was kept last; the generator goes back there, so that the same one can resume."""
        if self._kept is None:
            return
        self._generator.bit_generator.state = self._kept.generator
        if self._kept is not self._written:
            self._write(self._kept)

    def _write(self, snapshot: Snapshot) -> None:
        assert self.checkpoint is not None
        began = perf_counter()
        checkpoint_file.write(self.checkpoint.path, Contents(snapshot, self._epochs, self._settings))
        self._written = snapshot
        ended = perf_counter()
        self._next_write = ended + max(SECONDS_BETWEEN_WRITES, (ended - began) / SHARE_FOR_WRITING)


def under_todays_names(stored: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """The settings in a file, which may be older than a name, as they would be kept now."""
    renamed = {{"l2": "alpha", "optimizer": "solver"}.get(name, name): text for name, text in stored.items()}
    renamed.setdefault("keep", fingerprint("best"))  # there was no other
    renamed.setdefault("dropout", fingerprint(0.0))  # there was none
    solver = renamed.get("solver", "")
    if solver.startswith("Adam(") and "weight_decay=" in now.get("solver", "") and "weight_decay=" not in solver:
        renamed["solver"] = f"{solver[:-1]}, weight_decay=0.0)"  # there was none
    if "tol" not in renamed:  # Regressor's patience was a callback's then, of which the file knows nothing
        renamed["tol"] = now["tol"]
        if renamed.get("patience") == "None":
            renamed["patience"] = now["patience"]
    return renamed


def check_epochs(path: str, stored: Contents, epochs: int, optimizer: Optimizer) -> None:
    """Refuse another number of epochs where the way to here depended on it, and one that is passed already."""
    if epochs != stored.epochs and type(optimizer.schedule) is not Constant:
        raise CheckpointMismatchError(
            f"`epochs` is {epochs}; to resume the training in {path} it must be {stored.epochs}, as it was, because "
            "the learning rate's schedule depends on it.",
            "epochs",
        )
    if epochs < stored.snapshot.epochs:
        raise CheckpointMismatchError(
            f"`epochs` is {epochs}; to resume the training in {path} it must be at least {stored.snapshot.epochs}, "
            "which are done.",
            "epochs",
        )
