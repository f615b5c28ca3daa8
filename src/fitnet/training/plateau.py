"""Plateau: when training no longer pays."""

from dataclasses import dataclass, field

from fitnet.training.callbacks import TrainingState


@dataclass
class Plateau:
    """A callback that ends training where the loss has not fallen by more than `tol` in `patience` epochs.

    The validation loss is watched where there is one, else the training loss. What it knows it takes from the
    history, so training that is resumed stops at the same epoch.
    """

    patience: int
    tol: float = 0.0
    every: int = 1
    _seen: int = field(default=0, init=False)
    _lowest: float = field(default=float("inf"), init=False)
    _since: int = field(default=0, init=False)

    def on_epoch_end(self, state: TrainingState) -> bool:
        """Whether to stop."""
        losses = state.history.validation_loss or state.history.loss
        for loss in losses[self._seen :]:
            self._since += 1
            if loss < self._lowest - self.tol:
                self._lowest, self._since = loss, 0
        self._seen = len(losses)
        return self._since >= self.patience
