"""What the tests of checkpoints share: trainings that break off, and whether two agree."""

import numpy as np

from fitnet import train

SERIES = ("loss", "validation_loss", "learning_rate")


class BreakdownError(Exception):
    """What a training breaks off with."""


class BreaksOff:
    """A callback in which the program fails after the given epoch."""

    def __init__(self, epoch, error=BreakdownError):
        self.every, self.error = epoch, error

    def on_epoch_end(self, state):
        raise self.error


def trained(network, data, seed=0, **arguments):
    """A short training; everything random comes from `seed`."""
    settings = {"epochs": 12, "generator": np.random.default_rng(seed), "verbose": False} | arguments
    return train(network, *data, **settings)


def broken_off(network, data, epoch, **arguments):
    """Train until the program fails at the end of the given epoch."""
    try:
        trained(network, data, callbacks=[BreaksOff(epoch)], **arguments)
    except BreakdownError:
        return
    raise AssertionError("it did not break off")


def same(one, other):
    """Whether two trainings agree in every bit, wall-clock seconds apart."""
    return (
        one.parameters.dtype == other.parameters.dtype
        and one.parameters.tobytes() == other.parameters.tobytes()
        and all(getattr(one.history, series) == getattr(other.history, series) for series in SERIES)
        and len(one.history.seconds) == len(other.history.seconds)
        and (one.best_epoch, one.stopped) == (other.best_epoch, other.stopped)
    )
