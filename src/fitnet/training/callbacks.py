"""Callbacks: code of the user's that the loop calls as training goes on."""

from dataclasses import dataclass
from typing import Protocol

from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.training.history import History


@dataclass(frozen=True)
class TrainingState:
    """What a callback sees. `parameters` (P,) is the vector being trained: copy what you keep, change nothing."""

    epoch: int
    network: Network
    parameters: Array
    history: History


class Callback(Protocol):
    """Called after every `every` epochs.

    One that also has a method `on_training_end(history)` is called once more, with the whole `History`, when training
    ends by itself, by a callback or by Ctrl-C.
    """

    @property
    def every(self) -> int:
        """The pace, in epochs; an attribute will do."""
        ...

    def on_epoch_end(self, state: TrainingState) -> bool | None:
        """Look at the state; True ends training after this epoch."""
        ...
