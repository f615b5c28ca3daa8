"""Stages: one solver after another, each from where the one before ended, with one history for all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fitnet.training.callbacks import Callback, TrainingState
from fitnet.training.history import SERIES, SOLVER_SERIES, History
from fitnet.training.loop import TrainingLoop
from fitnet.training.objective import Objective
from fitnet.training.result import TrainingResult
from fitnet.training.second_order import SecondOrderTraining
from fitnet.training.solvers import Solver, is_second_order
from fitnet.training.watch import Watch


def run_stages(loop: TrainingLoop, solvers: Sequence[Solver], verbose: bool, resume: bool) -> TrainingResult:
    """Train by every solver in turn, with the arguments of `loop`; a solver's own `max_epochs` goes before them."""
    if len(solvers) == 1:
        return run_stage(loop, solvers[0], verbose, resume)
    whole, results = History(), list[TrainingResult]()
    for number, solver in enumerate(solvers, 1):
        before, is_last = whole.epochs, number == len(solvers)
        callbacks = [Continued(each, whole, before, is_last, each.every) for each in loop.callbacks]
        stage = replace(loop, callbacks=callbacks, history=History())
        if results:
            stage.parameters = results[-1].parameters
        result = run_stage(stage, solver, verbose, resume)
        append(whole, before, result.history)
        results.append(replace(result, best_epoch=before + result.best_epoch))
        if result.stopped == "interrupted":
            break
    return replace(results[-1], history=whole)


def run_stage(loop: TrainingLoop, solver: Solver, verbose: bool, resume: bool) -> TrainingResult:
    """Train by one solver."""
    own = getattr(solver, "max_epochs", None)  # a rule of the user's may have none
    epochs = loop.epochs if own is None else own
    if not is_second_order(solver):
        return replace(loop, optimizer=solver, epochs=epochs).run(verbose, resume)  # type: ignore[arg-type]
    assert isinstance(loop.X, np.ndarray) and isinstance(loop.Y, np.ndarray)
    objective = Objective(loop.engine, loop.network, loop.loss, loop.X, loop.Y, loop.weights, loop.l2)
    watch = Watch(loop.network, loop.loss, loop.engine, loop.validation, loop.patience, loop.callbacks)
    training = SecondOrderTraining(objective, solver, epochs, watch, loop.history)
    return training.run(loop.first_parameters(), verbose)


@dataclass
class Continued:
    """A callback of the user's that is shown the history from the first stage on."""

    callback: Callback
    whole: History
    before: int
    is_last: bool
    every: int  # the user's own pace, counted within the stage

    def on_epoch_end(self, state: TrainingState) -> bool | None:
        """Hand over, with the whole history."""
        append(self.whole, self.before, state.history)
        return self.callback.on_epoch_end(replace(state, epoch=self.whole.epochs, history=self.whole))

    def on_training_end(self, history: History) -> None:
        """Hand over at the end of the last stage."""
        append(self.whole, self.before, history)
        if self.is_last and hasattr(self.callback, "on_training_end"):
            self.callback.on_training_end(self.whole)


def append(whole: History, before: int, stage: History) -> None:
    """Put `stage` behind the first `before` epochs of `whole`, in place; NaN where one of them has no entry."""
    for series in SERIES + SOLVER_SERIES:
        entries, added = getattr(whole, series), getattr(stage, series)
        offset = whole.seconds[before - 1] if series == "seconds" and before else 0.0
        if not entries[:before] and not added:
            continue
        missing = [float("nan")]
        kept = entries[:before] or missing * before
        entries[:] = kept + ([each + offset for each in added] or missing * stage.epochs)
