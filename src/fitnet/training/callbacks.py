"""Callbacks: code of the user's that is called as training goes on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.arguments import Array, whole_number
from fitnet.errors import ArgumentTypeError
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


Callbacks = Callback | Callable[[TrainingState], Any] | Sequence[Callback | Callable[[TrainingState], Any]] | None


@dataclass(frozen=True)
class EveryEpoch:
    """A callback that calls a function of the user's after every epoch; only True from it ends training."""

    function: Callable[[TrainingState], Any]
    every: int = 1

    def on_epoch_end(self, state: TrainingState) -> bool:
        answer = self.function(state)
        return isinstance(answer, bool | np.bool) and bool(answer)


def checked_callbacks(callbacks: Any) -> tuple[Callback, ...]:
    """One callback or several, each an object or a function, as objects; None for none.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        For anything else, and for an `every` that is no whole number of at least 1.
    """
    if callbacks is None:
        return ()
    if is_callback(callbacks) or is_function(callbacks):
        callbacks = (callbacks,)
    if isinstance(callbacks, str | bytes) or not isinstance(callbacks, Sequence):
        raise ArgumentTypeError(
            f"`callbacks` is {callbacks!r}; it must be a callback, with `every` and `on_epoch_end`, a function, or a "
            "sequence of them.",
            "callbacks",
        )
    return tuple(checked_callback(callback) for callback in callbacks)


def checked_callback(callback: Any) -> Callback:
    """An object as it is, a function as an object."""
    if not is_callback(callback):
        if not is_function(callback):
            raise ArgumentTypeError(
                f"`callbacks` holds {callback!r}; every callback must be a function or an object with `every` and "
                "`on_epoch_end`.",
                "callbacks",
            )
        return EveryEpoch(callback)
    whole_number("every", callback.every)
    checked: Callback = callback
    return checked


def is_callback(value: Any) -> bool:
    """Whether it is an object that has what a callback has."""
    return not isinstance(value, type) and hasattr(value, "every") and hasattr(value, "on_epoch_end")


def is_function(value: Any) -> bool:
    """Whether it can be called and is no class, nor an object that was to be a callback."""
    return callable(value) and not isinstance(value, type) and not hasattr(value, "on_epoch_end")
