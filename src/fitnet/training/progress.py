"""The progress bar: epochs, losses, rate and time left, on a terminal's standard error or in a notebook."""

import sys
from contextlib import suppress
from math import isfinite
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from fitnet.training.history import History

if TYPE_CHECKING:
    from rich.progress import Progress

SECONDS_BETWEEN_PICTURES = 0.1  # in a notebook


class ProgressBar:
    """A context manager; silent when `verbose` is False, or standard error is no terminal and nothing a notebook."""

    def __init__(self, total: int, verbose: bool, unit: str = "epoch") -> None:
        self._verbose = verbose
        self._progress: Progress | None = None
        self._picture: Any = None
        self._next_picture = 0.0
        notebook = verbose and in_notebook()
        if verbose and (notebook or is_terminal(sys.stderr)):
            self._progress = progress_columns(unit)
            self._task = self._progress.add_task("", total=total, status="")
        if notebook:
            from IPython.display import display

            # rich's own way needs ipywidgets; a bar that is displayed again needs IPython alone.
            self._picture = display(self._progress, display_id=True)

    def __enter__(self) -> Self:
        if self._progress is not None and self._picture is None:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._picture is not None:
            self._picture.update(self._progress)
        elif self._progress is not None:
            self._progress.stop()

    def update(self, history: History, done: int) -> None:
        """Show where training is, `done` epochs after the bar began."""
        if self._progress is None:
            return
        self.show(done, status_of(history))

    def show(self, done: int, status: str, total: int | None = None) -> None:
        """Show how much is done, of a `total` where that changed, and a `status` in words."""
        if self._progress is None:
            return
        self._progress.update(self._task, completed=done, status=status, total=total)
        if self._picture is not None and perf_counter() >= self._next_picture:
            self._picture.update(self._progress)
            self._next_picture = perf_counter() + SECONDS_BETWEEN_PICTURES

    def notice(self, sentence: str) -> None:
        """Say something that stays on the screen."""
        if self._verbose and sys.stderr is not None:  # None would print it on standard output
            with suppress(OSError, ValueError, AttributeError):  # it is closed, full, or no stream
                print(sentence, file=sys.stderr)


def status_of(history: History) -> str:
    """Losses, and the rate or the damping, of the last epoch."""
    status = f"loss {history.loss[-1]:.4g}"
    if history.validation_loss:
        status += f"  validation {history.validation_loss[-1]:.4g}"
    if isfinite(history.learning_rate[-1]):
        status += f"  rate {history.learning_rate[-1]:.2g}"
    elif history.damping:
        status += f"  damping {history.damping[-1]:.2g}"
    return status


def is_terminal(stream: Any) -> bool:
    """Whether the stream is there, open and a terminal."""
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):
        return False


def in_notebook() -> bool:
    """Whether this is a notebook's kernel, Jupyter's or Colab's."""
    if "IPython" not in sys.modules:
        return False
    from rich.console import Console

    return Console().is_jupyter


def progress_columns(unit: str) -> "Progress":
    """A bar in the order one reads: how far, how well, how long."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        TextColumn(unit),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.fields[status]}"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
    )
