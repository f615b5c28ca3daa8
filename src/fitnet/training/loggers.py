"""Loggers: callbacks that write the history where other programs read it, while training runs.

After resuming they write again what the checkpoint's history holds, so no epoch is missing or there twice.
"""

from math import isnan
from os import PathLike, fspath
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from fitnet.arguments import whole_number
from fitnet.errors import MissingPackageError
from fitnet.files.atomic_write import write_atomically
from fitnet.training.callbacks import TrainingState
from fitnet.training.history import SERIES, History

if TYPE_CHECKING:
    from tensorboardX import SummaryWriter

HEADER = ",".join(["epoch", *SERIES]) + "\n"


class CsvLogger:
    """A table with one line an epoch: epoch, loss, validation_loss, learning_rate, seconds.

    The numbers are written so that they read back the same; what is not known is left empty: the validation loss
    without validation data, the learning rate of a solver that has none. A new training replaces the file.

    Parameters
    ----------
    path
        The file.
    every
        Epochs between writes; each writes a line for every epoch since the one before.
    """

    def __init__(self, path: str | PathLike[str], every: int = 1) -> None:
        self.path = fspath(path)
        self.every = whole_number("every", every)
        self._history: History | None = None
        self._written = 0

    def on_epoch_end(self, state: TrainingState) -> None:
        self.on_training_end(state.history)

    def on_training_end(self, history: History) -> None:
        """Write the epochs that are not in the file yet."""
        if history is not self._history:
            lines = HEADER + "".join(line(history, i) for i in range(history.epochs))
            write_atomically(self.path, lines.encode())
        elif history.epochs > self._written:
            lines = "".join(line(history, i) for i in range(self._written, history.epochs))
            with Path(self.path).open("a", encoding="utf-8", newline="") as file:
                file.write(lines)
        self._history, self._written = history, history.epochs


class TensorBoardLogger:
    """The losses and the learning rate for TensorBoard, through the package tensorboardX.

    A new training in the same folder hides the one before.

    Parameters
    ----------
    folder
        Where TensorBoard looks; made if it is not there.
    every
        Epochs between writes; each writes every epoch since the one before.

    Raises
    ------
    MissingPackageError
        If tensorboardX is not installed.
    """

    def __init__(self, folder: str | PathLike[str], every: int = 1) -> None:
        try:
            import tensorboardX  # noqa: F401
        except ImportError:
            raise MissingPackageError(
                "TensorBoardLogger needs the package tensorboardX; install it with: pip install 'fitnet[tensorboard]'."
            ) from None
        self.folder = fspath(folder)
        self.every = whole_number("every", every)
        self._history: History | None = None
        self._written = 0
        self._began = 0.0
        self._writer: SummaryWriter | None = None

    def on_epoch_end(self, state: TrainingState) -> None:
        self._write(state.history)

    def on_training_end(self, history: History) -> None:
        """Write the epochs that are not there yet, and close the file."""
        self._write(history)
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _write(self, history: History) -> None:
        from tensorboardX import SummaryWriter

        if history is not self._history:
            self._history, self._written = history, 0
            self._began = time() - (history.seconds[-1] if history.seconds else 0.0)
            if self._writer is not None:
                self._writer.close()
            self._writer = SummaryWriter(self.folder, purge_step=1)
        if self._writer is None:
            return
        for i in range(self._written, history.epochs):
            moment = self._began + history.seconds[i]
            for series in ("loss", "validation_loss", "learning_rate"):
                if is_known(history, series, i):
                    self._writer.add_scalar(series, getattr(history, series)[i], i + 1, moment)
        self._written = history.epochs
        self._writer.flush()


def line(history: History, i: int) -> str:
    """The table's line of the epoch with index i."""
    entries = [repr(getattr(history, series)[i]) if is_known(history, series, i) else "" for series in SERIES]
    return ",".join([str(i + 1), *entries]) + "\n"


def is_known(history: History, series: str, i: int) -> bool:
    """Whether the epoch with index i has a number in that series."""
    entries = getattr(history, series)
    return bool(entries) and not isnan(entries[i])
