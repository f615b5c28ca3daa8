"""Callbacks: code of the user's that is called as training goes on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.training.history import History


@dataclass(frozen=True)
class TrainingState:
    """What a callback sees of a training at the end of an epoch; look, change nothing."""

    epoch: int
    network: Network
    history: History
    read_parameters: Callable[[], Array]

    @cached_property
    def parameters(self) -> Array:
        """(P,): as they are when first asked for; reading them costs a copy. Copy what you keep."""
        return self.read_parameters()


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
