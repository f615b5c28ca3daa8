"""The record: what one training leaves behind it, and when it is to end, whoever trains and in however many stages."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.engine import Best
from fitnet.training.callbacks import Callback, TrainingState
from fitnet.training.history import SOLVER_SERIES, History
from fitnet.training.progress import ProgressBar
from fitnet.training.result import Stopped

NOT_MEASURED = float("nan")
ENDLESS = 2**62  # epochs


@dataclass
class Record:
    """One training's history and its stopping rule; every epoch of every solver goes through it.

    A stage ends where the watched loss, that on the validation data or else the training loss, has not fallen by more
    than `tol` in `patience` epochs (None: never); all of training ends where a callback says so, or by Ctrl-C.
    """

    network: Network
    callbacks: Sequence[Callback] = ()
    patience: int | None = None
    tol: float = 0.0
    verbose: bool = False
    history: History = field(default_factory=History)
    stopped: Stopped = "finished"  # how the last stage ended, or how it stands
    asked_to_stop: bool = False  # by a callback
    _first: int = field(default=0, init=False)  # epochs before the stage
    _whole: int = field(default=0, init=False)  # epochs that are in every series
    _followed: int = field(default=0, init=False)  # epochs that the stopping rule has seen
    _lowest: float = field(default=np.inf, init=False)
    _waited: int = field(default=0, init=False)  # epochs since the watched loss last fell

    @property
    def epochs(self) -> int:
        """Epochs of this stage."""
        return len(self.history.loss) - self._first

    @property
    def patience_is_out(self) -> bool:
        """Whether the watched loss fell too long ago."""
        return self.patience is not None and self._waited >= self.patience

    def epochs_until_look(self) -> int:
        """How many epochs may pass unseen: no callback is due before, and patience cannot run out."""
        until = ENDLESS if self.patience is None else self.patience - self._waited
        for callback in self.callbacks:
            until = min(until, callback.every - self.epochs % callback.every)
        return until

    @contextmanager
    def stage(self, epochs: int, best: Callable[[], Best], resumed: bool = False) -> Iterator[ProgressBar]:
        """Around a stage of at most so many epochs: shows its progress, and makes Ctrl-C its end.

        `best` gives the best so far; a stage that is `resumed` counts the epochs in the history as its own.
        """
        self._whole = self.history.epochs
        self._first = self._followed = 0 if resumed else self._whole
        self._lowest, self._waited, self.stopped = np.inf, 0, "finished"
        self._began = perf_counter() - (self.history.seconds[-1] if self.history.seconds else 0.0)
        self._follow()
        with ProgressBar(epochs, self.verbose) as self._progress:
            try:
                yield self._progress
            except KeyboardInterrupt:
                self.stopped = "interrupted"
                self.history.truncate(self._whole)
                self._progress.notice(
                    f"Interrupted: training ended after epoch {self.epochs} of {epochs}; "
                    f"the best parameters so far, of epoch {best().epoch}, were kept."
                )

    def add(
        self,
        losses: Sequence[float],
        learning_rates: Sequence[float],
        began: float | None = None,
        validation_losses: Sequence[float] = (),
        **measured: float,
    ) -> None:
        """Record one epoch, or several that began at `began` on the clock; `measured` is one epoch's SOLVER_SERIES."""
        history, now, count = self.history, perf_counter(), len(losses)
        history.loss.extend(losses)
        history.learning_rate.extend(learning_rates)
        ends = [now] if began is None or count == 1 else np.linspace(began, now, count + 1)[1:].tolist()
        history.seconds.extend([end - self._began for end in ends])
        history.validation_loss.extend(validation_losses)
        for name in SOLVER_SERIES:
            series: list[float] = getattr(history, name)
            if series or name in measured:
                series.extend([NOT_MEASURED] * (history.epochs - len(series)))
                series[-1] = measured.get(name, NOT_MEASURED)

    def look(self, parameters: Callable[[], Array]) -> bool:
        """Show the epochs just added and call who is due; whether the stage is to end here.

        `parameters` gives the vector (P,) as it is now, to who asks for it.
        """
        self._whole = self.history.epochs
        self._progress.update(self.history, self.epochs)
        self._call_back(parameters)
        self._follow()
        if self.asked_to_stop or self.patience_is_out:
            self.stopped = "early"
        return self.stopped == "early"

    def end(self) -> None:
        """Tell the callbacks that want to know that the history is whole."""
        for callback in self.callbacks:
            if hasattr(callback, "on_training_end"):
                callback.on_training_end(self.history)

    def _call_back(self, parameters: Callable[[], Array]) -> None:
        due = [callback for callback in self.callbacks if self.epochs % callback.every == 0]
        if due:
            state = TrainingState(self.history.epochs, self.network, self.history, parameters)
            answers = [callback.on_epoch_end(state) for callback in due]  # all are asked, whatever one says
            self.asked_to_stop |= any(answers)

    def _follow(self) -> None:
        if self.patience is None:
            return
        losses = self.history.validation_loss or self.history.loss
        for loss in losses[self._followed :]:
            self._waited += 1
            if loss < self._lowest - self.tol:
                self._lowest, self._waited = loss, 0
        self._followed = len(losses)
