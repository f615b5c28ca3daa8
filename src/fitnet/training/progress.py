"""The progress bar: epoch, losses, learning rate and time left, on standard error, only where someone looks."""

import sys
from math import isfinite
from types import TracebackType
from typing import TYPE_CHECKING, Self

from fitnet.training.history import History

if TYPE_CHECKING:
    from rich.progress import Progress


class ProgressBar:
    """A context manager; silent when `verbose` is False or standard error is not a terminal."""

    def __init__(self, epochs: int, verbose: bool) -> None:
        self._verbose = verbose
        self._progress: Progress | None = None
        if verbose and sys.stderr.isatty():
            self._progress = progress_columns()
            self._task = self._progress.add_task("", total=epochs, status="")

    def __enter__(self) -> Self:
        if self._progress is not None:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def update(self, history: History, done: int) -> None:
        """Show where training is, `done` epochs after the bar began."""
        if self._progress is None:
            return
        status = f"loss {history.loss[-1]:.4g}"
        if history.validation_loss:
            status += f"  validation {history.validation_loss[-1]:.4g}"
        if isfinite(history.learning_rate[-1]):
            status += f"  rate {history.learning_rate[-1]:.2g}"
        elif history.damping:
            status += f"  damping {history.damping[-1]:.2g}"
        self._progress.update(self._task, completed=done, status=status)

    def notice(self, sentence: str) -> None:
        """Say something that stays on the screen."""
        if self._verbose:
            print(sentence, file=sys.stderr)


def progress_columns() -> "Progress":
    """A bar in the order one reads: how far, how well, how long."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn("epoch"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[status]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
    )
