"""What is looked at after every epoch, whoever trained it: validation data, callbacks, patience."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.losses import Loss
from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.training.callbacks import Callback, TrainingState
from fitnet.training.history import History


@dataclass(frozen=True, eq=False)
class Watch:
    """The user's eyes on a training; arguments as for `fitnet.train`."""

    network: Network
    loss: Loss
    engine: engines.Engine
    validation: tuple[Array, Array] | None
    patience: int | None
    callbacks: Sequence[Callback]

    def loss_on(self, parameters: Array, X: Array, Y: Array, weights: Array | None) -> float:
        """The loss of `parameters` (P,) on rows; not finite where a prediction is not."""
        with np.errstate(over="ignore", invalid="ignore"):  # divergence shows in the loss
            return self.loss.value(self.engine.predict(self.network, parameters, X), Y, weights)

    def validation_loss(self, parameters: Array) -> float:
        """The loss on the validation data, which there must be."""
        assert self.validation is not None
        return self.loss_on(parameters, *self.validation, None)

    def patience_is_out(self, epochs: int, best: engines.Best) -> bool:
        """Whether the best is too long ago."""
        return self.patience is not None and epochs - best.epoch >= self.patience

    def callbacks_stop(self, history: History, parameters: Array) -> bool:
        """Call those that are due; whether one of them asks to stop."""
        epoch = history.epochs
        state = TrainingState(epoch, self.network, parameters, history)
        answers = [callback.on_epoch_end(state) for callback in self.callbacks if epoch % callback.every == 0]
        return any(answers)

    def end(self, history: History) -> None:
        """Tell the callbacks that want to know that the history is whole."""
        for callback in self.callbacks:
            if hasattr(callback, "on_training_end"):
                callback.on_training_end(history)

    def interruption(self, done: int, epochs: int, best: engines.Best) -> str:
        """What Ctrl-C left."""
        return (
            f"Interrupted: training ended after epoch {done} of {epochs}; "
            f"the best parameters so far, of epoch {best.epoch}, were kept."
        )
