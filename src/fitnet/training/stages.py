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


def run_stages(loop: TrainingLoop, solvers: Sequence[Solver], verbose: bool, resume: bool) -> TrainingResult:
    """Train by every solver in turn, with the arguments of `loop`; a solver's own `max_epochs` goes before them."""
    for solver in solvers:
        if is_second_order(solver):
            solver.check(objective(loop))
    if len(solvers) == 1:
        return run_stage(loop, solvers[0], verbose, resume)
    whole = History()
    best: TrainingResult | None = None
    for solver in solvers:
        before = whole.epochs
        callbacks = [Continued(each, whole, before) for each in loop.callbacks]
        stage = replace(loop, callbacks=callbacks, history=History())
        if best is not None:
            stage.parameters = best.parameters
        result = run_stage(stage, solver, verbose, resume)
        append(whole, before, result.history)
        if best is None or improves(result, best, whole.validation_loss, before):
            best = replace(result, best_epoch=before + result.best_epoch)
        if result.stopped == "interrupted" or any(each.asks_to_stop for each in callbacks):
            break
    assert best is not None  # there is at least one solver
    loop.watch.end(whole)
    return replace(best, history=whole, stopped=result.stopped)


def run_stage(loop: TrainingLoop, solver: Solver, verbose: bool, resume: bool) -> TrainingResult:
    """Train by one solver."""
    own = getattr(solver, "max_epochs", None)  # a rule of the user's may have none
    epochs = loop.epochs if own is None else own
    if is_second_order(solver):
        training = SecondOrderTraining(objective(loop), solver, epochs, loop.watch, loop.history)
        return training.run(loop.first_parameters(), verbose)
    return replace(loop, optimizer=solver, epochs=epochs).run(verbose, resume)  # type: ignore[arg-type]


def objective(loop: TrainingLoop) -> Objective:
    """What second-order solvers minimise with the arguments of `loop`, whose rows are in memory."""
    assert isinstance(loop.X, np.ndarray) and isinstance(loop.Y, np.ndarray)
    return Objective(loop.engine, loop.network, loop.loss, loop.X, loop.Y, loop.weights, loop.l2)


def improves(result: TrainingResult, best: TrainingResult, validation_loss: Sequence[float], before: int) -> bool:
    """Whether a stage after `before` epochs ended better than it began: at the `best` of those."""
    if result.best_epoch == 0 or not validation_loss:
        return result.best_epoch > 0
    lowest = validation_loss[best.best_epoch - 1] if best.best_epoch > 0 else np.inf
    return validation_loss[before + result.best_epoch - 1] < lowest


@dataclass
class Continued:
    """A callback of the user's that is shown the history from the first stage on."""

    callback: Callback
    whole: History
    before: int
    asks_to_stop: bool = False

    @property
    def every(self) -> int:
        """The user's own pace, counted within the stage."""
        return self.callback.every

    def on_epoch_end(self, state: TrainingState) -> bool:
        """Hand over, with the whole history."""
        append(self.whole, self.before, state.history)
        answer = self.callback.on_epoch_end(replace(state, epoch=self.whole.epochs, history=self.whole))
        self.asks_to_stop = bool(answer)
        return self.asks_to_stop


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
